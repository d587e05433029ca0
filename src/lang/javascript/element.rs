//! JSX: an element is a call of its component with named arguments.

use oxc_ast::ast::{
    JSXAttribute, JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXChild, JSXElement, JSXElementName,
    JSXExpression, JSXExpressionContainer, JSXFragment, JSXMemberExpression, JSXMemberExpressionObject,
    JSXNamespacedName,
};
use oxc_span::{GetSpan, Span};

use super::lower::Lower;
use crate::ir::{Arg, Expr, ExprId, Item};

impl Lower {
    /// `<C a={x} {...p}>children</C>`.
    pub(super) fn element(&mut self, element: &JSXElement<'_>) -> ExprId {
        let opening = &element.opening_element;
        let callee = self.component(&opening.name);
        let mut args = Vec::with_capacity(opening.attributes.len() + 1);
        for attribute in &opening.attributes {
            args.push(match attribute {
                JSXAttributeItem::Attribute(attribute) => self.attribute(attribute),
                JSXAttributeItem::SpreadAttribute(spread) => {
                    Arg { name: None, value: self.expr(&spread.argument), spread: true }
                }
            });
        }
        let children = self.children(&element.children);
        let value = match children.as_slice() {
            [] => None,
            [only] if !only.spread => Some(only.value),
            _ => Some(self.add(inner_span(&element.children), Expr::List(children))),
        };
        self.inline_script(element);
        args.extend(value.map(|value| Arg { name: Some("children".into()), value, spread: false }));
        self.add_call(element.span, callee, args)
    }

    /// `<>children</>`.
    pub(super) fn fragment(&mut self, fragment: &JSXFragment<'_>) -> ExprId {
        let children = self.children(&fragment.children);
        self.add(fragment.span, Expr::List(children))
    }

    /// What is called: a component, or an element of the page (`<div>`).
    fn component(&mut self, name: &JSXElementName<'_>) -> ExprId {
        let span = name.span();
        match name {
            JSXElementName::Identifier(ident) => self.add(span, Expr::Global(format!("<{}>", ident.name).into())),
            JSXElementName::NamespacedName(name) => self.add(span, Expr::Global(format!("<{}>", full(name)).into())),
            JSXElementName::IdentifierReference(ident) => self.reference(ident),
            JSXElementName::MemberExpression(member) => self.component_member(member),
            JSXElementName::ThisExpression(this) => self.this(this.span),
        }
    }

    fn component_member(&mut self, member: &JSXMemberExpression<'_>) -> ExprId {
        let mut members = vec![member];
        let mut object = &member.object;
        while let JSXMemberExpressionObject::MemberExpression(inner) = object {
            members.push(inner);
            object = &inner.object;
        }
        let mut value = match object {
            JSXMemberExpressionObject::IdentifierReference(ident) => self.reference(ident),
            _ => self.this(object.span()),
        };
        for member in members.iter().rev() {
            value = self.field(member.span, value, member.property.name.as_str());
        }
        value
    }

    fn attribute(&mut self, attribute: &JSXAttribute<'_>) -> Arg {
        let name = match &attribute.name {
            JSXAttributeName::Identifier(ident) => ident.name.to_string(),
            JSXAttributeName::NamespacedName(name) => full(name),
        };
        let value = self.named(&name, |lower| match &attribute.value {
            None => lower.add(attribute.span, Expr::Scalar),
            Some(JSXAttributeValue::StringLiteral(text)) => {
                lower.add(text.span, Expr::Text(text.value.as_str().into()))
            }
            Some(JSXAttributeValue::ExpressionContainer(container)) => {
                lower.contained(container).unwrap_or_else(|| lower.add(container.span, Expr::Nothing))
            }
            Some(JSXAttributeValue::Element(element)) => lower.nested_element(element),
            Some(JSXAttributeValue::Fragment(fragment)) => lower.fragment(fragment),
        });
        Arg { name: Some(name.into()), value, spread: false }
    }

    fn contained(&mut self, container: &JSXExpressionContainer<'_>) -> Option<ExprId> {
        match &container.expression {
            JSXExpression::EmptyExpression(_) => None,
            expression => Some(self.expr(expression.to_expression())),
        }
    }

    fn children(&mut self, children: &[JSXChild<'_>]) -> Vec<Item> {
        let mut items = Vec::new();
        for child in children {
            let (value, spread) = match child {
                JSXChild::Text(text) => (self.text(text.span, text.value.as_str()), false),
                JSXChild::Element(element) => (Some(self.nested_element(element)), false),
                JSXChild::Fragment(fragment) => (self.nested_fragment(fragment), false),
                JSXChild::ExpressionContainer(container) => (self.contained(container), false),
                JSXChild::Spread(spread) => (Some(self.expr(&spread.expression)), true),
            };
            items.extend(value.map(|value| Item { value, spread }));
        }
        items
    }

    fn nested_element(&mut self, element: &JSXElement<'_>) -> ExprId {
        self.hint = None;
        match self.deeper(|lower| lower.element(element)) {
            Some(value) => value,
            None => self.too_deep(element.span),
        }
    }

    fn nested_fragment(&mut self, fragment: &JSXFragment<'_>) -> Option<ExprId> {
        match self.deeper(|lower| lower.fragment(fragment)) {
            Some(value) => Some(value),
            None => Some(self.too_deep(fragment.span)),
        }
    }

    /// Text between elements. Line breaks and what surrounds them are layout.
    fn text(&mut self, span: Span, text: &str) -> Option<ExprId> {
        let text = if text.contains('\n') { text.trim() } else { text };
        if text.is_empty() {
            return None;
        }
        Some(self.add(span, Expr::Text(text.into())))
    }
}

/// `namespace:name`.
fn full(name: &JSXNamespacedName<'_>) -> String {
    format!("{}:{}", name.namespace.name, name.name.name)
}

/// The bytes from the first child to the last.
fn inner_span(children: &[JSXChild<'_>]) -> Span {
    let first = children.first().map_or(0, |child| child.span().start);
    let last = children.last().map_or(first, |child| child.span().end);
    Span::new(first, last)
}
