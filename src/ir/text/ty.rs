//! Declared types in text form.

use super::{DEPTH, Writer};
use crate::ir::{FieldDecl, Serial, Type, TypeId};

impl Writer<'_> {
    /// A type, which stands `depth` levels below its declaration.
    pub(super) fn ty(&self, id: TypeId, depth: usize) -> String {
        if depth > DEPTH {
            return "…".to_string();
        }
        let below = depth + 1;
        match self.module.ty(id) {
            Type::Named(name, args) if args.is_empty() => self.expr(*name, below),
            Type::Named(name, args) => {
                format!("{}<{}>", self.expr(*name, below), self.types(args, ", ", below))
            }
            Type::Generic(name) => format!("'{name}"),
            Type::List(item) => format!("[{}]", self.ty(*item, below)),
            Type::Map(value) => format!("{{*: {}}}", self.ty(*value, below)),
            Type::Record { fields, open } => {
                let mut fields: Vec<String> = fields.iter().map(|field| self.field_decl(field, below)).collect();
                if *open {
                    fields.push("...".to_string());
                }
                format!("{{{}}}", fields.join(", "))
            }
            Type::Pick(ty, names) => format!("pick({}: {})", self.ty(*ty, below), names.join(", ")),
            Type::Omit(ty, names) => format!("omit({}: {})", self.ty(*ty, below), names.join(", ")),
            Type::OneOf(types) => format!("({})", self.types(types, " | ", below)),
            Type::AllOf(types) => format!("({})", self.types(types, " & ", below)),
            Type::Of(value) => format!("typeof({})", self.expr(*value, below)),
            Type::ReturnOf(value) => format!("returnof({})", self.expr(*value, below)),
            Type::Function(None) => "fn".to_string(),
            Type::Function(Some(returns)) => format!("fn -> {}", self.ty(*returns, below)),
            Type::FieldOf(ty, name) => format!("{}[{name}]", self.ty(*ty, below)),
            Type::Text(text) => format!("{text:?}"),
            Type::Scalar => "_".to_string(),
            Type::Unknown => "?".to_string(),
        }
    }

    /// A declared field: its name, its name once serialised, how it is serialised, and its type.
    pub(super) fn field_decl(&self, field: &FieldDecl, depth: usize) -> String {
        let wire = match &field.wire {
            Some(wire) => format!(" as {wire:?}"),
            None => String::new(),
        };
        let serial = match field.serial {
            Serial::Named => "",
            Serial::Flattened => " flattened",
            Serial::Skipped => " skipped",
        };
        let ty = match field.ty {
            Some(ty) => format!(": {}", self.ty(ty, depth)),
            None => String::new(),
        };
        format!("{}{wire}{serial}{ty}", field.name)
    }

    fn types(&self, types: &[TypeId], between: &str, depth: usize) -> String {
        let types: Vec<String> = types.iter().map(|ty| self.ty(*ty, depth)).collect();
        types.join(between)
    }
}
