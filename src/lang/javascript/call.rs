//! Calls, instantiations, and the two calls that import a module.

use oxc_ast::ast::{Argument, CallExpression, Expression, ImportExpression, NewExpression, TaggedTemplateExpression};
use oxc_span::{GetSpan, Span};

use super::expr::literal_key;
use super::lower::{Lower, at};
use super::options::record_argument;
use super::script::is_arguments;
use crate::ir::{Arg, Expr, ExprId, Import, Imported};

impl Lower {
    /// `f(a, ...b)`.
    pub(super) fn call(&mut self, call: &CallExpression<'_>) -> ExprId {
        if let Expression::Identifier(callee) = &call.callee
            && self.is_global(callee, &["require"])
            && let Some(specifier) = call.arguments.first().and_then(Argument::as_expression)
        {
            return self.import_of(call.span, specifier);
        }
        if let Some(value) = self.component_call(call) {
            return value;
        }
        if self.names.is_page && self.queues(call) {
            return self.add(call.span, Expr::Scalar);
        }
        let callee = self.expr(&call.callee);
        let types = self.type_args(call.type_arguments.as_deref());
        let mut args = self.args(&call.arguments);
        self.provide_by_call(call.span, callee, &mut args);
        self.add_generic_call(call.span, callee, types, args)
    }

    /// `analytics.push(args)`, where the arguments are those of the function around: a script that is still to be loaded
    /// will be called with them.
    fn queues(&self, call: &CallExpression<'_>) -> bool {
        let Expression::StaticMemberExpression(callee) = &call.callee else {
            return false;
        };
        let [argument] = call.arguments.as_slice() else {
            return false;
        };
        let is_queued = match argument.as_expression() {
            Some(Expression::Identifier(ident)) if ident.name != "arguments" => {
                self.symbol(ident).is_some_and(|symbol| self.names.queued.contains(&symbol))
            }
            Some(value) => is_arguments(value),
            None => false,
        };
        callee.property.name == "push" && is_queued
    }

    /// `new C(a)`.
    pub(super) fn new_expr(&mut self, new: &NewExpression<'_>) -> ExprId {
        let callee = self.expr(&new.callee);
        let types = self.type_args(new.type_arguments.as_deref());
        let args = self.args(&new.arguments);
        self.add_generic_call(new.span, callee, types, args)
    }

    fn args(&mut self, arguments: &[Argument<'_>]) -> Vec<Arg> {
        let mut args = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let (value, spread) = match argument {
                Argument::SpreadElement(spread) => (self.expr(&spread.argument), true),
                _ => {
                    let options = record_argument(argument).and_then(|record| self.options(record, false));
                    (options.unwrap_or_else(|| self.expr(argument.to_expression())), false)
                }
            };
            args.push(Arg { name: None, value, spread });
        }
        args
    }

    /// A template with a tag: a call of the tag.
    pub(super) fn tagged(&mut self, tagged: &TaggedTemplateExpression<'_>) -> ExprId {
        let callee = self.expr(&tagged.tag);
        let value = self.template(&tagged.quasi);
        let arg = Arg { name: None, value, spread: false };
        self.add_call(tagged.span, callee, vec![arg])
    }

    /// `import("./x")`.
    pub(super) fn import_expr(&mut self, import: &ImportExpression<'_>) -> ExprId {
        self.import_of(import.span, &import.source)
    }

    fn import_of(&mut self, span: Span, specifier: &Expression<'_>) -> ExprId {
        match literal_key(specifier) {
            Some(name) => {
                let import = self.builder.import(Import { specifier: name.into(), name: Imported::All, at: at(span) });
                self.add(span, Expr::Import(import))
            }
            None => {
                self.effects(specifier);
                let at = at(specifier.span());
                self.builder.opaque(at, "a module whose name is computed is imported")
            }
        }
    }
}
