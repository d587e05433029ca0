//! Follows data across functions and files, from the modules in the common form to the calls that leave the project.
//!
//! It knows the common form only. What a package is, which vendor stands behind it and what its arguments mean
//! is for the catalogue to say; what a library function does with its arguments comes as [`model::Models`].

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{FuncId, Name};
use crate::source::{FileId, Problem, Span};

mod address;
mod annotate;
mod branch;
mod call;
mod callback;
mod class;
mod collect;
mod construct;
mod context;
mod decorate;
mod eval;
mod exec;
mod external;
mod foreign;
mod generic;
mod index;
mod invoke;
mod iterate;
mod kept;
pub mod keyed;
mod lazy;
mod literal;
pub mod model;
mod needle;
mod opened;
mod ops;
mod origin;
mod outbound;
mod places;
mod plan;
pub mod program;
mod reach;
mod read;
mod record;
mod relevance;
mod runs;
mod schema;
mod seed;
mod shape;
mod shared;
mod state;
mod types;
mod unit;
mod unowned;
mod users;
mod value;
mod words;
mod write;
mod written;

/// A call, or an assignment, of something the project does not define, with what its arguments may hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Outbound {
    /// What is called or assigned, without the final call itself.
    pub path: Path,
    /// Whether it is called or assigned.
    pub kind: OutboundKind,
    /// The arguments; the one value of an assignment.
    pub args: Vec<Argument>,
    /// Earlier calls on the same object by statements of their own (`xhr.open(..)` before `xhr.send(..)`).
    pub earlier: Vec<Earlier>,
    /// The call itself, then each call outwards to the one that supplies data.
    pub chain: Vec<Span>,
    /// The catalogue's name for the language it is written in.
    pub language: &'static str,
    /// Whether the project calls the outermost function of the chain: what it leaves open is then supplied, and
    /// reported, by those callers.
    pub called: bool,
    /// The outermost function of the chain and those around it in the text.
    pub outermost: Vec<(FileId, FuncId)>,
}

/// How something outside the project is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutboundKind {
    /// A call, an instantiation, a component element.
    Call,
    /// `path = value`.
    Assignment,
}

/// A call on an object before the one that is reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// The method, or the field that was assigned.
    pub name: Name,
    /// Whether the method was called or the field assigned.
    pub kind: OutboundKind,
    /// The arguments, or the one assigned value.
    pub args: Vec<Argument>,
}

/// The way to something outside the project.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it starts.
    pub root: Root,
    /// Members read and calls made from there. The `default` member of a package is left out.
    pub steps: Vec<Step>,
}

impl Path {
    /// Its root, members and calls as one text, without what the calls are given: `posthog-node.PostHog().capture`.
    pub fn members(&self) -> Name {
        let (Root::Package(root) | Root::Global(root)) = &self.root;
        let mut text = root.to_string();
        for step in &self.steps {
            match step {
                Step::Member(name) => {
                    text.push('.');
                    text.push_str(name);
                }
                Step::Element => text.push_str("[]"),
                Step::Call(_) => text.push_str("()"),
            }
        }
        text.into()
    }
}

