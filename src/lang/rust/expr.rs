//! Expressions.

use syn::{BinOp, Expr, Lit, UnOp};

use super::lower::Lower;
use super::pattern::member;
use super::scope::{last_name, name_of};
use super::span::{self, At, of};
use super::ty::arguments;
use crate::ir::{Entry, Expr as Ir, ExprId, Item, Stmt, Type};

impl Lower {
    /// The value of an expression. What has to be evaluated before it goes into the open block.
    pub(super) fn expr(&mut self, expr: &Expr) -> ExprId {
        match self.deeper(|lower| lower.expr_inner(expr)) {
            Some(value) => value,
            None => self.too_deep(),
        }
    }

    /// What stands for syntax that is nested too deeply.
    pub(super) fn too_deep(&mut self) -> ExprId {
        self.build.opaque((0, 0), "an expression that is nested too deeply")
    }

    /// The value of an expression that is given a name: a closure takes it.
    pub(super) fn named_expr(&mut self, expr: &Expr, name: &str) -> ExprId {
        match expr {
            Expr::Closure(closure) => self.closure(closure, name),
            expr => self.expr(expr),
        }
    }

    fn expr_inner(&mut self, expr: &Expr) -> ExprId {
        match expr {
            Expr::Await(inner) => self.expr(&inner.base),
            Expr::Cast(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::RawAddr(inner) => self.expr(&inner.expr),
            Expr::Reference(inner) if inner.mutability.is_some() => self.lent(&inner.expr),
            Expr::Reference(inner) => self.expr(&inner.expr),
            Expr::Try(inner) => self.expr(&inner.expr),
            Expr::Block(inner) => self.block_value(&inner.block, true),
            Expr::Const(inner) => self.block_value(&inner.block, true),
            Expr::TryBlock(inner) => self.block_value(&inner.block, true),
            Expr::Unsafe(inner) => self.block_value(&inner.block, true),
            Expr::Async(inner) => self.async_block(&inner.block),
            Expr::Path(path) => self.path_expr(path),
            Expr::Lit(lit) => self.literal(&lit.lit),
            Expr::Field(field) => {
                let base = self.expr(&field.base);
                let (name, at) = member(&field.member);
                self.field(base, &name, at)
            }
            Expr::Index(index) => self.index(index, span::expr(expr)),
            Expr::Call(call) => self.call(call, span::expr(expr)),
            Expr::MethodCall(call) => self.method_call(call, span::expr(expr)),
            Expr::Macro(expr) => self.macro_call(&expr.mac),
            Expr::Struct(literal) => self.struct_literal(literal, span::expr(expr)),
            Expr::Closure(closure) => self.closure(closure, ""),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => self.unit,
            Expr::Tuple(tuple) => self.list(&tuple.elems, span::expr(expr)),
            Expr::Array(array) => self.list(&array.elems, span::expr(expr)),
            Expr::Repeat(repeat) => self.list([&*repeat.expr], of(&repeat.expr)),
            Expr::Unary(unary) => self.unary(unary, span::expr(expr)),
            Expr::Binary(binary) => self.binary(binary, span::expr(expr)),
            Expr::Assign(assign) => self.assign(&assign.left, &assign.right),
            _ => self.flow_expr(expr),
        }
    }

    /// Expressions that decide what runs.
    fn flow_expr(&mut self, expr: &Expr) -> ExprId {
        match expr {
            Expr::If(expr) => self.if_expr(expr, true),
            Expr::Match(expr) => self.match_expr(expr, true),
            Expr::ForLoop(expr) => self.for_expr(expr),
            Expr::While(expr) => self.while_expr(expr),
            Expr::Loop(expr) => self.loop_expr(&expr.body),
            Expr::Break(expr) => self.leave_loop(expr.expr.as_deref()),
            Expr::Continue(_) => self.leave_loop(None),
            Expr::Return(expr) => {
                let value = expr.expr.as_ref().map(|value| self.expr(value));
                self.emit(Stmt::Return(value));
                self.never
            }
            Expr::Let(expr) => {
                let value = self.expr(&expr.expr);
                let value = self.stable(value);
                self.bind(&expr.pat, value);
                value
            }
            Expr::Range(range) => {
                for end in [&range.start, &range.end].into_iter().flatten() {
                    let value = self.expr(end);
                    self.effect(value);
                }
                self.scalar(span::expr(expr))
            }
            Expr::Yield(inner) => {
                if let Some(value) = &inner.expr {
                    let value = self.expr(value);
                    self.effect(value);
                }
                self.unit
            }
            Expr::Infer(_) => self.scalar(span::expr(expr)),
            _ => self.build.opaque(span::expr(expr), "syntax that is not understood"),
        }
    }

    fn path_expr(&mut self, expr: &syn::ExprPath) -> ExprId {
        if expr.path.is_ident("None") && self.value_named("None").is_none() {
            return self.build.expr(of(&expr.path), Ir::Nothing);
        }
        match &expr.qself {
            None => self.path(&expr.path),
            // `<T as Trait>::name`
            Some(qself) => {
                let base = self.type_expr(&qself.ty);
                let mut value = base;
                for segment in expr.path.segments.iter().skip(qself.position) {
                    value = self.field(value, &name_of(&segment.ident), of(&segment.ident));
                }
                value
            }
        }
    }

    fn literal(&mut self, lit: &Lit) -> ExprId {
        let at = span::token(lit.span());
        match lit {
            Lit::Bool(literal) => self.build.expr(at, Ir::Bool(literal.value)),
            Lit::Str(text) => self.build.expr(at, Ir::Text(text.value().into())),
            _ => self.scalar(at),
        }
    }

    /// `base[key]`; `base[a..b]` is still the base.
    fn index(&mut self, index: &syn::ExprIndex, at: At) -> ExprId {
        let base = self.expr(&index.expr);
        let key = self.expr(&index.index);
        match &*index.index {
            Expr::Range(_) => base,
            _ => self.build.expr(at, Ir::Element(base, key)),
        }
    }

    fn call(&mut self, call: &syn::ExprCall, at: At) -> ExprId {
        if let (Expr::Path(path), Some(arg)) = (&*call.func, call.args.first()) {
            let name = last_name(&path.path);
            let is_own = path.path.segments.len() == 1 && self.value_named(&name).is_some();
            match name.as_str() {
                "Some" | "Ok" if !is_own => return self.expr(arg),
                "Err" if !is_own => {
                    let error = self.expr(arg);
                    self.effect(error);
                    return self.build.expr(at, Ir::Nothing);
                }
                _ => {}
            }
        }
        let callee = self.expr(&call.func);
        let args: Vec<ExprId> = call.args.iter().map(|arg| self.expr(arg)).collect();
        let types = match &*call.func {
            Expr::Path(path) => arguments(&path.path).into_iter().map(|ty| self.ty(ty)).collect(),
            _ => Vec::new(),
        };
        self.build.generic_call(at, callee, types, args)
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall, at: At) -> ExprId {
        let receiver = self.expr(&call.receiver);
        let callee = self.field(receiver, &name_of(&call.method), of(&call.method));
        let args: Vec<ExprId> = call.args.iter().map(|arg| self.expr(arg)).collect();
        self.build.call(at, callee, args)
    }

    /// `T { a: x, b, ..rest }`.
    fn struct_literal(&mut self, literal: &syn::ExprStruct, at: At) -> ExprId {
        let class = self.path(&literal.path);
        let mut entries = Vec::new();
        for field in &literal.fields {
            let (name, at) = member(&field.member);
            let value = self.named_expr(&field.expr, &name);
            entries.push(Entry::Field { key: name.into(), at, value });
        }
        if let Some(rest) = &literal.rest
            && let Some(rest) = self.base(rest, class)
        {
            entries.push(Entry::Spread(rest));
        }
        self.build.expr(at, Ir::Instance(class, entries))
    }

    /// The value whose fields `..rest` takes over. A derived default holds none of the application's data.
    fn base(&mut self, rest: &Expr, class: ExprId) -> Option<ExprId> {
        let Expr::Call(call) = rest else {
            return Some(self.expr(rest));
        };
        let Expr::Path(path) = &*call.func else {
            return Some(self.expr(rest));
        };
        if last_name(&path.path) != "default" || !call.args.is_empty() {
            return Some(self.expr(rest));
        }
        match *self.kind(class) {
            Ir::Class(own) if self.defaults.contains(&own) => {
                let at = span::expr(rest);
                let callee = self.build.expr(at, Ir::Field(class, "default".into()));
                Some(self.build.call(at, callee, []))
            }
            _ => None,
        }
    }

    /// A list of these values.
    pub(super) fn list<'e>(&mut self, values: impl IntoIterator<Item = &'e Expr>, at: At) -> ExprId {
        let mut items = Vec::new();
        for value in values {
            let value = self.expr(value);
            items.push(Item { value, spread: false });
        }
        self.build.expr(at, Ir::List(items))
    }

