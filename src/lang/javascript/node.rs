//! The elements of a document: calls of what they name, with what their attributes are given.

use oxc_ast::ast::{Expression, Program, Statement};
use oxc_span::Span;

use super::around::Around;
use super::document::{Attribute, Bytes, Document, Element, Form, Node, Piece, Value};
use super::lower::{Lower, This, at};
use crate::ir::{Arg, Entry, Expr, ExprId, Name, Param, Rest, Stmt};
use std::rc::Rc;

impl Lower {
    /// Lowers what a document shows into the current block.
    pub(super) fn nodes(&mut self, document: &Document<'_>, nodes: &[Node]) {
        for node in nodes {
            let done = self.deeper(|lower| match node {
                Node::Element(element) => lower.shown_element(document, element),
                Node::Code(code) => lower.shown_code(document, *code),
                Node::Scope { names, each, inside } => lower.scope(document, names, *each, inside),
            });
            if done.is_none() {
                return;
            }
        }
    }

    /// `{expr}` between elements: it runs, and its value is shown.
    fn shown_code(&mut self, document: &Document<'_>, code: Bytes) {
        self.code(document, code, Piece::Expression, |lower, program| {
            if let Some(expr) = only_expression(program) {
                lower.effects(expr);
            }
        });
    }

    /// `<Name attribute="…">`: a call of what the name stands for, or of an element of the page.
    fn shown_element(&mut self, document: &Document<'_>, element: &Element) {
        let span = Span::new(element.at.0, element.at.1);
        let args: Vec<Arg> = element.attributes.iter().filter_map(|one| self.given(document, one)).collect();
        if !args.is_empty() || element.name.starts_with(char::is_uppercase) {
            if document.form == Form::Page && element.attributes.iter().any(is_for_scripts) {
                let any = self.add(span, Expr::Global("<>".into()));
                let call = self.add_call(span, any, args.clone());
                self.emit(Stmt::Do(call));
            }
            let callee = self.named_element(span, &element.name);
            let call = self.add_call(span, callee, args);
            self.emit(Stmt::Do(call));
        }
        self.nodes(document, &element.inside);
    }

    /// What an element's name stands for: a variable in any of the spellings that markup allows, or the page's own.
    fn named_element(&mut self, span: Span, name: &str) -> ExprId {
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or(name);
        let spellings = [Name::from(first), pascal(first).into()];
        let around = self.names.around.clone();
        let is_component = |name: &&Name| name.starts_with(char::is_uppercase);
        let found = spellings.iter().filter(is_component).find_map(|name| around.names.get(name));
        let Some((value, _)) = found else {
            return self.add(span, Expr::Global(format!("<{name}>").into()));
        };
        let value = self.add(span, value.clone());
        parts.fold(value, |value, part| self.field(span, value, part))
    }

    /// An attribute as an argument.
    fn given(&mut self, document: &Document<'_>, attribute: &Attribute) -> Option<Arg> {
        let value = self.attribute_value(document, &attribute.name, attribute.at, &attribute.value)?;
        let spread = matches!(attribute.value, Value::Spread(_));
        let name = (!spread).then(|| attribute.name.as_str().into());
        Some(Arg { name, value, spread })
    }

    fn attribute_value(&mut self, document: &Document<'_>, name: &str, key: Bytes, value: &Value) -> Option<ExprId> {
        let span = Span::new(key.0, key.1);
        Some(match value {
            Value::Present => self.add(span, Expr::Scalar),
            Value::Text(text) => self.printed_text(document.text, *text),
            Value::Code(code) | Value::Spread(code) => self.code_value(document, name, *code)?,
            Value::Handler(code) => self.handler(document, name, *code)?,
            Value::Mixed(values) => {
                let parts = values.iter().filter_map(|value| self.attribute_value(document, "", key, value)).collect();
                self.add(span, Expr::Template(parts))
            }
            Value::Fields(fields) => {
                let mut entries = Vec::new();
                for (key, at, value) in fields {
                    if let Some(value) = self.attribute_value(document, key, *at, value) {
                        entries.push(Entry::Field { key: key.as_str().into(), at: *at, value });
                    }
                }
                self.add(span, Expr::Record(entries))
            }
        })
    }

    /// The value of an expression.
    fn code_value(&mut self, document: &Document<'_>, name: &str, code: Bytes) -> Option<ExprId> {
        let mut value = None;
        self.code(document, code, Piece::Expression, |lower, program| {
            if let Some(expr) = only_expression(program) {
                value = Some(lower.named(name, |lower| lower.expr(expr)));
            }
        });
        value
    }

