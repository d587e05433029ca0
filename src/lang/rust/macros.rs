//! Macro calls.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Item, Macro, Token};

use super::lower::Lower;
use super::scope::last_name;
use super::span::{self, At, of};
use crate::ir::{Expr as Ir, ExprId, Imported, Stmt};

/// What a macro does, by the last name of its path.
enum Kind {
    /// Makes a text.
    Format,
    /// Makes a text and leaves the function.
    Panic,
    /// Evaluates its arguments and makes nothing of them.
    Check,
    /// `matches!(value, pattern)`.
    Matches,
    /// A list of its arguments.
    List,
    /// Its argument.
    Through,
    /// Nothing of the application's data: `env!`, `line!`, `include_str!`.
    Constant,
    Json,
    Select,
    Other,
}

fn kind(name: &str) -> Kind {
    match name {
        "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" | "write" | "writeln" | "concat"
        | "anyhow" | "trace" | "debug" | "info" | "warn" | "error" | "log" | "formatdoc" | "format_compact" => {
            Kind::Format
        }
        "panic" | "unreachable" | "todo" | "unimplemented" | "bail" => Kind::Panic,
        "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" | "ensure" => {
            Kind::Check
        }
        "matches" => Kind::Matches,
        "vec" | "smallvec" | "join" | "try_join" => Kind::List,
        "dbg" | "pin" => Kind::Through,
        "cfg" | "column" | "env" | "file" | "include_bytes" | "include_str" | "line" | "module_path" | "option_env"
        | "stringify" => Kind::Constant,
        "json" => Kind::Json,
        "select" => Kind::Select,
        _ => Kind::Other,
    }
}

