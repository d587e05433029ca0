//! Components and stores that are written as a record of options: `{ data() {…}, computed: {…}, methods: {…} }`. What
//! `this` has in them makes them classes.

use oxc_ast::ast::{
    Argument, BindingPattern, Expression, Function, FunctionBody, ObjectExpression, ObjectProperty, ObjectPropertyKind,
    Statement,
};
use oxc_span::{GetSpan, Span};

use super::literal::property_name;
use super::lower::{Lower, This, at};
use crate::ir::{Arg, ClassId, Expr, ExprId, FuncId, LocalId, Method, Name, Place, Stmt, Type};

mod given;

/// Options whose functions are members.
const METHODS: &[&str] = &["methods", "actions"];
/// Options whose functions say what a member holds.
const GETTERS: &[&str] = &["computed", "getters"];
/// Options whose function returns the members that can be written.
const STATE: &[&str] = &["data", "state"];
/// Options that say what a component is given.
const GIVEN: &str = "props";
/// The option that runs first and returns further members.
const SETUP: &str = "setup";

/// A value that a member starts with.
struct Member {
    name: Name,
    value: ExprId,
    at: Span,
}

impl Lower {
    /// Lowers code of a component, whose default export says what it does.
    pub(super) fn in_component(&mut self, is_component: bool, lower: impl FnOnce(&mut Lower)) {
        self.names.is_component = is_component;
        lower(self);
        self.names.is_component = false;
    }

    /// The class of the component that a document's markup belongs to.
    pub(super) fn shown_by(&self) -> Option<ClassId> {
        let module = &self.builder.module;
        let default = module.exports.iter().find(|export| &*export.name == "default")?;
        let mut value = default.value;
        for _ in 0..8 {
            value = match module.expr(value) {
                Expr::Class(class) => return Some(*class),
                Expr::Call(call) => call.args.first()?.value,
                Expr::Local(local) => self.written(*local)?,
                Expr::Typed(inner, _) => *inner,
                _ => return None,
            };
        }
        None
    }

    /// What the module's body writes to a variable.
    fn written(&self, local: LocalId) -> Option<ExprId> {
        self.builder.module.local(local).constant.or_else(|| {
            self.place.block.iter().rev().find_map(|stmt| match stmt {
                Stmt::Set { place: Place::Local(other), value, .. } if *other == local => Some(*value),
                _ => None,
            })
        })
    }

    /// Lowers a record of options as the class that it is, where it is one.
    pub(super) fn options(&mut self, expr: &Expression<'_>, is_export: bool) -> Option<ExprId> {
        let Expression::ObjectExpression(object) = expr.get_inner_expression() else {
            return None;
        };
        let is_component = is_export && self.names.is_component;
        (is_component || is_options(object)).then(|| self.options_class(object))
    }

    fn options_class(&mut self, object: &ObjectExpression<'_>) -> ExprId {
        let name = properties(object).find_map(|property| match &property.value {
            Expression::StringLiteral(text) if is_named(property, &["name"]) => Some(text.value.to_string()),
            _ => None,
        });
        let class = self.builder.class(name.unwrap_or_default(), at(object.span));
        self.components.insert(class);
        let value = self.add(object.span, Expr::Class(class));
        let init = self.new_function("init", object.span);
        self.builder.function_mut(init).class = Some(class);
        self.builder.class_mut(class).init = Some(init);
        self.receiver(init, object.span);
        let mut members = Vec::new();
        for property in properties(object).filter(|property| is_named(property, &[GIVEN])) {
            self.given_members(class, &property.value);
        }
        for property in properties(object) {
            self.option(class, init, property, &mut members);
        }
        let block = self.block(|lower| {
            let this = lower.receiver(init, object.span);
            for member in members {
                let base = lower.add(member.at, Expr::Local(this));
                let place = Place::Field(base, member.name);
                lower.emit(Stmt::Set { place, value: member.value, at: at(member.at) });
            }
        });
        self.builder.function_mut(init).body.extend(block);
        value
    }

    fn option(&mut self, class: ClassId, init: FuncId, property: &ObjectProperty<'_>, members: &mut Vec<Member>) {
        let Some(name) = property_name(&property.key) else {
            return self.effects(&property.value);
        };
        let name = name.as_str();
        match property.value.get_inner_expression() {
            Expression::ObjectExpression(object) if METHODS.contains(&name) => {
                self.functions(class, object, false, members);
            }
            Expression::ObjectExpression(object) if GETTERS.contains(&name) => {
                self.functions(class, object, true, members);
            }
            Expression::ObjectExpression(object) if name == "watch" => {
                self.functions(class, object, false, &mut Vec::new());
            }
            Expression::ObjectExpression(object) if STATE.contains(&name) => self.state(init, object),
            Expression::ArrayExpression(bases) if name == "mixins" => {
                for base in bases.elements.iter().filter_map(|element| element.as_expression()) {
                    self.base(class, base);
                }
            }
            base @ Expression::Identifier(_) if name == "extends" => self.base(class, base),
            value if STATE.contains(&name) => self.state_function(init, value),
            Expression::FunctionExpression(func) if name == SETUP && self.place.func == FuncId::BODY => {
                self.setup(class, func, members);
            }
            Expression::ArrayExpression(names) if name == "inject" => {
                for name in names.elements.iter().filter_map(|element| element.as_expression()) {
                    if let Expression::StringLiteral(text) = name {
                        let value = self.asked_for(text.span, text.value.as_str());
                        members.push(Member { name: text.value.as_str().into(), value, at: text.span });
                    }
                }
            }
            _ if name == GIVEN => {}
            _ => self.any_option(class, name, property),
        }
    }

