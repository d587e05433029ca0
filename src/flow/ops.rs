//! What library functions do with their arguments: the operations of the models.

use std::rc::Rc;

use super::call::Site;
use super::eval::Eval;
use super::model::Op;
use super::value::{Arg, Closure, Extern, FrameId, Kind, ObjectKind, Open, Slot, Value};
use crate::ir::{FuncId, Name};

impl<'p> Eval<'p> {
    pub(super) fn apply(&mut self, site: Site, op: Op, receiver: Option<&Value>, mut args: Vec<Arg>) -> Value {
        let frame = site.frame;
        // `copy(x)`, `map(f, xs)`: what a method does to its receiver, a function does to its argument.
        let subject = receiver.is_none().then(|| subject(op, &mut args)).flatten();
        let receiver = receiver.or(subject.as_ref());
        let first = args.first().map_or_else(Value::nothing, |arg| arg.value.clone());
        let this = receiver.cloned().unwrap_or_else(Value::nothing);
        match op {
            Op::Argument => first,
            Op::Receiver => {
                self.escape_args(&args);
                this
            }
            Op::Copy => self.copy(frame, &this),
            Op::Or => self.or_else(site, this, first),
            Op::Default => Value::one_of(std::iter::once(Value::scalar()).chain(default_of(&args))),
            Op::Derived => self.derived(receiver, &args),
            Op::Concat => self.concatenated(frame, &this, &args),
            Op::Text => self.shown(if is_value(&this) { &this } else { &first }),
            Op::Address => self.address(frame, &args),
            Op::Join => self.relative_to(&args),
            Op::Query => self.query_of(frame, &this),
            Op::Scalar => {
                self.escape_args(&args);
                Value::scalar()
            }
            Op::Merge | Op::MergeInto | Op::Merged | Op::Pick | Op::Omit => self.on_records(frame, op, &this, &args),
            Op::Map | Op::Each | Op::Find | Op::Reduce => self.iterate(site, op, &this, &args),
            Op::Element => self.each(frame, &this),
            Op::Entries | Op::Keys | Op::Values => {
                let pairs = self.entries_of(frame, if is_value(&this) { &this } else { &first });
                match op {
                    Op::Keys => self.column(frame, &pairs, "0"),
                    Op::Values => self.column(frame, &pairs, "1"),
                    _ => pairs,
                }
            }
            Op::Set | Op::SetDefault | Op::Push | Op::Take | Op::Get => self.on_receiver(site, op, &this, &args),
            Op::Supply => {
                self.supply(&args);
                Value::scalar()
            }
            Op::Inject => self.take_supplied(frame, &args),
            Op::Instance => self.instance_of(frame, &first),
            Op::Last => args.last().map_or_else(Value::nothing, |arg| arg.value.clone()),
            Op::Import => self.imported(site, &first),
            // Without a provider, a context is its default or what its declared type says.
            Op::Context => self.context(site, Value::one_of(args.into_iter().map(|arg| arg.value))),
            Op::UseContext => self.use_context(frame, &first),
            Op::Then | Op::Call | Op::Bind | Op::Invoke | Op::Apply | Op::Run | Op::RunWith | Op::RunLater => {
                self.run_op(site, op, receiver, args)
            }
            Op::Record | Op::List | Op::Chain | Op::Zip | Op::Narrow => self.collect(frame, op, &this, args),
            Op::State | Op::Ref | Op::Cell | Op::CellOf => self.hold(site, op, &first),
            Op::Unknown => {
                self.escape_args(&args);
                let reason = "what this call returns is not known".into();
                Value::open(Open { ty: None, hole: false, reason, hint: None, source: Some(this) })
            }
        }
    }

    /// Makes something that holds a value.
    fn hold(&mut self, site: Site, op: Op, first: &Value) -> Value {
        let (name, value) = match op {
            Op::State => {
                let setter = Value::scalar();
                let state = self.settable(first);
                return self.list(site.frame, vec![state, setter]);
            }
            Op::CellOf => ("value", self.call_value(site, first, Vec::new())),
            Op::Cell => ("value", self.settable(first)),
            _ => ("current", first.clone()),
        };
        let (object, cell) = self.record(site.frame);
        self.write(object, name.into(), Slot { key: site.span, frame: site.frame, value });
        cell
    }

    /// Merges records, or makes narrower ones.
    fn on_records(&mut self, frame: FrameId, op: Op, this: &Value, args: &[Arg]) -> Value {
        let first = args.first().map_or_else(Value::nothing, |arg| arg.value.clone());
        let others = args.get(1..).unwrap_or_default();
        match op {
            Op::Merge => self.merge(frame, &first, others),
            Op::MergeInto => self.merge(frame, this, args),
            Op::Pick => self.pick(frame, &first, others),
            Op::Omit => {
                let names = self.names(others);
                self.without(frame, &first, &names)
            }
            _ => {
                let (object, merged) = self.record(frame);
                if is_value(this) {
                    self.spread(frame, object, this);
                }
                self.merge(frame, &merged, args)
            }
        }
    }

