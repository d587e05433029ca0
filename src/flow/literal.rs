//! Values that are written out: records, instances, functions, arguments.

use std::rc::Rc;

use super::eval::Eval;
use super::program::Linked;
use super::value::{Arg, Closure, FrameId, Kind, Object, ObjectId, ObjectKind, Slot, Value};
use crate::ir::{Entry, ExprId, FuncId, Item, Name};
use crate::source::Span;

impl<'p> Eval<'p> {
    /// A function expression as a value.
    pub(super) fn closure(&mut self, frame: FrameId, linked: &Linked, func: FuncId) -> Value {
        let file = linked.module.file;
        let closure = Rc::new(Closure { file, func, frame: Some(frame), this: None, bound: Vec::new(), plain: false });
        let unit = linked.index.unit_of[func.0 as usize];
        if (file, unit) == self.unit && unit != func && self.quiet == 0 {
            self.created.push(closure.clone());
        }
        Value::of(Kind::Function(closure))
    }

    /// A list as it is written.
    pub(super) fn list_literal(&mut self, frame: FrameId, items: &[Item]) -> Value {
        let object = self.new_object(Object::new(ObjectKind::List, frame));
        for item in items {
            let value = self.eval(frame, item.value);
            self.push_item(frame, object, value, item.spread);
        }
        Value::of(Kind::Object(object))
    }

    /// Fills a record from the entries of a literal.
    pub(super) fn entries(&mut self, frame: FrameId, linked: &'p Linked, object: ObjectId, entries: &[Entry]) {
        for entry in entries {
            match entry {
                Entry::Field { key, at, value } => {
                    let value = self.eval(frame, *value);
                    let value = self.bind_receiver(value, object);
                    // What the source does not write stands where its value was handed over.
                    let place = value.origin.as_ref().filter(|_| at.0 == at.1).and_then(|origin| origin.handed);
                    let (place, owner) = place.unwrap_or((linked.module.at(*at), frame));
                    self.write(object, key.clone(), Slot { key: place, frame: owner, value });
                }
                Entry::Computed { key, value } => {
                    let span = linked.module.span(*key);
                    let key = self.eval(frame, *key);
                    let value = self.eval(frame, *value);
                    self.write_element(frame, object, &key, Slot { key: span, frame, value });
                }
                Entry::Spread(value) => {
                    let value = self.eval(frame, *value);
                    self.spread(frame, object, &value);
                }
            }
        }
    }

    /// A method of a record literal has that record as its receiver.
    pub(super) fn bind_receiver(&self, value: Value, object: ObjectId) -> Value {
        let Kind::Function(closure) = &value.kind else {
            return value;
        };
        let has_receiver = self.linked(closure.file).module.function(closure.func).receiver.is_some();
        if !has_receiver || closure.this.is_some() {
            return value;
        }
        let bound = Closure { this: Some(Value::of(Kind::Object(object))), ..Closure::clone(closure) };
        Value { kind: Kind::Function(Rc::new(bound)), origin: value.origin.clone() }
    }

    pub(super) fn instance(&mut self, frame: FrameId, linked: &'p Linked, class: ExprId, entries: &[Entry]) -> Value {
        let class = self.eval(frame, class);
        let class = self.force(&class);
        let kind = match self.class_of_value(&class) {
            Some(class) => ObjectKind::Instance { class, initialised: true },
            None => match &class.kind {
                Kind::Extern(_) => ObjectKind::Foreign { class },
                _ => ObjectKind::Record,
            },
        };
        let object = self.new_object(Object::new(kind, frame));
        self.entries(frame, linked, object, entries);
        Value::of(Kind::Object(object))
    }

    /// Evaluates the arguments of a call.
    pub(super) fn args(&mut self, frame: FrameId, linked: &'p Linked, args: &[crate::ir::Arg]) -> Vec<Arg> {
        args.iter()
            .map(|arg| {
                let value = self.eval(frame, arg.value);
                Arg { name: arg.name.clone(), value, spread: arg.spread, span: linked.module.span(arg.value) }
            })
            .collect()
    }

    /// `base.name` where it is written.
    pub(super) fn read_field(
        &mut self,
        frame: FrameId,
        linked: &Linked,
        base: ExprId,
        name: &Name,
        span: Span,
    ) -> Value {
        let is_receiver = self.is_receiver(linked, base);
        let base = self.eval(frame, base);
        let value = self.field(frame, &base, name, span);
        // `this.user.email` is as much of the state as `this.user`, also where that was handed on.
        let state = base.origin.as_ref().and_then(|origin| origin.state);
        let reader = match state.filter(|(_, reader)| *reader != frame) {
            Some(reader) => Some(reader),
            None => (is_receiver || state.is_some()).then_some((span, frame)),
        };
        match reader.filter(|_| value.is_data()) {
            Some((span, frame)) => value.state_of(span, frame),
            None => value,
        }
    }
}

/// A text made of parts; one text where all parts are known.
pub(super) fn concat(parts: Vec<Value>) -> Value {
    let mut text = String::new();
    for part in &parts {
        match &part.kind {
            Kind::Text(part) => text.push_str(part),
            _ => return Value::of(Kind::Concat(parts.into())),
        }
    }
    Value::text(text)
}
