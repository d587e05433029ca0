//! The walk over a file's syntax tree: where it stands, and the small steps that all of it shares.

use oxc_ast::ast::Program;
use oxc_semantic::{Scoping, SemanticBuilder};
use oxc_span::Span;
use rustc_hash::FxHashSet;

use super::names::Names;
use crate::ir::build::Builder;
use crate::ir::{Block, ClassId, Entry, Expr, ExprId, FuncId, LocalId, Module, Name, Place, Stmt, TypeId};

/// How deeply expressions, statements and types may nest before they become opaque.
const DEPTH: u32 = 300;

/// Lowers a parsed file.
pub(super) fn lower<'a>(builder: Builder, program: &'a Program<'a>) -> Module {
    let scoping = SemanticBuilder::new().build(program).semantic.into_scoping();
    let mut lower = Lower::new(builder, scoping);
    lower.program(program);
    lower.finish()
}

/// The bytes of a span.
pub(super) fn at(span: Span) -> (u32, u32) {
    (span.start, span.end)
}

/// The walk.
pub(super) struct Lower {
    /// The module so far.
    pub(super) builder: Builder,
    /// What each identifier refers to.
    pub(super) scoping: Scoping,
    /// What each symbol became.
    pub(super) names: Names,
    /// Where the walk stands.
    pub(super) place: Position,
    /// The name that a function or class gets if the next expression is one.
    pub(super) hint: Option<Name>,
    /// The classes that were written as records of options.
    pub(super) components: FxHashSet<ClassId>,
    depth: u32,
}

/// Where the walk stands.
pub(super) struct Position {
    /// The function that is lowered.
    pub(super) func: FuncId,
    /// What `this` is there.
    pub(super) this: This,
    /// The block that statements are added to.
    pub(super) block: Block,
    /// How many calls the function has so far: an operand with a call in it must run where it is written.
    pub(super) calls: u32,
}

/// What `this` is.
#[derive(Clone, Copy)]
pub(super) enum This {
    /// The receiver of a function.
    Receiver(FuncId),
    /// A class, in its static parts.
    Class(ClassId),
    /// Nothing: at the top level of a module.
    Nothing,
}

impl Lower {
    /// A walk that stands in the body of a module.
    pub(super) fn new(builder: Builder, scoping: Scoping) -> Lower {
        Lower {
            builder,
            scoping,
            names: Names::default(),
            place: Position { func: FuncId::BODY, this: This::Nothing, block: Vec::new(), calls: 0 },
            hint: None,
            components: FxHashSet::default(),
            depth: 0,
        }
    }

    /// The module that was lowered.
    pub(super) fn finish(mut self) -> Module {
        let body = std::mem::take(&mut self.place.block);
        self.builder.function_mut(FuncId::BODY).body = body;
        self.builder.finish()
    }

    /// Goes one step deeper, or answers nothing at the limit.
    pub(super) fn deeper<T>(&mut self, step: impl FnOnce(&mut Lower) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let done = step(self);
        self.depth -= 1;
        Some(done)
    }

    /// What stands for code beyond the limit.
    pub(super) fn too_deep(&mut self, span: Span) -> ExprId {
        self.builder.opaque(at(span), "nested too deeply")
    }

    /// Adds an expression.
    pub(super) fn add(&mut self, span: Span, expr: Expr) -> ExprId {
        self.builder.expr(at(span), expr)
    }

    /// Adds a statement to the current block.
    pub(super) fn emit(&mut self, stmt: Stmt) {
        self.place.block.push(stmt);
    }

    /// Adds a write to a variable.
    pub(super) fn set_local(&mut self, local: LocalId, value: ExprId, span: Span) {
        if self.is_application(value) {
            self.names.applications.insert(local);
        }
        self.emit(Stmt::Set { place: Place::Local(local), value, at: at(span) });
    }