    /// What another component provides under a key.
    fn asked_for(&mut self, span: Span, key: &str) -> ExprId {
        let callee = self.add(span, Expr::Global("inject".into()));
        let value = self.add(span, Expr::Text(key.into()));
        self.add_call(span, callee, vec![Arg { name: None, value, spread: false }])
    }

    /// A hook (`mounted() {…}`), which has the members too, or something that is not followed.
    fn any_option(&mut self, class: ClassId, name: &str, property: &ObjectProperty<'_>) {
        if !self.function_member(class, name, &property.value, property.span, false) {
            self.effects(&property.value);
        }
    }

    /// `methods: { track() {…} }`, `computed: { user() {…}, plan: { get() {…} } }`.
    fn functions(&mut self, class: ClassId, object: &ObjectExpression<'_>, getters: bool, members: &mut Vec<Member>) {
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else {
                continue;
            };
            let name = property_name(&property.key).unwrap_or_default();
            if self.function_member(class, &name, &property.value, property.span, getters) {
                continue;
            }
            if let Expression::ObjectExpression(parts) = property.value.get_inner_expression() {
                for part in properties(parts) {
                    let part_name = if is_named(part, &["get"]) { name.as_str() } else { "" };
                    self.function_member(class, part_name, &part.value, part.span, getters);
                }
                continue;
            }
            // `methods: { track: debounce(function () {…}) }`.
            let value = self.named(&name, |lower| lower.expr(&property.value));
            let value = self.once_if_called(value);
            members.push(Member { name: name.into(), value, at: property.key.span() });
        }
    }

    /// A function as a member; false for what is none.
    fn function_member(
        &mut self,
        class: ClassId,
        name: &str,
        value: &Expression<'_>,
        span: Span,
        getter: bool,
    ) -> bool {
        match value.get_inner_expression() {
            Expression::FunctionExpression(func) => {
                self.member(class, name, span, getter, |lower, id| lower.fill_function(id, func));
            }
            Expression::ArrowFunctionExpression(arrow) => {
                self.member(class, name, span, getter, |lower, id| lower.fill_arrow(id, arrow));
            }
            _ => return false,
        }
        true
    }

    fn member(
        &mut self,
        class: ClassId,
        name: &str,
        span: Span,
        is_getter: bool,
        fill: impl FnOnce(&mut Lower, FuncId),
    ) {
        let func = self.new_function(name, span);
        self.builder.function_mut(func).class = Some(class);
        self.receiver(func, span);
        if !name.is_empty() {
            let method = Method { name: name.into(), function: func, is_static: false, is_getter };
            self.builder.class_mut(class).methods.push(method);
        }
        fill(self, func);
    }

    /// Adds a method whose body `fill` lowers.
    pub(super) fn method_of(&mut self, class: ClassId, name: &str, span: Span, fill: impl FnOnce(&mut Lower, FuncId)) {
        self.member(class, name, span, false, |lower, func| {
            lower.inside(func, This::Receiver(func), |lower| fill(lower, func));
        });
    }

    /// `mixins: [tracking]`.
    fn base(&mut self, class: ClassId, base: &Expression<'_>) {
        let base = self.expr(base);
        let ty = self.builder.ty(Type::Named(base, Vec::new()));
        self.builder.class_mut(class).bases.push(ty);
    }

    /// `data() { return {…} }`, `state: () => ({…})`.
    fn state_function(&mut self, init: FuncId, value: &Expression<'_>) {
        match value {
            Expression::FunctionExpression(func) => {
                if let Some(body) = &func.body {
                    self.state_body(init, body);
                }
            }
            Expression::ArrowFunctionExpression(arrow) => match &arrow.body {
                oxc_ast::ast::ArrowFunctionBody::FunctionBody(body) => self.state_body(init, body),
                body => {
                    if let Expression::ObjectExpression(object) = body.to_expression().get_inner_expression() {
                        self.state(init, object);
                    }
                }
            },
            _ => self.effects(value),
        }
    }

    fn state_body(&mut self, init: FuncId, body: &FunctionBody<'_>) {
        for stmt in &body.statements {
            if let Statement::ReturnStatement(returned) = stmt
                && let Some(Expression::ObjectExpression(object)) =
                    returned.argument.as_ref().map(Expression::get_inner_expression)
            {
                self.state(init, object);
            } else {
                self.in_init(init, |lower| lower.stmt(stmt));
            }
        }
    }

    /// Members with the values that they start with.
    fn state(&mut self, init: FuncId, object: &ObjectExpression<'_>) {
        self.in_init(init, |lower| {
            for property in properties(object) {
                let Some(name) = property_name(&property.key) else {
                    continue;
                };
                let span = property.key.span();
                let base = lower.this(span);
                let value = lower.named(&name, |lower| lower.expr(&property.value));
                let value = lower.settable_member(&property.value, value);
                lower.emit(Stmt::Set { place: Place::Field(base, name.into()), value, at: at(span) });
            }
        });
    }

    /// A member that starts as nothing is filled by what runs later, which is not followed.
    fn settable_member(&mut self, written: &Expression<'_>, value: ExprId) -> ExprId {
        let is_nothing = matches!(self.builder.module.expr(value), Expr::Nothing);
        if !is_nothing {
            return value;
        }
        let later = self.builder.opaque(at(written.span()), "what is written to it later is not followed");
        self.add(written.span(), Expr::OneOf(vec![value, later]))
    }

    /// Lowers into what runs before all other functions of a class.
    fn in_init(&mut self, init: FuncId, fill: impl FnOnce(&mut Lower)) {
        let body = std::mem::take(&mut self.builder.function_mut(init).body);
        self.inside(init, This::Receiver(init), |lower| {
            lower.place.block = body;
            fill(lower);
        });
    }

    /// `setup(props, context) {…}`: its statements are the module's, as those of a script that is all setup.
    fn setup(&mut self, class: ClassId, func: &Function<'_>, members: &mut Vec<Member>) {
        for (index, item) in func.params.items.iter().enumerate() {
            let span = item.span;
            let ty = item.type_annotation.as_ref().map(|ty| &ty.type_annotation);
            let ty = match ty {
                Some(ty) => Some(self.ty(ty)),
                None if index == 0 => Some(self.given_type(class)),
                None => None,
            };
            let value = self.builder.opaque(at(span), given::NOT_FOLLOWED);
            let value = self.typed(span, value, ty);
            if let BindingPattern::BindingIdentifier(ident) = &item.pattern {
                let local = self.declare(ident);
                self.builder.module.locals[local.0 as usize].ty = ty;
                if ty.is_none() {
                    self.set_local(local, value, span);
                }
            } else {
                self.bind(&item.pattern, value);
            }
        }
        for stmt in func.body.iter().flat_map(|body| &body.statements) {
            match stmt {
                Statement::ReturnStatement(returned) => {
                    if let Some(value) = &returned.argument {
                        self.returned_members(value, members);
                    }
                }
                _ => self.stmt(stmt),
            }
        }
    }

    /// `return { user, track }`: what the markup and the other options see.
    fn returned_members(&mut self, value: &Expression<'_>, members: &mut Vec<Member>) {
        let Expression::ObjectExpression(object) = value.get_inner_expression() else {
            self.expr(value);
            return;
        };
        for property in properties(object) {
            let Some(name) = property_name(&property.key) else {
                continue;
            };
            let span = property.key.span();
            let wrapped = match &property.value {
                Expression::Identifier(ident) => {
                    self.symbol(ident).is_some_and(|symbol| self.names.wrapped.contains(&symbol))
                }
                _ => false,
            };
            let value = self.named(&name, |lower| lower.expr(&property.value));
            let value = if wrapped { self.add(span, Expr::Field(value, "value".into())) } else { self.once(value) };
            members.push(Member { name: name.into(), value, at: span });
        }
    }
}

