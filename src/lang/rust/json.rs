//! `json!({ "key": value, .. })`, and other macros whose body reads like that.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Token, braced, bracketed, parenthesized, token};

use super::lower::Lower;
use super::span::{At, token as token_at};
use crate::ir::{Entry, Expr as Ir, ExprId, Item};

/// A value.
enum Json {
    Record(Vec<Pair>, At),
    List(Vec<Json>, At),
    Null(At),
    Expr(Box<Expr>),
}

/// `key: value`, or `key => value`.
struct Pair {
    key: Key,
    value: Json,
}

/// A key.
enum Key {
    Text(LitStr),
    Computed(Box<Expr>),
}

impl Parse for Json {
    fn parse(input: ParseStream) -> syn::Result<Json> {
        if input.peek(token::Brace) {
            let content;
            let brace = braced!(content in input);
            let pairs = Punctuated::<Pair, Token![,]>::parse_terminated(&content)?;
            let at = token_at(brace.span.join());
            return Ok(Json::Record(pairs.into_iter().collect(), at));
        }
        if input.peek(token::Bracket) {
            let content;
            let bracket = bracketed!(content in input);
            let items = Punctuated::<Json, Token![,]>::parse_terminated(&content)?;
            let at = token_at(bracket.span.join());
            return Ok(Json::List(items.into_iter().collect(), at));
        }
        let expr: Expr = input.parse()?;
        match &expr {
            Expr::Path(path) if path.path.is_ident("null") => Ok(Json::Null(super::span::of(&path.path))),
            _ => Ok(Json::Expr(Box::new(expr))),
        }
    }
}

impl Parse for Pair {
    fn parse(input: ParseStream) -> syn::Result<Pair> {
        let key = if input.peek(LitStr) {
            Key::Text(input.parse()?)
        } else if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            Key::Computed(Box::new(content.parse()?))
        } else {
            Key::Computed(Box::new(input.parse()?))
        };
        match input.peek(Token![=>]) {
            true => input.parse::<Token![=>]>().map(|_| ())?,
            false => input.parse::<Token![:]>().map(|_| ())?,
        }
        let value = input.parse()?;
        Ok(Pair { key, value })
    }
}

/// A body that is a record's entries without the braces: `hashmap! { "a" => 1 }`.
struct Pairs(Vec<Pair>);

impl Parse for Pairs {
    fn parse(input: ParseStream) -> syn::Result<Pairs> {
        let pairs = Punctuated::<Pair, Token![,]>::parse_terminated(input)?;
        Ok(Pairs(pairs.into_iter().collect()))
    }
}

impl Lower {
    /// The value of a JSON macro's body.
    pub(super) fn json(&mut self, tokens: &TokenStream) -> Option<ExprId> {
        let json: Json = syn::parse2(tokens.clone()).ok()?;
        self.json_value(json)
    }

    /// The record that a macro's body spells out, if it does.
    pub(super) fn pairs(&mut self, tokens: &TokenStream, at: At) -> Option<ExprId> {
        let Pairs(pairs) = syn::parse2(tokens.clone()).ok()?;
        match pairs.is_empty() {
            true => None,
            false => self.json_value(Json::Record(pairs, at)),
        }
    }

    fn json_value(&mut self, json: Json) -> Option<ExprId> {
        self.deeper(|lower| match json {
            Json::Null(at) => Some(lower.build.expr(at, Ir::Nothing)),
            Json::Expr(expr) => Some(lower.expr(&expr)),
            Json::List(values, at) => {
                let mut items = Vec::new();
                for value in values {
                    let value = lower.json_value(value)?;
                    items.push(Item { value, spread: false });
                }
                Some(lower.build.expr(at, Ir::List(items)))
            }
            Json::Record(pairs, at) => {
                let mut entries = Vec::new();
                for pair in pairs {
                    entries.push(lower.pair(pair)?);
                }
                Some(lower.build.expr(at, Ir::Record(entries)))
            }
        })
        .flatten()
    }

    fn pair(&mut self, pair: Pair) -> Option<Entry> {
        let entry = match pair.key {
            Key::Text(key) => {
                Entry::Field { at: token_at(key.span()), key: key.value().into(), value: self.json_value(pair.value)? }
            }
            Key::Computed(key) => {
                let key = self.expr(&key);
                match self.kind(key).clone() {
                    Ir::Text(text) => Entry::Field { at: self.at(key), key: text, value: self.json_value(pair.value)? },
                    _ => Entry::Computed { key, value: self.json_value(pair.value)? },
                }
            }
        };
        Some(entry)
    }
}