    /// Lowers into a block of its own.
    pub(super) fn block(&mut self, fill: impl FnOnce(&mut Lower)) -> Block {
        let outer = std::mem::take(&mut self.place.block);
        fill(self);
        std::mem::replace(&mut self.place.block, outer)
    }

    /// Lowers the inside of a function into the function's body.
    pub(super) fn inside(&mut self, func: FuncId, this: This, fill: impl FnOnce(&mut Lower)) {
        let inner = Position { func, this, block: Vec::new(), calls: 0 };
        let outer = std::mem::replace(&mut self.place, inner);
        let hint = self.hint.take();
        fill(self);
        let inner = std::mem::replace(&mut self.place, outer);
        self.hint = hint;
        self.builder.function_mut(func).body = inner.block;
    }

    /// A variable that the source does not name.
    pub(super) fn temporary(&mut self, name: &str, span: Span) -> LocalId {
        self.builder.local(name, self.place.func, at(span))
    }

    /// An expression that can be read more than once: the value itself, or a variable that holds it.
    pub(super) fn once(&mut self, value: ExprId) -> ExprId {
        if self.is_plain(value) {
            return value;
        }
        let (start, end) = self.builder.module.expr_spans[value.0 as usize];
        let span = Span::new(start, end);
        let local = self.temporary("temp", span);
        self.set_local(local, value, span);
        self.add(span, Expr::Local(local))
    }

    /// A value as the condition of a branch that its being true does not decide.
    pub(super) fn compared(&mut self, value: ExprId) -> ExprId {
        let (start, end) = self.builder.module.expr_spans[value.0 as usize];
        self.add(Span::new(start, end), Expr::OneOf(vec![value]))
    }

    /// A call in a variable of its own, so that it runs where it is written.
    pub(super) fn once_if_called(&mut self, value: ExprId) -> ExprId {
        match self.builder.module.expr(value) {
            Expr::Call(_) => self.once(value),
            _ => value,
        }
    }

    /// Whether reading an expression twice is the same as reading it once.
    fn is_plain(&self, value: ExprId) -> bool {
        let mut value = value;
        loop {
            match self.builder.module.expr(value) {
                Expr::Field(base, _) | Expr::Each(base) | Expr::Typed(base, _) => value = *base,
                Expr::Local(_)
                | Expr::Import(_)
                | Expr::Global(_)
                | Expr::Function(_)
                | Expr::Class(_)
                | Expr::Text(_)
                | Expr::Scalar
                | Expr::Bool(_)
                | Expr::Nothing => return true,
                _ => return false,
            }
        }
    }

    /// Adds a call, and remembers that there is one.
    pub(super) fn add_call(&mut self, span: Span, callee: ExprId, args: Vec<crate::ir::Arg>) -> ExprId {
        self.add_generic_call(span, callee, Vec::new(), args)
    }

    /// Adds a call with type arguments.
    pub(super) fn add_generic_call(
        &mut self,
        span: Span,
        callee: ExprId,
        types: Vec<TypeId>,
        args: Vec<crate::ir::Arg>,
    ) -> ExprId {
        self.place.calls += 1;
        let call = crate::ir::Call { callee, types, args };
        self.add(span, Expr::Call(Box::new(call)))
    }

    /// Lowers an expression under the name that it is given to.
    pub(super) fn named<T>(&mut self, name: &str, lower: impl FnOnce(&mut Lower) -> T) -> T {
        self.hint = Some(name.into());
        let lowered = lower(self);
        self.hint = None;
        lowered
    }

    /// A value with its declared type, where it has one.
    pub(super) fn typed(&mut self, span: Span, value: ExprId, ty: Option<TypeId>) -> ExprId {
        match ty {
            Some(ty) => self.add(span, Expr::Typed(value, ty)),
            None => value,
        }
    }

    /// A field entry of a record.
    pub(super) fn entry(key: impl Into<Name>, span: Span, value: ExprId) -> Entry {
        Entry::Field { key: key.into(), at: at(span), value }
    }
}