/// Whether a record has the options of a component or store.
fn is_options(object: &ObjectExpression<'_>) -> bool {
    let is_record = |property: &ObjectProperty<'_>| matches!(property.value, Expression::ObjectExpression(_));
    let has = |names: &[&str], fits: &dyn Fn(&ObjectProperty<'_>) -> bool| {
        properties(object).any(|property| is_named(property, names) && fits(property))
    };
    let any = |_: &ObjectProperty<'_>| true;
    let is_setup =
        has(&[SETUP], &|property| property.value.is_function()) && has(&["props", "components", "name"], &any);
    let is_component =
        has(&["methods"], &is_record) && has(&["data", "computed", "mounted", "created", "props", "el"], &any);
    let is_store = has(&["actions"], &is_record) && has(&["state", "getters"], &any);
    is_setup || is_component || is_store
}

/// The properties that are no spread.
fn properties<'o, 'a>(object: &'o ObjectExpression<'a>) -> impl Iterator<Item = &'o ObjectProperty<'a>> {
    object.properties.iter().filter_map(|property| match property {
        ObjectPropertyKind::ObjectProperty(property) => Some(&**property),
        ObjectPropertyKind::SpreadProperty(_) => None,
    })
}

fn is_named(property: &ObjectProperty<'_>, names: &[&str]) -> bool {
    property_name(&property.key).is_some_and(|name| names.contains(&name.as_str()))
}

/// Whether an argument is written outright.
pub(super) fn record_argument<'g, 'a>(argument: &'g Argument<'a>) -> Option<&'g Expression<'a>> {
    let expr = argument.as_expression()?;
    matches!(expr, Expression::ObjectExpression(_)).then_some(expr)
}
