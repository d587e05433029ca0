//! Classes: fields, methods, and what they extend.

use oxc_ast::ast::{
    AccessorProperty, Class, ClassElement, FormalParameter, MethodDefinition, MethodDefinitionKind, PropertyDefinition,
    PropertyKey, TSType,
};
use oxc_span::{GetSpan, Span};

use super::literal::property_name;
use super::lower::{Lower, This, at};
use crate::ir::{ClassId, Expr, ExprId, FieldDecl, FuncId, Method, Name, Place, Serial, Stmt, Type, TypeId};

impl Lower {
    /// `class C extends B { … }` as a declaration.
    pub(super) fn class_declaration(&mut self, class: &Class<'_>) {
        let Some(name) = &class.id else {
            return;
        };
        let id = self.declare_class(name, class.span);
        let ambient = name.symbol_id.get().is_some_and(|it| self.is_ambient(it));
        if !ambient {
            let local = self.declare(name);
            let value = self.add(class.span, Expr::Class(id));
            self.builder.module.locals[local.0 as usize].constant = Some(value);
        }
        self.fill_class(id, class);
    }

    /// A class as an expression.
    pub(super) fn class_expr(&mut self, class: &Class<'_>, hint: Option<Name>) -> ExprId {
        let id = match &class.id {
            Some(name) => self.declare_class(name, class.span),
            None => self.builder.class(hint.unwrap_or_default(), at(class.span)),
        };
        let value = self.add(class.span, Expr::Class(id));
        if let Some(name) = &class.id {
            let local = self.declare(name);
            self.builder.module.locals[local.0 as usize].constant = Some(value);
        }
        self.fill_class(id, class);
        value
    }

