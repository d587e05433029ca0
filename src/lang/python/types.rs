//! Declared types: annotations.

use ruff_python_ast::{self as ast, Expr as Syntax, Operator};
use ruff_python_parser::parse_expression;

use super::call::is_typing;
use super::lower::{At, Lower, at};
use crate::ir::{Expr, Type, TypeId};

impl Lower {
    /// Lowers an annotation.
    pub(super) fn ty(&mut self, annotation: &Syntax) -> TypeId {
        match self.deeper(|lower| lower.any_ty(annotation)) {
            Some(ty) => ty,
            None => self.build.ty(Type::Unknown),
        }
    }

    fn any_ty(&mut self, annotation: &Syntax) -> TypeId {
        match annotation {
            Syntax::StringLiteral(text) => self.quoted(text),
            Syntax::Name(name) => self.plain(name.id.as_str(), annotation),
            Syntax::Attribute(attribute) => match typing_name(attribute) {
                Some(name) => self.plain(name, annotation),
                None => self.class_named(annotation, Vec::new()),
            },
            Syntax::Subscript(subscript) => self.generic(subscript),
            Syntax::BinOp(op) if op.op == Operator::BitOr => self.one_of([&*op.left, &*op.right].into_iter()),
            Syntax::NoneLiteral(_) => self.build.ty(Type::Scalar),
            _ => self.build.ty(Type::Unknown),
        }
    }

    /// `"User"`: a type that is declared later.
    fn quoted(&mut self, text: &ast::ExprStringLiteral) -> TypeId {
        let Ok(parsed) = parse_expression(text.value.to_str()) else {
            return self.build.ty(Type::Unknown);
        };
        let mut expr = parsed.into_expr();
        ast::relocate::relocate_expr(&mut expr, text.range);
        match expr {
            // A text in a text would go on for ever.
            Syntax::StringLiteral(_) => self.build.ty(Type::Unknown),
            expr => self.ty(&expr),
        }
    }

    /// A type that is a name alone.
    fn plain(&mut self, name: &str, annotation: &Syntax) -> TypeId {
        let ty = match name {
            "str" | "int" | "float" | "bool" | "bytes" | "complex" | "None" | "LiteralString" => Type::Scalar,
            "Any" | "object" | "AnyStr" | "type" | "Type" | "Callable" => Type::Unknown,
            _ if collection(name) => {
                let unknown = self.build.ty(Type::Unknown);
                Type::List(unknown)
            }
            _ if mapping(name) => {
                let unknown = self.build.ty(Type::Unknown);
                Type::Map(unknown)
            }
            _ if self.generics.iter().flatten().any(|generic| **generic == *name) => Type::Generic(name.into()),
            _ => return self.class_named(annotation, Vec::new()),
        };
        self.build.ty(ty)
    }

    fn class_named(&mut self, name: &Syntax, args: Vec<TypeId>) -> TypeId {
        let named = self.expr(name);
        self.build.ty(Type::Named(named, args))
    }

    /// `Base[args]`.
    fn generic(&mut self, subscript: &ast::ExprSubscript) -> TypeId {
        let name = match &*subscript.value {
            Syntax::Name(name) => name.id.as_str(),
            Syntax::Attribute(attribute) => attribute.attr.as_str(),
            _ => return self.build.ty(Type::Unknown),
        };
        let args: &[Syntax] = match &*subscript.slice {
            Syntax::Tuple(tuple) => &tuple.elts,
            only => std::slice::from_ref(only),
        };
        let (Some(first), Some(last)) = (args.first(), args.last()) else {
            return self.build.ty(Type::Unknown);
        };
        match name {
            "Optional" | "Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired" | "ReadOnly" | "Unpack"
            | "Mapped" | "Awaitable" | "InitVar" | "SQLCoreOperations" => self.ty(first),
            "Coroutine" => self.ty(last),
            "Union" => self.one_of(args.iter()),
            "Literal" => self.literal(args),
            "Callable" => {
                let returns = self.ty(last);
                self.build.ty(Type::Function(Some(returns)))
            }
            "tuple" | "Tuple" => {
                let args: Vec<&Syntax> = args.iter().filter(|arg| !arg.is_ellipsis_literal_expr()).collect();
                let element = self.one_of(args.into_iter());
                self.build.ty(Type::List(element))
            }
            _ if collection(name) => {
                let element = self.ty(first);
                self.build.ty(Type::List(element))
            }
            _ if mapping(name) => {
                let value = self.ty(last);
                self.build.ty(Type::Map(value))
            }
            "type" | "Type" => self.build.ty(Type::Unknown),
            _ => {
                let args = args.iter().map(|arg| self.ty(arg)).collect();
                self.class_named(&subscript.value, args)
            }
        }
    }

    /// One of several types. A nullable type is its operand.
    fn one_of<'t>(&mut self, types: impl Iterator<Item = &'t Syntax>) -> TypeId {
        let mut types: Vec<TypeId> = types.filter(|ty| !ty.is_none_literal_expr()).map(|ty| self.ty(ty)).collect();
        match types.len() {
            0 => self.build.ty(Type::Scalar),
            1 => types.remove(0),
            _ => self.build.ty(Type::OneOf(types)),
        }
    }

    /// `Literal["a", "b"]`.
    fn literal(&mut self, args: &[Syntax]) -> TypeId {
        let types = args.iter().map(|arg| match arg {
            Syntax::StringLiteral(text) => self.build.ty(Type::Text(text.value.to_str().into())),
            _ => self.build.ty(Type::Scalar),
        });
        let mut types: Vec<TypeId> = types.collect();
        match types.len() {
            1 => types.remove(0),
            _ => self.build.ty(Type::OneOf(types)),
        }
    }

    /// The type of a value whose class is named by an expression or, as some libraries do, by a text.
    pub(super) fn referred(&mut self, class: &Syntax) -> TypeId {
        match class {
            Syntax::StringLiteral(text) => {
                let name = text.value.to_str().rsplit('.').next().unwrap_or_default();
                let at: At = at(text);
                let named = self.name(at, name);
                self.build.ty(match self.build.module.expr(named) {
                    Expr::Global(_) => Type::Unknown,
                    _ => Type::Named(named, Vec::new()),
                })
            }
            _ => self.ty(class),
        }
    }
}

/// The name of a type of the language's own module of types.
fn typing_name(attribute: &ast::ExprAttribute) -> Option<&str> {
    match &*attribute.value {
        Syntax::Name(base) if is_typing(&base.id) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// Types of which one is many of its argument.
fn collection(name: &str) -> bool {
    matches!(
        name,
        "list"
            | "List"
            | "set"
            | "Set"
            | "frozenset"
            | "FrozenSet"
            | "tuple"
            | "Tuple"
            | "deque"
            | "Deque"
            | "Sequence"
            | "MutableSequence"
            | "Collection"
            | "Iterable"
            | "Iterator"
            | "Generator"
            | "AsyncIterable"
            | "AsyncIterator"
            | "AsyncGenerator"
    )
}

/// Types of records with any keys.
fn mapping(name: &str) -> bool {
    matches!(name, "dict" | "Dict" | "Mapping" | "MutableMapping" | "DefaultDict" | "OrderedDict" | "defaultdict")
}
