//! Formatting macros: a literal with holes, and the values that fill them.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

use super::lower::Lower;
use super::span::{At, token};
use crate::ir::{Expr as Ir, ExprId};

/// The arguments of a formatting or logging macro.
struct Arguments(Vec<(Option<String>, Expr)>);

impl Parse for Arguments {
    fn parse(input: ParseStream) -> syn::Result<Arguments> {
        let mut arguments = Vec::new();
        while !input.is_empty() {
            arguments.push(argument(input)?);
            match input.peek(Token![;]) {
                // `info!(a = 1; "message")`
                true => input.parse::<Token![;]>().map(|_| ())?,
                false if input.is_empty() => break,
                false => input.parse::<Token![,]>().map(|_| ())?,
            }
        }
        Ok(Arguments(arguments))
    }
}

/// `value`, `name = value`, `target: value`, `user.id = %value`, `?value`.
fn argument(input: ParseStream) -> syn::Result<(Option<String>, Expr)> {
    let is_target = input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]);
    if is_target {
        let name = Ident::parse_any(input)?;
        input.parse::<Token![:]>()?;
        return Ok((Some(name.to_string()), input.parse()?));
    }
    let ahead = input.fork();
    if let Ok(name) = dotted(&ahead)
        && ahead.peek(Token![=])
        && !ahead.peek(Token![==])
    {
        dotted(input)?;
        input.parse::<Token![=]>()?;
        return Ok((Some(name), sigiled(input)?));
    }
    Ok((None, sigiled(input)?))
}

/// `name`, `user.id`.
fn dotted(input: ParseStream) -> syn::Result<String> {
    let mut name = Ident::parse_any(input)?.to_string();
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        name.push('.');
        name.push_str(&Ident::parse_any(input)?.to_string());
    }
    Ok(name)
}

/// A value, with the sign that says how it is written.
fn sigiled(input: ParseStream) -> syn::Result<Expr> {
    if input.peek(Token![%]) {
        input.parse::<Token![%]>()?;
    } else if input.peek(Token![?]) {
        input.parse::<Token![?]>()?;
    }
    input.parse()
}

/// A piece of a format text.
enum Piece {
    Text(String),
    /// `{}`: the next argument.
    Next,
    /// `{0}`, `{name}`.
    Named(String),
}

fn pieces(format: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let Some((hole, after)) = rest.split_once('}').filter(|_| brace == "{") else {
            continue;
        };
        rest = after;
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        let name = hole.split(':').next().unwrap_or_default().trim();
        pieces.push(match name {
            "" => Piece::Next,
            name => Piece::Named(name.to_string()),
        });
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

impl Lower {
    /// The text that a formatting macro makes; none where the body does not read like one.
    pub(super) fn format(&mut self, tokens: &TokenStream, at: At) -> Option<ExprId> {
        let Arguments(arguments) = syn::parse2(tokens.clone()).ok()?;
        let mut format: Option<LitStr> = None;
        let mut positional = Vec::new();
        let mut named = Vec::new();
        for (name, value) in arguments {
            match (name, value) {
                (None, Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) if format.is_none() => {
                    // What stands before the text is where it is written to.
                    format = Some(text);
                    positional.clear();
                }
                (None, value) => positional.push(self.expr(&value)),
                (Some(name), value) => {
                    let value = self.expr(&value);
                    named.push((name, value));
                }
            }
        }
        let Some(format) = format else {
            let mut parts = positional;
            parts.extend(named.into_iter().map(|(_, value)| value));
            return Some(self.build.expr(at, Ir::Template(parts)));
        };
        Some(self.filled(&format, &positional, &named, at))
    }

    /// A format text with its holes filled. What fills no hole comes last.
    fn filled(&mut self, format: &LitStr, positional: &[ExprId], named: &[(String, ExprId)], at: At) -> ExprId {
        let text_at = token(format.span());
        let mut parts = Vec::new();
        let mut next = 0;
        for piece in pieces(&format.value()) {
            let part = match piece {
                Piece::Text(text) => Some(self.build.expr(text_at, Ir::Text(text.into()))),
                Piece::Next => {
                    next += 1;
                    positional.get(next - 1).copied()
                }
                Piece::Named(name) => match name.parse::<usize>() {
                    Ok(index) => positional.get(index).copied(),
                    Err(_) => Some(self.capture(&name, named, text_at)),
                },
            };
            parts.extend(part);
        }
        let rest = named.iter().map(|(_, value)| value).chain(positional);
        for value in rest {
            if !parts.contains(value) {
                parts.push(*value);
            }
        }
        match parts.as_slice() {
            [only] if matches!(self.kind(*only), Ir::Text(_)) => *only,
            _ => self.build.expr(at, Ir::Template(parts)),
        }
    }

    /// `{name}`: a named argument, or a variable.
    fn capture(&mut self, name: &str, named: &[(String, ExprId)], at: At) -> ExprId {
        if let Some((_, value)) = named.iter().find(|(own, _)| own == name) {
            return *value;
        }
        match self.value_named(name).cloned() {
            Some(value) => self.build.expr(at, value),
            None => self.build.expr(at, Ir::Global(name.into())),
        }
    }
}
