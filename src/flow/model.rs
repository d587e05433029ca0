//! What library functions do with their arguments, so that data is followed through them.

use rustc_hash::FxHashMap;
use serde::Deserialize;

pub use super::kept::Keepers;
use crate::ir::Name;

/// The library models of one language.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// By path: `global:Object.assign`, `lodash:pick`, `std:collections.HashMap.new`.
    pub functions: FxHashMap<Name, Op>,
    /// By the name of a method called on a value that the project does not define a method for.
    pub methods: FxHashMap<Name, Op>,
    /// The fields that classes, by path, give to those that extend them; none where they only add behaviour.
    pub classes: FxHashMap<Name, Vec<Name>>,
    /// What the type arguments of functions and of declared types, by path, are the types of.
    pub generics: FxHashMap<Name, Vec<Typed>>,
    /// By the name of a field read of a text: `url.href`, `url.searchParams`.
    pub members: FxHashMap<Name, Op>,
    /// What keeps values for all parts of an application.
    pub keepers: Keepers,
    /// Whether a value may have fields that its declared type does not name.
    pub structural: bool,
}

/// What a type argument is the type of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Typed {
    /// Nothing that is followed.
    Nothing,
    /// The first argument, or what is given later in its place: `useState<User>()`.
    Argument,
    /// What is given later in the place of the first argument, whatever that is: `createContext<Session>(none)`.
    Later,
    /// The first parameter of the function that is the first argument, or that is declared so: `memo<Props>(f)`,
    /// `const f: FC<Props>`.
    Parameter,
    /// What the call returns: `from_str::<User>(text)`.
    Result,
}

