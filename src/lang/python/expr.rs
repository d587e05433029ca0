//! Expressions: what each kind lowers to.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::lower::{At, Lower, at};
use crate::ir::{Entry, Expr, ExprId, Item, Stmt};

impl Lower {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, expr: &Syntax) -> ExprId {
        match self.deeper(|lower| lower.any_expr(expr)) {
            Some(value) => value,
            None => self.too_deep(at(expr)),
        }
    }

    fn any_expr(&mut self, expr: &Syntax) -> ExprId {
        let place = at(expr);
        if let Syntax::Lambda(lambda) = expr {
            return self.lambda(lambda);
        }
        self.hint = None;
        match expr {
            Syntax::Name(name) => self.name(place, name.id.as_str()),
            Syntax::Attribute(attribute) => self.attribute(attribute),
            Syntax::Subscript(subscript) => self.subscript(subscript),
            Syntax::Call(call) => self.call(call),
            Syntax::Dict(dict) => self.dict(dict),
            Syntax::List(list) => self.list(place, &list.elts),
            Syntax::Tuple(tuple) => self.list(place, &tuple.elts),
            Syntax::Set(set) => self.list(place, &set.elts),
            Syntax::StringLiteral(text) => self.known_text(place, text.value.to_str()),
            Syntax::FString(text) => self.f_string(text),
            Syntax::TString(text) => self.t_string(text),
            Syntax::BytesLiteral(text) => self.bytes_literal(text),
            Syntax::BooleanLiteral(literal) => self.add(place, Expr::Bool(literal.value)),
            Syntax::NoneLiteral(_) | Syntax::EllipsisLiteral(_) => self.nothing(place),
            Syntax::NumberLiteral(_) => self.scalar(place),
            _ => self.operation(expr, place),
        }
    }

    /// Expressions that are made of others.
    fn operation(&mut self, expr: &Syntax, place: At) -> ExprId {
        match expr {
            Syntax::BoolOp(op) => self.bool_op(op),
            Syntax::If(choice) => self.ternary(choice),
            Syntax::BinOp(op) => self.bin_op(op),
            Syntax::UnaryOp(op) => {
                self.effects(&op.operand);
                self.scalar(place)
            }
            Syntax::Compare(compare) => {
                self.effects(&compare.left);
                compare.comparators.iter().for_each(|operand| self.effects(operand));
                self.scalar(place)
            }
            Syntax::Named(named) => self.walrus(named),
            Syntax::Await(wait) => self.expr(&wait.value),
            Syntax::Yield(give) => self.yielded(place, give.value.as_deref(), false),
            Syntax::YieldFrom(give) => self.yielded(place, Some(&give.value), true),
            Syntax::Starred(starred) => self.expr(&starred.value),
            Syntax::ListComp(comp) => self.comprehension(place, &comp.elt, &comp.generators),
            Syntax::SetComp(comp) => self.comprehension(place, &comp.elt, &comp.generators),
            Syntax::Generator(comp) => self.comprehension(place, &comp.elt, &comp.generators),
            Syntax::DictComp(comp) => self.dict_comprehension(comp),
            _ => self.build.opaque(place, "a kind of expression that is not followed"),
        }
    }

    /// `base.name`.
    fn attribute(&mut self, attribute: &ast::ExprAttribute) -> ExprId {
        if let Some(import) = self.dotted_import(attribute) {
            return import;
        }
        let base = self.expr(&attribute.value);
        // What an object holds is the object.
        if attribute.attr.as_str() == "__dict__" {
            return base;
        }
        self.field(at(attribute), base, attribute.attr.as_str())
    }

    /// `base[key]`, `base[from:to]`.
    fn subscript(&mut self, subscript: &ast::ExprSubscript) -> ExprId {
        let base = self.expr(&subscript.value);
        let place = at(subscript);
        match &*subscript.slice {
            // A part of a list or text is some of what the whole is.
            Syntax::Slice(_) => base,
            // `xs[-1]`
            Syntax::UnaryOp(_) => self.add(place, Expr::Each(base)),
            key => match literal_key(key) {
                Some(name) => self.field(place, base, &name),
                None => {
                    let key = self.expr(key);
                    self.add(place, Expr::Element(base, key))
                }
            },
        }
    }

    /// `{key: value, **rest}`.
    fn dict(&mut self, dict: &ast::ExprDict) -> ExprId {
        let mut entries = Vec::with_capacity(dict.items.len());
        for item in &dict.items {
            let Some(key) = &item.key else {
                entries.push(Entry::Spread(self.expr(&item.value)));
                continue;
            };
            let entry = match key {
                Syntax::StringLiteral(text) => {
                    let key = text.value.to_str();
                    let value = self.named(key, &item.value);
                    Entry::Field { key: key.into(), at: at(text), value }
                }
                key => {
                    let key = self.expr(key);
                    let value = self.expr(&item.value);
                    Entry::Computed { key, value }
                }
            };
            entries.push(entry);
        }
        self.add(at(dict), Expr::Record(entries))
    }

    /// `[a, *b]`, `(a, b)`, `{a, b}`.
    fn list(&mut self, place: At, items: &[Syntax]) -> ExprId {
        let items = items.iter().map(|item| match item {
            Syntax::Starred(starred) => Item { value: self.expr(&starred.value), spread: true },
            item => Item { value: self.expr(item), spread: false },
        });
        let items = items.collect();
        self.add(place, Expr::List(items))
    }

    /// `yield x`: the function may return a list with `x` in it, and goes on.
    fn yielded(&mut self, place: At, value: Option<&Syntax>, spread: bool) -> ExprId {
        let Some(value) = value else {
            return self.nothing(place);
        };
        let value = self.expr(value);
        let value = self.once(value);
        let given = match self.gives {
            true => value,
            false => self.add(place, Expr::List(vec![Item { value, spread }])),
        };
        self.emit(Stmt::Maybe(vec![Stmt::Return(Some(given))]));
        value
    }
}

/// The key that an expression in brackets says outright: `x["email"]`, `x[0]`.
pub(super) fn literal_key(key: &Syntax) -> Option<String> {
    match key {
        Syntax::StringLiteral(text) => Some(text.value.to_str().to_owned()),
        Syntax::NumberLiteral(number) => match &number.value {
            ast::Number::Int(number) => Some(number.to_string()),
            ast::Number::Float(_) | ast::Number::Complex { .. } => None,
        },
        _ => None,
    }
}