    fn unary(&mut self, unary: &syn::ExprUnary, at: At) -> ExprId {
        let value = self.expr(&unary.expr);
        match unary.op {
            UnOp::Deref(_) => value,
            _ => {
                self.effect(value);
                self.scalar(at)
            }
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary, at: At) -> ExprId {
        if Lower::is_compound(&binary.op) {
            return self.compound(binary);
        }
        let left = self.expr(&binary.left);
        let right = self.expr(&binary.right);
        let is_text = |lower: &Lower, value: ExprId, expr: &Expr| {
            matches!(lower.kind(value), Ir::Text(_) | Ir::Template(_)) || makes_text(expr)
        };
        if matches!(binary.op, BinOp::Add(_))
            && (is_text(self, left, &binary.left)
                || is_text(self, right, &binary.right)
                || matches!(*binary.right, Expr::Reference(_)))
        {
            return self.build.expr(at, Ir::Template(vec![left, right]));
        }
        self.effect(left);
        self.effect(right);
        self.scalar(at)
    }
}

impl Lower {
    /// `&mut flag`: who gets it may write it, so that what a caller gave for it decides nothing.
    fn lent(&mut self, inner: &Expr) -> ExprId {
        let value = self.expr(inner);
        if let Ir::Local(local) = *self.kind(value)
            && let Some(ty) = self.build.module.local(local).ty
            && *self.build.module.ty(ty) == Type::Scalar
        {
            self.set(local, value, of(inner));
        }
        value
    }
}

/// Whether an expression makes a text by its name alone.
fn makes_text(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(call) if call.method == "to_string" || call.method == "to_owned")
}
