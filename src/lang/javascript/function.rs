//! Functions, their parameters and what they return.

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Decorator, FormalParameters, Function, TSTypeAnnotation,
};
use oxc_span::{GetSpan, Span};

use super::lower::{Lower, This, at};
use crate::ir::{Expr, ExprId, FuncId, Name, Param, Rest, Stmt};

impl Lower {
    /// `(a) => b`.
    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>, hint: Option<Name>) -> ExprId {
        let func = self.new_function(hint.unwrap_or_default(), arrow.span);
        let this = self.place.this;
        self.returns(func, arrow.return_type.as_deref());
        self.inside(func, this, |lower| lower.arrow_inside(func, arrow));
        self.add(arrow.span, Expr::Function(func))
    }

    /// Lowers the parameters and the body of an arrow that is a member.
    pub(super) fn fill_arrow(&mut self, id: FuncId, arrow: &ArrowFunctionExpression<'_>) {
        self.returns(id, arrow.return_type.as_deref());
        self.inside(id, This::Receiver(id), |lower| lower.arrow_inside(id, arrow));
    }

    fn arrow_inside(&mut self, func: FuncId, arrow: &ArrowFunctionExpression<'_>) {
        self.params(func, &arrow.params);
        match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => self.stmts(&body.statements),
            body => {
                let value = self.expr(body.to_expression());
                self.provide_by_return(body.span(), value);
                self.emit(Stmt::Return(Some(value)));
            }
        }
    }

    /// `function name(a) { … }` as an expression.
    pub(super) fn function_expr(&mut self, func: &Function<'_>, hint: Option<Name>) -> ExprId {
        let own = func.id.as_ref().map(|id| Name::from(id.name.as_str()));
        let id = self.new_function(own.or(hint).unwrap_or_default(), func.span);
        let value = self.add(func.span, Expr::Function(id));
        if let Some(name) = &func.id {
            // Its own name is known inside it.
            let local = self.declare(name);
            self.builder.module.locals[local.0 as usize].constant = Some(value);
        }
        self.fill_function(id, func);
        value
    }

    /// `function name(a) { … }`. A declaration without a body is an overload, or says that something exists.
    pub(super) fn function_declaration(&mut self, func: &Function<'_>) {
        let Some(name) = &func.id else {
            return;
        };
        if func.body.is_none() {
            return self.overload(func);
        }
        if name.symbol_id.get().is_some_and(|symbol| self.names.stubs.contains(&symbol)) {
            return;
        }
        let local = self.declare(name);
        let id = self.new_function(name.name.as_str(), func.span);
        let value = self.add(func.span, Expr::Function(id));
        self.builder.module.locals[local.0 as usize].constant = Some(value);
        self.fill_function(id, func);
    }

    /// A function of which only the type is written.
    fn overload(&mut self, func: &Function<'_>) {
        let Some(symbol) = func.id.as_ref().and_then(|name| name.symbol_id.get()) else {
            return;
        };
        if self.is_ambient(symbol) {
            return;
        }
        let returns = func.return_type.as_ref();
        let returns = returns.map(|returns| self.ty(&returns.type_annotation));
        let ty = self.builder.ty(crate::ir::Type::Function(returns));
        let local = self.local(symbol);
        self.builder.module.locals[local.0 as usize].ty = Some(ty);
    }

    /// A function without a body so far.
    pub(super) fn new_function(&mut self, name: impl Into<Name>, span: Span) -> FuncId {
        self.builder.function(name, self.place.func, at(span))
    }

    /// Lowers the parameters and the body of a function that has its own `this`.
    pub(super) fn fill_function(&mut self, id: FuncId, func: &Function<'_>) {
        self.fill_with(id, func, This::Receiver(id));
    }

    /// Lowers what a function does, where `this` is something else than its receiver.
    pub(super) fn fill_with(&mut self, id: FuncId, func: &Function<'_>, this: This) {
        self.returns(id, func.return_type.as_deref());
        self.inside(id, this, |lower| {
            lower.params(id, &func.params);
            if let Some(body) = &func.body {
                lower.stmts(&body.statements);
            }
        });
    }

    fn returns(&mut self, func: FuncId, ty: Option<&TSTypeAnnotation<'_>>) {
        let returns = ty.map(|ty| self.ty(&ty.type_annotation));
        self.builder.function_mut(func).returns = returns;
    }

    /// Declares the parameters, and takes destructured ones apart at the start of the body.
    pub(super) fn params(&mut self, func: FuncId, params: &FormalParameters<'_>) {
        let mut patterns = Vec::new();
        for item in &params.items {
            let ty = item.type_annotation.as_deref();
            let local = self.param(&item.pattern, ty, &mut patterns);
            self.decorators(func, &item.decorators);
            let default = item.initializer.as_ref().map(|default| {
                let name = item.pattern.get_identifier_name();
                let name = name.map(|name| name.to_string()).unwrap_or_default();
                self.named(&name, |lower| lower.expr(default))
            });
            self.builder.function_mut(func).params.push(Param { local, default, rest: Rest::No, keyword_only: false });
        }
        if let Some(rest) = &params.rest {
            let ty = rest.type_annotation.as_deref();
            let local = self.param(&rest.rest.argument, ty, &mut patterns);
            self.builder.function_mut(func).params.push(Param {
                local,
                default: None,
                rest: Rest::Positional,
                keyword_only: false,
            });
        }
        for (pattern, value) in patterns {
            self.bind(pattern, value);
        }
    }

    /// The variable of a parameter. A pattern is noted, to be taken apart once all parameters are known.
    fn param<'p, 'a>(
        &mut self,
        pattern: &'p BindingPattern<'a>,
        ty: Option<&TSTypeAnnotation<'_>>,
        patterns: &mut Vec<(&'p BindingPattern<'a>, ExprId)>,
    ) -> crate::ir::LocalId {
        let local = match pattern {
            BindingPattern::BindingIdentifier(ident) => self.declare(ident),
            _ => {
                let span = pattern.span();
                let local = self.temporary("param", span);
                let value = self.add(span, Expr::Local(local));
                patterns.push((pattern, value));
                local
            }
        };
        let ty = ty.map(|ty| self.ty(&ty.type_annotation));
        self.builder.module.locals[local.0 as usize].ty = ty;
        local
    }

    /// Decorators of a function or of its parameters.
    pub(super) fn decorators(&mut self, func: FuncId, decorators: &[Decorator<'_>]) {
        for decorator in decorators {
            let value = self.expr(&decorator.expression);
            self.builder.function_mut(func).decorators.push(value);
        }
    }
}
