//! What parts of a project share by name and not by import: globals of the page, and values that one component provides
//! under a key and others ask for.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::eval::Eval;
use super::kept;
use super::needle::Needles;
use super::relevance::Search;
use super::value::{Arg, Closure, Extern, FrameId, Kind, Value};
use crate::ir::{Expr, ExprId, FuncId, Imported, Module, Name};
use crate::source::FileId;

/// What one evaluation found to be shared by name.
#[derive(Default)]
pub(super) struct Shared {
    /// What the project gave globals, or provided under keys.
    values: FxHashMap<Name, Vec<Value>>,
    /// The globals whose values are looked for.
    looked_for: FxHashSet<Name>,
    /// The names under which others find something that leads to a vendor.
    pub(super) gives: BTreeSet<Name>,
    /// The names under which others find a function, which may turn out to lead to one.
    pub(super) offers: BTreeSet<(Name, (FileId, FuncId))>,
}

impl<'p> Eval<'p> {
    /// Notes what the project gives a global that the catalogue does not know. What it calls itself is left open to
    /// those who name the global; false for any other value.
    pub(super) fn share(&mut self, name: &Name, value: &Value) -> bool {
        if self.is_known_global(name) {
            return false;
        }
        self.note_shared(name.clone(), value);
        match &value.kind {
            Kind::Function(closure) => {
                if self.quiet == 0 {
                    self.created.push(closure.clone());
                }
                true
            }
            _ => false,
        }
    }

    fn is_known_global(&self, name: &Name) -> bool {
        let targets = self.program.targets;
        targets.globals.contains(name) || targets.carrier_globals.contains(name)
    }

    fn note_shared(&mut self, name: Name, value: &Value) {
        self.offer(&name, value);
        self.shared.values.entry(name).or_default().push(value.clone());
    }

    /// Notes that others find a value under a name: also that of a function which returns what leads to a vendor.
    fn offer(&mut self, name: &Name, value: &Value) {
        if let Kind::Object(object) = value.kind {
            let fields = self.object(object).fields.iter().map(|(_, slot)| slot.value.clone());
            for field in fields.collect::<Vec<_>>() {
                if let Kind::Function(closure) = &field.kind {
                    self.shared.offers.insert((name.clone(), (closure.file, closure.func)));
                }
            }
        }
        if let Kind::Function(closure) = &value.kind {
            self.shared.offers.insert((name.clone(), (closure.file, closure.func)));
            if self.quiet == 0 {
                let closure = closure.clone();
                self.quiet += 1;
                let returned = self.run_open(&closure, true, closure.frame);
                self.quiet -= 1;
                if self.is_hot(&returned, 0) {
                    self.shared.gives.insert(name.clone());
                }
            }
        } else if self.is_hot(value, 0) {
            self.shared.gives.insert(name.clone());
        }
    }

    /// What a global holds: what the project gives it, else something outside.
    pub(super) fn global(&mut self, frame: FrameId, name: &Name) -> Value {
        let shared = self.shared_value(frame, name);
        shared.unwrap_or_else(|| Value::of(Kind::Extern(Rc::new(Extern::Global(name.clone())))))
    }

    /// What the project gives a global: its own functions, classes and records.
    pub(super) fn shared_value(&mut self, frame: FrameId, name: &Name) -> Option<Value> {
        let writers = self.plan.globals.get(name)?;
        if self.is_known_global(name) || !self.shared.looked_for.insert(name.clone()) {
            return None;
        }
        for (file, unit) in writers.iter().filter(|(file, _)| self.plan.relevant(*file)) {
            self.run_sharer(frame, *file, *unit, name);
        }
        self.shared.looked_for.remove(name);
        self.noted(name)
    }

    fn noted(&self, name: &Name) -> Option<Value> {
        let values = self.shared.values.get(name)?;
        let is_own = |value: &&Value| {
            matches!(value.kind, Kind::Function(_) | Kind::Class(_) | Kind::Object(_) | Kind::Extern(_) | Kind::Text(_))
        };
        let values: Vec<Value> = values.iter().filter(is_own).cloned().collect();
        (!values.is_empty()).then(|| Value::one_of(values))
    }

    /// Runs what writes a global, once and only for that.
    fn run_sharer(&mut self, frame: FrameId, file: FileId, unit: FuncId, name: &Name) {
        let linked = self.linked(file);
        let trail = std::mem::take(&mut self.trail);
        self.quiet += 1;
        if unit == FuncId::BODY {
            let module = self.module_frame(file);
            let body = &linked.module.function(FuncId::BODY).body;
            for at in linked.index.shares.get(name).map(Vec::as_slice).unwrap_or_default() {
                if self.ran.insert((file, *at)) {
                    self.statement(module, linked, &body[*at]);
                }
            }
        } else if !self.running.contains(&(file, unit)) && self.providing.insert((file, unit)) {
            let closure = Closure { file, func: unit, frame: None, this: None, bound: Vec::new(), plain: false };
            self.run_open(&closure, true, Some(frame));
        }
        self.quiet -= 1;
        self.trail = trail;
    }

