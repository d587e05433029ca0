//! Scripts that are written as text into an element: `<script>{`gtag("config", "G-1")`}</script>`.

use std::collections::BTreeMap;
use std::rc::Rc;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Argument, BindingPattern, Expression, JSXAttributeItem, JSXAttributeValue, JSXChild, JSXElement,
    ObjectPropertyKind, Statement, StringLiteral, TemplateLiteral, VariableDeclarationKind,
};
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::{GetSpan, SourceType, Span};

use super::depth;
use super::literal::property_name;
use super::lower::{Lower, This, at};
use super::names::{Names, Printed};
use crate::ir::{Expr, ExprId};

impl Lower {
    /// Lowers the script that an element holds, as a function that is called where the element stands.
    pub(super) fn inline_script(&mut self, element: &JSXElement<'_>) {
        let name = element.opening_element.name.span();
        let is_script = element
            .opening_element
            .name
            .get_identifier_name()
            .is_some_and(|name| matches!(name.as_str(), "script" | "Script"));
        if !is_script {
            return;
        }
        let Some(expr) = script_of(element) else {
            return;
        };
        let Some((span, text)) = script_text(expr) else {
            return;
        };
        let mut holes = BTreeMap::new();
        if let Expression::TemplateLiteral(template) = expr.get_inner_expression() {
            for (index, hole) in template.expressions.iter().enumerate() {
                let value = self.expr(hole);
                let ends = template.quasis.get(index).zip(template.quasis.get(index + 1));
                if let Some((before, after)) = ends {
                    holes.insert(before.span.end, Printed { end: after.span.start, text: value, value });
                }
            }
        }
        self.script(name, span, &text, holes);
    }

    /// A text in quotes. In a script that was written as a template it may have holes.
    pub(super) fn string(&mut self, text: &StringLiteral<'_>) -> ExprId {
        let (start, end) = at(text.span);
        let holes = self.names.holes.range(start..end);
        let holes: Vec<_> = holes.map(|(start, printed)| (*start, printed.end, printed.text)).collect();
        let raw = text.raw.unwrap_or(text.value);
        let mut parts = Vec::new();
        let mut from = start + 1;
        for (hole, after, value) in &holes {
            parts.extend(self.piece(raw.as_str(), start, from, *hole));
            parts.push(*value);
            from = *after;
        }
        if parts.is_empty() {
            return self.add(text.span, Expr::Text(text.value.as_str().into()));
        }
        parts.extend(self.piece(raw.as_str(), start, from, end.saturating_sub(1)));
        self.add(text.span, Expr::Template(parts))
    }

    /// The piece of a text between two bytes of the file.
    fn piece(&mut self, raw: &str, start: u32, from: u32, to: u32) -> Option<ExprId> {
        let range = from.checked_sub(start)? as usize..to.checked_sub(start)? as usize;
        let piece = raw.get(range).filter(|piece| !piece.is_empty())?;
        Some(self.add(Span::new(from, to), Expr::Text(piece.into())))
    }

    /// Lowers a script. Its text is as long as the file up to its end, with spaces before it, so that what it says has
    /// the bytes of the file that say it.
    fn script(&mut self, name: Span, span: Span, text: &str, holes: BTreeMap<u32, Printed>) {
        let allocator = Allocator::default();
        if depth::too_deep(text).is_some() {
            self.builder.problem(at(span), "nested too deeply to be parsed");
            return;
        }
        let parsed = Parser::new(&allocator, text, SourceType::script()).parse();
        // A script element can hold other things than a program.
        if parsed.panicked || parsed.diagnostics.has_errors() {
            return;
        }
        let program = allocator.alloc(parsed.program);
        let scoping = SemanticBuilder::new().build(program).semantic.into_scoping();
        let outer_scoping = std::mem::replace(&mut self.scoping, scoping);
        let inner_names = Names { holes: Rc::new(holes), is_page: true, ..Names::default() };
        let outer_names = std::mem::replace(&mut self.names, inner_names);
        let func = self.new_function("script", span);
        self.inside(func, This::Nothing, |lower| {
            lower.stubs(&program.body);
            lower.stmts(&program.body);
        });
        self.scoping = outer_scoping;
        self.names = outer_names;
        let callee = self.add(span, Expr::Function(func));
        let call = self.add_call(name, callee, Vec::new());
        self.emit(crate::ir::Stmt::Do(call));
    }
}