    /// `@click="track"`, `@click="track(user)"`, `onclick="track(this); return false"`.
    fn handler(&mut self, document: &Document<'_>, name: &str, code: Bytes) -> Option<ExprId> {
        let mut value = None;
        self.code(document, code, Piece::Statements, |lower, program| {
            if document.form == Form::Component
                && let Some(expr) = only_expression(program)
                && is_function(expr)
            {
                value = Some(lower.named(name, |lower| lower.expr(expr)));
                return;
            }
            let span = Span::new(code.0, code.1);
            let func = lower.new_function(name, span);
            let this = if document.form == Form::Component { lower.place.this } else { This::Receiver(func) };
            let event = if document.form == Form::Component { "$event" } else { "event" };
            lower.inside(func, this, |lower| {
                let local = lower.temporary(event, span);
                let param = Param { local, default: None, rest: Rest::No, keyword_only: false };
                lower.builder.function_mut(func).params.push(param);
                let mut around = Around::clone(&lower.names.around);
                around.names.insert(event.into(), (Expr::Local(local), false));
                lower.names.around = Rc::new(around);
                lower.stmts(&program.body);
            });
            value = Some(lower.add(span, Expr::Function(func)));
        });
        value
    }

    /// Text in which a server may print something.
    fn printed_text(&mut self, text: &str, (from, to): Bytes) -> ExprId {
        let holes = self.names.holes.clone();
        let mut parts = Vec::new();
        let mut start = from;
        for (hole, printed) in holes.range(from..to) {
            parts.extend(self.plain_text(text, start, *hole));
            parts.push(printed.text);
            start = printed.end.min(to);
        }
        if parts.is_empty() {
            let all = self.plain_text(text, from, to);
            return all.unwrap_or_else(|| self.add(Span::new(from, to), Expr::Text("".into())));
        }
        parts.extend(self.plain_text(text, start, to));
        self.add(Span::new(from, to), Expr::Template(parts))
    }

    fn plain_text(&mut self, text: &str, from: u32, to: u32) -> Option<ExprId> {
        let plain = text.get(from as usize..to as usize).filter(|plain| !plain.is_empty())?;
        let plain = plain.replace("&amp;", "&");
        Some(self.add(Span::new(from, to), Expr::Text(plain.into())))
    }

    /// Lowers what sees variables of its own.
    fn scope(&mut self, document: &Document<'_>, names: &[Bytes], each: Option<Bytes>, inside: &[Node]) {
        let outer = self.names.around.clone();
        let list = each.and_then(|each| self.code_value(document, "", each));
        let mut around = Around::clone(&outer);
        for (index, pattern) in names.iter().enumerate() {
            let span = Span::new(pattern.0, pattern.1);
            let value = match list {
                Some(list) if index == 0 => self.add(span, Expr::Each(list)),
                Some(_) => self.add(span, Expr::Scalar),
                None => self.builder.opaque(at(span), "what a component hands to its content is not followed"),
            };
            self.code(document, *pattern, Piece::Pattern, |lower, program| {
                if let [Statement::VariableDeclaration(variables)] = program.body.as_slice() {
                    for declarator in &variables.declarations {
                        lower.bind(&declarator.id, value);
                    }
                }
                let declared: Vec<_> = lower.names.values.values().copied().collect();
                for local in declared {
                    let name = lower.builder.module.local(local).name.clone();
                    around.names.insert(name, (Expr::Local(local), false));
                }
            });
        }
        self.names.around = Rc::new(around);
        self.nodes(document, inside);
        self.names.around = outer;
    }
}

/// Whether an attribute is there for any script that looks for it.
fn is_for_scripts(attribute: &Attribute) -> bool {
    let is_word = attribute.name.contains('-');
    is_word && matches!(attribute.value, Value::Text(_))
}

/// The expression that a program consists of.
fn only_expression<'p, 'a>(program: &'p Program<'a>) -> Option<&'p Expression<'a>> {
    match program.body.as_slice() {
        [Statement::ExpressionStatement(stmt)] => Some(&stmt.expression),
        _ => None,
    }
}

/// Whether a handler is the function to call and not what is to be done.
fn is_function(expr: &Expression<'_>) -> bool {
    matches!(
        expr.get_inner_expression(),
        Expression::Identifier(_)
            | Expression::StaticMemberExpression(_)
            | Expression::ComputedMemberExpression(_)
            | Expression::ArrowFunctionExpression(_)
            | Expression::FunctionExpression(_)
    )
}

/// `track-button` as `TrackButton`.
fn pascal(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for part in name.split('-') {
        let mut letters = part.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}
