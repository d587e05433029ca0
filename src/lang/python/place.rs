//! Assignments: what is written, and where to.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::expr::literal_key;
use super::lower::{At, Lower, at};
use crate::ir::{Expr, ExprId, Item, Place, Stmt};

impl Lower {
    /// Writes a value to a target, which may be a list of targets.
    pub(super) fn assign_to(&mut self, target: &Syntax, value: ExprId) {
        let done = self.deeper(|lower| match target {
            Syntax::Tuple(tuple) => lower.unpack(&tuple.elts, value),
            Syntax::List(list) => lower.unpack(&list.elts, value),
            Syntax::Starred(starred) => lower.assign_to(&starred.value, value),
            _ => {
                if let Some((place, span)) = lower.place(target) {
                    lower.emit(Stmt::Set { place, value, at: span });
                }
            }
        });
        if done.is_none() {
            self.do_too_deep(at(target));
        }
    }

    /// `a, *b, c = value`.
    fn unpack(&mut self, targets: &[Syntax], value: ExprId) {
        let base = self.once(value);
        let mut after_rest = false;
        for (index, target) in targets.iter().enumerate() {
            let span = at(target);
            let part = match target {
                Syntax::Starred(_) => {
                    after_rest = true;
                    self.add(span, Expr::List(vec![Item { value: base, spread: true }]))
                }
                _ if after_rest => self.add(span, Expr::Each(base)),
                _ => self.field(span, base, &index.to_string()),
            };
            self.assign_to(target, part);
        }
    }

    /// A target that is one place, with the bytes that name it.
    pub(super) fn place(&mut self, target: &Syntax) -> Option<(Place, At)> {
        match target {
            Syntax::Name(name) => Some((self.name_place(at(name), name.id.as_str()), at(name))),
            Syntax::Attribute(attribute) => {
                let base = self.expr(&attribute.value);
                Some((Place::Field(base, attribute.attr.as_str().into()), at(&attribute.attr)))
            }
            Syntax::Subscript(subscript) => Some(self.key_place(subscript)),
            _ => {
                self.effects(target);
                None
            }
        }
    }

    fn key_place(&mut self, subscript: &ast::ExprSubscript) -> (Place, At) {
        let base = self.expr(&subscript.value);
        let span = at(&*subscript.slice);
        match literal_key(&subscript.slice) {
            Some(name) => (Place::Field(base, name.into()), span),
            None => {
                let key = self.expr(&subscript.slice);
                (Place::Element(base, key), span)
            }
        }
    }

    /// What a place holds.
    pub(super) fn read(&mut self, span: At, place: &Place) -> ExprId {
        let expr = match place {
            Place::Local(local) => Expr::Local(*local),
            Place::Global(name) => Expr::Global(name.clone()),
            Place::Field(base, name) => Expr::Field(*base, name.clone()),
            Place::Element(base, key) => Expr::Element(*base, *key),
        };
        self.add(span, expr)
    }

    /// `del target`.
    pub(super) fn delete(&mut self, target: &Syntax) {
        match target {
            Syntax::Name(_) => {}
            Syntax::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.delete(target)),
            Syntax::Attribute(_) | Syntax::Subscript(_) => {
                if let Some((place, _)) = self.place(target) {
                    self.emit(Stmt::Remove(place));
                }
            }
            _ => self.effects(target),
        }
    }

    /// A list of the items of two.
    pub(super) fn both_lists(&mut self, span: At, first: ExprId, second: ExprId) -> ExprId {
        let items = [first, second].map(|value| Item { value, spread: true });
        self.add(span, Expr::List(items.to_vec()))
    }
}
