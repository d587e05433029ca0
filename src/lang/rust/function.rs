//! Functions, methods, closures, and the blocks they are made of.

use syn::visit::Visit;
use syn::{FnArg, Pat, ReturnType, Signature};

use super::item::is_test;
use super::lower::Lower;
use super::scope::{last_name, name_of};
use super::span::{self, of};
use super::ty::{arguments, is_unit};
use crate::ir::{ClassId, Expr, ExprId, FuncId, LocalId, Method, Param, Rest, Stmt, Type};

impl Lower {
    /// Lowers the body of a declared function.
    pub(super) fn function(&mut self, func: FuncId, sig: &Signature, body: Option<&syn::Block>) {
        self.within(func, |lower| {
            lower.generics(&sig.generics);
            let returns = lower.returns(&sig.output);
            lower.build.function_mut(func).returns = returns;
            lower.params(func, &sig.inputs);
            let Some(body) = body else {
                return;
            };
            match &sig.output {
                ReturnType::Type(_, ty) if !is_unit(ty) => {
                    let value = lower.block_value(body, true);
                    lower.return_value(value);
                }
                _ => {
                    let value = lower.block_value(body, false);
                    lower.effect(value);
                }
            }
        });
    }

    fn return_value(&mut self, value: ExprId) {
        if value != self.never && value != self.unit {
            self.emit(Stmt::Return(Some(value)));
        }
    }

