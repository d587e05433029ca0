//! Values that reach a component or function by another way than its arguments: contexts, state with a setter.

use super::call::Site;
use super::eval::Eval;
use super::value::{Arg, Closure, FrameId, Kind, Object, ObjectId, ObjectKind, Slot, Value};
use crate::ir::{FuncId, Name};
use crate::source::FileId;

/// The element of a context that supplies its value, and the attribute that holds the value.
pub(super) const PROVIDER: &str = "Provider";
const VALUE: &str = "value";
/// Under what a context keeps the value that it has without a provider.
const DEFAULT: &str = "default";
/// How deep records in a state are looked into for what starts as nothing.
const SETTABLE_DEPTH: usize = 4;

impl<'p> Eval<'p> {
    /// `createContext(value)`.
    pub(super) fn context(&mut self, site: Site, value: Value) -> Value {
        let (object, context) = self.record(site.frame);
        self.write(object, DEFAULT.into(), Slot { key: site.span, frame: site.frame, value });
        self.provided.insert(object, Vec::new());
        context
    }

    /// `<Context.Provider value={…}>`; false for what is not a provider.
    pub(super) fn provide(&mut self, context: ObjectId, name: &Name, args: &[Arg]) -> bool {
        if &**name != PROVIDER || !self.provided.contains_key(&context) {
            return false;
        }
        for arg in args {
            match arg.name.as_deref() {
                // What is provided is called by those who use the context.
                Some(VALUE) => self.provided.entry(context).or_default().push(arg.value.clone()),
                _ => self.escape_args(std::slice::from_ref(arg)),
            }
        }
        true
    }

    /// `useContext(context)`: what the providers of the context supply, else what it was created with.
    pub(super) fn use_context(&mut self, frame: FrameId, context: &Value) -> Value {
        let context = self.force(context);
        let Kind::Object(object) = context.kind else {
            return context;
        };
        if !self.provided.contains_key(&object) {
            return context;
        }
        let file = self.frame(self.object(object).frame).file;
        for (provider, unit) in self.providers_of(file) {
            self.run_provider(frame, provider, unit);
        }
        let provided = self.provided.get(&object).cloned().unwrap_or_default();
        if provided.is_empty() {
            let default = self.object(object).slot(DEFAULT).map(|slot| slot.value.clone());
            return default.unwrap_or_else(Value::nothing);
        }
        Value::one_of(provided)
    }

    /// The units that may have a provider of a context created in `file`.
    fn providers_of(&self, file: FileId) -> Vec<(FileId, FuncId)> {
        let units = self.plan.providers.iter().copied();
        let mut units: Vec<(FileId, FuncId)> = units
            .filter(|(user, unit)| {
                let linked = self.linked(*user);
                let imports = linked.index.imports.get(unit);
                let leads = |import| self.program.import_file(linked, import) == Some(file);
                *user == file || imports.is_some_and(|imports| imports.iter().any(|import| leads(*import)))
            })
            .collect();
        units.sort_unstable();
        units
    }

    /// Runs a function for the contexts that it provides, once.
    fn run_provider(&mut self, frame: FrameId, file: FileId, func: FuncId) {
        if func == FuncId::BODY || self.running.contains(&(file, func)) || !self.providing.insert((file, func)) {
            return;
        }
        let closure = Closure { file, func, frame: None, this: None, bound: Vec::new(), plain: false };
        let trail = std::mem::take(&mut self.trail);
        self.quiet += 1;
        self.run_open(&closure, false, Some(frame));
        self.quiet -= 1;
        self.trail = trail;
    }

    /// A value that a setter may replace: where it, or a field in it, starts as nothing, what that holds later is not
    /// known.
    pub(super) fn settable(&mut self, first: &Value) -> Value {
        let first = self.force(first);
        match first.kind {
            Kind::Nothing => Value::one_of([first, given_later()]),
            Kind::Object(object) => {
                let held = self.object(object);
                let is_empty = held.fields.is_empty() && held.items.is_empty() && held.rest.is_empty();
                if is_empty && matches!(held.kind, ObjectKind::List | ObjectKind::Record) {
                    self.object_mut(object).add_rest(given_later());
                } else {
                    self.settable_fields(object, 0);
                }
                first
            }
            _ => first,
        }
    }

    fn settable_fields(&mut self, object: ObjectId, depth: usize) {
        if depth > SETTABLE_DEPTH || !matches!(self.object(object).kind, ObjectKind::Record) {
            return;
        }
        for (name, slot) in self.object(object).fields.clone() {
            match slot.value.kind {
                Kind::Nothing => {
                    let value = Value::one_of([slot.value, given_later()]);
                    self.put(object, name, Some(Slot { value, ..slot }));
                }
                Kind::Object(inner) => self.settable_fields(inner, depth + 1),
                _ => {}
            }
        }
    }

    /// The elements of a list that are worth following one by one.
    pub(super) fn distinct_items(&self, list: &Value) -> Option<Vec<Value>> {
        let Kind::Object(object) = list.kind else {
            return None;
        };
        let Object { kind: ObjectKind::List, items, rest, .. } = self.object(object) else {
            return None;
        };
        let tells = |item: &Value| matches!(item.kind, Kind::Text(_) | Kind::Object(_));
        let few = (1..=MOST_DISTINCT).contains(&items.len());
        (few && rest.is_empty() && items.iter().all(tells)).then(|| items.clone())
    }
}

/// How many elements of a list are followed one by one.
const MOST_DISTINCT: usize = 12;

/// What a setter puts in the place of nothing.
fn given_later() -> Value {
    Value::unknown("what its setter was given is not followed")
}
