//! The bytes of syntax. `Spanned` turns a whole node into tokens first, so expressions are measured by their ends.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, MacroDelimiter};

/// First byte, and one past the last.
pub(super) type At = (u32, u32);

/// The bytes of a token.
pub(super) fn token(span: Span) -> At {
    let range = span.byte_range();
    (range.start as u32, range.end as u32)
}

/// The bytes of a small node: a name, a path, a type, a pattern.
pub(super) fn of(node: &impl Spanned) -> At {
    token(node.span())
}

/// The bytes of an expression.
pub(super) fn expr(expr: &Expr) -> At {
    (start(expr), end(expr))
}

/// The bytes from the start of one to the end of another.
pub(super) fn from_to(first: At, last: At) -> At {
    (first.0, last.1)
}

/// The closing token of a macro's body.
pub(super) fn close(delimiter: &MacroDelimiter) -> At {
    token(delimiter.span().close())
}

fn start(mut expr: &Expr) -> u32 {
    loop {
        expr = match expr {
            Expr::Call(call) => &call.func,
            Expr::MethodCall(call) => &call.receiver,
            Expr::Field(field) => &field.base,
            Expr::Index(index) => &index.expr,
            Expr::Await(value) => &value.base,
            Expr::Try(value) => &value.expr,
            Expr::Binary(binary) => &binary.left,
            Expr::Cast(cast) => &cast.expr,
            Expr::Assign(assign) => &assign.left,
            leaf => return first(leaf).0,
        };
    }
}

/// The first token of an expression that starts with a token of its own.
fn first(expr: &Expr) -> At {
    match expr {
        Expr::If(value) => of(&value.if_token),
        Expr::Match(value) => of(&value.match_token),
        Expr::Block(value) => token(value.block.brace_token.span.open()),
        Expr::Unsafe(value) => of(&value.unsafe_token),
        Expr::Async(value) => of(&value.async_token),
        Expr::Closure(value) => of(&value.inputs_begin),
        Expr::Struct(value) => of(&value.path),
        Expr::Macro(value) => of(&value.mac.path),
        Expr::Paren(value) => token(value.paren_token.span.open()),
        Expr::Tuple(value) => token(value.paren_token.span.open()),
        Expr::Array(value) => token(value.bracket_token.span.open()),
        Expr::Reference(value) => of(&value.and_token),
        Expr::Unary(value) => of(&value.op),
        Expr::Return(value) => of(&value.return_token),
        Expr::ForLoop(value) => of(&value.for_token),
        Expr::While(value) => of(&value.while_token),
        Expr::Loop(value) => of(&value.loop_token),
        Expr::Let(value) => of(&value.let_token),
        other => of(other),
    }
}

fn end(mut expr: &Expr) -> u32 {
    loop {
        expr = match expr {
            Expr::Binary(binary) => &binary.right,
            Expr::Assign(assign) => &assign.right,
            Expr::Reference(value) => &value.expr,
            Expr::Unary(value) => &value.expr,
            Expr::Closure(value) => &value.body,
            Expr::Let(value) => &value.expr,
            Expr::If(value) => match &value.else_branch {
                Some((_, otherwise)) => otherwise,
                None => return last(expr).1,
            },
            Expr::Return(value) => match &value.expr {
                Some(value) => value,
                None => return last(expr).1,
            },
            leaf => return last(leaf).1,
        };
    }
}

/// The last token of an expression that ends with a token of its own.
fn last(expr: &Expr) -> At {
    match expr {
        Expr::Call(value) => token(value.paren_token.span.close()),
        Expr::MethodCall(value) => token(value.paren_token.span.close()),
        Expr::Field(value) => of(&value.member),
        Expr::Index(value) => token(value.bracket_token.span.close()),
        Expr::Await(value) => of(&value.await_token),
        Expr::Try(value) => of(&value.question_token),
        Expr::Cast(value) => of(&value.ty),
        Expr::If(value) => token(value.then_branch.brace_token.span.close()),
        Expr::Match(value) => token(value.brace_token.span.close()),
        Expr::Block(value) => token(value.block.brace_token.span.close()),
        Expr::Unsafe(value) => token(value.block.brace_token.span.close()),
        Expr::Async(value) => token(value.block.brace_token.span.close()),
        Expr::Struct(value) => token(value.brace_token.span.close()),
        Expr::Macro(value) => close(&value.mac.delimiter),
        Expr::Paren(value) => token(value.paren_token.span.close()),
        Expr::Tuple(value) => token(value.paren_token.span.close()),
        Expr::Array(value) => token(value.bracket_token.span.close()),
        Expr::Return(value) => of(&value.return_token),
        Expr::ForLoop(value) => token(value.body.brace_token.span.close()),
        Expr::While(value) => token(value.body.brace_token.span.close()),
        Expr::Loop(value) => token(value.body.brace_token.span.close()),
        other => of(other),
    }
}
