//! Declarations and their patterns: `const { email, ...rest } = user`.

use oxc_ast::ast::{
    ArrayPattern, BindingPattern, BindingProperty, Expression, ObjectPattern, VariableDeclaration,
    VariableDeclarationKind, VariableDeclarator,
};
use oxc_span::GetSpan;

use super::literal::property_name;
use super::lower::{Lower, at};
use super::script::is_arguments;
use crate::ir::{Expr, ExprId, Place, Stmt};

impl Lower {
    /// `const a = 1, { b } = c`.
    pub(super) fn variables(&mut self, declaration: &VariableDeclaration<'_>) {
        for declarator in &declaration.declarations {
            self.variable(declarator, declaration.kind, declaration.declare);
        }
    }

    fn variable(&mut self, declarator: &VariableDeclarator<'_>, kind: VariableDeclarationKind, declared_only: bool) {
        let ty = declarator.type_annotation.as_ref();
        let ty = ty.map(|annotation| self.ty(&annotation.type_annotation));
        let BindingPattern::BindingIdentifier(ident) = &declarator.id else {
            if let Some(init) = &declarator.init {
                let value = self.expr(init);
                let value = self.typed(init.span(), value, ty);
                self.bind(&declarator.id, value);
            }
            return;
        };
        if declared_only
            && let Some(symbol) = ident.symbol_id.get()
            && self.is_ambient(symbol)
        {
            self.names.ambient.extend(ty.map(|ty| (symbol, ty)));
            return;
        }
        if let Some(init) = &declarator.init
            && let Some(symbol) = ident.symbol_id.get()
            && self.names.stubs.contains(&symbol)
        {
            let value = self.expr(init);
            let place = Place::Global(ident.name.as_str().into());
            return self.emit(Stmt::Set { place, value, at: at(ident.span) });
        }
        let local = self.declare(ident);
        self.builder.module.locals[local.0 as usize].ty = ty;
        let Some(init) = &declarator.init else {
            return;
        };
        if self.names.is_page && is_arguments(init) {
            self.names.queued.extend(ident.symbol_id.get());
        }
        if self.is_wrapped(init) {
            self.names.wrapped.extend(ident.symbol_id.get());
            if ty.is_none() {
                let ty = self.wrapped_type(init);
                self.builder.module.locals[local.0 as usize].ty = ty;
            }
        }
        let value = self.named(ident.name.as_str(), |lower| lower.expr(init));
        if let Some(annotation) = &declarator.type_annotation {
            self.expect(value, &annotation.type_annotation);
        }
        let is_function = matches!(
            init.get_inner_expression(),
            Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_) | Expression::ClassExpression(_)
        );
        if kind == VariableDeclarationKind::Const && is_function {
            self.builder.module.locals[local.0 as usize].constant = Some(value);
        } else {
            self.set_local(local, value, ident.span);
        }
    }

    /// Writes a value to the variables of a pattern.
    pub(super) fn bind(&mut self, pattern: &BindingPattern<'_>, value: ExprId) {
        let done = self.deeper(|lower| match pattern {
            BindingPattern::BindingIdentifier(ident) => {
                let local = lower.declare(ident);
                lower.set_local(local, value, ident.span);
            }
            BindingPattern::AssignmentPattern(with_default) => {
                let span = with_default.left.span();
                let name = with_default.left.get_identifier_name();
                let name = name.map(|name| name.to_string()).unwrap_or_default();
                let value = lower.or_default(span, value, &with_default.right, &name);
                lower.bind(&with_default.left, value);
            }
            BindingPattern::ObjectPattern(object) => lower.bind_object(object, value),
            BindingPattern::ArrayPattern(array) => lower.bind_array(array, value),
        });
        if done.is_none() {
            let value = self.too_deep(pattern.span());
            self.emit(Stmt::Do(value));
        }
    }

    fn bind_object(&mut self, object: &ObjectPattern<'_>, value: ExprId) {
        let base = self.once(value);
        let mut names = Vec::new();
        for property in &object.properties {
            names.extend(self.bind_property(property, base));
        }
        if let Some(rest) = &object.rest {
            let names = names.into_iter().map(Into::into).collect();
            let value = self.add(rest.span, Expr::Without(base, names));
            self.bind(&rest.argument, value);
        }
    }

    /// Binds a field of `base`, and answers the field's name.
    fn bind_property(&mut self, property: &BindingProperty<'_>, base: ExprId) -> Option<String> {
        let span = property.key.span();
        let name = property_name(&property.key);
        let value = match (&name, property.key.as_expression()) {
            (Some(name), _) => self.field(span, base, name),
            (None, Some(key)) => {
                let key = self.expr(key);
                self.add(span, Expr::Element(base, key))
            }
            (None, None) => return None,
        };
        self.bind(&property.value, value);
        name
    }

    fn bind_array(&mut self, array: &ArrayPattern<'_>, value: ExprId) {
        let base = self.once(value);
        for (index, element) in array.elements.iter().enumerate() {
            if let Some(element) = element {
                let value = self.field(element.span(), base, &index.to_string());
                self.bind(element, value);
            }
        }
        if let Some(rest) = &array.rest {
            let value = self.rest_of(rest.span, base);
            self.bind(&rest.argument, value);
        }
    }
}
