//! Writes: fields, spreads, unknown keys, elements.

use std::rc::Rc;

use super::OutboundKind;
use super::call::{Site, Statement, is_global_object};
use super::eval::Eval;
use super::kept;
use super::types::{Resolved, beyond_type};
use super::value::{Arg, FrameId, Kind, Logged, Object, ObjectId, ObjectKind, Open, Slot, Value};
use crate::ir::Name;
use crate::source::Span;

impl<'p> Eval<'p> {
    /// `base.name = value`.
    pub(super) fn set_field(&mut self, frame: FrameId, base: &Value, name: &Name, value: Value, at: Span) {
        for base in base.alternatives() {
            match &base.kind {
                Kind::Object(object) => {
                    let object = *object;
                    if matches!(self.object(object).kind, ObjectKind::Result { .. } | ObjectKind::Foreign { .. }) {
                        let args = Rc::new([Arg { name: None, value: value.clone(), spread: false, span: at }]);
                        let logged = Logged { name: name.clone(), kind: OutboundKind::Assignment, args };
                        self.object_mut(object).log.push(logged);
                        // What a vendor's message was given leaves with the call that sends it.
                        if self.is_carrier(base) || self.is_target(base) {
                            let target = self.member(base, name);
                            self.assign_extern(frame, &target, value.clone(), at);
                        }
                    }
                    self.write(object, name.clone(), Slot { key: at, frame, value: value.clone() });
                }
                Kind::Class(class) => self.set_static(frame, *class, name, value.clone()),
                Kind::Extern(_) if is_global_object(base) => self.assign_global(frame, name, value.clone(), at),
                Kind::Extern(_) => {
                    let target = self.member(base, name);
                    self.assign_extern(frame, &target, value.clone(), at);
                }
                Kind::Concat(_) => self.set_text_member(frame, base, name, &value),
                _ => {}
            }
        }
    }

    /// `name = value` of a global.
    pub(super) fn assign_global(&mut self, frame: FrameId, name: &Name, value: Value, at: Span) {
        if self.share(name, &value) || kept::is_name(name) {
            return;
        }
        let target = Value::of(Kind::Extern(Rc::new(super::value::Extern::Global(name.clone()))));
        self.assign_extern(frame, &target, value, at);
    }

    fn assign_extern(&mut self, frame: FrameId, target: &Value, value: Value, at: Span) {
        let args = vec![Arg { name: None, value, spread: false, span: at }];
        self.outbound(Site { frame, span: at, statement: Statement::Yes }, target, &args, OutboundKind::Assignment);
        self.escape_args(&args);
    }

    /// Copies the fields of a value into a record: `...value`.
    pub(super) fn spread(&mut self, frame: FrameId, object: ObjectId, value: &Value) {
        if !self.deeper() {
            return;
        }
        self.spread_inner(frame, object, value);
        self.depth -= 1;
    }

    fn spread_inner(&mut self, frame: FrameId, object: ObjectId, value: &Value) {
        match &value.kind {
            Kind::Nothing | Kind::Scalar | Kind::Bool(_) | Kind::Text(_) => {}
            Kind::OneOf(values) => {
                let values = values.clone();
                values.iter().for_each(|value| self.spread(frame, object, value));
            }
            Kind::Object(source) if *source != object => {
                let source = *source;
                let class = match self.object(source).kind {
                    ObjectKind::Instance { class, .. } => Some(class),
                    ObjectKind::Result { .. } | ObjectKind::Foreign { .. } => {
                        self.object_mut(object).add_rest(value.clone());
                        None
                    }
                    ObjectKind::Record | ObjectKind::List => None,
                };
                if let Some(class) = class {
                    self.initialise(frame, value, class);
                }
                let state = value.origin.as_ref().and_then(|origin| origin.state);
                let from = self.object(source).clone();
                for (name, mut slot) in from.fields {
                    if let Some((_, reader)) = state {
                        if !self.is_outside(slot.frame, reader) {
                            slot.frame = reader;
                        }
                        slot.value = slot.value.state_of(slot.key, reader);
                    }
                    let held = matches!(slot.value.kind, Kind::Nothing)
                        .then(|| self.object(object).slot(&name).cloned())
                        .flatten();
                    if held.is_none() {
                        self.write(object, name, slot);
                    }
                }
                from.rest.into_iter().for_each(|value| self.object_mut(object).add_rest(value));
            }
            Kind::Open(open) => {
                let open = open.clone();
                self.spread_open(frame, object, value, &open);
            }
            Kind::Lazy(_) => match self.done(value) {
                Some(done) => self.spread(frame, object, &done),
                None => self.object_mut(object).add_rest(value.clone()),
            },
            _ => self.object_mut(object).add_rest(value.clone()),
        }
    }

