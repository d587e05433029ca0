//! Reads of fields and elements, and values that are computed when they are needed.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::call::{Site, Statement};
use super::eval::{Eval, LIMIT};
use super::value::{
    Arg, ClassRef, Closure, Extern, FrameId, Kind, Lazy, Object, ObjectId, ObjectKind, Open, Slot, Value,
};
use crate::ir::{FuncId, Name};
use crate::source::Span;

impl<'p> Eval<'p> {
    /// `base.name`.
    pub(super) fn field(&mut self, frame: FrameId, base: &Value, name: &Name, span: Span) -> Value {
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let value = self.field_inner(frame, base, name, span);
        self.depth -= 1;
        value
    }

    fn field_inner(&mut self, frame: FrameId, base: &Value, name: &Name, span: Span) -> Value {
        match &base.kind {
            Kind::Nothing => Value::nothing(),
            Kind::Text(_) | Kind::Scalar | Kind::Concat(_) => Value::scalar(),
            Kind::Object(object) => self.object_field(frame, base, *object, name, span),
            Kind::Function(_) => Value::unknown("a field of a function is not followed"),
            Kind::Class(class) => self.static_field(*class, name),
            Kind::Namespace(file) => {
                let binding = self.program.lookup(*file, std::slice::from_ref(name), &mut FxHashSet::default());
                self.binding(binding)
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

    fn open_field(&mut self, frame: FrameId, base: &Value, open: &Open, name: &Name) -> Value {
        let ty = open.ty.as_ref().and_then(|ty| self.type_field(ty, name));
        if ty.is_none()
            && let Some(ty) = &open.ty
            && let Some(class) = self.classes_of_type(ty).into_iter().next()
        {
            let this = self.symbolic(frame, class, open.hole);
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
        Value::open(Open { ty, hole: open.hole, reason, hint: open.hint.clone(), source: Some(base.clone()) })
    }

    fn object_field(&mut self, frame: FrameId, base: &Value, id: ObjectId, name: &Name, span: Span) -> Value {
        let object = self.object(id);
        let slot = object.slot(name).cloned();
        match &object.kind {
            ObjectKind::Instance { class, .. } => {
                let class = *class;
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
    fn passed(&self, slot: Slot, frame: FrameId) -> Value {
        if slot.frame == frame
            || self.frame(slot.frame).file != self.frame(frame).file && self.is_inside(slot.frame, frame)
        {
            return slot.value;
        }
        if self.is_inside(slot.frame, frame) { slot.value } else { slot.value.handed(slot.key, slot.frame) }
    }

    /// Whether `inner` was called, directly or not, by `outer`.
    fn is_inside(&self, inner: FrameId, outer: FrameId) -> bool {
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
    fn rest_field(&mut self, frame: FrameId, id: ObjectId, name: &Name, span: Span) -> Option<Value> {
        let rest = self.object(id).rest.clone();
        if rest.is_empty() {
            return None;
        }
        let values: Vec<Value> = rest.iter().map(|value| self.field(frame, value, name, span)).collect();
        Some(Value::one_of(values))
    }

    /// A field of an instance: as written, as a method, or as the methods that write it would.
    fn instance_member(
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
                Some(ty) => self.annotate(value, &ty),
                None => value,
            });
        }
        if let Some((method, is_getter)) = self.method_entry(class, name, false) {
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

    /// What the methods of a class other than the constructor write to a field.
    fn written_by_methods(
        &mut self,
        frame: FrameId,
        this: &Value,
        id: ObjectId,
        class: ClassRef,
        name: &Name,
    ) -> Option<Value> {
        let mut values: Vec<Value> = Vec::new();
        for class in self.ancestry(class) {
            let linked = self.linked(class.file);
            let constructor = self.method(class, &"constructor".into()).map(|method| method.func);
            let writers = linked.index.field_writes.get(&(class.class, name.clone())).cloned().unwrap_or_default();
            for func in writers {
                let key = (class.file, func);
                let init = linked.module.class(class.class).init;
                if Some(func) == constructor || Some(func) == init || self.running.contains(&key) {
                    continue;
                }
                let closure =
                    Closure { file: class.file, func, frame: None, this: Some(this.clone()), bound: Vec::new() };
                let trail = std::mem::take(&mut self.trail);
                self.quiet += 1;
                self.run_open(&closure, true, Some(frame));
                self.quiet -= 1;
                self.trail = trail;
                if let Some(slot) = self.object(id).slot(name) {
                    values.push(slot.value.clone());
                }
            }
        }
        if values.is_empty() {
            return self.made_with(frame, id, class, name);
        }
        let value = Value::one_of(values);
        if let Some(slot) = self.object(id).slot(name).cloned() {
            self.put(id, name.clone(), Some(Slot { value: value.clone(), ..slot }));
        }
        Some(value)
    }

    /// What the functions of a class that make its instances give a field (`fn new() -> Self`).
    fn made_with(&mut self, frame: FrameId, id: ObjectId, class: ClassRef, name: &Name) -> Option<Value> {
        let linked = self.linked(class.file);
        let declared = linked.module.class(class.class);
        let makes_one = |func: FuncId| {
            let returns = linked.module.function(func).returns;
            returns.and_then(|ty| self.program.class_of(linked, ty)) == Some(class)
        };
        let statics = declared.methods.iter().filter(|method| method.is_static).map(|method| method.function);
        let makers: Vec<FuncId> = statics.filter(|func| makes_one(*func)).collect();
        let mut found: Option<Slot> = None;
        for func in makers {
            let closure = Closure { file: class.file, func, frame: None, this: None, bound: Vec::new() };
            let trail = std::mem::take(&mut self.trail);
            self.quiet += 1;
            let made = self.run_open(&closure, true, Some(frame));
            self.quiet -= 1;
            self.trail = trail;
            for made in made.alternatives() {
                let Kind::Object(object) = made.kind else { continue };
                if object != id
                    && let Some(slot) = self.object(object).slot(name).cloned()
                {
                    found = Some(match found {
                        Some(before) => Slot { value: Value::one_of([before.value, slot.value]), ..slot },
                        None => slot,
                    });
                }
            }
        }
        let slot = found?;
        self.put(id, name.clone(), Some(slot.clone()));
        Some(slot.value)
    }

    /// A field that nothing writes: what its declaration says.
    fn unset_field(&mut self, class: ClassRef, this: &Value, name: &Name) -> Value {
        if let Some(value) = self.made_field(class, name) {
            return value;
        }
        let ty = self.declared_field(class, name);
        let reason = format!("nothing that was read gives `{name}` a value");
        Value::open(Open { ty, hole: true, reason: reason.into(), hint: None, source: Some(this.clone()) })
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

    fn element_inner(&mut self, frame: FrameId, base: &Value, key: &Value, span: Span) -> Value {
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
    fn any_value(&mut self, frame: FrameId, base: &Value) -> Value {
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

    fn each_inner(&mut self, frame: FrameId, base: &Value) -> Value {
        match &base.kind {
            Kind::Object(id) => {
                let current = self.current.iter().rev().find(|(within, list, _)| *within == frame && list == id);
                if let Some((_, _, item)) = current {
                    return item.clone();
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
            Kind::Text(_) | Kind::Scalar | Kind::Concat(_) => Value::scalar(),
            Kind::Function(_) | Kind::Class(..) | Kind::Namespace(_) => Value::unknown("its elements are not followed"),
        }
    }

    /// The elements of a map: pairs of a key and a value.
    fn pairs(&mut self, frame: FrameId, base: &Value) -> Value {
        let entries = self.entries_of(frame, base);
        self.each(frame, &entries)
    }

    /// The `[key, value]` pairs of a record, as a list.
    pub(super) fn entries_of(&mut self, frame: FrameId, base: &Value) -> Value {
        let base = self.force(base);
        let list = self.new_object(Object::new(ObjectKind::List, frame));
        for record in base.alternatives() {
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
            for rest in self.object(id).rest.clone() {
                let pair = self.new_object(Object::new(ObjectKind::List, frame));
                self.object_mut(pair).items = vec![Value::unknown("the keys of this value are not known"), rest];
                self.object_mut(list).add_item(Value::of(Kind::Object(pair)));
            }
        }
        Value::of(Kind::Object(list))
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

    fn without_fields(&mut self, frame: FrameId, base: &Value, names: &[Name]) -> Value {
        let base = self.force(base);
        if let Kind::OneOf(values) = &base.kind {
            let values = values.clone();
            return Value::one_of(values.iter().map(|value| self.without(frame, value, names)).collect::<Vec<_>>());
        }
        if matches!(base.kind, Kind::Nothing | Kind::Scalar | Kind::Text(_)) {
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

    pub(super) fn done(&self, value: &Value) -> Option<Value> {
        match &value.kind {
            Kind::Lazy(cell) => match &*cell.borrow() {
                Lazy::Done(value) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn is_done(&self, value: &Value) -> bool {
        self.done(value).is_some()
    }

    /// The value itself, computed now if it was put off.
    pub(super) fn force(&mut self, value: &Value) -> Value {
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let value = self.force_inner(value);
        self.depth -= 1;
        value
    }

    fn force_inner(&mut self, value: &Value) -> Value {
        match &value.kind {
            Kind::Lazy(cell) => {
                if let Some(done) = self.done(value) {
                    return done.passed_by(value.origin.as_ref());
                }
                let state = cell.replace(Lazy::Busy);
                self.quiet += 1;
                self.depth += 1;
                let result = self.compute(state);
                self.depth -= 1;
                self.quiet -= 1;
                cell.replace(Lazy::Done(result.clone()));
                result.passed_by(value.origin.as_ref())
            }
            Kind::OneOf(values) if values.iter().any(|value| matches!(value.kind, Kind::Lazy(_))) => {
                let values = values.clone();
                let forced: Vec<Value> = values.iter().map(|value| self.force(value)).collect();
                Value::one_of(forced).with_origin(value.origin.clone())
            }
            _ => value.clone(),
        }
    }

    fn compute(&mut self, state: Lazy) -> Value {
        let busy = || Value::unknown("it depends on itself");
        if self.depth > super::eval::MOST_DEPTH {
            return Value::unknown("it lies beyond the limit of what is followed");
        }
        let value = match state {
            Lazy::Busy => busy(),
            Lazy::Done(value) => value,
            Lazy::Import(file, import) => {
                let binding = self.program.import(self.linked(file), import);
                self.binding(binding)
            }
            Lazy::Call { callee, args, frame, span } => {
                let site = Site { frame, span, statement: Statement::No };
                match put_off_field(&callee) {
                    Some((base, name)) => {
                        let base = self.force(&base);
                        match base.kind {
                            Kind::Lazy(_) => busy(),
                            _ => self.call_method(site, &base, &name, args.to_vec()),
                        }
                    }
                    None => {
                        let callee = self.force(&callee);
                        self.call_now(site, &callee, args.to_vec())
                    }
                }
            }
            Lazy::Method { receiver, name, args, frame, span } => {
                let receiver = self.force(&receiver);
                match receiver.kind {
                    Kind::Lazy(_) => busy(),
                    _ => self.call_method(
                        Site { frame, span, statement: Statement::No },
                        &receiver,
                        &name,
                        args.to_vec(),
                    ),
                }
            }
            Lazy::Field(base, name) => {
                let base = self.force(&base);
                let (frame, span) = self.place_of(&base);
                match base.kind {
                    Kind::Lazy(_) => busy(),
                    _ => self.field(frame, &base, &name, span),
                }
            }
            Lazy::Each(base) => {
                let base = self.force(&base);
                let (frame, _) = self.place_of(&base);
                match base.kind {
                    Kind::Lazy(_) => busy(),
                    _ => self.each(frame, &base),
                }
            }
        };
        match value.kind {
            Kind::Lazy(_) => self.force(&value),
            _ => value,
        }
    }

    /// Some activation and place for a value that is computed later.
    fn place_of(&mut self, value: &Value) -> (FrameId, Span) {
        match &value.origin {
            Some(origin) => (origin.frame, origin.span),
            None => {
                let frame = self.module_frame(self.unit.0);
                (frame, Span::new(self.unit.0, 0, 0))
            }
        }
    }

    /// Calls without putting it off.
    fn call_now(&mut self, site: Site, callee: &Value, args: Vec<Arg>) -> Value {
        match &callee.kind {
            Kind::Function(closure) => {
                let closure = closure.clone();
                self.called.insert((closure.file, closure.func));
                self.run_function(site, &closure, args)
            }
            Kind::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|value| self.call_now(site, value, args.clone())).collect::<Vec<_>>())
            }
            Kind::Lazy(_) => Value::unknown("it depends on itself"),
            _ => self.call_value(site, callee, args),
        }
    }
}

/// The receiver and the name of a method that was put off: what it does may depend on both.
fn put_off_field(callee: &Value) -> Option<(Value, Name)> {
    match &callee.kind {
        Kind::Lazy(cell) => match &*cell.borrow() {
            Lazy::Field(base, name) => Some((base.clone(), name.clone())),
            _ => None,
        },
        _ => None,
    }
}