    /// A copy of a record or list; any other value is itself.
    pub(super) fn copy(&mut self, frame: FrameId, value: &Value) -> Value {
        let Kind::Object(object) = value.kind else { return value.clone() };
        match self.object(object).kind {
            ObjectKind::Record => {
                let (copy, copied) = self.record(frame);
                self.spread(frame, copy, value);
                copied.with_origin(value.origin.clone().filter(|origin| origin.state.is_none()))
            }
            ObjectKind::List => {
                let copy = self.object(object).clone();
                let copy = self.new_object(copy);
                Value::of(Kind::Object(copy)).with_origin(value.origin.clone())
            }
            ObjectKind::Instance { .. } | ObjectKind::Result { .. } | ObjectKind::Foreign { .. } => value.clone(),
        }
    }

    /// Copies the fields of the arguments into a record and returns it.
    pub(super) fn merge(&mut self, frame: FrameId, into: &Value, args: &[Arg]) -> Value {
        let into = self.as_record(frame, into);
        let Kind::Object(object) = into.kind else {
            return into;
        };
        for arg in args {
            if let Some(name) = &arg.name {
                self.write(object, name.clone(), Slot { key: arg.span, frame, value: arg.value.clone() });
                continue;
            }
            if self.is_list(&into) {
                self.push_item(frame, object, arg.value.clone(), true);
                continue;
            }
            // `Object.assign({}, ...list)` copies each element of the list.
            let value = if arg.spread { self.each(frame, &arg.value) } else { arg.value.clone() };
            let value = match value.kind {
                Kind::Object(pairs) if self.is_list_of_pairs(pairs) => self.paired(frame, &value),
                _ => value,
            };
            self.spread(frame, object, &value);
        }
        into
    }

    /// The names given as texts, lists of texts, or keys of a record.
    pub(super) fn names(&mut self, args: &[Arg]) -> Vec<Name> {
        let mut names = Vec::new();
        for arg in args {
            let value = self.force(&arg.value);
            self.collect_names(&value, &mut names, 0);
        }
        names
    }

    pub(super) fn collect_names(&mut self, value: &Value, names: &mut Vec<Name>, depth: usize) {
        if depth > 4 {
            return;
        }
        match &value.kind {
            Kind::Text(name) => names.push(name.clone()),
            Kind::Object(object) => {
                let object = self.object(*object).clone();
                names.extend(object.fields.into_iter().map(|(name, _)| name));
                object.items.iter().for_each(|item| self.collect_names(item, names, depth + 1));
            }
            Kind::OneOf(values) => {
                let values = values.clone();
                values.iter().for_each(|value| self.collect_names(value, names, depth + 1));
            }
            _ => {}
        }
    }

    /// Whether the names that a value gives are known.
    fn says_names(&mut self, value: &Value, depth: usize) -> bool {
        let value = self.force(value);
        match &value.kind {
            Kind::Text(_) | Kind::Class(_) => true,
            Kind::Object(object) => {
                let object = self.object(*object).clone();
                let is_known = matches!(object.kind, ObjectKind::List | ObjectKind::Record) && object.rest.is_empty();
                is_known && depth < 4 && object.items.iter().all(|item| self.says_names(item, depth + 1))
            }
            Kind::OneOf(values) if depth < 4 => {
                let values = values.clone();
                values.iter().all(|value| self.says_names(value, depth + 1))
            }
            _ => false,
        }
    }

    pub(super) fn pick(&mut self, frame: FrameId, from: &Value, args: &[Arg]) -> Value {
        let names = self.names(args);
        if !args.iter().all(|arg| self.says_names(&arg.value, 0)) {
            return self.copy(frame, from);
        }
        let source = self.as_record(frame, from);
        let (object, picked) = self.record(frame);
        for name in names {
            let key = args.first().map_or_else(|| crate::source::Span::new(self.unit.0, 0, 0), |arg| arg.span);
            let own = match source.kind {
                Kind::Object(source) => self.object(source).slot(&name).cloned(),
                _ => None,
            };
            if let Some(slot) = own {
                self.write(object, name, slot);
                continue;
            }
            let value = self.field(frame, &source, &name, key);
            if !matches!(value.kind, Kind::Nothing) {
                self.write(object, name, Slot { key, frame, value });
            }
        }
        picked
    }

