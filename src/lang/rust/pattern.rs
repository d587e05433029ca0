//! Patterns: what they bind.

use syn::{Member, Pat};

use super::lower::Lower;
use super::scope::{last_name, name_of};
use super::span::{At, of};
use crate::ir::{Expr, ExprId, Name, Stmt};

impl Lower {
    /// `let pat: T = value else { .. };`
    pub(super) fn let_stmt(&mut self, stmt: &syn::Local) {
        let (pat, ty) = match &stmt.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let value = stmt.init.as_ref().map(|init| match pat {
            Pat::Ident(pat) => self.named_expr(&init.expr, &name_of(&pat.ident)),
            _ => self.expr(&init.expr),
        });
        if let Some((_, otherwise)) = stmt.init.as_ref().and_then(|init| init.diverge.as_ref()) {
            let value = self.stable(value.unwrap_or(self.unit));
            let (otherwise, _) = self.nested(|lower| lower.discard(otherwise));
            let condition = self.compared(value);
            self.emit(Stmt::When { condition, then: Vec::new(), otherwise });
            self.bind(pat, value);
            return;
        }
        let ty = ty.map(|ty| self.ty(ty));
        match (pat, value) {
            (Pat::Ident(pat), value) if pat.subpat.is_none() => {
                let local = self.declare(&pat.ident);
                self.build.module.locals[local.0 as usize].ty = ty;
                if let Some(value) = value {
                    self.set(local, value, of(&pat.ident));
                }
            }
            (pat, Some(value)) => self.bind(pat, value),
            // `let (a, b);`
            (pat, None) => self.bind(pat, self.unit),
        }
    }

    /// Binds the names of a pattern to the parts of a value.
    pub(super) fn bind(&mut self, pat: &Pat, value: ExprId) {
        self.deeper(|lower| lower.bind_inner(pat, value));
    }

    fn bind_inner(&mut self, pat: &Pat, value: ExprId) {
        match pat {
            Pat::Ident(pat) => {
                if let Some((_, inner)) = &pat.subpat {
                    let value = self.stable(value);
                    self.bind_name(&pat.ident, value);
                    self.bind(inner, value);
                } else if !self.is_constant(pat) {
                    self.bind_name(&pat.ident, value);
                }
            }
            Pat::Paren(pat) => self.bind(&pat.pat, value),
            Pat::Reference(pat) => self.bind(&pat.pat, value),
            Pat::Type(pat) => self.bind(&pat.pat, value),
            Pat::Guard(pat) => self.bind(&pat.pat, value),
            Pat::Struct(pat) => self.bind_struct(pat, value),
            Pat::Tuple(pat) => self.bind_positions(pat.elems.iter(), value),
            Pat::TupleStruct(pat) => self.bind_variant(pat, value),
            Pat::Slice(pat) => self.bind_slice(pat, value),
            // Each alternative binds the same names; the first says where they are.
            Pat::Or(pat) => {
                if let Some(first) = pat.cases.iter().find(|case| !matches!(case, Pat::Path(_))) {
                    self.bind(first, value);
                }
            }
            _ => self.effect(value),
        }
    }

    fn bind_name(&mut self, ident: &syn::Ident, value: ExprId) {
        let local = self.declare(ident);
        self.set(local, value, of(ident));
    }

    /// Whether a name in a pattern is that of a constant or a variant, which binds nothing.
    fn is_constant(&self, pat: &syn::PatIdent) -> bool {
        pat.by_ref.is_none()
            && pat.mutability.is_none()
            && name_of(&pat.ident).starts_with(|first: char| first.is_uppercase())
    }

    fn bind_struct(&mut self, pat: &syn::PatStruct, value: ExprId) {
        let value = self.stable(value);
        for field in &pat.fields {
            let (name, at) = member(&field.member);
            let value = self.field_of(value, &name, at);
            self.bind(&field.pat, value);
        }
    }

    fn bind_positions<'p>(&mut self, pats: impl ExactSizeIterator<Item = &'p Pat>, value: ExprId) {
        let items = self.items_of(value);
        let value = if items.is_empty() { self.stable(value) } else { value };
        let mut past_rest = false;
        for (index, pat) in pats.enumerate() {
            past_rest |= matches!(pat, Pat::Rest(_));
            if matches!(pat, Pat::Rest(_) | Pat::Wild(_)) {
                continue;
            }
            let part = match items.get(index) {
                _ if past_rest => self.build.expr(self.at(value), Expr::Each(value)),
                Some(item) => *item,
                None => self.field_of(value, &index.to_string(), of(pat)),
            };
            self.bind(pat, part);
        }
    }

    /// `Some(x)` and `Ok(x)` bind the value itself; another variant of one field may have been seen through.
    fn bind_variant(&mut self, pat: &syn::PatTupleStruct, value: ExprId) {
        let [only] = pat.elems.iter().collect::<Vec<_>>()[..] else {
            return self.bind_positions(pat.elems.iter(), value);
        };
        match last_name(&pat.path).as_str() {
            "Some" | "Ok" => self.bind(only, value),
            "Err" => {
                self.effect(value);
                let error = self.build.opaque(of(only), "an error value");
                self.bind(only, error);
            }
            _ => {
                let value = self.stable(value);
                let inner = self.field_of(value, "0", of(only));
                let at = self.at(value);
                let either = self.one_of(at, vec![inner, value]);
                self.bind(only, either);
            }
        }
    }

    fn bind_slice(&mut self, pat: &syn::PatSlice, value: ExprId) {
        let value = self.stable(value);
        for pat in &pat.elems {
            match pat {
                // `rest @ ..` is a list of the same elements.
                Pat::Ident(rest) if rest.subpat.is_some() => self.bind_name(&rest.ident, value),
                Pat::Rest(_) | Pat::Wild(_) => {}
                pat => {
                    let each = self.build.expr(self.at(value), Expr::Each(value));
                    self.bind(pat, each);
                }
            }
        }
    }

    /// The parts of a tuple that is taken apart where it is made; empty for any other value.
    pub(super) fn items_of(&self, value: ExprId) -> Vec<ExprId> {
        match self.kind(value) {
            Expr::List(items) => items.iter().map(|item| item.value).collect(),
            _ => Vec::new(),
        }
    }

    /// A field of a value that is taken apart: the bytes are those of the pattern.
    fn field_of(&mut self, value: ExprId, name: &str, at: At) -> ExprId {
        if value == self.unit {
            return value;
        }
        self.build.expr(at, Expr::Field(value, Name::from(name)))
    }
}

/// The name of a field, or its position.
pub(super) fn member(member: &Member) -> (String, At) {
    match member {
        Member::Named(ident) => (name_of(ident), of(ident)),
        Member::Unnamed(index) => (index.index.to_string(), super::span::token(index.span)),
    }
}
