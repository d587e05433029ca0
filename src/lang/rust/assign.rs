//! Assignments.

use syn::{BinOp, Expr};

use super::lower::Lower;
use super::pattern::member;
use super::span::{self, At, of};
use crate::ir::{Expr as Ir, ExprId, Place, Stmt};

impl Lower {
    /// `place = value`.
    pub(super) fn assign(&mut self, left: &Expr, right: &Expr) -> ExprId {
        let value = self.expr(right);
        self.write(left, value);
        self.unit
    }

    fn write(&mut self, left: &Expr, value: ExprId) {
        if let Some((place, at)) = self.place(left) {
            self.emit(Stmt::Set { place, value, at });
            return;
        }
        match left {
            // `(a, b) = pair`
            Expr::Tuple(left) => self.write_each(left.elems.iter(), value),
            Expr::Array(left) => self.write_each(left.elems.iter(), value),
            _ => self.effect(value),
        }
    }

    fn write_each<'e>(&mut self, places: impl Iterator<Item = &'e Expr>, value: ExprId) {
        let items = self.items_of(value);
        let value = if items.is_empty() { self.stable(value) } else { value };
        for (index, place) in places.enumerate() {
            let part = match items.get(index) {
                Some(item) => *item,
                None => {
                    let field = Ir::Field(value, index.to_string().into());
                    self.build.expr(span::expr(place), field)
                }
            };
            self.deeper(|lower| lower.write(place, part));
        }
    }

    /// What an expression writes to when it is assigned, with the bytes of its last name.
    fn place(&mut self, left: &Expr) -> Option<(Place, At)> {
        match left {
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Group(inner) => self.place(&inner.expr),
            // `*x = value` writes what the reference leads to.
            Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => self.place(&inner.expr),
            Expr::Field(field) => {
                let base = self.expr(&field.base);
                let (name, at) = member(&field.member);
                Some((Place::Field(base, name.into()), at))
            }
            Expr::Index(index) => {
                let base = self.expr(&index.expr);
                let key = self.expr(&index.index);
                Some((Place::Element(base, key), self.at(key)))
            }
            Expr::Path(path) => {
                let target = self.path(&path.path);
                let at = of(&path.path);
                match self.kind(target).clone() {
                    Ir::Local(local) => Some((Place::Local(local), at)),
                    Ir::Field(base, name) => Some((Place::Field(base, name), at)),
                    Ir::Global(name) => Some((Place::Global(name), at)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// `place += value`: a longer text, or a number.
    pub(super) fn compound(&mut self, binary: &syn::ExprBinary) -> ExprId {
        let right = self.expr(&binary.right);
        let is_number = !matches!(binary.op, BinOp::AddAssign(_)) || matches!(self.kind(right), Ir::Scalar);
        if is_number {
            self.effect(right);
            return self.unit;
        }
        let left = self.expr(&binary.left);
        let at = span::expr(&binary.right);
        let value = self.build.expr(at, Ir::Template(vec![left, right]));
        self.write(&binary.left, value);
        self.unit
    }

    /// Whether an operator writes to its left side.
    pub(super) fn is_compound(op: &BinOp) -> bool {
        matches!(
            op,
            BinOp::AddAssign(_)
                | BinOp::SubAssign(_)
                | BinOp::MulAssign(_)
                | BinOp::DivAssign(_)
                | BinOp::RemAssign(_)
                | BinOp::BitXorAssign(_)
                | BinOp::BitAndAssign(_)
                | BinOp::BitOrAssign(_)
                | BinOp::ShlAssign(_)
                | BinOp::ShrAssign(_)
        )
    }
}
