//! What is looked up in a module often: which units mention a name, and which statements and methods write a place.
//!
//! A *unit* is what is evaluated on its own: the module's body, a function declared at its top level, a method.
//! Functions written inside another function belong to its unit.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::kept::{self, Keepers};
use super::places::written_in;
use super::shared::provides;
use super::unit::unit_of;
use super::words::{names_member, stem};
use crate::ir::{
    Block, Call, ClassId, Entry, Expr, ExprId, FuncId, ImportId, Imported, LocalId, Module, Name, Place, Stmt, Type,
    TypeId,
};

/// The index of one module.
#[derive(Debug, Default)]
pub(super) struct ModuleIndex {
    /// The units, in order.
    pub(super) units: Vec<FuncId>,
    /// The unit that each function belongs to.
    pub(super) unit_of: Vec<FuncId>,
    /// Names that each unit mentions: members, globals, variables, imported names.
    pub(super) mentions: FxHashMap<FuncId, FxHashSet<Name>>,
    /// Imports that each unit mentions.
    pub(super) imports: FxHashMap<FuncId, FxHashSet<ImportId>>,
    /// Globals that each unit mentions.
    pub(super) globals: FxHashMap<FuncId, FxHashSet<Name>>,
    /// The last names of the modules that texts name beside something in them.
    pub(super) paths: FxHashSet<Name>,
    /// Texts of each unit that may name a host.
    pub(super) texts: FxHashMap<FuncId, Vec<Name>>,
    /// Addresses that are written under a key, by the key: what a record gives it, or a field is set to.
    pub(super) addresses: FxHashMap<Name, Vec<Name>>,
    /// For each variable of the body, the statements of the body that write it or something in it.
    pub(super) writes: FxHashMap<LocalId, Vec<usize>>,
    /// For each global, the units that write it.
    pub(super) sharers: FxHashMap<Name, Vec<FuncId>>,
    /// For each global, the statements of the body that write it; under no name, those that provide a value.
    pub(super) shares: FxHashMap<Name, Vec<usize>>,
    /// For each field of a class, the methods that write it on their receiver.
    pub(super) field_writes: FxHashMap<(ClassId, Name), Vec<FuncId>>,
    /// For each variable of the body, the units that write it, other than the body.
    pub(super) outer_writes: FxHashMap<LocalId, Vec<FuncId>>,
    /// For each static field, the units that write it.
    pub(super) static_writes: FxHashMap<(ClassId, Name), Vec<FuncId>>,
    /// Variables that a statement writes; a parameter that is not one of them holds what it was given.
    pub(super) written: FxHashSet<LocalId>,
    /// Functions that write a variable of a function around them.
    pub(super) writes_outside: FxHashSet<FuncId>,
    /// Methods that write a field of their receiver.
    pub(super) writes_receiver: FxHashSet<FuncId>,
    /// The methods that each method calls, by statements of their own, on what a field of its receiver holds.
    pub(super) field_calls: FxHashMap<FuncId, FxHashSet<Name>>,
}

impl ModuleIndex {
    pub(super) fn new(module: &Module, suppliers: &BTreeSet<Name>, keepers: &Keepers) -> ModuleIndex {
        let mut index = ModuleIndex { unit_of: unit_of(module), ..ModuleIndex::default() };
        let is_unit = |func: FuncId| index.unit_of[func.0 as usize] == func;
        index.units = (0..module.functions.len() as u32).map(FuncId).filter(|func| is_unit(*func)).collect();
        let mut seen = FxHashSet::default();
        for func in (0..module.functions.len() as u32).map(FuncId) {
            let unit = index.unit_of[func.0 as usize];
            Scan { module, index: &mut index, keepers, unit, function: func, seen: &mut seen }.function(func);
        }
        // `const w = window; w.analytics.track(..)`: any member may be a global.
        for (unit, globals) in index.globals.iter_mut().filter(|(_, globals)| globals.contains("")) {
            globals.extend(index.mentions.get(unit).into_iter().flatten().cloned());
        }
        for (at, statement) in module.function(FuncId::BODY).body.iter().enumerate() {
            for local in written_in(module, statement, &index.outer_writes) {
                index.writes.entry(local).or_default().push(at);
            }
            match statement {
                Stmt::Set { place: Place::Global(name), .. } => index.shares.entry(name.clone()).or_default().push(at),
                Stmt::Set { place: Place::Field(base, name), .. } => {
                    if let Some(kept) = kept::written_name(module, keepers, *base, name) {
                        index.shares.entry(kept).or_default().push(at);
                    }
                }
                Stmt::Do(expr) if provides(module, *expr, suppliers) => {
                    index.shares.entry("".into()).or_default().push(at)
                }
                _ => {}
            }
        }
        index
    }
}

struct Scan<'a> {
    module: &'a Module,
    index: &'a mut ModuleIndex,
    keepers: &'a Keepers,
    unit: FuncId,
    function: FuncId,
    seen: &'a mut FxHashSet<ExprId>,
}

