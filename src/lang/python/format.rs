//! Texts with values in marked places: `"a %s" % b`, `"a {}".format(b)`.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::lower::{At, Lower, at};
use crate::ir::{Expr, ExprId};

/// A piece of a text with places.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// The next value.
    Next,
    /// The value at this position.
    At(usize),
    /// The value of this name.
    Named(String),
}

/// The values that a text is given.
#[derive(Default)]
struct Given {
    positional: Vec<ExprId>,
    named: Vec<(String, ExprId)>,
    /// Values that may stand in any place.
    further: Vec<ExprId>,
}

impl Lower {
    /// `"a {} {b}".format(x, b=y)`.
    pub(super) fn format_call(&mut self, call: &ast::ExprCall, text: &ast::ExprStringLiteral) -> ExprId {
        let mut given = Given::default();
        for arg in &call.arguments.args {
            let value = self.expr(arg);
            match arg {
                Syntax::Starred(_) => given.further.push(value),
                _ => given.positional.push(value),
            }
        }
        for keyword in &call.arguments.keywords {
            let value = self.expr(&keyword.value);
            match &keyword.arg {
                Some(name) => given.named.push((name.to_string(), value)),
                None => given.further.push(value),
            }
        }
        self.with_values(at(call), at(text), braces(text.value.to_str()), given)
    }

    /// `"a %s" % b`, `"a %(b)s" % {"b": c}`.
    pub(super) fn percent(&mut self, place: At, text: &ast::ExprStringLiteral, values: &[&Syntax]) -> ExprId {
        let mut given = Given::default();
        for value in values {
            match value {
                Syntax::Tuple(tuple) => given.positional.extend(tuple.elts.iter().map(|value| self.expr(value))),
                Syntax::Dict(dict) => {
                    for item in &dict.items {
                        let value = self.expr(&item.value);
                        match &item.key {
                            Some(Syntax::StringLiteral(key)) => given.named.push((key.value.to_str().into(), value)),
                            _ => given.further.push(value),
                        }
                    }
                }
                value => given.positional.push(self.expr(value)),
            }
        }
        self.with_values(place, at(text), percents(text.value.to_str()), given)
    }

    fn with_values(&mut self, place: At, text: At, pieces: Vec<Piece>, given: Given) -> ExprId {
        let mut next = 0;
        let mut parts = Vec::new();
        for piece in pieces {
            let value = match &piece {
                Piece::Text(known) => Some(self.known_text(text, known)),
                Piece::Next => {
                    next += 1;
                    given.positional.get(next - 1).copied()
                }
                Piece::At(index) => given.positional.get(*index).copied(),
                Piece::Named(name) => given.named.iter().find(|(key, _)| key == name).map(|(_, value)| *value),
            };
            match (value, given.further.is_empty() && given.positional.len() == 1) {
                (Some(value), _) => parts.push(value),
                // `"%(a)s" % values`: the one value holds them all.
                (None, true) => parts.push(given.positional[0]),
                (None, false) => parts.extend(&given.further),
            }
        }
        self.add(place, Expr::Template(parts))
    }
}

/// The pieces of a text whose places are braces.
fn braces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut known = String::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            known.push(char);
            rest = &rest[2..];
            continue;
        }
        let place = rest.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let Some((inside, after)) = place else {
            known.push(char);
            rest = &rest[char.len_utf8()..];
            continue;
        };
        push_text(&mut pieces, &mut known);
        let name = inside.split(['!', ':', '.', '[']).next().unwrap_or_default();
        pieces.push(match (name.is_empty(), name.parse::<usize>()) {
            (true, _) => Piece::Next,
            (false, Ok(index)) => Piece::At(index),
            (false, Err(_)) => Piece::Named(name.to_owned()),
        });
        rest = after;
    }
    push_text(&mut pieces, &mut known);
    pieces
}

/// The pieces of a text whose places are percent signs.
fn percents(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut known = String::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let after = &rest[char.len_utf8()..];
        if char != '%' || after.is_empty() {
            known.push(char);
            rest = after;
            continue;
        }
        if let Some(after) = after.strip_prefix('%') {
            known.push('%');
            rest = after;
            continue;
        }
        let (name, flags) = match after.strip_prefix('(').and_then(|inside| inside.split_once(')')) {
            Some((name, flags)) => (Some(name), flags),
            None => (None, after),
        };
        let flags = flags.trim_start_matches(|char: char| char.is_ascii_digit() || "#-+ .*".contains(char));
        let Some(kind) = flags.chars().next().filter(char::is_ascii_alphabetic) else {
            known.push('%');
            rest = after;
            continue;
        };
        push_text(&mut pieces, &mut known);
        pieces.push(name.map_or(Piece::Next, |name| Piece::Named(name.to_owned())));
        rest = &flags[kind.len_utf8()..];
    }
    push_text(&mut pieces, &mut known);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, known: &mut String) {
    if !known.is_empty() {
        pieces.push(Piece::Text(std::mem::take(known)));
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{At, Named, Next, Text};
    use super::*;

    #[test]
    fn places() {
        assert_eq!(percents("a %s %d%%"), [Text("a ".into()), Next, Text(" ".into()), Next, Text("%".into())]);
        assert_eq!(percents("%(a)s%-5.2f"), [Named("a".into()), Next]);
        assert_eq!(percents("100% off%"), [Text("100".into()), Next, Text("ff%".into())]);
        assert_eq!(braces("{}/{1}{{x}}"), [Next, Text("/".into()), At(1), Text("{x}".into())]);
        assert_eq!(braces("{a.b!r:>5}{"), [Named("a".into()), Text("{".into())]);
    }
}