impl Lower {
    /// Notes the functions that stand for a global which another script defines: `function gtag() {
    /// dataLayer.push(arguments) }`.
    pub(super) fn stubs(&mut self, stmts: &[Statement<'_>]) {
        for stmt in stmts {
            if let Statement::VariableDeclaration(variables) = stmt
                && variables.kind == VariableDeclarationKind::Var
            {
                let names = variables.declarations.iter().filter_map(|declarator| match &declarator.id {
                    BindingPattern::BindingIdentifier(name) => Some((name, declarator.init.as_ref()?)),
                    _ => None,
                });
                let kept = names.filter(|(name, init)| is_kept(name.name.as_str(), init));
                self.names.stubs.extend(kept.filter_map(|(name, _)| name.symbol_id.get()));
            }
            if let Statement::FunctionDeclaration(func) = stmt
                && let Some(symbol) = func.id.as_ref().and_then(|name| name.symbol_id.get())
                && func.body.as_ref().is_some_and(|body| queues_arguments(&body.statements))
            {
                self.names.stubs.insert(symbol);
            }
        }
    }
}

/// `var queue = queue || []`, `var queue = window.queue = window.queue || []`: a global that another script may define.
fn is_kept(name: &str, init: &Expression<'_>) -> bool {
    match init.get_inner_expression() {
        Expression::Identifier(ident) => ident.name == name,
        Expression::StaticMemberExpression(member) => {
            let window = matches!(&member.object, Expression::Identifier(ident) if ident.name == "window");
            window && member.property.name == name
        }
        Expression::LogicalExpression(logical) => is_kept(name, &logical.left),
        Expression::AssignmentExpression(assignment) => is_kept(name, &assignment.right),
        _ => false,
    }
}

/// Whether a value is all that a function was called with: `arguments`, `[name].concat(slice.call(arguments))`.
pub(super) fn is_arguments(expr: &Expression<'_>) -> bool {
    match expr.get_inner_expression() {
        Expression::Identifier(ident) => ident.name == "arguments",
        Expression::CallExpression(call) => call.arguments.iter().filter_map(Argument::as_expression).any(is_arguments),
        _ => false,
    }
}

/// Whether all that is done is to put what was handed over into a list.
fn queues_arguments(stmts: &[Statement<'_>]) -> bool {
    let [Statement::ExpressionStatement(stmt)] = stmts else {
        return false;
    };
    let Expression::CallExpression(call) = stmt.expression.get_inner_expression() else {
        return false;
    };
    let Expression::StaticMemberExpression(callee) = &call.callee else {
        return false;
    };
    let is_all = |arg: &Argument<'_>| matches!(arg, Argument::Identifier(name) if name.name == "arguments");
    callee.property.name == "push" && call.arguments.len() == 1 && call.arguments.iter().all(is_all)
}

/// The expression that holds an element's script: its only child, or `dangerouslySetInnerHTML={{ __html: … }}`.
fn script_of<'e, 'a>(element: &'e JSXElement<'a>) -> Option<&'e Expression<'a>> {
    let mut children = element.children.iter().filter_map(|child| match child {
        JSXChild::ExpressionContainer(container) => container.expression.as_expression(),
        _ => None,
    });
    if let Some(child) = children.next() {
        return Some(child);
    }
    let attributes = element.opening_element.attributes.iter();
    attributes.filter_map(JSXAttributeItem::as_attribute).find_map(|attribute| {
        let Some(JSXAttributeValue::ExpressionContainer(container)) = &attribute.value else {
            return None;
        };
        let Expression::ObjectExpression(object) = container.expression.as_expression()? else {
            return None;
        };
        object.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(property)
                if property_name(&property.key).as_deref() == Some("__html") =>
            {
                Some(&property.value)
            }
            _ => None,
        })
    })
}

/// The text of a script at its place in the file.
fn script_text(expr: &Expression<'_>) -> Option<(Span, String)> {
    match expr.get_inner_expression() {
        Expression::TemplateLiteral(template) => Some((template.span, template_text(template))),
        Expression::StringLiteral(text) => {
            let raw = text.raw?;
            let inner = raw.get(1..raw.len().checked_sub(1)?)?;
            let start = text.span.start as usize + 1;
            let plain = !inner.contains('\\');
            plain.then(|| (text.span, format!("{}{inner}", " ".repeat(start))))
        }
        _ => None,
    }
}

/// A template with its holes filled by names of the same length, which fit in a text as well as in an expression.
fn template_text(template: &TemplateLiteral<'_>) -> String {
    let mut text = " ".repeat(template.span.start as usize);
    for quasi in &template.quasis {
        let start = quasi.span.start as usize;
        let gap = start.saturating_sub(text.len());
        // The backquote before the first part, and nothing but holes before the others.
        let filler = if text.trim_start().is_empty() && gap <= 1 { " " } else { "_" };
        text.push_str(&filler.repeat(gap));
        text.push_str(&quasi.value.raw.replace("\\`", " `").replace("\\$", " $"));
        // Line ends of two bytes are one byte in the tree.
        let end = quasi.span.end as usize;
        text.push_str(&" ".repeat(end.saturating_sub(text.len())));
    }
    text
}
