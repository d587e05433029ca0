//! Classes outside the project, as declared types name them.

use std::rc::Rc;

use super::Path;
use super::class::generic;
use super::eval::Eval;
use super::program::Named;
use super::types::Resolved;
use super::value::{ClassRef, Extern, FrameId, Kind, Object, ObjectKind, TypeRef, Value};
use crate::ir::{Name, Type, TypeId};

impl<'p> Eval<'p> {
    /// An instance of a class outside the project that reached this place as a parameter or field.
    pub(super) fn foreign_instance(&mut self, frame: FrameId, class: Value) -> Value {
        let kind = ObjectKind::Result { callee: class, args: Rc::new([]) };
        let object = self.new_object(Object::new(kind, frame));
        Value::of(Kind::Object(object))
    }

    /// The path out of the project that a declared type names, as a value.
    pub(super) fn extern_of_type(&mut self, ty: &TypeRef) -> Option<Value> {
        let linked = self.program.module(ty.file)?;
        match linked.module.ty(ty.ty) {
            Type::Named(expr, args) => match self.program.named(linked, *expr) {
                Named::Extern(path) => Some(self.path_value(&path)),
                Named::Class(class) => {
                    let generics = self.program.generics(class, args, ty);
                    let linked = self.linked(class.file);
                    let alias = linked.module.class(class.class).alias?;
                    self.extern_of_type(&TypeRef { file: class.file, ty: alias, generics })
                }
                Named::Other => None,
            },
            Type::Generic(name) => {
                let bound = generic(ty, name)?;
                self.extern_of_type(&bound)
            }
            Type::OneOf(types) => {
                let types: Vec<TypeId> = types.clone();
                types.iter().find_map(|part| self.extern_of_type(&self.program.type_within(ty, *part)))
            }
            _ => None,
        }
    }

    pub(super) fn path_value(&self, path: &super::Path) -> Value {
        let root = match &path.root {
            super::Root::Package(name) => Extern::Package(name.clone()),
            super::Root::Global(name) => Extern::Global(name.clone()),
        };
        path.steps.iter().fold(Value::of(Kind::Extern(Rc::new(root))), |value, step| match step {
            super::Step::Member(name) => self.member(&value, name),
            super::Step::Element | super::Step::Call(_) => value,
        })
    }

    /// An instance of a class that a container made.
    pub(super) fn instance_of(&mut self, frame: FrameId, class: &Value) -> Value {
        match &self.force(class).kind {
            Kind::Class(class) => self.symbolic(frame, *class, false),
            Kind::Extern(_) => self.foreign_instance(frame, class.clone()),
            _ => Value::unknown("what this call returns is not known"),
        }
    }

    /// The client whose class a class of the project extends: what it does not define, the client does.
    pub(super) fn extended_client(&mut self, frame: FrameId, class: ClassRef) -> Option<Value> {
        let path = self.client_ancestor(class)?;
        let class = self.path_value(&path);
        Some(self.foreign_instance(frame, class))
    }

    /// The class of a client that a class of the project extends.
    pub(super) fn client_ancestor(&self, class: ClassRef) -> Option<Path> {
        if self.plan.clients.is_empty() {
            return None;
        }
        self.ancestry(class).into_iter().find_map(|class| self.plan.clients.get(&class).cloned())
    }

    /// The client that a record of the same shape as another has in a field: `context: ReturnType<typeof makeContext>`.
    pub(super) fn client_in_shape(&mut self, ty: &TypeRef, name: &Name) -> Option<Value> {
        self.resolve(ty).into_iter().find_map(|resolved| {
            let Resolved::Value(Value { kind: Kind::Object(object), .. }) = resolved else {
                return None;
            };
            let value = self.object(object).slot(name)?.value.clone();
            let value = self.force(&value);
            (self.is_target(&value) && matches!(value.kind, Kind::Object(_) | Kind::Extern(_))).then_some(value)
        })
    }

    /// The client that a value of a declared type is: `acme: Acme`. What else a vendor's types name is data.
    pub(super) fn client_of_type(&mut self, frame: FrameId, ty: &TypeRef) -> Option<Value> {
        let class = self.extern_of_type(ty)?;
        let is_client = self.source_path(&class).is_some_and(|path| self.program.targets.is_client_type(&path));
        is_client.then(|| self.foreign_instance(frame, class))
    }
}
