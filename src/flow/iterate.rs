//! Library functions that call back: with the elements of a collection, with the result of a promise.

use super::call::Site;
use super::eval::Eval;
use super::model::Op;
use super::value::{Arg, Extern, FrameId, Kind, Object, ObjectKind, Value};
use crate::ir::Name;

impl<'p> Eval<'p> {
    /// Calls a callback with the elements of a collection.
    pub(super) fn iterate(&mut self, site: Site, op: Op, this: &Value, args: &[Arg]) -> Value {
        let this = if matches!(this.kind, Kind::Lazy(_)) { self.force(this) } else { this.clone() };
        let element = if self.is_collection(&this) { self.each(site.frame, &this) } else { this.clone() };
        // What is known of an element alone is where the collection comes from.
        let element = match element.origin {
            Some(_) => element,
            None => element.with_origin(this.origin.clone()),
        };
        let Some(callback) = args.first() else {
            return this;
        };
        if matches!(callback.value.kind, Kind::Function(_))
            && let Some(items) = self.distinct_items(&this)
        {
            return self.iterate_items(site, op, this, items, args);
        }
        let given = match op {
            Op::Reduce => vec![args.get(1).map_or_else(Value::nothing, |arg| arg.value.clone()), element.clone()],
            _ => vec![element.clone()],
        };
        let given =
            given.into_iter().map(|value| Arg { name: None, value, spread: false, span: callback.span }).collect();
        let result = self.call_value(site, &callback.value, given);
        match op {
            Op::Map if self.is_collection(&this) => {
                let list = self.new_object(Object::new(ObjectKind::List, site.frame));
                let nested = self.is_collection(&result) && matches!(result.kind, Kind::Object(_));
                // `flatMap` and `map` share a model: a list of lists is seldom sent.
                self.push_item(site.frame, list, result, nested);
                Value::of(Kind::Object(list))
            }
            Op::Map | Op::Reduce => result,
            Op::Find => element,
            _ => this,
        }
    }

    /// Calls a callback with each of some elements by itself.
    pub(super) fn iterate_items(&mut self, site: Site, op: Op, this: Value, items: Vec<Value>, args: &[Arg]) -> Value {
        let callback = &args[0];
        let mut accumulated = args.get(1).map_or_else(Value::nothing, |arg| arg.value.clone());
        let list = self.new_object(Object::new(ObjectKind::List, site.frame));
        for item in &items {
            let given = match op {
                Op::Reduce => vec![accumulated.clone(), item.clone()],
                _ => vec![item.clone()],
            };
            let given = given.into_iter();
            let given = given.map(|value| Arg { name: None, value, spread: false, span: callback.span }).collect();
            let result = self.call_value(site, &callback.value, given);
            match op {
                Op::Reduce => accumulated = result,
                Op::Map => {
                    let nested = self.is_list(&result) && !self.is_pair(&result);
                    self.push_item(site.frame, list, result, nested);
                }
                _ => {}
            }
        }
        match op {
            Op::Map => Value::of(Kind::Object(list)),
            Op::Reduce => accumulated,
            Op::Find => Value::one_of(items),
            _ => this,
        }
    }

    /// The elements of a collection and of others; of texts, a text.
    pub(super) fn concatenated(&mut self, frame: FrameId, this: &Value, args: &[Arg]) -> Value {
        let this = self.force(this);
        if !this.alternatives().iter().any(|one| matches!(one.kind, Kind::Object(_) | Kind::Open(_))) {
            return self.derived(Some(&this), args);
        }
        let list = self.new_object(Object::new(ObjectKind::List, frame));
        self.push_item(frame, list, this.clone(), true);
        for arg in args {
            let value = self.force(&arg.value);
            let spread = value.alternatives().iter().any(|one| self.is_list(one) || matches!(one.kind, Kind::Open(_)));
            self.push_item(frame, list, value, spread);
        }
        Value::of(Kind::Object(list)).with_origin(this.origin)
    }

    pub(super) fn is_list(&self, value: &Value) -> bool {
        matches!(value.kind, Kind::Object(object) if matches!(self.object(object).kind, ObjectKind::List))
    }

    /// Whether a value is a list of a text and another value: a key and what stands under it.
    pub(super) fn is_pair(&self, value: &Value) -> bool {
        let Kind::Object(object) = value.kind else {
            return false;
        };
        let items = &self.object(object).items;
        items.len() == 2 && matches!(items[0].kind, Kind::Text(_))
    }

    pub(super) fn is_collection(&mut self, value: &Value) -> bool {
        match &value.kind {
            Kind::Object(object) => {
                !matches!(self.object(*object).kind, ObjectKind::Record | ObjectKind::Instance { .. })
            }
            Kind::Open(open) => {
                let open = open.clone();
                match &open.ty {
                    Some(ty) => self.type_element(ty).is_some(),
                    None => true,
                }
            }
            Kind::OneOf(values) => {
                let values = values.clone();
                values.iter().any(|value| self.is_collection(value))
            }
            Kind::Extern(path) => matches!(**path, Extern::Member(..) | Extern::Element(_)),
            _ => false,
        }
    }

    /// Calls the callback with the receiver: a promise of a value is the value.
    pub(super) fn then(&mut self, site: Site, this: Value, args: &[Arg]) -> Value {
        let Some(callback) = args.first() else {
            return this;
        };
        let given = vec![Arg { name: None, value: this, spread: false, span: callback.span }];
        match &callback.value.kind {
            Kind::Function(closure) => {
                let closure = closure.clone();
                self.called.insert((closure.file, closure.func));
                self.run_function(site, &closure, given)
            }
            _ => self.call_value(site, &callback.value, given),
        }
    }

    pub(super) fn column(&mut self, frame: FrameId, pairs: &Value, name: &str) -> Value {
        let Kind::Object(list) = pairs.kind else {
            return pairs.clone();
        };
        let name: Name = name.into();
        let items = self.object(list).items.clone();
        let values = items
            .iter()
            .map(|pair| {
                let span = pair
                    .origin
                    .as_ref()
                    .map_or_else(|| crate::source::Span::new(self.unit.0, 0, 0), |origin| origin.span);
                self.field(frame, pair, &name, span)
            })
            .collect();
        self.list(frame, values)
    }
}