/// Where a path out of the project starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// A package, named as [`crate::lang::Target::Package`] names it.
    Package(Name),
    /// A global: `window.x`, `self.x` and `globalThis.x` are the global `x`.
    Global(Name),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`, `::name`.
    Member(Name),
    /// `[key]` with a key that is not one known text.
    Element,
    /// `(args)`: a call or an instantiation.
    Call(Vec<Argument>),
}

/// An argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The keyword or attribute, where there is one. It is empty for a value whose keys are further keywords that are
    /// not known (`**options`).
    pub name: Option<Name>,
    /// What it may hold.
    pub shape: Shape,
}

/// What a value may hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What it is.
    pub kind: ShapeKind,
    /// Where it came from; absent for what has no place of its own.
    pub origin: Option<Origin>,
}

/// What a value may be.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeKind {
    /// A known text.
    Text(Name),
    /// A value without inside: a number, a boolean, a text that is not known.
    Scalar,
    /// Nothing: `null`, `None`, an omitted argument.
    Nothing,
    /// A record.
    Record(Record),
    /// A list; what any element may hold, and whether there may be other elements that could not be seen.
    List(Vec<Shape>),
    /// One of several.
    OneOf(Vec<Shape>),
    /// A text made of parts, in order. A part with a known text keeps it.
    Concat(Vec<Shape>),
    /// A function: a callback, a hook.
    Function,
    /// An object that something outside the project made, with what was done to it since.
    Extern {
        /// How it was made or reached.
        path: Path,
        /// Fields assigned and methods called on it by statements of their own, in order.
        earlier: Vec<Earlier>,
    },
    /// What a caller supplies: a parameter of the outermost function of the chain. What its declared type says of
    /// it, where that says anything.
    Hole(Option<Box<Shape>>),
    /// What cannot be known, and why.
    Unknown(Unknown),
}

/// A record's fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The fields, in the order in which they were first written. A key occurs once.
    pub fields: Vec<Field>,
    /// Why it may have other fields: each unknown value that was spread into it or written under an unknown key.
    /// A [`ShapeKind::Hole`] here is spread by a caller.
    pub rest: Vec<Shape>,
    /// The class outside the project that it is an instance of (`segment::message::Track { .. }`).
    pub class: Option<Path>,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name as serialised.
    pub name: Name,
    /// Where its key is written.
    pub key: Span,
    /// The index in [`Outbound::chain`] of the place that writes the key.
    pub hop: usize,
    /// What it may hold.
    pub value: Shape,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The expression it was first read from (`user.email`).
    pub span: Span,
    /// Where the place that supplies it hands it on: the argument or key at that place.
    pub at: Span,
    /// The index in [`Outbound::chain`] of the place that supplies it.
    pub hop: usize,
    /// The name of that expression's declared type, where one is known.
    pub ty: Option<Name>,
    /// What outside the project returned it (`stripe.customers.retrieve(..)`), where that is so.
    pub source: Option<Path>,
}

/// What cannot be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Why, as one lower-case clause.
    pub reason: Name,
    /// The smallest change that would settle it, as an action.
    pub hint: Option<Name>,
}

/// The reason of what a value may hold beyond the fields that its declared type names: who takes the type at its word
/// leaves it aside.
pub const BEYOND_TYPE: &str = "it may have more fields than its declared type names";

/// The member that stands for what a call gives to a function that it was handed: its first parameter.
pub const GIVEN: &str = "callback";

/// Whether a member stands for a parameter of such a function: `callback`, `callback2`.
pub fn is_given(member: &str) -> bool {
    member.strip_prefix(GIVEN).is_some_and(|place| place.chars().all(|c| c.is_ascii_digit()))
}

/// Which paths out of the project are worth reporting: the roots that the catalogue knows.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Packages, and whether everything below `name/` or `name::` belongs to them too.
    pub packages: rustc_hash::FxHashSet<Name>,
    /// Globals.
    pub globals: rustc_hash::FxHashSet<Name>,
    /// Packages that send HTTP requests for others.
    pub carrier_packages: rustc_hash::FxHashSet<Name>,
    /// Globals that send HTTP requests for others.
    pub carrier_globals: rustc_hash::FxHashSet<Name>,
    /// Ends of hosts (`api.segment.io`, `intercom.io`): a text with one of these makes a request worth reporting.
    pub hosts: Vec<Name>,
    /// The last names of the calls and assignments that are described, by the package or global they start at; none
    /// where any name may be.
    pub calls: rustc_hash::FxHashMap<Name, Option<rustc_hash::FxHashSet<Name>>>,
    /// The packages and globals that give a client to functions that they are handed.
    pub givers: rustc_hash::FxHashSet<Name>,
    /// What only makes a client when it is called, as [`Path::members`] names it: its arguments are no data.
    pub makers: rustc_hash::FxHashSet<Name>,
    /// The classes of which an instance is a client, as [`Path::members`] names them.
    pub client_types: rustc_hash::FxHashSet<Name>,
    /// Functions of the project that stand for calls of something outside it, by the path of their file: a call of one
    /// is an outbound whose path starts at that path, as if it were a package.
    pub wrappers: BTreeMap<Name, BTreeSet<Name>>,
    /// Texts that make a file of a language worth lowering, by the language's name: package names in quotes or paths,
    /// globals, hosts.
    pub needles: BTreeMap<&'static str, Vec<Name>>,
    /// Further files worth lowering.
    pub files: Vec<FileId>,
    /// Whether callers are followed only where they may decide which fields there are, and not for where a value that
    /// stands under a known name comes from.
    pub names_only: bool,
}

impl Targets {
    /// Whether an instance of what a path names is a client. A package's default export is the package.
    pub fn is_client_type(&self, path: &Path) -> bool {
        match path.steps.as_slice() {
            [Step::Member(name)] if &**name == "default" => {
                let (Root::Package(root) | Root::Global(root)) = &path.root;
                self.client_types.contains(root)
            }
            _ => self.client_types.contains(&path.members()),
        }
    }
}

/// Everything that leaves the program, in a fixed order, and what a limit cut off. With `every_file`, no file is
/// passed over because nothing in it seems to matter: the answer is the same, later.
pub fn outbounds(program: &program::Program, every_file: bool) -> (Vec<Outbound>, Vec<Problem>) {
    relevance::search(program, every_file)
}
