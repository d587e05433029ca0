//! Declared fields of a class: by annotation, or by a call that describes one.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::function::last_name;
use super::lower::{At, Lower, at};
use crate::ir::{ClassId, ExprId, FieldDecl, Name, Serial, Type, TypeId};

/// Endings of the functions by which libraries that map records describe a field.
const DESCRIBES: &[&str] =
    &["Field", "Column", "column", "field", "ForeignKey", "relationship", "Relationship", "attrib"];

/// What a call that describes a field says about it.
#[derive(Default)]
struct Described {
    wire: Option<Name>,
    skipped: bool,
    default: Option<ExprId>,
}

impl Lower {
    /// `name: T`, `name: T = value` in a class.
    pub(super) fn class_field(&mut self, class: ClassId, assign: &ast::StmtAnnAssign, initial: &mut Vec<Name>) {
        let Syntax::Name(target) = &*assign.target else {
            return;
        };
        let name = target.id.as_str();
        let is_alias = last_name(&assign.annotation) == Some("TypeAlias");
        let ty = self.ty(&assign.annotation);
        let mut described = Described::default();
        if let Some(value) = assign.value.as_deref() {
            described = match describes(value) {
                Some(call) => self.described(call),
                None => Described { default: Some(self.named(name, value)), ..Described::default() },
            };
        }
        if let Syntax::Subscript(annotation) = &*assign.annotation
            && last_name(&annotation.value) == Some("Annotated")
            && let Syntax::Tuple(parts) = &*annotation.slice
        {
            for call in parts.elts.iter().filter_map(describes) {
                let further = self.described(call);
                described.wire = described.wire.or(further.wire);
                described.skipped |= further.skipped;
            }
        }
        if let Some(value) = described.default {
            self.add_static(class, name, value);
            initial.push(name.into());
        }
        if !is_alias {
            self.declare_field(class, name, at(target), Some(ty), described);
        }
    }

    /// Declares the field that `name = Column(…)` describes; answers whether it does.
    pub(super) fn declares_field(&mut self, class: ClassId, name: &str, place: At, value: &Syntax) -> bool {
        let Some(call) = describes(value) else {
            return false;
        };
        let described = self.described(call);
        let ty = self.described_type(call);
        self.declare_field(class, name, place, ty, described);
        true
    }

    fn declare_field(&mut self, class: ClassId, name: &str, place: At, ty: Option<TypeId>, described: Described) {
        let field = FieldDecl {
            name: name.into(),
            wire: described.wire.filter(|wire| **wire != *name),
            ty,
            serial: if described.skipped { Serial::Skipped } else { Serial::Named },
            at: place,
        };
        let fields = &mut self.build.class_mut(class).fields;
        fields.retain(|other| *other.name != *name);
        fields.push(field);
    }

    /// `Field(default, alias="name", exclude=True)`.
    fn described(&mut self, call: &ast::ExprCall) -> Described {
        let mut described = Described::default();
        for keyword in &call.arguments.keywords {
            match (keyword.arg.as_ref().map(|name| name.as_str()), &keyword.value) {
                (Some("serialization_alias"), Syntax::StringLiteral(text)) => {
                    described.wire = Some(text.value.to_str().into());
                }
                (Some("alias"), Syntax::StringLiteral(text)) => {
                    described.wire.get_or_insert_with(|| text.value.to_str().into());
                }
                (Some("exclude"), Syntax::BooleanLiteral(literal)) => described.skipped = literal.value,
                _ => {}
            }
        }
        described
    }

    /// What a described field holds: another class, a list of one, or a value.
    fn described_type(&mut self, call: &ast::ExprCall) -> Option<TypeId> {
        let callee = last_name(&call.func).unwrap_or_default();
        let refers = ["ForeignKey", "OneToOneField", "relationship", "Relationship"].contains(&callee);
        let many = callee == "ManyToManyField";
        let target = call.arguments.args.first();
        match target {
            Some(target @ (Syntax::Name(_) | Syntax::Attribute(_) | Syntax::StringLiteral(_))) if refers || many => {
                let ty = self.referred(target);
                Some(if many { self.build.ty(Type::List(ty)) } else { ty })
            }
            _ if callee.ends_with("JSONField") => None,
            _ => None,
        }
    }
}

/// The call that describes a field, where a value is one.
fn describes(value: &Syntax) -> Option<&ast::ExprCall> {
    let Syntax::Call(call) = value else {
        return None;
    };
    let name = last_name(&call.func)?;
    DESCRIBES.iter().any(|ending| name.ends_with(ending)).then_some(call)
}
