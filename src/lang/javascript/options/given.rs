//! What a component is given: the options and calls that declare its properties, as types.

use oxc_ast::ast::{BindingPattern, CallExpression, Expression, TSType, VariableDeclaration, VariableDeclarationKind};
use oxc_span::GetSpan;

use super::super::literal::property_name;
use super::super::lower::{Lower, at};
use super::{is_named, properties};
use crate::ir::{ClassId, Expr, ExprId, FieldDecl, Serial, Type, TypeId};

/// Calls that wrap a value into a field of its own, which markup leaves out.
const WRAPPERS: &[&str] = &["ref", "shallowRef", "computed", "toRef", "customRef", "defineModel"];

/// Why what a component is given is not known where nothing declares it.
pub(super) const NOT_FOLLOWED: &str = "what a component is given is not followed";

impl Lower {
    /// `export let user = null` in a component: who uses it may give it another value.
    pub(in crate::lang::javascript) fn given_variables(&mut self, variables: &VariableDeclaration<'_>) {
        if variables.kind != VariableDeclarationKind::Let {
            return;
        }
        for declarator in &variables.declarations {
            let BindingPattern::BindingIdentifier(ident) = &declarator.id else { continue };
            let local = self.declare(ident);
            let given = self.builder.opaque(at(ident.span), NOT_FOLLOWED);
            let value = match declarator.init {
                Some(_) => {
                    let default = self.add(ident.span, Expr::Local(local));
                    self.add(ident.span, Expr::OneOf(vec![given, default]))
                }
                None => given,
            };
            self.set_local(local, value, ident.span);
        }
    }

    /// `props: ["user"]`, `props: { user: Object as PropType<User>, plan: { type: String } }`.
    pub(super) fn given_members(&mut self, class: ClassId, value: &Expression<'_>) {
        match value.get_inner_expression() {
            Expression::ArrayExpression(names) => {
                for name in names.elements.iter().filter_map(|element| element.as_expression()) {
                    if let Expression::StringLiteral(text) = name {
                        self.declare_field(class, text.value.as_str(), text.span, None);
                    }
                }
            }
            Expression::ObjectExpression(object) => {
                for property in properties(object) {
                    if let Some(name) = property_name(&property.key) {
                        let ty = self.given_property(&property.value);
                        self.declare_field(class, &name, property.key.span(), ty);
                    }
                }
            }
            _ => {}
        }
    }

    /// The type that the description of one property says.
    fn given_property(&mut self, value: &Expression<'_>) -> Option<TypeId> {
        match value {
            Expression::ObjectExpression(object) => {
                let ty = properties(object).find(|property| is_named(property, &["type"]))?;
                self.given_property(&ty.value)
            }
            Expression::TSAsExpression(cast) => {
                let TSType::TSTypeReference(reference) = &cast.type_annotation else {
                    return None;
                };
                let args = self.type_args(reference.type_arguments.as_deref());
                args.first().copied()
            }
            Expression::Identifier(name) if matches!(name.name.as_str(), "String" | "Number" | "Boolean" | "Date") => {
                Some(self.builder.ty(Type::Scalar))
            }
            _ => None,
        }
    }

    /// The type of all that a component is given.
    pub(super) fn given_type(&mut self, class: ClassId) -> TypeId {
        let fields: Vec<FieldDecl> = self.builder.class_mut(class).fields.clone();
        self.builder.ty(Type::Record { fields, open: false })
    }

    /// `defineProps<{ user: User }>()`, `withDefaults(defineProps<Props>(), {…})`: what the component is given.
    pub(in super::super) fn component_call(&mut self, call: &CallExpression<'_>) -> Option<ExprId> {
        let Expression::Identifier(callee) = &call.callee else {
            return None;
        };
        if !self.is_global(callee, &["defineProps", "withDefaults"]) {
            return None;
        }
        if callee.name == "withDefaults" {
            return call.arguments.first()?.as_expression().map(|props| self.expr(props));
        }
        let ty = match call.type_arguments.as_ref().and_then(|args| args.params.first()) {
            Some(ty) => Some(self.ty(ty)),
            None => self.defined_props(call),
        };
        let value = self.builder.opaque(at(call.span), NOT_FOLLOWED);
        let value = self.typed(call.span, value, ty);
        self.names.given = Some(value);
        Some(value)
    }

    /// Whether a variable that starts with this holds its value in a field of its own.
    pub(in super::super) fn is_wrapped(&self, init: &Expression<'_>) -> bool {
        let Expression::CallExpression(call) = init.get_inner_expression() else {
            return false;
        };
        matches!(&call.callee, Expression::Identifier(callee) if WRAPPERS.contains(&callee.name.as_str()))
    }

    /// The type that a wrapper's argument says: `ref<User>()` is a record whose `value` is a `User`.
    pub(in super::super) fn wrapped_type(&mut self, init: &Expression<'_>) -> Option<TypeId> {
        let Expression::CallExpression(call) = init.get_inner_expression() else {
            return None;
        };
        let ty = call.type_arguments.as_ref()?.params.first()?;
        let ty = Some(self.ty(ty));
        let at = at(call.span);
        let value = FieldDecl { name: "value".into(), wire: None, ty, serial: Serial::Named, at };
        Some(self.builder.ty(Type::Record { fields: vec![value], open: false }))
    }

    /// `defineProps({ user: Object as PropType<User> })`: the type that the record says.
    fn defined_props(&mut self, call: &CallExpression<'_>) -> Option<TypeId> {
        let Expression::ObjectExpression(value) = call.arguments.first()?.as_expression()? else {
            return None;
        };
        let mut fields = Vec::new();
        for property in properties(value) {
            let Some(name) = property_name(&property.key) else {
                continue;
            };
            let ty = self.given_property(&property.value);
            let at = at(property.key.span());
            fields.push(FieldDecl { name: name.into(), wire: None, ty, serial: Serial::Named, at });
        }
        Some(self.builder.ty(Type::Record { fields, open: false }))
    }
}
