//! Parses a file, refusing what would overflow the parser's stack.

use std::borrow::Cow;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use super::span::{At, token};

/// How deep brackets may be nested.
const NESTING: usize = 250;

/// How many tokens may follow each other without a separator: `!!!!…` and `&&&&…` nest without brackets.
const RUN: usize = 5000;

/// Parses a file; otherwise, where and why not.
pub(super) fn parse(text: &str) -> Result<syn::File, (At, String)> {
    // The source map of the thread keeps every text it has seen.
    proc_macro2::extra::invalidate_current_thread_spans();
    let tokens: TokenStream = blanked(text).parse().map_err(|error: proc_macro2::LexError| {
        let message = "this is not Rust: a token cannot be read".to_string();
        (token(error.span()), message)
    })?;
    if let Some(span) = too_deep(&tokens) {
        return Err((token(span), "this is nested too deeply to be read".to_string()));
    }
    syn::parse2(tokens).map_err(|error| (token(error.span()), format!("this is not Rust: {error}")))
}

/// The text with a byte order mark and a `#!` line made blank, so that offsets stay what they are.
fn blanked(text: &str) -> Cow<'_, str> {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &text[mark..];
    let is_script = rest.strip_prefix("#!").is_some_and(|rest| !rest.trim_start().starts_with('['));
    let line = if is_script { rest.find('\n').unwrap_or(rest.len()) } else { 0 };
    match mark + line {
        0 => Cow::Borrowed(text),
        blank => Cow::Owned(format!("{}{}", " ".repeat(blank), &text[blank..])),
    }
}

/// Where the nesting goes beyond what the parser is given.
fn too_deep(tokens: &TokenStream) -> Option<Span> {
    let mut stack = vec![(tokens.clone().into_iter(), 0)];
    loop {
        let depth = stack.len();
        let (tokens, run) = stack.last_mut()?;
        match tokens.next() {
            None => {
                stack.pop();
            }
            Some(TokenTree::Group(group)) => {
                *run = if group.delimiter() == Delimiter::Brace { 0 } else { *run + 1 };
                if depth > NESTING || *run > RUN {
                    return Some(group.span_open());
                }
                stack.push((group.stream().into_iter(), 0));
            }
            Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ',' | ';') => *run = 0,
            Some(tree) => {
                *run += 1;
                if *run > RUN {
                    return Some(tree.span());
                }
            }
        }
    }
}
