//! Whole records: their pairs, their copies, what is left without some fields.

use super::eval::{Eval, LIMIT};
use super::value::{FrameId, Kind, Object, ObjectKind, Value};
use crate::ir::Name;

impl<'p> Eval<'p> {
    /// The elements of a map: pairs of a key and a value.
    pub(super) fn pairs(&mut self, frame: FrameId, base: &Value) -> Value {
        let entries = self.entries_of(frame, base);
        self.each(frame, &entries)
    }

    /// The `[key, value]` pairs of a record, as a list.
    pub(super) fn entries_of(&mut self, frame: FrameId, base: &Value) -> Value {
        let base = self.force(base);
        let list = self.new_object(Object::new(ObjectKind::List, frame));
        for record in base.alternatives() {
            if let Some(elements) = self.listed(frame, record) {
                for element in elements {
                    let pair = self.list(frame, vec![Value::scalar(), element]);
                    self.object_mut(list).add_item(pair);
                }
                continue;
            }
            let record = self.as_record(frame, record);
            let Kind::Object(id) = record.kind else {
                continue;
            };
            let fields = self.object(id).fields.clone();
            for (name, slot) in fields {
                let key = Value::text(name).handed(slot.key, slot.frame);
                let pair = self.new_object(Object::new(ObjectKind::List, frame));
                self.object_mut(pair).items = vec![key, slot.value];
                self.object_mut(list).add_item(Value::of(Kind::Object(pair)));
            }
            let is_outside = matches!(self.object(id).kind, ObjectKind::Result { .. } | ObjectKind::Foreign { .. });
            let outside = is_outside.then(|| self.each(frame, &record));
            for rest in self.object(id).rest.clone().into_iter().chain(outside) {
                let pair = self.new_object(Object::new(ObjectKind::List, frame));
                self.object_mut(pair).items = vec![Value::unknown("the keys of this value are not known"), rest];
                self.object_mut(list).add_item(Value::of(Kind::Object(pair)));
            }
        }
        Value::of(Kind::Object(list))
    }

    /// The elements of a list; none for what is no list.
    fn listed(&mut self, frame: FrameId, value: &Value) -> Option<Vec<Value>> {
        match &value.kind {
            Kind::Object(id) if matches!(self.object(*id).kind, ObjectKind::List) => {
                let object = self.object(*id);
                Some(object.items.iter().chain(&object.rest).cloned().collect())
            }
            Kind::Open(open) => {
                let ty = open.ty.clone()?;
                self.type_element(&ty)?;
                Some(vec![self.each(frame, value)])
            }
            _ => None,
        }
    }

    /// A value as a record object, with its declared fields where only its type is known.
    pub(super) fn as_record(&mut self, frame: FrameId, value: &Value) -> Value {
        let value = self.force(value);
        match &value.kind {
            Kind::Object(_) => value,
            Kind::Open(open) => {
                let open = open.clone();
                let record = self.new_object(Object::new(ObjectKind::Record, frame));
                self.spread_open(frame, record, &value, &open);
                Value::of(Kind::Object(record)).with_origin(value.origin.clone())
            }
            _ => {
                let record = self.new_object(Object::new(ObjectKind::Record, frame));
                self.spread(frame, record, &value);
                Value::of(Kind::Object(record)).with_origin(value.origin.clone())
            }
        }
    }

    /// A value without some of its fields.
    pub(super) fn without(&mut self, frame: FrameId, base: &Value, names: &[Name]) -> Value {
        // A record may hold itself among the values that were spread into it.
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let result = self.without_fields(frame, base, names);
        self.depth -= 1;
        result
    }

    pub(super) fn without_fields(&mut self, frame: FrameId, base: &Value, names: &[Name]) -> Value {
        let base = self.force(base);
        if let Kind::OneOf(values) = &base.kind {
            let values = values.clone();
            return Value::one_of(values.iter().map(|value| self.without(frame, value, names)).collect::<Vec<_>>());
        }
        if matches!(base.kind, Kind::Nothing | Kind::Scalar | Kind::Bool(_) | Kind::Text(_)) {
            return base;
        }
        let source = self.as_record(frame, &base);
        let Kind::Object(source) = source.kind else {
            return base;
        };
        let copy = self.new_object(Object::new(ObjectKind::Record, frame));
        let from = self.object(source).clone();
        for (name, slot) in from.fields {
            if !names.contains(&name) {
                self.write(copy, name, slot);
            }
        }
        for rest in &from.rest {
            let known = matches!(&rest.kind, Kind::Open(_)) || matches!(rest.kind, Kind::Extern(_));
            let rest = if known { rest.clone() } else { self.without(frame, rest, names) };
            self.object_mut(copy).add_rest(rest);
        }
        if matches!(from.kind, ObjectKind::Result { .. } | ObjectKind::Foreign { .. }) {
            self.object_mut(copy).add_rest(base.clone());
        }
        Value::of(Kind::Object(copy)).with_origin(base.origin.clone())
    }
}
