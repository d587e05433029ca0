//! Declared types on values that say less.

use std::rc::Rc;

use super::class::generic;
use super::eval::Eval;
use super::types::Resolved;
use super::value::{Kind, Lazy, ObjectId, ObjectKind, Open, TypeRef, Value};
use crate::ir::{Name, Type};

impl<'p> Eval<'p> {
    /// Adds a declared type to a value that says less.
    pub(super) fn annotate(&mut self, value: Value, ty: &TypeRef) -> Value {
        if !self.deeper() {
            return value;
        }
        let value = self.annotate_inner(value, ty);
        self.depth -= 1;
        value
    }

    pub(super) fn annotate_inner(&mut self, value: Value, ty: &TypeRef) -> Value {
        if let Some(client) = self.declared_client(&value, ty) {
            return client;
        }
        match &value.kind {
            Kind::Open(open) => {
                let says_more = match open.ty.clone() {
                    None => !self.says_nothing(ty),
                    // A text that is read as a record: `JSON.parse(text) as User`.
                    Some(before) => self.is_text_type(&before) && self.is_record_type(ty),
                };
                if !says_more {
                    return value;
                }
                let open = Open { ty: Some(ty.clone()), ..Open::clone(open) };
                Value { kind: Kind::Open(Rc::new(open)), origin: value.origin.clone() }
            }
            Kind::Object(object) if self.is_list_of_pairs(*object) && self.is_map_type(ty) => {
                let frame = self.object(*object).frame;
                self.paired(frame, &value).with_origin(value.origin.clone())
            }
            Kind::Object(object) => {
                let made_outside = matches!(self.object(*object).kind, ObjectKind::Result { .. });
                if !made_outside || self.is_target(&value) || !self.is_record_type(ty) {
                    return value;
                }
                let reason = "what it returns is not known".into();
                let open = Open { ty: Some(ty.clone()), hole: false, reason, hint: None, source: Some(value.clone()) };
                Value { kind: Kind::Open(Rc::new(open)), origin: value.origin.clone() }
            }
            Kind::OneOf(values) => {
                let values = values.clone();
                let origin = value.origin.clone();
                Value::one_of(values.iter().map(|value| self.annotate(value.clone(), ty)).collect::<Vec<_>>())
                    .with_origin(origin)
            }
            Kind::Lazy(_) => match self.done(&value) {
                Some(done) => self.annotate(done.passed_by(value.origin.as_ref()), ty),
                None if self.says_nothing(ty) => value,
                None => {
                    let origin = value.origin.clone();
                    Value::lazy(Lazy::Typed(value, ty.clone())).with_origin(origin)
                }
            },
            _ => value,
        }
    }

    /// The client that a value is only declared to be: `{} as Client`, what a container or a proxy returns.
    fn declared_client(&mut self, value: &Value, ty: &TypeRef) -> Option<Value> {
        let Kind::Object(object) = value.kind else {
            return None;
        };
        let is_empty = self.is_empty_record(object);
        let is_result = matches!(self.object(object).kind, ObjectKind::Result { .. }) && !self.is_target(value);
        if !is_empty && !is_result {
            return None;
        }
        let frame = self.object(object).frame;
        self.client_of_type(frame, ty)
    }

    pub(super) fn says_nothing(&self, ty: &TypeRef) -> bool {
        let linked = self.linked(ty.file);
        matches!(linked.module.ty(ty.ty), Type::Unknown)
            || matches!(linked.module.ty(ty.ty), Type::Generic(name) if generic(ty, name).is_none())
    }

    /// Whether an object lists keys with their values: `[("a", 1)].into_iter().collect()`.
    pub(super) fn is_list_of_pairs(&self, object: ObjectId) -> bool {
        let object = self.object(object);
        matches!(object.kind, ObjectKind::List)
            && !object.items.is_empty()
            && object.items.iter().all(|item| self.is_pair(item))
    }

    pub(super) fn is_map_type(&mut self, ty: &TypeRef) -> bool {
        matches!(self.resolve(ty)[..], [Resolved::Map(_)])
    }

    /// Whether a value of this type holds no fields: a text, bytes.
    fn is_text_type(&mut self, ty: &TypeRef) -> bool {
        let resolved = self.resolve(ty);
        !resolved.is_empty()
            && resolved.iter().all(|resolved| match resolved {
                Resolved::Scalar | Resolved::Text(_) => true,
                Resolved::List(element) => matches!(self.resolve(element)[..], [Resolved::Scalar]),
                _ => false,
            })
    }

    pub(super) fn is_record_type(&mut self, ty: &TypeRef) -> bool {
        self.resolve(ty).iter().any(|resolved| matches!(resolved, Resolved::Record(fields, _) if !fields.is_empty()))
    }

    /// The name of a value's declared type, for provenance.
    pub(super) fn type_name(&self, value: &Value) -> Option<Name> {
        let Kind::Open(open) = &value.kind else {
            return None;
        };
        let ty = open.ty.as_ref()?;
        let linked = self.program.module(ty.file)?;
        match linked.module.ty(ty.ty) {
            Type::Named(expr, _) => {
                let text = self.program.sources.slice(linked.module.span(*expr));
                let name = text.rsplit(['.', ':']).next().unwrap_or(text).trim();
                (!name.is_empty()).then(|| name.into())
            }
            _ => None,
        }
    }
}