    /// Copies the declared fields of a value of which only the type is known.
    pub(super) fn spread_open(&mut self, frame: FrameId, object: ObjectId, value: &Value, open: &Open) {
        let resolved = open.ty.as_ref().map(|ty| self.resolve(ty)).unwrap_or_default();
        let mut closed = !resolved.is_empty();
        let mut may_have_more = false;
        let key = value.origin.as_ref().map_or_else(|| self.span_of(frame), |origin| origin.span);
        let owner = value.origin.as_ref().map_or(frame, |origin| origin.frame);
        for resolved in resolved {
            match resolved {
                Resolved::Record(fields, more) => {
                    closed &= !more;
                    may_have_more |= open.ty.as_ref().is_some_and(|ty| self.is_structural(ty));
                    for field in fields.into_iter().filter(|field| !field.skipped) {
                        let origin = field.origin(value);
                        let reason = open.reason.clone();
                        let inner = Open {
                            ty: field.ty,
                            hole: open.hole,
                            reason,
                            hint: open.hint.clone(),
                            source: Some(value.clone()),
                        };
                        let inner = Value::open(inner).with_origin(origin);
                        if self.object(object).slot(&field.wire).is_none() {
                            self.write(object, field.wire, Slot { key, frame: owner, value: inner });
                        }
                    }
                }
                Resolved::Value(record) => {
                    let record = self.described(frame, &record, value);
                    self.spread(frame, object, &record);
                }
                Resolved::Scalar | Resolved::Text(_) | Resolved::Function(_) => {}
                Resolved::List(_) | Resolved::Map(_) | Resolved::Extern | Resolved::Unknown => closed = false,
            }
        }
        if !closed || may_have_more {
            let rest = if closed { beyond_type(open) } else { Open { ty: None, ..Open::clone(open) } };
            self.object_mut(object).add_rest(Value::open(rest).with_origin(value.origin.clone()));
        }
    }

    pub(super) fn span_of(&self, frame: FrameId) -> Span {
        let frame = self.frame(frame);
        self.linked(frame.file).module.function(frame.func).span
    }

    /// `base[key] = value`.
    pub(super) fn write_element(&mut self, frame: FrameId, object: ObjectId, key: &Value, slot: Slot) {
        let key = self.force(key);
        if matches!(self.object(object).kind, ObjectKind::Result { .. } | ObjectKind::Foreign { .. }) {
            return;
        }
        for key in key.alternatives() {
            match &key.kind {
                Kind::Text(name) => {
                    let place = key.origin.as_ref().filter(|origin| origin.handed.or(origin.state).is_some());
                    let slot = match place.map(|origin| self.supplied(origin)) {
                        Some((key, frame)) => Slot { key, frame, value: slot.value.clone() },
                        None => slot.clone(),
                    };
                    self.write(object, name.clone(), slot);
                }
                _ if matches!(self.object(object).kind, ObjectKind::List) => {
                    self.object_mut(object).add_item(slot.value.clone());
                }
                _ => {
                    let open = Open {
                        ty: None,
                        hole: matches!(&key.kind, Kind::Open(open) if open.hole),
                        reason: "the name of this field is computed".into(),
                        hint: Some("write the field's name as a text".into()),
                        source: None,
                    };
                    let value = Value::open(open).handed(slot.key, frame);
                    self.object_mut(object).add_rest(value);
                }
            }
        }
    }

    /// Adds an item to a list, or all elements of a collection.
    pub(super) fn push_item(&mut self, frame: FrameId, object: ObjectId, value: Value, spread: bool) {
        if !spread {
            self.object_mut(object).add_item(value);
            return;
        }
        let value = self.done(&value).unwrap_or(value);
        if let Kind::Object(source) = value.kind
            && matches!(self.object(source).kind, ObjectKind::List)
        {
            let from = self.object(source);
            let (items, rest) = (from.items.clone(), from.rest.clone());
            items.into_iter().for_each(|value| self.object_mut(object).add_item(value));
            rest.into_iter().for_each(|value| self.object_mut(object).add_rest(value));
        } else {
            let element = self.each(frame, &value);
            self.object_mut(object).add_rest(element);
        }
    }

    /// A new record.
    pub(super) fn record(&mut self, frame: FrameId) -> (ObjectId, Value) {
        let object = self.new_object(Object::new(ObjectKind::Record, frame));
        (object, Value::of(Kind::Object(object)))
    }

    /// A new list of these items.
    pub(super) fn list(&mut self, frame: FrameId, items: Vec<Value>) -> Value {
        let object = self.new_object(Object::new(ObjectKind::List, frame));
        self.object_mut(object).items = items;
        Value::of(Kind::Object(object))
    }
}
