//! What every part of the lowering shares: the builder, the open block, and values that need statements.

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::import::has_stars;
use super::parse::parse;
use super::scope::{Scope, ScopeKind};
use crate::ir::build::Builder;
use crate::ir::{Arg, Block, Call, Expr, ExprId, FuncId, LocalId, Module, Name, Place, Stmt};
use crate::source::FileId;

/// How deep syntax is followed. What lies below is opaque.
const DEPTH: usize = 200;

/// The bytes that a part of the syntax was read from.
pub(super) type At = (u32, u32);

/// Lowers a file.
pub(super) fn lower(file: FileId, language: &'static str, text: &str) -> Module {
    let mut build = Builder::new(file, language, text.len());
    let Some(suite) = parse(&mut build, text) else {
        return build.finish();
    };
    let mut lower = Lower {
        build,
        func: FuncId::BODY,
        block: Block::new(),
        calls: 0,
        scopes: Vec::new(),
        gives: false,
        generics: Vec::new(),
        has_stars: false,
        is_cut: false,
        hint: None,
        depth: 0,
    };
    lower.has_stars = has_stars(&suite);
    lower.open_scope(ScopeKind::Module, &suite, &[]);
    lower.exports();
    lower.stmts(&suite);
    lower.scopes.pop();
    let block = std::mem::take(&mut lower.block);
    lower.build.function_mut(FuncId::BODY).body = block;
    if lower.is_cut {
        // A tree that is too deep to be followed is too deep to be freed.
        std::mem::forget(suite);
    }
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
    /// How many calls the function has so far: an operand with a call in it must run where it is written.
    pub(super) calls: u32,
    /// The scopes around, outermost first.
    pub(super) scopes: Vec<Scope>,
    /// Whether the function gives the one thing that it yields, as the function of a context manager does.
    pub(super) gives: bool,
    /// The generic parameters of the classes around.
    pub(super) generics: Vec<Vec<Name>>,
    /// Whether names of other modules are imported without being named.
    pub(super) has_stars: bool,
    /// Whether the syntax was too deep to be followed to its end.
    pub(super) is_cut: bool,
    /// The name that a function gets if the next expression is one.
    pub(super) hint: Option<Name>,
    /// How deep the syntax is that is being lowered.
    pub(super) depth: usize,
}

/// The bytes of a node.
pub(super) fn at(node: &impl Ranged) -> At {
    bytes(node.range())
}

/// The bytes of a range.
pub(super) fn bytes(range: TextRange) -> At {
    (range.start().to_u32(), range.end().to_u32())
}

impl Lower {
    /// Goes one level deeper into the syntax, unless it is too deep already.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            self.is_cut = true;
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// What stands for code beyond the limit.
    pub(super) fn too_deep(&mut self, at: At) -> ExprId {
        self.build.opaque(at, "nested too deeply")
    }

    /// What stands for statements beyond the limit.
    pub(super) fn do_too_deep(&mut self, at: At) {
        let value = self.too_deep(at);
        self.emit(Stmt::Do(value));
    }

    /// Adds an expression.
    pub(super) fn add(&mut self, at: At, expr: Expr) -> ExprId {
        self.build.expr(at, expr)
    }

    /// A value whose inside does not matter.
    pub(super) fn scalar(&mut self, at: At) -> ExprId {
        self.add(at, Expr::Scalar)
    }

    /// The absence of a value.
    pub(super) fn nothing(&mut self, at: At) -> ExprId {
        self.add(at, Expr::Nothing)
    }

    /// A known text.
    pub(super) fn known_text(&mut self, at: At, text: &str) -> ExprId {
        self.add(at, Expr::Text(text.into()))
    }

    /// `base.name`.
    pub(super) fn field(&mut self, at: At, base: ExprId, name: &str) -> ExprId {
        self.add(at, Expr::Field(base, name.into()))
    }

    /// Adds a call, and remembers that there is one.
    pub(super) fn add_call(&mut self, at: At, callee: ExprId, args: Vec<Arg>) -> ExprId {
        self.calls += 1;
        self.add(at, Expr::Call(Box::new(Call { callee, types: Vec::new(), args })))
    }

    /// A call of a method with positional arguments.
    pub(super) fn method_call(&mut self, at: At, base: ExprId, name: &str, args: Vec<ExprId>) -> ExprId {
        let callee = self.field(at, base, name);
        let args = args.into_iter().map(|value| Arg { name: None, value, spread: false }).collect();
        self.add_call(at, callee, args)
    }

    /// Adds a statement to the open block.
    pub(super) fn emit(&mut self, stmt: Stmt) {
        self.block.push(stmt);
    }

    /// Writes a variable.
    pub(super) fn set_local(&mut self, local: LocalId, value: ExprId, at: At) {
        self.emit(Stmt::Set { place: Place::Local(local), value, at });
    }

    /// Lowers into a block of its own.
    pub(super) fn nested(&mut self, fill: impl FnOnce(&mut Lower)) -> Block {
        let outer = std::mem::take(&mut self.block);
        fill(self);
        std::mem::replace(&mut self.block, outer)
    }

    /// Lowers into a block that may run.
    pub(super) fn maybe(&mut self, fill: impl FnOnce(&mut Lower)) {
        let block = self.nested(fill);
        if !block.is_empty() {
            self.emit(Stmt::Maybe(block));
        }
    }

    /// A variable that the source does not name.
    pub(super) fn temporary(&mut self, name: &str, at: At) -> LocalId {
        self.build.local(name, self.func, at)
    }

    /// A variable that holds a value.
    pub(super) fn held(&mut self, value: ExprId) -> ExprId {
        let at = self.at(value);
        let local = self.temporary("temp", at);
        self.set_local(local, value, at);
        self.add(at, Expr::Local(local))
    }

    /// An expression that can be read more than once: the value itself, or a variable that holds it.
    pub(super) fn once(&mut self, value: ExprId) -> ExprId {
        if self.is_plain(value) { value } else { self.held(value) }
    }

    /// A value as the condition of a branch that its being true does not decide.
    pub(super) fn compared(&mut self, value: ExprId) -> ExprId {
        self.add(self.at(value), Expr::OneOf(vec![value]))
    }

    /// The bytes an expression was lowered from.
    pub(super) fn at(&self, value: ExprId) -> At {
        self.build.module.expr_spans[value.0 as usize]
    }

    /// The expression with this id.
    pub(super) fn kind(&self, value: ExprId) -> &Expr {
        self.build.module.expr(value)
    }

    /// Whether reading an expression twice is the same as reading it once.
    fn is_plain(&self, value: ExprId) -> bool {
        let mut value = value;
        loop {
            match self.kind(value) {
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

    /// Lowers an expression under the name that it is given to.
    pub(super) fn named(&mut self, name: &str, expr: &ast::Expr) -> ExprId {
        self.hint = Some(name.into());
        let value = self.expr(expr);
        self.hint = None;
        value
    }
}