    /// `provide(key, value)`.
    pub(super) fn supply(&mut self, args: &[Arg]) {
        let [key, value, ..] = args else {
            return;
        };
        let key = self.force(&key.value);
        if let Kind::Text(key) = &key.kind {
            for name in &self.program.shared.takers {
                self.offer(name, &value.value);
            }
            for name in [provided(key), format!("${key}").into()] {
                self.offer(&name, &value.value);
                self.shared.values.entry(name).or_default().push(value.value.clone());
            }
        }
        if let (Kind::Function(closure), 0) = (&value.value.kind, self.quiet) {
            self.created.push(closure.clone());
        }
    }

    /// `inject(key, fallback)`: what any part of the project provides under the key, else the second argument.
    pub(super) fn take_supplied(&mut self, frame: FrameId, args: &[Arg]) -> Value {
        let key = args.first().map_or_else(Value::nothing, |arg| arg.value.clone());
        let key = self.force(&key);
        let found = match &key.kind {
            Kind::Text(key) => {
                let name = provided(key);
                self.run_suppliers(frame);
                self.noted(&name)
            }
            _ => None,
        };
        let fallback = args.get(1).map(|arg| arg.value.clone());
        found.or(fallback).unwrap_or_else(|| Value::unknown("what provides this is not followed"))
    }

    fn run_suppliers(&mut self, frame: FrameId) {
        if !self.shared.looked_for.insert("".into()) {
            return;
        }
        let suppliers = self.plan.suppliers.iter().filter(|(file, _)| self.plan.relevant(*file));
        for (file, unit) in suppliers {
            self.run_sharer(frame, *file, *unit, &"".into());
        }
    }
}

/// The name under which a provided value is kept: not one that code can write.
fn provided(key: &Name) -> Name {
    format!("provided {key}").into()
}

impl Search<'_> {
    /// Notes which units of a file write globals or provide values.
    pub(super) fn relate_shared(&mut self, file: FileId) {
        let linked = self.program.module(file).expect("active files are lowered");
        let mut writers: Vec<_> = linked.index.sharers.iter().collect();
        writers.sort_unstable_by_key(|(name, _)| *name);
        for (name, units) in writers {
            let all = self.plan.globals.entry(name.clone()).or_default();
            all.extend(units.iter().map(|unit| (file, *unit)));
            all.sort_unstable();
        }
        let supplies = |unit: &FuncId| {
            let mentions = linked.index.mentions.get(unit);
            mentions.is_some_and(|names| self.program.shared.suppliers.iter().any(|name| names.contains(name)))
        };
        self.plan.suppliers.extend(linked.index.units.iter().filter(|unit| supplies(unit)).map(|unit| (file, *unit)));
        self.plan.suppliers.sort_unstable();
    }

    /// The units that name one of these globals, after lowering the files they stand in.
    pub(super) fn sharing_units(&mut self, names: &[Name]) -> Vec<(FileId, FuncId)> {
        let needles = Needles::new(names.iter().map(|name| (kept::word(name), 0)));
        let hits = needles.map(|needles| needles.hits(self.program.sources)).unwrap_or_default();
        let files: Vec<FileId> = hits.into_iter().map(|(file, _)| file).collect();
        self.admit(files.clone());
        let mut units = Vec::new();
        for file in files {
            let Some(linked) = self.program.module(file).filter(|_| self.plan.active.contains(&file)) else { continue };
            let none = FxHashSet::default();
            let uses = |unit: &FuncId| {
                let globals = linked.index.globals.get(unit).unwrap_or(&none);
                let mentions = linked.index.mentions.get(unit).unwrap_or(&none);
                let takes = |name: &Name| self.program.shared.takers.contains(name) && mentions.contains(name);
                names.iter().any(|name| globals.contains(name) || takes(name))
            };
            units.extend(linked.index.units.iter().copied().filter(uses).map(|unit| (file, unit)));
        }
        units
    }
}

/// Whether a call, or one that its callee is read from, provides a value under a key: it is named like one that does.
pub(super) fn provides(module: &Module, expr: ExprId, suppliers: &BTreeSet<Name>) -> bool {
    let mut at = expr;
    loop {
        at = match module.expr(at) {
            Expr::Call(call) => call.callee,
            Expr::Field(_, name) | Expr::Global(name) if suppliers.contains(name) => return true,
            Expr::Field(base, _) => *base,
            Expr::Import(import) => {
                let name = &module.import(*import).name;
                return matches!(name, Imported::Named(name) if suppliers.contains(name));
            }
            _ => return false,
        };
    }
}