/// What a function returns, and what it does to its receiver and arguments.
///
/// A function that is named by its path has no receiver: its first argument is meant (`copy(x)`, `set(object, key, x)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// Returns its first argument: `JSON.stringify`, `useCallback`, `String(x)`, `Box::new`.
    Argument,
    /// Returns its receiver: `.clone()`, `.unwrap()`, `.toString()`, `.filter(..)`'s element type.
    Receiver,
    /// Returns a copy of its receiver: later changes of one do not change the other: `.clone()`.
    Copy,
    /// Returns a text or number made of its receiver and arguments: `.toLowerCase()`, `btoa(..)`, `.replace(..)`.
    Derived,
    /// Returns its receiver, or else its first argument or what that returns: `.unwrap_or(x)`, `.unwrap_or_else(f)`.
    Or,
    /// Returns something that is not known, or else its second argument, or the one named `default`:
    /// `os.getenv(name, "x")`.
    Default,
    /// Returns the elements of its receiver and of its arguments; of texts, the text made of them: `.concat(xs)`.
    Concat,
    /// Returns the text that shows its receiver, or its first argument where it has none: an instance's fields are then
    /// no fields of it: `.to_string()`, `str(x)`.
    Text,
    /// Returns an address whose query can be changed, relative to its second argument where it has one: `new URL(..)`.
    Address,
    /// Returns an address: its second argument, relative to its first: `urljoin(base, path)`.
    Join,
    /// Returns the query of its receiver, an address: `url.searchParams`, `.query_pairs_mut()`.
    Query,
    /// Returns something that carries none of its arguments: `Date.now()`, `.length`, `crypto.randomUUID()`.
    Scalar,
    /// Copies the fields of the other arguments into the first and returns it: `Object.assign`.
    Merge,
    /// Copies the fields of the arguments, and those given by name, into the receiver: `.update(a, b=c)`, `.extend(..)`.
    MergeInto,
    /// Returns a new record with the fields of the receiver (if it is a value) and of all arguments: `{**a}`, `merge`.
    Merged,
    /// Returns a record of the `(key, value)` pairs of its argument and of what is given by name, or an empty one:
    /// `HashMap::from`, `Object.fromEntries`, `OrderedDict(pairs, a=b)`.
    Record,
    /// Returns a list of its arguments, or the elements of the one list: `Promise.all`, `vec`, `Array.of`.
    List,
    /// Returns a list of what the callback returns for each element of the receiver: `.map(f)`, `.flatMap(f)`.
    Map,
    /// Calls the callback with each element of the receiver; returns the receiver: `.filter(f)`, `.forEach(f)`.
    Each,
    /// Calls the callback with each element of the receiver and returns an element: `.find(f)`.
    Find,
    /// Calls the callback with (accumulator, element) and returns what it returns: `.reduce(f, init)`.
    Reduce,
    /// Returns an element of the receiver: `.pop()`, `.at(i)`, `.first()`, `.next()`.
    Element,
    /// Calls the callback with the receiver and returns what it returns: `.then(f)`, `.and_then(f)`.
    Then,
    /// Calls its first argument without arguments and returns what it returns: `useMemo(f)`, `LazyLock::new(f)`.
    Call,
    /// Returns the `[key, value]` pairs of its argument (or of the receiver): `Object.entries`, `.items()`.
    Entries,
    /// Returns the keys of its argument (or of the receiver): `Object.keys`, `.keys()`.
    Keys,
    /// Returns the values of its argument (or of the receiver): `Object.values`, `.values()`.
    Values,
    /// Returns its first argument with only the fields that the others name: `pick`.
    Pick,
    /// Returns its first argument without the fields that the others name: `omit`.
    Omit,
    /// Writes its second argument under the key of the first into the receiver: `.set(k, v)`, `.insert(k, v)`, `.append(k, v)`.
    Set,
    /// Writes its second argument under the key of the first into the receiver unless it has that key, and returns what
    /// stands there: `.setdefault(k, v)`, `.entry(k).or_insert(v)`.
    SetDefault,
    /// Reads the field that its first argument names from the receiver, or else the second argument: `.get(k, other)`.
    Get,
    /// Takes away and returns the field that its first argument names, or else the second argument: `.pop(k, other)`.
    Take,
    /// Adds its arguments to the receiver, a list: `.push(x)`, `.append(x)`.
    Push,
    /// Returns a list of the elements of all its arguments: `itertools.chain(a, b)`.
    Chain,
    /// Returns a list of pairs of the elements that stand at the same place in its arguments: `zip(keys, values)`.
    Zip,
    /// Returns a record of the fields of its receiver: only those that the argument `include`, `fields` or `only`
    /// names, without those that `exclude` names, under their names once serialised where `by_alias` says so, and with
    /// those of `update`.
    Narrow,
    /// Returns a pair of its first argument and a setter: `useState(x)`.
    State,
    /// Returns a record whose field `current` is its first argument: `useRef(x)`.
    Ref,
    /// Returns a record whose field `value` is its first argument: `ref(x)`.
    Cell,
    /// Returns a record whose field `value` is what its first argument returns: `computed(f)`.
    CellOf,
    /// Supplies its second argument, under the key in the first, to whatever asks for the key: `provide(k, v)`.
    Supply,
    /// Returns what is supplied under the key in its first argument, else its second: `inject(k, v)`.
    Inject,
    /// Returns an instance of the class in its first argument: `inject(Tracker)`, `container.resolve(Tracker)`.
    Instance,
    /// Returns its last argument: `defineStore(id, options)`.
    Last,
    /// Returns its first argument's function with the remaining arguments filled in: `partial(f, a)`, `f.bind(this, a)`.
    Bind,
    /// Returns what the path in its first argument imports: `import_string("app.tracking.Tracker")`.
    Import,
    /// Calls the receiver, a function, with the remaining arguments: `f.call(this, a)`.
    Invoke,
    /// Calls the receiver, a function, with the elements of the list in its second argument: `f.apply(this, list)`.
    Apply,
    /// Calls the receiver, a function, with the arguments: `task.delay(a)`.
    Run,
    /// Calls the first function among its arguments with those that follow it: `submit(f, a)`, `to_thread(f, a)`.
    RunWith,
    /// Calls the receiver, a function, or else its argument `target` or its first one, with the elements of the list
    /// `args` and the fields of the record `kwargs`: `Thread(target=f, args=(a,))`, `task.apply_async((a,))`.
    RunLater,
    /// Makes a context whose `Provider` element supplies the attribute `value`: `createContext(x)`.
    Context,
    /// Reads what the provider of the context in the first argument supplies: `useContext(C)`.
    UseContext,
    /// Calls its callback arguments with values that are not known; returns something not known: `setTimeout(f)`,
    /// `app.get(path, f)`. This is also what a function without a model does.
    Unknown,
}

impl Op {
    /// Whether it changes its receiver.
    pub fn changes(self) -> bool {
        matches!(self, Op::MergeInto | Op::Set | Op::SetDefault | Op::Take | Op::Push)
    }
}

impl Models {
    /// The last names of the functions and methods that do this.
    pub(super) fn last_names(&self, op: Op) -> impl Iterator<Item = Name> {
        let all = self.functions.iter().chain(&self.methods).filter(move |(_, does)| **does == op);
        all.map(|(path, _)| path.rsplit([':', '.']).next().unwrap_or(path).into())
    }
}