    fn fill_class(&mut self, id: ClassId, class: &Class<'_>) {
        for decorator in &class.decorators {
            self.effects(&decorator.expression);
        }
        self.generics(id, class.type_parameters.as_deref());
        self.bases(id, class);
        let outer = std::mem::replace(&mut self.place.this, This::Class(id));
        let mut initial = Vec::new();
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => {
                    let implemented = is_implemented(class, method);
                    self.method(id, method, implemented);
                }
                ClassElement::PropertyDefinition(property) => {
                    self.class_field(id, property, &mut initial);
                }
                ClassElement::AccessorProperty(property) => {
                    self.accessor(id, property, &mut initial);
                }
                ClassElement::StaticBlock(block) => self.stmts(&block.body),
                ClassElement::TSIndexSignature(_) => self.builder.class_mut(id).open = true,
            }
        }
        self.place.this = outer;
        if initial.iter().any(|field| field.value.is_some()) {
            let init = self.new_function("init", class.span);
            self.builder.function_mut(init).class = Some(id);
            self.builder.class_mut(id).init = Some(init);
            self.fill_init(init, &initial);
        }
    }

    /// `extends B<T> implements I`.
    fn bases(&mut self, id: ClassId, class: &Class<'_>) {
        if let Some(heritage) = &class.heritage {
            let base = self.expr(&heritage.expression);
            let args = self.type_args(heritage.type_arguments.as_deref());
            let ty = self.builder.ty(Type::Named(base, args));
            self.builder.class_mut(id).bases.push(ty);
        }
        for interface in &class.implements {
            let args = interface.type_arguments.as_deref();
            let ty = self.named_type(&interface.expression, args);
            self.builder.class_mut(id).bases.push(ty);
        }
    }

    /// A method. One without a body is an overload where the class implements it, and declared only where it does not.
    fn method(&mut self, class: ClassId, method: &MethodDefinition<'_>, implemented: bool) {
        let Some(name) = property_name(&method.key) else {
            return self.computed_method(class, method);
        };
        let func = &method.value;
        if func.body.is_none() {
            if !implemented {
                let returns = func.return_type.as_ref();
                let returns = returns.map(|returns| self.ty(&returns.type_annotation));
                let ty = self.builder.ty(Type::Function(returns));
                self.declare_field(class, &name, method.key.span(), Some(ty));
            }
            return;
        }
        let id = self.new_function(name.as_str(), method.span);
        self.builder.function_mut(id).class = Some(class);
        if !method.r#static {
            self.receiver(id, method.key.span());
        }
        self.decorators(id, &method.decorators);
        self.builder.class_mut(class).methods.push(Method {
            name: name.into(),
            function: id,
            is_static: method.r#static,
            is_getter: method.kind == MethodDefinitionKind::Get,
        });
        if method.kind == MethodDefinitionKind::Constructor {
            return self.constructor(class, id, method);
        }
        let this = if method.r#static { This::Class(class) } else { This::Receiver(id) };
        self.fill_with(id, func, this);
    }

    /// A method under a name that is computed: what it does is kept, though it cannot be called.
    fn computed_method(&mut self, class: ClassId, method: &MethodDefinition<'_>) {
        let id = self.new_function("", method.span);
        self.builder.function_mut(id).class = Some(class);
        self.receiver(id, method.key.span());
        self.fill_function(id, &method.value);
    }

    /// A constructor. `constructor(private user: User)` declares a field and sets it first.
    fn constructor(&mut self, class: ClassId, id: FuncId, method: &MethodDefinition<'_>) {
        let func = &method.value;
        self.inside(id, This::Receiver(id), |lower| {
            lower.params(id, &func.params);
            for item in &func.params.items {
                if item.has_modifier() {
                    lower.parameter_property(class, item);
                }
            }
            if let Some(body) = &func.body {
                lower.stmts(&body.statements);
            }
        });
    }

    fn parameter_property(&mut self, class: ClassId, item: &FormalParameter<'_>) {
        let Some(ident) = item.pattern.get_binding_identifier() else {
            return;
        };
        let local = self.declare(ident);
        let ty = self.builder.module.local(local).ty;
        let name = ident.name.as_str();
        self.declare_field(class, name, ident.span, ty);
        let base = self.this(ident.span);
        let value = self.add(ident.span, Expr::Local(local));
        self.emit(Stmt::Set { place: Place::Field(base, name.into()), value, at: at(ident.span) });
    }

    fn class_field<'c, 'a>(
        &mut self,
        class: ClassId,
        property: &'c PropertyDefinition<'a>,
        initial: &mut Vec<Initial<'c, 'a>>,
    ) {
        for decorator in &property.decorators {
            self.effects(&decorator.expression);
        }
        let field = Initial { key: &property.key, value: property.value.as_ref() };
        let ty = property.type_annotation.as_ref().map(|ty| &ty.type_annotation);
        self.any_field(class, field, ty, property.r#static, initial);
    }

    fn accessor<'c, 'a>(
        &mut self,
        class: ClassId,
        property: &'c AccessorProperty<'a>,
        initial: &mut Vec<Initial<'c, 'a>>,
    ) {
        let field = Initial { key: &property.key, value: property.value.as_ref() };
        let ty = property.type_annotation.as_ref().map(|ty| &ty.type_annotation);
        self.any_field(class, field, ty, property.r#static, initial);
    }

    fn any_field<'c, 'a>(
        &mut self,
        class: ClassId,
        field: Initial<'c, 'a>,
        ty: Option<&TSType<'_>>,
        is_static: bool,
        initial: &mut Vec<Initial<'c, 'a>>,
    ) {
        let Some(name) = property_name(field.key) else {
            initial.push(field);
            return;
        };
        let ty = ty.map(|ty| self.ty(ty));
        if is_static {
            let value = match field.value {
                Some(value) => self.named(&name, |lower| lower.expr(value)),
                None => self.add(field.key.span(), Expr::Nothing),
            };
            let value = self.once_if_called(value);
            let value = self.typed(field.key.span(), value, ty);
            let name = Name::from(name);
            self.builder.class_mut(class).statics.push((name, value));
            return;
        }
        self.declare_field(class, &name, field.key.span(), ty);
        initial.push(field);
    }

    /// Declares a field. A private one (`#x`) is never serialised.
    pub(super) fn declare_field(&mut self, class: ClassId, name: &str, span: Span, ty: Option<TypeId>) {
        let serial = if name.starts_with('#') { Serial::Skipped } else { Serial::Named };
        self.builder.class_mut(class).fields.push(FieldDecl {
            name: name.into(),
            wire: None,
            ty,
            serial,
            at: at(span),
        });
    }

    /// Writes the initial values of the fields.
    fn fill_init(&mut self, init: FuncId, initial: &[Initial<'_, '_>]) {
        let span = initial[0].key.span();
        self.receiver(init, span);
        self.inside(init, This::Receiver(init), |lower| {
            for field in initial {
                let Some(value) = field.value else {
                    continue;
                };
                let span = field.key.span();
                let base = lower.this(span);
                let (name, place) = match property_name(field.key) {
                    Some(name) => (name.clone(), Place::Field(base, name.into())),
                    None => {
                        let key = lower.optional(field.key.as_expression(), span);
                        (String::new(), Place::Element(base, key))
                    }
                };
                let value = lower.named(&name, |lower| lower.expr(value));
                lower.emit(Stmt::Set { place, value, at: at(span) });
            }
        });
    }
}

/// Whether a class has a body for a method, or the method is its constructor.
fn is_implemented(class: &Class<'_>, method: &MethodDefinition<'_>) -> bool {
    let name = method.key.static_name();
    method.kind == MethodDefinitionKind::Constructor
        || class.body.body.iter().any(|element| match element {
            ClassElement::MethodDefinition(other) => other.value.body.is_some() && other.key.static_name() == name,
            _ => false,
        })
}

/// A field with its initial value.
struct Initial<'c, 'a> {
    key: &'c PropertyKey<'a>,
    value: Option<&'c oxc_ast::ast::Expression<'a>>,
}
