//! Patterns of `match`: what they bind.

use ruff_python_ast::{self as ast, Pattern};

use super::lower::{Lower, at};
use crate::ir::{Expr, ExprId, Item, Name, Stmt, Type};

impl Lower {
    /// Writes the parts of a value to the variables of a pattern.
    pub(super) fn take_apart(&mut self, pattern: &Pattern, value: ExprId) {
        let done = self.deeper(|lower| match pattern {
            Pattern::MatchValue(pattern) => lower.effects(&pattern.value),
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(sequence) => {
                for (index, part) in sequence.patterns.iter().enumerate() {
                    let item = match part {
                        Pattern::MatchStar(_) => value,
                        _ => lower.field(at(part), value, &index.to_string()),
                    };
                    lower.take_apart(part, item);
                }
            }
            Pattern::MatchMapping(mapping) => lower.take_mapping_apart(mapping, value),
            Pattern::MatchClass(class) => {
                let of = lower.expr(&class.cls);
                let ty = lower.build.ty(Type::Named(of, Vec::new()));
                let value = lower.add(at(class), Expr::Typed(value, ty));
                for (index, part) in class.arguments.patterns.iter().enumerate() {
                    let field = lower.field(at(part), value, &index.to_string());
                    lower.take_apart(part, field);
                }
                for part in &class.arguments.keywords {
                    let field = lower.field(at(part), value, part.attr.as_str());
                    lower.take_apart(&part.pattern, field);
                }
            }
            Pattern::MatchStar(star) => {
                let rest = lower.add(at(star), Expr::List(vec![Item { value, spread: true }]));
                lower.bind_name(star.name.as_ref(), rest);
            }
            Pattern::MatchAs(inner) => {
                if let Some(pattern) = &inner.pattern {
                    lower.take_apart(pattern, value);
                }
                lower.bind_name(inner.name.as_ref(), value);
            }
            Pattern::MatchOr(or) => {
                for part in &or.patterns {
                    lower.maybe(|lower| lower.take_apart(part, value));
                }
            }
        });
        if done.is_none() {
            self.do_too_deep(at(pattern));
        }
    }

    fn take_mapping_apart(&mut self, mapping: &ast::PatternMatchMapping, value: ExprId) {
        let mut names: Vec<Name> = Vec::new();
        for (key, part) in mapping.keys.iter().zip(&mapping.patterns) {
            let field = match super::expr::literal_key(key) {
                Some(name) => {
                    names.push(name.as_str().into());
                    self.field(at(key), value, &name)
                }
                None => {
                    let key = self.expr(key);
                    self.add(self.at(key), Expr::Element(value, key))
                }
            };
            self.take_apart(part, field);
        }
        if let Some(rest) = &mapping.rest {
            let without = self.add(at(rest), Expr::Without(value, names));
            self.bind_name(Some(rest), without);
        }
    }

    fn bind_name(&mut self, name: Option<&ast::Identifier>, value: ExprId) {
        if let Some(name) = name {
            let place = self.name_place(at(name), name.as_str());
            self.emit(Stmt::Set { place, value, at: at(name) });
        }
    }
}
