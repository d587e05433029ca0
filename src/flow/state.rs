//! State that other functions change: collections that they fill, fields that start as nothing.

use super::eval::Eval;
use super::value::{FrameId, Kind, ObjectId, ObjectKind, Open, Slot, TypeRef, Value};
use crate::ir::{FuncId, ImportId, LocalId, Name};

/// How deep a record of an instance is looked at for what others may have changed.
const MOST_DEPTH: usize = 3;

impl<'p> Eval<'p> {
    /// What a field of an instance that was made elsewhere starts with, and what others may have done to it since: a
    /// collection that starts empty was filled, a field that starts as nothing got what its type declares.
    pub(super) fn changed_since(&mut self, value: &Value, ty: &TypeRef, depth: usize) {
        let Kind::Object(object) = value.kind else {
            return;
        };
        if depth > MOST_DEPTH {
            return;
        }
        if self.is_empty_collection(object) {
            if let Some(element) = self.type_element(ty) {
                self.object_mut(object).add_rest(put_elsewhere(element));
            }
            return;
        }
        if !matches!(self.object(object).kind, ObjectKind::Record) {
            return;
        }
        for (name, slot) in self.object(object).fields.clone() {
            let Some(ty) = self.type_field(ty, &name) else {
                continue;
            };
            if matches!(slot.value.kind, Kind::Nothing) {
                let value = Value::one_of([Value::nothing(), put_elsewhere(ty)]);
                self.put(object, name, Some(Slot { value, ..slot }));
            } else {
                self.changed_since(&slot.value, &ty, depth + 1);
            }
        }
    }

    /// Remembers what a module's collection, empty where it is made, is declared to hold.
    pub(super) fn remember_empty(&mut self, frame: FrameId, local: LocalId, value: &Value, ty: &TypeRef) {
        let linked = self.linked(ty.file);
        if self.frame(frame).func == FuncId::BODY
            && linked.module.local(local).function == FuncId::BODY
            && let Kind::Object(object) = value.kind
            && self.is_empty_collection(object)
        {
            self.unfilled.insert(object, ty.clone());
        }
    }

    /// Any element of a module's collection that other functions fill.
    pub(super) fn filled_elsewhere(&mut self, object: ObjectId) -> Option<Value> {
        let ty = self.unfilled.get(&object)?.clone();
        if !self.is_empty_collection(object) {
            return None;
        }
        self.type_element(&ty).map(put_elsewhere)
    }

    /// The vendor's address that a record of this module, or of one that it imports, gives a field of this name: what
    /// the field holds where nobody changed the setting.
    pub(super) fn default_address(&self, frame: FrameId, name: &Name) -> Option<Value> {
        let linked = self.linked(self.frame(frame).file);
        let imports = (0..linked.module.imports.len() as u32).map(ImportId);
        let files = imports.filter_map(|import| self.program.import_file(linked, import));
        let files = std::iter::once(linked.module.file).chain(files).filter(|file| self.plan.relevant(*file));
        let texts = files.filter_map(|file| self.linked(file).index.addresses.get(name)).flatten();
        let mut texts: Vec<&Name> = texts.filter(|text| self.plan.names_host(text)).collect();
        texts.sort_unstable();
        texts.dedup();
        (!texts.is_empty()).then(|| Value::one_of(texts.into_iter().map(|text| Value::text(text.clone()))))
    }

    /// Whether an instance is the receiver of the unit, so that a caller of the unit may have made it.
    pub(super) fn left_to_callers(&self, instance: ObjectId) -> bool {
        self.made_elsewhere.get(&instance) == Some(&true)
    }

    fn is_empty_collection(&self, object: ObjectId) -> bool {
        let object = self.object(object);
        matches!(object.kind, ObjectKind::List | ObjectKind::Record)
            && object.fields.is_empty()
            && object.items.is_empty()
            && object.rest.is_empty()
    }
}

/// A value of this type that a function which was not followed put here.
fn put_elsewhere(ty: TypeRef) -> Value {
    let reason = "what other functions put here is not known".into();
    Value::open(Open { ty: Some(ty), hole: false, reason, hint: None, source: None })
}
