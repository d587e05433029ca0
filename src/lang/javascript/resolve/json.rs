//! Configuration files, which are JSON with comments and trailing commas.

use oxc_allocator::Allocator;
use oxc_ast::ast::{ArrayExpressionElement, Expression, ObjectPropertyKind};
use oxc_parser::Parser;
use oxc_span::SourceType;
use serde_json::{Map, Value};

use crate::lang::javascript::depth;
use crate::lang::javascript::literal::property_name;

/// How deeply values may nest.
const DEPTH: usize = 50;

/// The content of a configuration file; null where it cannot be parsed.
pub(super) fn parse(text: &str) -> Value {
    if depth::too_deep(text).is_some() {
        return Value::Null;
    }
    let allocator = Allocator::default();
    let text = text.trim_start_matches('\u{feff}');
    match Parser::new(&allocator, text, SourceType::default()).parse_expression() {
        Ok(expr) => value(&expr, 0),
        Err(_) => Value::Null,
    }
}

fn value(expr: &Expression<'_>, depth: usize) -> Value {
    if depth > DEPTH {
        return Value::Null;
    }
    match expr {
        Expression::StringLiteral(text) => Value::String(text.value.to_string()),
        Expression::BooleanLiteral(literal) => Value::Bool(literal.value),
        Expression::ArrayExpression(array) => {
            let elements = array.elements.iter();
            let elements = elements.filter_map(ArrayExpressionElement::as_expression);
            Value::Array(elements.map(|element| value(element, depth + 1)).collect())
        }
        Expression::ObjectExpression(object) => {
            let mut fields = Map::new();
            for property in &object.properties {
                if let ObjectPropertyKind::ObjectProperty(property) = property
                    && let Some(name) = property_name(&property.key)
                {
                    fields.insert(name, value(&property.value, depth + 1));
                }
            }
            Value::Object(fields)
        }
        // Numbers decide nothing about imports.
        _ => Value::Null,
    }
}
