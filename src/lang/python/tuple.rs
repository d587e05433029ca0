//! Classes that a call declares: `Place = namedtuple("Place", ["street", "city"])`.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::function::last_name;
use super::lower::{At, Lower, at};
use crate::ir::{ClassId, Expr, ExprId, FieldDecl, Serial, Type};

impl Lower {
    /// The class that a call declares; none where it declares none, or its fields are not written out.
    pub(super) fn declared_class(&mut self, value: &Syntax) -> Option<ExprId> {
        let Syntax::Call(call) = value else { return None };
        let is_declaration = matches!(last_name(&call.func), Some("namedtuple" | "NamedTuple" | "TypedDict"));
        let [Syntax::StringLiteral(name), fields, ..] = &*call.arguments.args else { return None };
        if !is_declaration {
            return None;
        }
        let fields = fields_of(fields)?;
        let class = self.build.class(name.value.to_str(), at(call));
        for (field, place, ty) in fields {
            self.declare_plain(class, &field, place, ty);
        }
        Some(self.add(at(call), Expr::Class(class)))
    }

    fn declare_plain(&mut self, class: ClassId, name: &str, place: At, ty: Option<&Syntax>) {
        let ty = ty.map(|ty| self.ty(ty)).filter(|ty| !matches!(self.build.module.ty(*ty), Type::Unknown));
        let field = FieldDecl { name: name.into(), wire: None, ty, serial: Serial::Named, at: place };
        self.build.class_mut(class).fields.push(field);
    }
}

/// The fields: `["a", "b"]`, `"a b"`, `[("a", T)]`, `{"a": T}`.
fn fields_of(fields: &Syntax) -> Option<Vec<(String, At, Option<&Syntax>)>> {
    match fields {
        Syntax::StringLiteral(text) => {
            let names = text.value.to_str().split(|char: char| char == ',' || char.is_whitespace());
            let names = names.filter(|name| !name.is_empty());
            Some(names.map(|name| (name.to_owned(), at(text), None)).collect())
        }
        Syntax::List(ast::ExprList { elts, .. }) | Syntax::Tuple(ast::ExprTuple { elts, .. }) => elts
            .iter()
            .map(|field| match field {
                Syntax::StringLiteral(name) => Some((name.value.to_str().to_owned(), at(name), None)),
                Syntax::Tuple(pair) => match pair.elts.as_slice() {
                    [Syntax::StringLiteral(name), ty] => Some((name.value.to_str().to_owned(), at(name), Some(ty))),
                    _ => None,
                },
                _ => None,
            })
            .collect(),
        Syntax::Dict(dict) => dict
            .items
            .iter()
            .map(|item| match &item.key {
                Some(Syntax::StringLiteral(name)) => {
                    Some((name.value.to_str().to_owned(), at(name), Some(&item.value)))
                }
                _ => None,
            })
            .collect(),
        _ => None,
    }
}
