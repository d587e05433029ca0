//! What every part of the lowering shares: the builder, the open block, and values that need statements.

use rustc_hash::{FxHashMap, FxHashSet};

use super::parse::parse;
use super::scope::{Inline, Names};
use super::span::At;
use crate::ir::build::Builder;
use crate::ir::{Block, ClassId, Entry, Expr, ExprId, FuncId, ImportId, LocalId, Module, Place, Stmt};
use crate::source::FileId;

/// How deep syntax is followed. What lies below is opaque.
const DEPTH: usize = 300;

/// Lowers a file.
pub(super) fn lower(file: FileId, language: &'static str, text: &str) -> Module {
    let mut build = Builder::new(file, language, text.len());
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err((at, message)) => {
            build.problem(at, message);
            return build.finish();
        }
    };
    let unit = build.expr((0, 0), Expr::Scalar);
    let never = build.expr((0, 0), Expr::Nothing);
    let mut lower = Lower {
        build,
        func: FuncId::BODY,
        block: Block::new(),
        scopes: Vec::new(),
        modules: vec![Inline::default()],
        module: 0,
        this: None,
        loops: Vec::new(),
        imports: FxHashMap::default(),
        by_place: FxHashMap::default(),
        variants: FxHashMap::default(),
        defaults: FxHashSet::default(),
        builders: FxHashMap::default(),
        depth: 0,
        unit,
        never,
    };
    lower.declare_items(&parsed.items);
    lower.note_defaults(&parsed.items);
    lower.items(&parsed.items);
    let block = std::mem::take(&mut lower.block);
    lower.build.function_mut(FuncId::BODY).body = block;
    lower.build.finish()
}

/// A file that is being lowered.
pub(super) struct Lower {
    /// The module so far.
    pub(super) build: Builder,
    /// The function whose body is open.
    pub(super) func: FuncId,
    /// The open block.
    pub(super) block: Block,
    /// The scopes of the functions and blocks around, outermost first.
    pub(super) scopes: Vec<Names>,
    /// The file's root and its inline modules.
    pub(super) modules: Vec<Inline>,
    /// The inline module that is being lowered.
    pub(super) module: usize,
    /// What `Self` stands for.
    pub(super) this: Option<Expr>,
    /// The loops around; each with the variable that `break value` sets, once there is one.
    pub(super) loops: Vec<Option<LocalId>>,
    /// Imports by specifier.
    pub(super) imports: FxHashMap<String, ImportId>,
    /// Declared items, by the first byte of their name.
    pub(super) by_place: FxHashMap<u32, Expr>,
    /// The variants of each enum of the file.
    pub(super) variants: FxHashMap<ClassId, Vec<String>>,
    /// The types of the file that say themselves what their default is.
    pub(super) defaults: FxHashSet<ClassId>,
    /// The builders that macros write, by the struct that they build.
    pub(super) builders: FxHashMap<ClassId, ClassId>,
    /// How deep the syntax is that is being lowered.
    pub(super) depth: usize,
    /// The value `()`.
    pub(super) unit: ExprId,
    /// The value of what does not go on: `return`, `break`, `panic!`.
    pub(super) never: ExprId,
}

impl Lower {
    /// Goes one level deeper into the syntax, unless it is too deep already.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// Lowers into a block of its own, with a scope of its own.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> (Block, T) {
        let outer = std::mem::take(&mut self.block);
        self.scopes.push(Names::default());
        let result = inner(self);
        self.scopes.pop();
        (std::mem::replace(&mut self.block, outer), result)
    }

    /// Adds a statement to the open block.
    pub(super) fn emit(&mut self, stmt: Stmt) {
        self.block.push(stmt);
    }

    /// Writes a variable.
    pub(super) fn set(&mut self, local: LocalId, value: ExprId, at: At) {
        self.emit(Stmt::Set { place: Place::Local(local), value, at });
    }

    /// Keeps what evaluating a value does when the value itself is not used.
    pub(super) fn effect(&mut self, value: ExprId) {
        if self.has_call(value, 0) {
            self.emit(Stmt::Do(value));
        }
    }

    /// The value as one that may be named more than once: a call is made once and its result kept.
    pub(super) fn stable(&mut self, value: ExprId) -> ExprId {
        if !self.has_call(value, 0) && !matches!(self.kind(value), Expr::Record(_) | Expr::Instance(..)) {
            return value;
        }
        let at = self.at(value);
        let local = self.build.local("value", self.func, at);
        self.set(local, value, at);
        self.build.expr(at, Expr::Local(local))
    }

    /// The expression with this id.
    pub(super) fn kind(&self, value: ExprId) -> &Expr {
        self.build.module.expr(value)
    }

    /// The bytes an expression was lowered from.
    pub(super) fn at(&self, value: ExprId) -> At {
        self.build.module.expr_spans[value.0 as usize]
    }

    /// A value whose inside does not matter.
    pub(super) fn scalar(&mut self, at: At) -> ExprId {
        self.build.expr(at, Expr::Scalar)
    }

    /// A value as the condition of a branch that its being true does not decide.
    pub(super) fn compared(&mut self, value: ExprId) -> ExprId {
        self.build.expr(self.at(value), Expr::OneOf(vec![value]))
    }

    /// `base.name`, from the start of the base to the end of the name.
    pub(super) fn field(&mut self, base: ExprId, name: &str, at: At) -> ExprId {
        let start = self.at(base).0.min(at.0);
        self.build.expr((start, at.1), Expr::Field(base, name.into()))
    }

    /// One of several values, leaving out those that never come to be.
    pub(super) fn one_of(&mut self, at: At, values: Vec<ExprId>) -> ExprId {
        match values.as_slice() {
            [] => self.never,
            [value] => *value,
            _ => self.build.expr(at, Expr::OneOf(values)),
        }
    }

    /// Whether evaluating an expression calls something.
    pub(super) fn has_call(&self, value: ExprId, depth: usize) -> bool {
        if depth > DEPTH {
            return true;
        }
        let calls = |value: &ExprId| self.has_call(*value, depth + 1);
        match self.kind(value) {
            Expr::Call(_) => true,
            Expr::Field(base, _) | Expr::Each(base) | Expr::Without(base, _) | Expr::Typed(base, _) => calls(base),
            Expr::Element(base, key) => calls(base) || calls(key),
            Expr::Record(entries) | Expr::Instance(_, entries) => entries.iter().any(|entry| match entry {
                Entry::Field { value, .. } | Entry::Spread(value) => calls(value),
                Entry::Computed { key, value } => calls(key) || calls(value),
            }),
            Expr::List(items) => items.iter().any(|item| calls(&item.value)),
            Expr::OneOf(values) | Expr::Template(values) => values.iter().any(calls),
            Expr::Text(_)
            | Expr::Scalar
            | Expr::Bool(_)
            | Expr::Nothing
            | Expr::Local(_)
            | Expr::Import(_)
            | Expr::Global(_)
            | Expr::Function(_)
            | Expr::Class(_)
            | Expr::Opaque(_) => false,
        }
    }
}
