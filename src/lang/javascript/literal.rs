//! Records, lists and templates.

use oxc_ast::ast::{
    ArrayExpression, ArrayExpressionElement, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey,
    PropertyKind, TemplateLiteral,
};
use oxc_span::{GetSpan, Span};

use super::expr::literal_key;
use super::lower::Lower;
use crate::ir::{Entry, Expr, ExprId, Item};

impl Lower {
    /// `{ key: value, [key]: value, ...rest }`.
    pub(super) fn object(&mut self, object: &ObjectExpression<'_>) -> ExprId {
        let mut entries = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    entries.push(Entry::Spread(self.expr(&spread.argument)));
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    entries.extend(self.property(property));
                }
            }
        }
        self.add(object.span, Expr::Record(entries))
    }

    fn property(&mut self, property: &ObjectProperty<'_>) -> Option<Entry> {
        let key = property_name(&property.key);
        let computed = match &key {
            Some(_) => None,
            None => property.key.as_expression().map(|key| self.expr(key)),
        };
        let name = key.clone().unwrap_or_default();
        let value = self.property_value(property, &name)?;
        match (key, computed) {
            (Some(key), _) => Some(Lower::entry(key, property.key.span(), value)),
            (None, Some(key)) => Some(Entry::Computed { key, value }),
            (None, None) => None,
        }
    }

    /// What a property holds. A getter holds what it returns; a setter holds nothing.
    fn property_value(&mut self, property: &ObjectProperty<'_>, name: &str) -> Option<ExprId> {
        let value = self.named(name, |lower| lower.expr(&property.value));
        if (property.method || property.kind != PropertyKind::Init)
            && let &Expr::Function(func) = self.builder.module.expr(value)
        {
            self.receiver(func, property.key.span());
        }
        match property.kind {
            PropertyKind::Init => Some(value),
            PropertyKind::Get => Some(self.add_call(property.span, value, Vec::new())),
            PropertyKind::Set => None,
        }
    }

    /// `[a, ...b]`.
    pub(super) fn array(&mut self, array: &ArrayExpression<'_>) -> ExprId {
        let mut items = Vec::with_capacity(array.elements.len());
        for element in &array.elements {
            items.push(self.item(element));
        }
        self.add(array.span, Expr::List(items))
    }

    fn item(&mut self, element: &ArrayExpressionElement<'_>) -> Item {
        match element {
            ArrayExpressionElement::SpreadElement(spread) => Item { value: self.expr(&spread.argument), spread: true },
            ArrayExpressionElement::Elision(gap) => Item { value: self.add(gap.span, Expr::Nothing), spread: false },
            _ => Item { value: self.expr(element.to_expression()), spread: false },
        }
    }

    /// A template, as a text where it has no holes.
    pub(super) fn template(&mut self, template: &TemplateLiteral<'_>) -> ExprId {
        if let Some(text) = template.single_quasi() {
            return self.add(template.span, Expr::Text(text.as_str().into()));
        }
        let mut parts = Vec::new();
        for (index, quasi) in template.quasis.iter().enumerate() {
            let text = quasi.value.cooked.unwrap_or(quasi.value.raw);
            if !text.is_empty() {
                parts.push(self.add(quasi.span, Expr::Text(text.as_str().into())));
            }
            if let Some(hole) = template.expressions.get(index) {
                parts.push(self.expr(hole));
            }
        }
        self.add(template.span, Expr::Template(parts))
    }

    /// The value of an optional expression.
    pub(super) fn optional(&mut self, expr: Option<&oxc_ast::ast::Expression<'_>>, span: Span) -> ExprId {
        match expr {
            Some(expr) => self.expr(expr),
            None => self.add(span, Expr::Nothing),
        }
    }
}

/// The name of a property, where it is written outright.
pub(super) fn property_name(key: &PropertyKey<'_>) -> Option<String> {
    match key {
        PropertyKey::StaticIdentifier(ident) => Some(ident.name.to_string()),
        PropertyKey::PrivateIdentifier(ident) => Some(format!("#{}", ident.name)),
        _ => literal_key(key.as_expression()?),
    }
}