    /// Lowers into the body of a function.
    pub(super) fn within(&mut self, func: FuncId, inner: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.func, func);
        let loops = std::mem::take(&mut self.loops);
        let (body, ()) = self.nested(inner);
        self.build.function_mut(func).body = body;
        self.func = outer;
        self.loops = loops;
    }

    fn params<'p>(&mut self, func: FuncId, inputs: impl IntoIterator<Item = &'p FnArg>) {
        let mut patterns = Vec::new();
        let mut typed = Vec::new();
        for input in inputs {
            match input {
                FnArg::Receiver(receiver) => self.receiver(func, of(&receiver.self_token)),
                FnArg::Typed(param) => {
                    let local = self.param(func, &param.pat, &mut patterns);
                    let ty = self.ty(&param.ty);
                    self.build.module.locals[local.0 as usize].ty = Some(ty);
                    typed.push(param);
                }
            }
        }
        self.bind_params(patterns);
        for param in typed {
            self.inner_type(&param.pat, &param.ty);
        }
    }

    /// `Json(body): Json<Body>` declares the type of `body` too.
    fn inner_type(&mut self, pat: &Pat, ty: &syn::Type) {
        if let (Pat::TupleStruct(pat), syn::Type::Path(ty)) = (pat, ty)
            && let Some(Pat::Ident(inner)) = pat.elems.first()
            && pat.elems.len() == 1
            && last_name(&pat.path) == last_name(&ty.path)
            && let [only] = arguments(&ty.path)[..]
            && let Some(Expr::Local(local)) = self.value_named(&name_of(&inner.ident)).cloned()
        {
            let ty = self.ty(only);
            self.build.module.locals[local.0 as usize].ty = Some(ty);
        }
    }

    fn receiver(&mut self, func: FuncId, at: (u32, u32)) {
        let local = self.build.local("self", func, at);
        if let Some(this) = self.this.clone() {
            let named = self.build.expr(at, this);
            let ty = self.build.ty(Type::Named(named, Vec::new()));
            self.build.module.locals[local.0 as usize].ty = Some(ty);
        }
        self.build.function_mut(func).receiver = Some(local);
        self.bind_value("self".to_string(), Expr::Local(local));
    }

    fn param<'p>(&mut self, func: FuncId, pat: &'p Pat, patterns: &mut Vec<(&'p Pat, LocalId)>) -> LocalId {
        let local = match pat {
            Pat::Ident(pat) if pat.subpat.is_none() => self.declare(&pat.ident),
            pat => {
                let local = self.build.local("arg", func, of(pat));
                patterns.push((pat, local));
                local
            }
        };
        self.build.function_mut(func).params.push(Param { local, default: None, rest: Rest::No, keyword_only: false });
        local
    }

    /// The statements that take destructured parameters apart.
    fn bind_params(&mut self, patterns: Vec<(&Pat, LocalId)>) {
        for (pat, local) in patterns {
            let value = self.build.expr(of(pat), Expr::Local(local));
            self.bind(pat, value);
        }
    }

    /// A method of a type; `class` where the type is declared in this file.
    pub(super) fn method(&mut self, sig: &Signature, body: Option<&syn::Block>, class: Option<ClassId>) -> Method {
        let name = name_of(&sig.ident);
        let func = self.build.function(name.as_str(), self.func, of(sig));
        self.build.function_mut(func).class = class;
        self.function(func, sig, body);
        Method { name: name.into(), function: func, is_static: sig.receiver().is_none(), is_getter: false }
    }

    /// `|a, b| body`, under the name of what it is first given to.
    pub(super) fn closure(&mut self, closure: &syn::ExprClosure, name: &str) -> ExprId {
        let at = (of(&closure.inputs_begin).0, span::expr(&closure.body).1);
        let func = self.build.function(name, self.func, at);
        self.within(func, |lower| {
            let mut patterns = Vec::new();
            for input in &closure.inputs {
                match input {
                    Pat::Type(typed) => {
                        let local = lower.param(func, &typed.pat, &mut patterns);
                        let ty = lower.ty(&typed.ty);
                        lower.build.module.locals[local.0 as usize].ty = Some(ty);
                    }
                    pat => {
                        lower.param(func, pat, &mut patterns);
                    }
                }
            }
            let returns = lower.returns(&closure.output);
            lower.build.function_mut(func).returns = returns;
            lower.bind_params(patterns);
            let value = lower.expr(&closure.body);
            lower.return_value(value);
        });
        self.build.expr(at, Expr::Function(func))
    }

    /// `async { .. }`: its value, unless it can be left early; then a closure that is called at once.
    pub(super) fn async_block(&mut self, block: &syn::Block) -> ExprId {
        let mut returns = Returns(false);
        returns.visit_block(block);
        if !returns.0 {
            return self.block_value(block, true);
        }
        let at = super::span::token(block.brace_token.span.join());
        let func = self.build.function("", self.func, at);
        self.within(func, |lower| {
            let value = lower.block_value(block, true);
            lower.return_value(value);
        });
        let callee = self.build.expr(at, Expr::Function(func));
        self.build.call(at, callee, [])
    }

    /// The statements of a block, into the open one, with a scope of their own; its value.
    pub(super) fn block_value(&mut self, block: &syn::Block, wanted: bool) -> ExprId {
        self.scopes.push(Default::default());
        let items: Vec<&syn::Item> = block
            .stmts
            .iter()
            .filter_map(|stmt| match stmt {
                syn::Stmt::Item(item) => Some(item),
                _ => None,
            })
            .collect();
        self.declare_items(items.iter().copied());
        self.items(items);
        let mut value = self.unit;
        for (index, stmt) in block.stmts.iter().enumerate() {
            let is_last = index + 1 == block.stmts.len();
            value = self.stmt(stmt, is_last && wanted, is_last);
        }
        self.scopes.pop();
        value
    }

    /// A statement; the value of the block, when it is its last.
    fn stmt(&mut self, stmt: &syn::Stmt, wanted: bool, is_last: bool) -> ExprId {
        match stmt {
            syn::Stmt::Item(_) => self.unit,
            syn::Stmt::Local(local) if is_test(&local.attrs) => self.unit,
            syn::Stmt::Local(local) => {
                self.let_stmt(local);
                self.unit
            }
            syn::Stmt::Expr(expr, None) if wanted => self.expr(expr),
            syn::Stmt::Expr(expr, _) => self.discard(expr),
            syn::Stmt::Macro(stmt) => {
                let value = self.macro_call(&stmt.mac);
                if is_last && (wanted && stmt.semi_token.is_none() || value == self.never) {
                    return value;
                }
                self.effect(value);
                self.unit
            }
        }
    }

    /// An expression whose value is not used. Says whether it goes on.
    pub(super) fn discard(&mut self, expr: &syn::Expr) -> ExprId {
        let value = self.deeper(|lower| match expr {
            syn::Expr::If(expr) => lower.if_expr(expr, false),
            syn::Expr::Match(expr) => lower.match_expr(expr, false),
            syn::Expr::Block(expr) => lower.block_value(&expr.block, false),
            syn::Expr::Unsafe(expr) => lower.block_value(&expr.block, false),
            expr => lower.expr(expr),
        });
        let Some(value) = value else {
            let value = self.too_deep();
            self.emit(Stmt::Do(value));
            return self.unit;
        };
        if value == self.never {
            return value;
        }
        self.effect(value);
        self.unit
    }
}

/// Finds a `return` of the block itself.
struct Returns(bool);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
        self.0 = true;
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
