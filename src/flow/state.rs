//! What a method reads from its receiver that other methods may have put there since.

use super::eval::Eval;
use super::value::{Kind, ObjectId, ObjectKind, Open, TypeRef, Value};
use crate::ir::Name;

impl<'p> Eval<'p> {
    /// Notes the type that is declared where a record or list of the project stands.
    pub(super) fn note_type(&mut self, object: ObjectId, ty: &TypeRef) {
        if matches!(self.object(object).kind, ObjectKind::Record | ObjectKind::List) {
            self.declared.entry(object).or_insert_with(|| ty.clone());
        }
    }

    /// What stands in for an empty collection that was read from a receiver: other methods fill it.
    pub(super) fn filled(&self, value: &Value) -> Option<Value> {
        let Kind::Object(id) = value.kind else {
            return None;
        };
        let object = self.object(id);
        let is_collection = matches!(object.kind, ObjectKind::Record | ObjectKind::List);
        let is_empty = object.fields.is_empty() && object.items.is_empty() && object.rest.is_empty();
        (is_collection && is_empty && is_state(value)).then(|| {
            let ty = self.declared.get(&id).cloned();
            let reason = "what other methods put into it was not seen".into();
            Value::open(Open { ty, hole: false, reason, hint: None, source: None }).with_origin(value.origin.clone())
        })
    }

    /// What stands in for a field without a value of a record that was read from a receiver: what its type declares.
    pub(super) fn refilled(&mut self, base: &Value, id: ObjectId, name: &Name) -> Option<Value> {
        let ty = self.declared.get(&id).filter(|_| is_state(base)).cloned()?;
        let ty = Some(self.type_field(&ty, name)?);
        let reason = format!("nothing that was read gives `{name}` a value");
        Some(Value::open(Open { ty, hole: false, reason: reason.into(), hint: None, source: None }))
    }
}

fn is_state(value: &Value) -> bool {
    value.origin.as_ref().is_some_and(|origin| origin.state.is_some())
}