    /// Reads and writes by key on the receiver.
    pub(super) fn on_receiver(&mut self, site: Site, op: Op, this: &Value, args: &[Arg]) -> Value {
        let frame = site.frame;
        let this = self.force(this);
        let Some(first) = args.first() else {
            return match op {
                Op::Get | Op::Take => self.each(frame, &this),
                _ => this,
            };
        };
        let key = self.force(&first.value);
        // `container.get(Tracker)`
        if let (Op::Get, Kind::Class(_)) = (op, &key.kind) {
            return self.instance_of(frame, &key);
        }
        for target in this.alternatives().to_vec() {
            let Kind::Object(object) = target.kind else {
                continue;
            };
            match (op, args.get(1)) {
                (Op::Set | Op::SetDefault, Some(value)) => {
                    let slot = Slot { key: first.span, frame, value: value.value.clone() };
                    let known = matches!(&key.kind, Kind::Text(name) if self.object(object).slot(name).is_some());
                    if op == Op::Set || !known {
                        self.write_element(frame, object, &key, slot);
                    }
                }
                (Op::Set | Op::SetDefault | Op::Push, _) => {
                    let items = args.iter().map(|arg| (arg.value.clone(), arg.spread)).collect::<Vec<_>>();
                    for (value, spread) in items {
                        self.push_item(frame, object, value, spread);
                    }
                }
                _ => {}
            }
        }
        match op {
            Op::SetDefault => self.element(frame, &this, &key, site.span),
            Op::Get | Op::Take => self.got(site, op, &this, &key, args.get(1)),
            _ => this,
        }
    }

    /// What stands under a key, or else what the call says.
    fn got(&mut self, site: Site, op: Op, this: &Value, key: &Value, other: Option<&Arg>) -> Value {
        let value = match self.is_filled_elsewhere(this) {
            true => Value::open(Open {
                ty: None,
                hole: false,
                reason: "what was put into this collection elsewhere is not known".into(),
                hint: None,
                source: Some(this.clone()),
            }),
            false => self.element(site.frame, this, key, site.span),
        };
        let mut is_there = false;
        if let (Kind::Object(object), Kind::Text(name)) = (&this.kind, &key.kind) {
            is_there = self.object(*object).slot(name).is_some();
            if op == Op::Take {
                self.erase(*object, name);
            }
        }
        match other.filter(|_| !is_there) {
            Some(other) if matches!(value.kind, Kind::Nothing) => other.value.clone(),
            Some(other) => Value::one_of([value, other.value.clone()]),
            None => value,
        }
    }

    /// Whether a collection is empty because it belongs to a module and other functions fill it.
    pub(super) fn is_filled_elsewhere(&self, value: &Value) -> bool {
        let Kind::Object(object) = value.kind else {
            return false;
        };
        let object = self.object(object);
        let is_empty = object.fields.is_empty() && object.items.is_empty() && object.rest.is_empty();
        is_empty
            && matches!(object.kind, ObjectKind::Record | ObjectKind::List)
            && self.frame(object.frame).func == FuncId::BODY
    }

    /// `f.bind(this, a)`, `partial(f, a)`.
    pub(super) fn filled_in(&mut self, this: &Value, first: &Value, args: Vec<Arg>) -> Value {
        let (function, bound) = match &this.kind {
            Kind::Function(_) | Kind::Extern(_) => (this, args),
            _ => (first, args),
        };
        let bound = bound.into_iter().skip(1);
        match &function.kind {
            Kind::Function(closure) => {
                let mut closure = Closure::clone(closure);
                closure.bound.extend(bound);
                Value::of(Kind::Function(Rc::new(closure)))
            }
            Kind::Extern(_) => Value::of(Kind::Extern(Rc::new(Extern::Filled(function.clone(), bound.collect())))),
            _ => function.clone(),
        }
    }
}

/// What a call says is meant where nothing is there.
fn default_of(args: &[Arg]) -> Option<Value> {
    let named = args.iter().find(|arg| arg.name.as_deref() == Some("default"));
    named.or_else(|| args.get(1).filter(|arg| arg.name.is_none())).map(|arg| arg.value.clone())
}

/// What a function does to what a method does to its receiver: its first argument, or its second where it is given what
/// to call first (`map(f, xs)`).
fn subject(op: Op, args: &mut Vec<Arg>) -> Option<Value> {
    let is_function = |at: usize| args.get(at).is_some_and(|arg| matches!(arg.value.kind, Kind::Function(_)));
    let at = match op {
        Op::Map | Op::Each | Op::Find | Op::Reduce => {
            usize::from(args.len() > 1 && !args[0].value.is_data() && !is_function(1))
        }
        Op::Receiver | Op::Copy | Op::Element | Op::Set | Op::SetDefault | Op::Push => 0,
        Op::Take | Op::Get | Op::MergeInto | Op::Narrow | Op::Run => 0,
        _ => return None,
    };
    (at < args.len()).then(|| args.remove(at).value)
}

/// Whether a receiver is a value and not the namespace of the function (`Object` in `Object.keys`).
fn is_value(value: &Value) -> bool {
    !matches!(&value.kind, Kind::Nothing)
        && !matches!(&value.kind, Kind::Extern(path) if matches!(**path, Extern::Package(_) | Extern::Global(_)))
}
