//! Reads of fields and elements, and values that are computed when they are needed.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::call::{Site, Statement, is_global_object};
use super::eval::{Eval, LIMIT};
use super::value::{ClassRef, Closure, Extern, FrameId, Kind, Lazy, ObjectId, ObjectKind, Open, Slot, Value};
use crate::ir::Name;
use crate::source::Span;

impl<'p> Eval<'p> {
    /// A field of a value.
    pub(super) fn field(&mut self, frame: FrameId, base: &Value, name: &Name, span: Span) -> Value {
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let value = self.field_inner(frame, base, name, span);
        self.depth -= 1;
        value
    }

    pub(super) fn field_inner(&mut self, frame: FrameId, base: &Value, name: &Name, span: Span) -> Value {
        match &base.kind {
            Kind::Nothing => Value::nothing(),
            Kind::Scalar | Kind::Bool(_) => Value::scalar(),
            Kind::Text(_) | Kind::Concat(_) => self.text_member(frame, base, name),
            Kind::Object(object) => self.object_field(frame, base, *object, name, span),
            Kind::Function(_) => Value::unknown("a field of a function is not followed"),
            Kind::Class(class) => self.static_field(*class, name),
            Kind::Namespace(file) => {
                let binding = self.program.lookup(*file, std::slice::from_ref(name), &mut FxHashSet::default());
                self.binding(binding)
            }
            Kind::Extern(_) if is_global_object(base) => {
                self.shared_value(frame, name).unwrap_or_else(|| self.member(base, name))
            }
            Kind::Extern(_) => self.member(base, name),
            Kind::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|value| self.field(frame, value, name, span)).collect::<Vec<_>>())
            }
            Kind::Open(open) => {
                let open = open.clone();
                self.open_field(frame, base, &open, name)
            }
            Kind::Lazy(_) => match self.done(base) {
                Some(value) => self.field(frame, &value, name, span),
                None => Value::lazy(Lazy::Field(base.clone(), name.clone())),
            },
        }
    }

    pub(super) fn open_field(&mut self, frame: FrameId, base: &Value, open: &Open, name: &Name) -> Value {
        // `acme.customers.create(..)`, where `acme` is declared to be a client.
        if let Some(client) = open.ty.as_ref().and_then(|ty| self.client_of_type(frame, ty)) {
            return self.member(&client, name);
        }
        let ty = open.ty.as_ref().and_then(|ty| self.type_field(ty, name));
        if ty.is_none()
            && let Some(client) = open.ty.as_ref().and_then(|ty| self.client_in_shape(ty, name))
        {
            return client;
        }
        if ty.is_none()
            && let Some(ty) = &open.ty
            && let Some(class) = self.classes_of_type(ty).into_iter().next()
        {
            let this = self.symbolic(frame, class, false);
            if let Kind::Object(object) = this.kind
                && let Some(value) = self.instance_member(frame, &this, object, class, name)
            {
                return value;
            }
        }
        if let Some(outer) = &open.ty
            && let Some(class) = self.classes_of_type(outer).into_iter().next()
            && let Some(value) = self.made_field(class, name).filter(|value| self.is_hot(value, 0))
        {
            return value;
        }
        let reason = open.reason.clone();
        let value =
            Value::open(Open { ty, hole: open.hole, reason, hint: open.hint.clone(), source: Some(base.clone()) });
        match self.default_address(frame, name) {
            Some(default) => Value::one_of([value, default]),
            None => value,
        }
    }

    pub(super) fn object_field(
        &mut self,
        frame: FrameId,
        base: &Value,
        id: ObjectId,
        name: &Name,
        span: Span,
    ) -> Value {
        let object = self.object(id);
        let slot = object.slot(name).cloned();
        match &object.kind {
            ObjectKind::Instance { class, .. } => {
                let class = *class;
                // A tuple with names is taken apart by position.
                let position = name.parse::<usize>().ok().filter(|_| slot.is_none());
                let by_position = position.and_then(|at| self.declared_fields(class).into_iter().nth(at));
                let name = by_position.as_ref().unwrap_or(name);
                match self.instance_member(frame, base, id, class, name) {
                    Some(value) => value,
                    None => {
                        self.rest_field(frame, id, name, span).unwrap_or_else(|| self.unset_field(class, base, name))
                    }
                }
            }
            ObjectKind::Result { .. } | ObjectKind::Foreign { .. } => match slot {
                Some(slot) => self.passed(slot, frame),
                None => self.member(base, name),
            },
            ObjectKind::List if slot.is_none() => {
                if let Ok(at) = name.parse::<usize>() {
                    if let Some(item) = object.items.get(at) {
                        return item.clone();
                    }
                    return self.each(frame, base);
                }
                Value::scalar()
            }
            ObjectKind::Record | ObjectKind::List => match slot {
                Some(slot) => self.passed(slot, frame),
                None => self.rest_field(frame, id, name, span).unwrap_or_else(Value::nothing),
            },
        }
    }

    /// The value of a field; handed over by its key where another function wrote it.
    pub(super) fn passed(&self, slot: Slot, frame: FrameId) -> Value {
        if slot.frame == frame
            || self.frame(slot.frame).file != self.frame(frame).file && self.is_inside(slot.frame, frame)
        {
            return slot.value;
        }
        if self.is_inside(slot.frame, frame) { slot.value } else { slot.value.handed(slot.key, slot.frame) }
    }

    /// Whether `inner` was called, directly or not, by `outer`.
    pub(super) fn is_inside(&self, inner: FrameId, outer: FrameId) -> bool {
        let mut at = Some(inner);
        while let Some(frame) = at {
            if frame == outer {
                return true;
            }
            at = self.frame(frame).caller.or(self.frame(frame).parent);
        }
        false
    }

    /// The field as one of the values that were spread into the object may hold it.
    pub(super) fn rest_field(&mut self, frame: FrameId, id: ObjectId, name: &Name, span: Span) -> Option<Value> {
        let rest = self.object(id).rest.clone();
        if rest.is_empty() {
            return None;
        }
        let values: Vec<Value> = rest.iter().map(|value| self.field(frame, value, name, span)).collect();
        Some(Value::one_of(values))
    }

    /// A field of an instance: as written, as a method, or as the methods that write it would.
    pub(super) fn instance_member(
        &mut self,
        frame: FrameId,
        this: &Value,
        id: ObjectId,
        class: ClassRef,
        name: &Name,
    ) -> Option<Value> {
        self.initialise(frame, this, class);
        let slot = self.object(id).slot(name).map(|slot| slot.value.clone());
        if let Some(value) = &slot
            && !matches!(value.kind, Kind::Nothing)
        {
            let value = value.clone();
            return Some(match self.declared_field(class, name) {
                Some(ty) => {
                    let value = self.annotate(value, &ty);
                    if self.made_elsewhere.contains_key(&id) {
                        self.changed_since(&value, &ty, 0);
                    }
                    value
                }
                None => value,
            });
        }
        let entry = self.method_entry(class, name, false).or_else(|| self.method_entry(class, name, true));
        if let Some((method, is_getter)) = entry {
            let closure = Closure { this: Some(this.clone()), ..method };
            if is_getter {
                let span = self.linked(closure.file).module.function(closure.func).span;
                let site = Site { frame, span, statement: Statement::No };
                return Some(self.run_function(site, &closure, Vec::new()));
            }
            return Some(Value::of(Kind::Function(Rc::new(closure))));
        }
        let written = self.written_by_methods(frame, this, id, class, name);
        match (written, slot) {
            (Some(written), _) => Some(match self.declared_field(class, name) {
                Some(ty) => self.annotate(written, &ty),
                None => written,
            }),
            (None, Some(nothing)) => match self.declared_field(class, name) {
                Some(_) => None,
                None => Some(nothing),
            },
            (None, None) => None,
        }
    }

    /// A field that nothing writes: what its declaration says.
    pub(super) fn unset_field(&mut self, class: ClassRef, this: &Value, name: &Name) -> Value {
        if let Some(value) = self.made_field(class, name) {
            return value;
        }
        let ty = self.declared_field(class, name);
        if ty.is_none()
            && let Kind::Object(object) = this.kind
            && let Some(client) = self.extended_client(self.object(object).frame, class)
        {
            return self.member(&client, name);
        }
        let reason = format!("nothing that was read gives `{name}` a value");
        let hole = matches!(this.kind, Kind::Object(id) if self.left_to_callers(id));
        Value::open(Open { ty, hole, reason: reason.into(), hint: None, source: Some(this.clone()) })
    }

    /// `base[key]`.
    pub(super) fn element(&mut self, frame: FrameId, base: &Value, key: &Value, span: Span) -> Value {
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let value = self.element_inner(frame, base, key, span);
        self.depth -= 1;
        value
    }

    pub(super) fn element_inner(&mut self, frame: FrameId, base: &Value, key: &Value, span: Span) -> Value {
        let key = self.force(key);
        match &key.kind {
            Kind::Text(name) => self.field(frame, base, name, span),
            Kind::OneOf(keys) if keys.iter().all(|key| matches!(key.kind, Kind::Text(_))) => {
                let keys = keys.clone();
                Value::one_of(keys.iter().map(|key| self.element(frame, base, key, span)).collect::<Vec<_>>())
            }
            _ => self.any_value(frame, base),
        }
    }

    /// Any one value of a collection or record.
    pub(super) fn any_value(&mut self, frame: FrameId, base: &Value) -> Value {
        let base = self.force(base);
        if let Kind::Object(object) = base.kind
            && matches!(self.object(object).kind, ObjectKind::Record | ObjectKind::Instance { .. })
        {
            let object = self.object(object);
            let values = object.fields.iter().map(|(_, slot)| slot.value.clone()).chain(object.rest.iter().cloned());
            return Value::one_of(values.collect::<Vec<_>>());
        }
        self.each(frame, &base)
    }

    /// Any one element of a collection.
    pub(super) fn each(&mut self, frame: FrameId, base: &Value) -> Value {
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let value = self.each_inner(frame, base);
        self.depth -= 1;
        value
    }

    pub(super) fn each_inner(&mut self, frame: FrameId, base: &Value) -> Value {
        match &base.kind {
            Kind::Object(id) => {
                let current = self.current.iter().rev().find(|(within, list, _)| *within == frame && list == id);
                if let Some((_, _, item)) = current {
                    return item.clone();
                }
                if let Some(element) = self.filled_elsewhere(*id) {
                    return element;
                }
                let object = self.object(*id);
                match &object.kind {
                    ObjectKind::List => {
                        let items = object.items.iter().chain(&object.rest).cloned();
                        Value::one_of(items.collect::<Vec<_>>())
                    }
                    ObjectKind::Record => self.pairs(frame, base),
                    ObjectKind::Result { .. } | ObjectKind::Foreign { .. } => {
                        Value::of(Kind::Extern(Rc::new(Extern::Element(base.clone()))))
                    }
                    ObjectKind::Instance { .. } => Value::unknown("the elements of an instance are not followed"),
                }
            }
            Kind::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|value| self.each(frame, value)).collect::<Vec<_>>())
            }
            Kind::Extern(_) => Value::of(Kind::Extern(Rc::new(Extern::Element(base.clone())))),
            Kind::Open(open) => {
                let open = open.clone();
                let ty = open.ty.as_ref().and_then(|ty| self.type_element(ty));
                Value::open(Open { ty, source: Some(base.clone()), ..Open::clone(&open) })
            }
            Kind::Lazy(_) => match self.done(base) {
                Some(value) => self.each(frame, &value),
                None => Value::lazy(Lazy::Each(base.clone())),
            },
            Kind::Nothing => Value::nothing(),
            Kind::Text(_) | Kind::Scalar | Kind::Bool(_) | Kind::Concat(_) => Value::scalar(),
            Kind::Class(class) if self.extends_outside(*class) => self.stored(frame, *class),
            Kind::Function(_) | Kind::Class(..) | Kind::Namespace(_) => Value::unknown("its elements are not followed"),
        }
    }
}