impl Scan<'_> {
    fn function(&mut self, func: FuncId) {
        let function = self.module.function(func);
        for param in &function.params {
            if let Some(ty) = self.module.local(param.local).ty {
                self.ty(ty, 0);
            }
            param.default.iter().for_each(|default| self.expr(*default));
        }
        function.decorators.iter().for_each(|decorator| self.expr(*decorator));
        self.block(&function.body);
    }

    /// A declared type names what a parameter holds.
    fn ty(&mut self, ty: TypeId, depth: usize) {
        match self.module.ty(ty) {
            Type::Named(expr, _) => match self.module.expr(*expr) {
                Expr::Import(import) => {
                    let import = self.module.import(*import);
                    match &import.name {
                        Imported::Named(name) => self.mention(name),
                        Imported::All => self.mention(&stem(&import.specifier).into()),
                    }
                }
                Expr::Class(class) => self.mention(&self.module.class(*class).name.clone()),
                _ => {}
            },
            Type::OneOf(types) | Type::AllOf(types) if depth < 3 => {
                types.iter().for_each(|ty| self.ty(*ty, depth + 1));
            }
            _ => {}
        }
    }

    fn mention(&mut self, name: &Name) {
        self.index.mentions.entry(self.unit).or_default().insert(name.clone());
    }

    fn global(&mut self, name: &Name) {
        self.mention(name);
        self.index.globals.entry(self.unit).or_default().insert(name.clone());
    }

    fn block(&mut self, block: &Block) {
        block.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Set { place, value, .. } => {
                if let Place::Field(_, name) = place {
                    self.address(name, *value);
                }
                self.place(place, true);
                self.expr(*value);
            }
            Stmt::Remove(place) => self.place(place, true),
            Stmt::Do(expr) => {
                self.field_call(*expr);
                self.expr(*expr);
            }
            Stmt::Return(value) => value.iter().for_each(|value| self.expr(*value)),
            Stmt::Exit => {}
            Stmt::When { condition, then, otherwise } => {
                self.expr(*condition);
                self.block(then);
                self.block(otherwise);
            }
            Stmt::Maybe(block) => self.block(block),
        }
    }

    fn place(&mut self, place: &Place, write: bool) {
        match place {
            Place::Local(local) => {
                self.index.written.insert(*local);
                let owner = self.module.local(*local).function;
                if write && owner != self.function {
                    self.index.writes_outside.insert(self.function);
                }
                if write && owner == FuncId::BODY && self.unit != FuncId::BODY {
                    add_once(self.index.outer_writes.entry(*local).or_default(), self.unit);
                }
            }
            Place::Global(name) => self.shared(name),
            Place::Field(base, name) => {
                if let Some(kept) = kept::written_name(self.module, self.keepers, *base, name) {
                    self.shared(&kept);
                }
                self.field_write(*base, name);
                if let Some(class) = self.class_of(*base).filter(|_| self.unit != FuncId::BODY) {
                    add_once(self.index.static_writes.entry((class, name.clone())).or_default(), self.unit);
                }
                self.expr(*base);
            }
            Place::Element(base, key) => {
                self.expr(*base);
                self.expr(*key);
            }
        }
    }

    /// A global that is written, or what others find like one.
    fn shared(&mut self, name: &Name) {
        self.global(name);
        add_once(self.index.sharers.entry(name.clone()).or_default(), self.unit);
    }

    /// The method whose receiver an expression is, also in a function inside that method.
    fn method_of_receiver(&self, expr: ExprId) -> Option<FuncId> {
        let Expr::Local(local) = self.module.expr(expr) else {
            return None;
        };
        let owner = self.module.local(*local).function;
        (self.module.function(owner).receiver == Some(*local)).then_some(owner)
    }

    /// The class that an expression is.
    fn class_of(&self, expr: ExprId) -> Option<ClassId> {
        match self.module.expr(expr) {
            Expr::Class(class) => Some(*class),
            Expr::Local(local) => match self.module.expr(self.module.local(*local).constant?) {
                Expr::Class(class) => Some(*class),
                _ => None,
            },
            _ => None,
        }
    }

    /// Notes `this.list.push(…)` in a method, or in a function inside one.
    fn field_call(&mut self, expr: ExprId) {
        if let Expr::Call(call) = self.module.expr(expr)
            && let Expr::Field(field, name) = self.module.expr(call.callee)
            && let Expr::Field(base, _) = self.module.expr(*field)
            && let Some(owner) = self.method_of_receiver(*base)
        {
            self.index.field_calls.entry(owner).or_default().insert(name.clone());
        }
    }

    /// Notes `this.name = …` in a method, or in a function inside one.
    fn field_write(&mut self, base: ExprId, name: &Name) {
        let Some(owner) = self.method_of_receiver(base) else {
            return;
        };
        self.index.writes_receiver.insert(owner);
        if let Some(class) = self.module.function(owner).class {
            add_once(self.index.field_writes.entry((class, name.clone())).or_default(), owner);
        }
    }

    fn expr(&mut self, expr: ExprId) {
        if !self.seen.insert(expr) {
            return;
        }
        match self.module.expr(expr) {
            Expr::Scalar | Expr::Bool(_) | Expr::Nothing | Expr::Opaque(_) => {}
            Expr::Text(text) => {
                if text.len() > 3 && text.contains('.') {
                    self.index.texts.entry(self.unit).or_default().push(text.clone());
                }
            }
            Expr::Local(local) => self.mention(&self.module.local(*local).name.clone()),
            Expr::Import(import) => self.import(*import),
            Expr::Global(name) => self.global(name),
            // Every function is scanned for its own unit, wherever it is written.
            Expr::Function(func) => self.mention(&self.module.function(*func).name.clone()),
            Expr::Class(class) => {
                self.mention(&self.module.class(*class).name.clone());
                self.class(*class);
            }
            Expr::Field(base, name) => {
                self.mention(name);
                if let Some(kept) = kept::name(self.module, self.keepers, *base, name) {
                    self.global(&kept);
                }
                self.expr(*base);
            }
            Expr::Element(base, key) => {
                if let Expr::Text(name) = self.module.expr(*key) {
                    self.mention(name);
                }
                self.expr(*base);
                self.expr(*key);
            }
            Expr::Without(base, names) => {
                names.iter().for_each(|name| self.mention(name));
                self.expr(*base);
            }
            Expr::Each(base) | Expr::Typed(base, _) => self.expr(*base),
            Expr::Record(entries) => self.entries(entries),
            Expr::Instance(class, entries) => {
                self.expr(*class);
                self.entries(entries);
            }
            Expr::List(items) => items.iter().for_each(|item| self.expr(item.value)),
            Expr::Call(call) => {
                self.named_by_text(call);
                self.expr(call.callee);
                call.args.iter().for_each(|arg| self.expr(arg.value));
            }
            Expr::OneOf(parts) | Expr::Template(parts) => parts.iter().for_each(|part| self.expr(*part)),
        }
    }

    /// `fetch("app.tracking", "track")`: a module's path, and what of it is meant.
    fn named_by_text(&mut self, call: &Call) {
        let texts = call.args.iter().filter_map(|arg| match self.module.expr(arg.value) {
            Expr::Text(text) => Some(text),
            _ => None,
        });
        let texts: Vec<Name> = texts.cloned().collect();
        if names_member(texts.iter().map(|text| &**text)) {
            texts.iter().for_each(|text| self.mention(text));
            self.index.paths.extend(texts.iter().filter_map(|text| text.rsplit_once('.')).map(|(_, name)| name.into()));
        }
    }

    fn import(&mut self, import: ImportId) {
        self.index.imports.entry(self.unit).or_default().insert(import);
        let import = self.module.import(import);
        if let Imported::Named(name) = &import.name {
            self.mention(name);
        }
        self.mention(&stem(&import.specifier).into());
    }

    /// Notes an address that is written under a key.
    fn address(&mut self, key: &Name, value: ExprId) {
        let text = self.first_text(value, 0).filter(|text| text.contains("://")).cloned();
        if let Some(text) = text {
            self.index.addresses.entry(key.clone()).or_default().push(text);
        }
    }

    /// The text that a value starts with: `Url::parse("https://…").unwrap()`.
    fn first_text(&self, value: ExprId, depth: usize) -> Option<&Name> {
        match self.module.expr(value) {
            _ if depth > 6 => None,
            Expr::Text(text) => Some(text),
            Expr::Field(base, _) | Expr::Typed(base, _) => self.first_text(*base, depth + 1),
            Expr::Call(call) => {
                let given = || call.args.first().and_then(|arg| self.first_text(arg.value, depth + 1));
                self.first_text(call.callee, depth + 1).or_else(given)
            }
            Expr::OneOf(parts) => parts.iter().find_map(|part| self.first_text(*part, depth + 1)),
            Expr::Template(parts) => parts.first().and_then(|part| self.first_text(*part, depth + 1)),
            _ => None,
        }
    }

    fn entries(&mut self, entries: &[Entry]) {
        for entry in entries {
            match entry {
                Entry::Field { key, value, .. } => {
                    self.address(key, *value);
                    self.expr(*value);
                }
                Entry::Spread(value) => self.expr(*value),
                Entry::Computed { key, value } => {
                    self.expr(*key);
                    self.expr(*value);
                }
            }
        }
    }

    fn class(&mut self, class: ClassId) {
        for (name, value) in &self.module.class(class).statics {
            self.address(name, *value);
            self.expr(*value);
        }
    }
}

fn add_once(all: &mut Vec<FuncId>, func: FuncId) {
    if !all.contains(&func) {
        all.push(func);
    }
}