impl Lower {
    /// The value of a macro call.
    pub(super) fn macro_call(&mut self, mac: &Macro) -> ExprId {
        let at = span::from_to(of(&mac.path), span::close(&mac.delimiter));
        let value = self.deeper(|lower| lower.known_macro(mac, at)).flatten();
        match value {
            Some(value) => value,
            None => {
                let path = &mac.path;
                let name = quote!(#path).to_string().replace(' ', "");
                self.build.opaque(at, &format!("the macro `{name}!` is not followed"))
            }
        }
    }

    fn known_macro(&mut self, mac: &Macro, at: At) -> Option<ExprId> {
        let tokens = &mac.tokens;
        match kind(&last_name(&mac.path)) {
            Kind::Format => self.format(tokens, at),
            Kind::Panic => {
                if let Some(text) = self.format(tokens, at) {
                    self.effect(text);
                }
                self.emit(Stmt::Exit);
                Some(self.never)
            }
            Kind::Check => {
                for arg in expressions(tokens)? {
                    let value = self.expr(&arg);
                    self.effect(value);
                }
                Some(self.unit)
            }
            Kind::Matches => {
                let value = self.expr(&leading_expression(tokens)?);
                self.effect(value);
                Some(self.scalar(at))
            }
            Kind::List => Some(self.list_macro(tokens, at)?),
            Kind::Through => {
                let args = expressions(tokens)?;
                Some(self.expr(args.first()?))
            }
            Kind::Constant => Some(self.scalar(at)),
            Kind::Json => self.json(tokens),
            Kind::Select => self.select(tokens),
            Kind::Other => self.other_macro(mac, at),
        }
    }

    /// `vec![a, b]`, `vec![a; n]`.
    fn list_macro(&mut self, tokens: &TokenStream, at: At) -> Option<ExprId> {
        if let Some(values) = expressions(tokens) {
            return Some(self.list(&values, at));
        }
        let value = leading_expression(tokens)?;
        Some(self.list([&value], at))
    }

    /// A record spelled out, or a call of the macro with its arguments.
    fn other_macro(&mut self, mac: &Macro, at: At) -> Option<ExprId> {
        if let Some(record) = self.pairs(&mac.tokens, at) {
            return Some(record);
        }
        if let Some(args) = expressions(&mac.tokens) {
            let args: Vec<ExprId> = args.iter().map(|arg| self.expr(arg)).collect();
            let callee = self.macro_path(&mac.path);
            return Some(self.build.call(at, callee, args));
        }
        self.json(&mac.tokens)
    }

    /// A macro, named with its `!`.
    fn macro_path(&mut self, path: &syn::Path) -> ExprId {
        let named = self.path(path);
        let at = self.at(named);
        let import = match self.kind(named) {
            Ir::Import(import) => {
                let import = self.build.module.import(*import);
                matches!(import.name, Imported::All).then(|| format!("{}!", import.specifier))
            }
            _ => None,
        };
        match import {
            Some(specifier) => {
                let import = self.import(&specifier, at);
                self.build.expr(at, Ir::Import(import))
            }
            None => {
                let name = format!("{}!", last_name(path));
                self.build.expr(at, Ir::Global(name.into()))
            }
        }
    }

    /// `select! { pat = future, if condition => handler, .. }`.
    fn select(&mut self, tokens: &TokenStream) -> Option<ExprId> {
        let branches = Branches::parse.parse2(tokens.clone()).ok()?;
        for branch in branches {
            let (block, ()) = self.nested(|lower| {
                if let Some((pat, future)) = &branch.future {
                    let value = lower.expr(future);
                    lower.bind(pat, value);
                }
                let value = lower.expr(&branch.handler);
                lower.effect(value);
            });
            self.emit(Stmt::Maybe(block));
        }
        Some(self.unit)
    }

    /// The items that a macro at item level declares.
    pub(super) fn macro_items(&mut self, item: &syn::ItemMacro) -> Vec<Item> {
        let tokens = &item.mac.tokens;
        match last_name(&item.mac.path).as_str() {
            "lazy_static" | "thread_local" => statics(tokens.clone()),
            "cfg_if" => cfg_if(tokens.clone()),
            _ => Vec::new(),
        }
    }
}

/// Arguments between commas.
fn expressions(tokens: &TokenStream) -> Option<Vec<Expr>> {
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let args = parser.parse2(tokens.clone()).ok()?;
    Some(args.into_iter().collect())
}

/// The expression at the start, whatever follows.
fn leading_expression(tokens: &TokenStream) -> Option<Expr> {
    let parser = |input: syn::parse::ParseStream| {
        let expr: Expr = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(expr)
    };
    parser.parse2(tokens.clone()).ok()
}

/// `static ref X: T = value;`, as items without the `ref`.
fn statics(tokens: TokenStream) -> Vec<Item> {
    let plain: TokenStream =
        tokens.into_iter().filter(|token| !matches!(token, TokenTree::Ident(ident) if ident == "ref")).collect();
    let ended = quote!(#plain ;);
    let parsed = syn::parse2::<syn::File>(plain).or_else(|_| syn::parse2::<syn::File>(ended));
    parsed.map(|file| file.items).unwrap_or_default()
}

/// The items of every branch of `cfg_if! { if #[cfg(..)] { .. } else { .. } }`.
fn cfg_if(tokens: TokenStream) -> Vec<Item> {
    let mut items = Vec::new();
    for token in tokens {
        if let TokenTree::Group(group) = token
            && group.delimiter() == proc_macro2::Delimiter::Brace
            && let Ok(file) = syn::parse2::<syn::File>(group.stream())
        {
            items.extend(file.items);
        }
    }
    items
}

/// A branch of `select!`; the future is absent in `else`.
struct Branch {
    future: Option<(syn::Pat, Expr)>,
    handler: Expr,
}

struct Branches;

impl Branches {
    fn parse(input: syn::parse::ParseStream) -> syn::Result<Vec<Branch>> {
        let mut branches = Vec::new();
        let is_biased = input.peek(syn::Ident) && input.peek2(Token![;]);
        if is_biased {
            input.parse::<syn::Ident>()?;
            input.parse::<Token![;]>()?;
        }
        while !input.is_empty() {
            let future = if input.peek(Token![else]) {
                input.parse::<Token![else]>()?;
                None
            } else {
                let pat = syn::Pat::parse_multi(input)?;
                input.parse::<Token![=]>()?;
                Some((pat, input.parse()?))
            };
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                input.parse::<Expr>()?;
            }
            input.parse::<Token![=>]>()?;
            let handler = if input.peek(syn::token::Brace) { Expr::Block(input.parse()?) } else { input.parse()? };
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            }
            branches.push(Branch { future, handler });
        }
        Ok(branches)
    }
}
