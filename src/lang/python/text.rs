//! Texts made of parts.

use ruff_python_ast::{self as ast, FStringPart, InterpolatedStringElement};

use super::lower::{Lower, at};
use crate::ir::{Expr, ExprId};

impl Lower {
    /// `f"a {b}" "c"`.
    pub(super) fn f_string(&mut self, text: &ast::ExprFString) -> ExprId {
        let mut parts = Vec::new();
        for part in &text.value {
            match part {
                FStringPart::Literal(literal) => {
                    let value = self.known_text(at(literal), literal.as_str());
                    parts.push(value);
                }
                FStringPart::FString(text) => {
                    parts.extend(text.elements.iter().filter_map(|element| self.text_part(element)));
                }
            }
        }
        self.joined(at(text), parts)
    }

    /// `t"a {b}"`.
    pub(super) fn t_string(&mut self, text: &ast::ExprTString) -> ExprId {
        let parts: Vec<ExprId> = text.value.elements().filter_map(|element| self.text_part(element)).collect();
        self.joined(at(text), parts)
    }

    fn text_part(&mut self, element: &InterpolatedStringElement) -> Option<ExprId> {
        match element {
            InterpolatedStringElement::Literal(literal) if literal.value.is_empty() => None,
            InterpolatedStringElement::Literal(literal) => Some(self.known_text(at(literal), &literal.value)),
            InterpolatedStringElement::Interpolation(hole) => Some(self.expr(&hole.expression)),
        }
    }

    fn joined(&mut self, place: (u32, u32), parts: Vec<ExprId>) -> ExprId {
        match parts.as_slice() {
            [] => self.known_text(place, ""),
            [only] if matches!(self.kind(*only), Expr::Text(_)) => *only,
            _ => self.add(place, Expr::Template(parts)),
        }
    }

    /// `b"text"`.
    pub(super) fn bytes_literal(&mut self, literal: &ast::ExprBytesLiteral) -> ExprId {
        let bytes: Vec<u8> = literal.value.bytes().collect();
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.known_text(at(literal), text),
            Err(_) => self.scalar(at(literal)),
        }
    }
}
