//! The types that the language and its schema libraries provide by name: `Partial`, `Pick`, `Promise`, `z.infer`.

use oxc_ast::ast::{TSType, TSTypeName};
use oxc_span::GetSpan;

use super::lower::Lower;
use super::types::literal_names;
use crate::ir::{Type, TypeId};

impl Lower {
    /// A type that is known by its name, unless the module means something of its own by it.
    pub(super) fn utility(&mut self, name: &TSTypeName<'_>, args: &[TSType<'_>]) -> Option<TypeId> {
        let (last, is_own) = match name {
            TSTypeName::IdentifierReference(ident) => (ident.name.as_str(), self.symbol(ident).is_some()),
            TSTypeName::QualifiedName(qualified) => (qualified.right.name.as_str(), true),
            TSTypeName::ThisExpression(_) => return None,
        };
        if let [TSType::TSTypeQuery(query)] = args
            && infers(last)
        {
            let value = self.queried(query);
            return Some(self.builder.ty(Type::Of(value)));
        }
        if let [only] = args
            && wraps(last)
            && !self.is_class(name)
        {
            return Some(self.ty(only));
        }
        if is_own {
            return None;
        }
        match args {
            [] => self.plain(last),
            [first] => self.of_one(last, first),
            [first, second, ..] => self.of_two(last, name, first, second),
        }
    }

    /// Whether the module itself declares the type.
    fn is_class(&mut self, name: &TSTypeName<'_>) -> bool {
        let TSTypeName::IdentifierReference(ident) = name else {
            return false;
        };
        let symbol = self.symbol(ident);
        symbol.is_some_and(|symbol| self.class_of(symbol).is_some())
    }

    fn plain(&mut self, name: &str) -> Option<TypeId> {
        let ty = match name {
            "Date" | "String" | "Number" | "Boolean" | "BigInt" | "Symbol" | "RegExp" | "PropertyKey"
            | "ArrayBuffer" | "Uint8Array" | "Buffer" | "Blob" => Type::Scalar,
            "Function" | "CallableFunction" => Type::Function(None),
            "Object" => Type::Unknown,
            _ => return None,
        };
        Some(self.builder.ty(ty))
    }

    fn of_one(&mut self, name: &str, arg: &TSType<'_>) -> Option<TypeId> {
        match name {
            "Promise" | "PromiseLike" | "Awaited" | "Partial" | "Required" | "Readonly" | "NonNullable" | "NoInfer" => {
                Some(self.ty(arg))
            }
            "Array"
            | "ReadonlyArray"
            | "Set"
            | "ReadonlySet"
            | "Iterable"
            | "AsyncIterable"
            | "Iterator"
            | "AsyncIterator"
            | "IterableIterator"
            | "AsyncIterableIterator"
            | "Generator"
            | "AsyncGenerator"
            | "ArrayLike" => {
                let element = self.ty(arg);
                Some(self.builder.ty(Type::List(element)))
            }
            "ReturnType" => match arg {
                TSType::TSTypeQuery(query) => {
                    let value = self.queried(query);
                    Some(self.builder.ty(Type::ReturnOf(value)))
                }
                _ => Some(self.builder.ty(Type::Unknown)),
            },
            "InstanceType" => match arg {
                TSType::TSTypeQuery(query) => {
                    let value = self.queried(query);
                    Some(self.builder.ty(Type::Named(value, Vec::new())))
                }
                _ => Some(self.builder.ty(Type::Unknown)),
            },
            "Uppercase" | "Lowercase" | "Capitalize" | "Uncapitalize" => Some(self.builder.ty(Type::Scalar)),
            "Parameters" | "ConstructorParameters" | "ThisType" => Some(self.builder.ty(Type::Unknown)),
            _ => None,
        }
    }

    fn of_two(&mut self, name: &str, full: &TSTypeName<'_>, first: &TSType<'_>, second: &TSType<'_>) -> Option<TypeId> {
        match name {
            "Record" => {
                let value = self.ty(second);
                Some(match literal_names(first) {
                    Some(names) => self.record_of(names, value, full.span()),
                    None => self.builder.ty(Type::Map(value)),
                })
            }
            "Map" | "ReadonlyMap" | "WeakMap" => {
                let value = self.ty(second);
                Some(self.builder.ty(Type::Map(value)))
            }
            // With keys that are not literal, all fields of the type remain possible.
            "Pick" => {
                let whole = self.ty(first);
                Some(match literal_names(second) {
                    Some(names) => self.builder.ty(Type::Pick(whole, names)),
                    None => whole,
                })
            }
            "Omit" => {
                let whole = self.ty(first);
                Some(match literal_names(second) {
                    Some(names) => self.builder.ty(Type::Omit(whole, names)),
                    None => whole,
                })
            }
            "Exclude" | "Extract" => Some(self.ty(first)),
            "Generator" | "AsyncGenerator" | "Iterator" | "AsyncIterator" => {
                let element = self.ty(first);
                Some(self.builder.ty(Type::List(element)))
            }
            _ => None,
        }
    }
}

/// Whether a type has all fields of its argument, and none besides that carry data.
fn wraps(name: &str) -> bool {
    matches!(
        name,
        "PropsWithChildren"
            | "PropsWithRef"
            | "Prettify"
            | "Simplify"
            | "DeepPartial"
            | "DeepReadonly"
            | "Maybe"
            | "Nullable"
    )
}

/// Whether a type takes a schema value and describes what it accepts: `z.infer<typeof schema>`.
fn infers(name: &str) -> bool {
    matches!(name, "input" | "output" | "TypeOf" | "Static" | "Asserts")
        || name.starts_with("infer")
        || name.starts_with("Infer")
}
