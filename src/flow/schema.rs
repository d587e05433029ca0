//! What a schema that a library built from records says of the values that fit it.

use std::rc::Rc;

use super::eval::Eval;
use super::value::{Extern, FrameId, Kind, Object, ObjectId, ObjectKind, Origin, Slot, Value};

/// How deep a schema may hold others.
const MOST_DEPTH: usize = 12;

impl<'p> Eval<'p> {
    /// The record that a schema value describes: the records given to the calls that built it, merged.
    pub(super) fn schema(&mut self, value: &Value, depth: usize) -> Option<Value> {
        let Kind::Object(object) = value.kind else {
            return None;
        };
        let ObjectKind::Result { callee, args } = self.object(object).kind.clone() else {
            return None;
        };
        if depth > MOST_DEPTH {
            return None;
        }
        let frame = self.object(object).frame;
        let record = self.new_object(Object::new(ObjectKind::Record, frame));
        let mut found = false;
        let mut narrowed = None;
        let mut refines = false;
        if let Kind::Extern(path) = &callee.kind
            && let Extern::Member(base, name) = &**path
        {
            refines = matches!(base.kind, Kind::Object(_));
            if let Some(base) = self.schema(base, depth + 1) {
                self.spread(frame, record, &base);
                found = true;
                narrowed = Some(&**name).filter(|name| matches!(*name, "omit" | "pick"));
            }
        }
        if let Some(name) = narrowed {
            let names = self.names(&args);
            let fields = self.object(record).fields.clone();
            for (field, _) in fields.iter().filter(|(field, _)| names.contains(field) == (name == "omit")) {
                self.erase(record, field);
            }
            return Some(Value::of(Kind::Object(record)));
        }
        for arg in args.iter() {
            let value = self.force(&arg.value);
            let Kind::Object(id) = value.kind else {
                continue;
            };
            if matches!(self.object(id).kind, ObjectKind::Record) {
                // `.refine(check, { message: 'too short' })` says nothing of the fields.
                if refines && self.is_plain_record(id) {
                    continue;
                }
                found = true;
                for (name, mut slot) in self.object(id).fields.clone() {
                    let inner = self.force(&slot.value);
                    slot.value = match self.schema(&inner, depth + 1) {
                        Some(inner) => inner,
                        None => Value::scalar().with_origin(inner.origin),
                    };
                    self.write(record, name, slot);
                }
            } else if let Some(inner) = self.schema(&value, depth + 1) {
                self.spread(frame, record, &inner);
                found = true;
            }
        }
        found.then(|| Value::of(Kind::Object(record)))
    }

    /// Whether no field of a record holds more than texts, numbers and functions: options rather than schemas.
    fn is_plain_record(&mut self, id: ObjectId) -> bool {
        let fields: Vec<Value> = self.object(id).fields.iter().map(|(_, slot)| slot.value.clone()).collect();
        fields.iter().all(|value| {
            let value = self.force(value);
            match value.kind {
                Kind::Text(_) | Kind::Scalar | Kind::Nothing | Kind::Function(_) | Kind::Concat(_) => true,
                Kind::Object(list) => matches!(self.object(list).kind, ObjectKind::List),
                _ => false,
            }
        })
    }

    /// A record that describes a value, with each field read where it is described and supplied where the value is.
    pub(super) fn described(&mut self, frame: FrameId, record: &Value, value: &Value) -> Value {
        self.described_within(frame, record, value, 0)
    }

    fn described_within(&mut self, frame: FrameId, record: &Value, value: &Value, depth: usize) -> Value {
        let (Kind::Object(from), Some(origin)) = (&record.kind, &value.origin) else {
            return record.clone();
        };
        if depth > MOST_DEPTH || !matches!(self.object(*from).kind, ObjectKind::Record) {
            return record.clone();
        }
        let (at, owner) = self.supplied(origin);
        let fields = self.object(*from).fields.clone();
        let (copy, described) = self.record(frame);
        for (name, slot) in fields {
            let inner = self.described_within(frame, &slot.value, value, depth + 1);
            let origin =
                Origin { span: slot.key, frame: owner, ty: origin.ty.clone(), handed: Some((at, owner)), state: None };
            let inner = inner.with_origin(Some(Rc::new(origin)));
            self.write(copy, name, Slot { key: at, frame: owner, value: inner });
        }
        described.with_origin(value.origin.clone())
    }
}
