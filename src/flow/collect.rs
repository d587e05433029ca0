//! Collections that library functions make of their arguments: of pairs, of several lists, of some fields of a record.

use super::eval::Eval;
use super::model::Op;
use super::types::Resolved;
use super::value::{Arg, ClassRef, Extern, FrameId, Kind, Object, ObjectId, ObjectKind, Slot, Value};
use crate::ir::{Name, Serial};

/// How deep a record may name fields of fields.
const MOST_DEPTH: usize = 8;

impl<'p> Eval<'p> {
    /// The operations that make a collection.
    pub(super) fn collect(&mut self, frame: FrameId, op: Op, this: &Value, args: Vec<Arg>) -> Value {
        match op {
            Op::Record => self.record_of(frame, args),
            Op::Chain => self.chained(frame, args),
            Op::Zip => self.zipped(frame, &args),
            Op::Narrow => self.narrowed(frame, this, &args),
            _ => self.collected(frame, &args),
        }
    }

    /// A record of the pairs in the first argument, and of what is given by name.
    fn record_of(&mut self, frame: FrameId, args: Vec<Arg>) -> Value {
        let (named, positional): (Vec<Arg>, Vec<Arg>) = args.into_iter().partition(|arg| arg.name.is_some());
        let pairs = positional.into_iter().next().map_or_else(Value::nothing, |arg| arg.value);
        // `defaultdict(list)` is given what makes a value that it lacks.
        let is_maker = match &pairs.kind {
            Kind::Function(_) | Kind::Class(_) => true,
            Kind::Extern(path) => matches!(**path, Extern::Global(_)),
            _ => false,
        };
        let pairs = if is_maker { Value::nothing() } else { pairs };
        let record = self.paired(frame, &pairs);
        self.merge(frame, &record, &named)
    }

    /// A record of `(key, value)` pairs, of another record's fields, or an empty one.
    pub(super) fn paired(&mut self, frame: FrameId, pairs: &Value) -> Value {
        let (object, record) = self.record(frame);
        let pairs = self.force(pairs);
        for alternative in pairs.alternatives().to_vec() {
            let Kind::Object(list) = alternative.kind else {
                self.spread(frame, object, &alternative);
                continue;
            };
            if !matches!(self.object(list).kind, ObjectKind::List) {
                self.spread(frame, object, &alternative);
                continue;
            }
            let items: Vec<Value> = self.object(list).items.iter().chain(&self.object(list).rest).cloned().collect();
            for item in items.iter().flat_map(|item| item.alternatives().to_vec()) {
                self.add_pair(frame, object, &item);
            }
        }
        record
    }

    pub(super) fn add_pair(&mut self, frame: FrameId, object: ObjectId, pair: &Value) {
        let span = pair.origin.as_ref().map_or_else(|| self.span_of(frame), |origin| origin.span);
        let pair_frame = pair.origin.as_ref().map_or(frame, |origin| origin.frame);
        let key = self.field(frame, pair, &"0".into(), span);
        let value = self.field(frame, pair, &"1".into(), span);
        let place = key.origin.as_ref().map_or((span, pair_frame), |origin| (origin.span, origin.frame));
        self.write_element(frame, object, &key, Slot { key: place.0, frame: place.1, value });
    }

    pub(super) fn collected(&mut self, frame: FrameId, args: &[Arg]) -> Value {
        if let [only] = args
            && !only.spread
        {
            let value = self.force(&only.value);
            let is_list =
                matches!(value.kind, Kind::Object(object) if matches!(self.object(object).kind, ObjectKind::List));
            if is_list || matches!(value.kind, Kind::Open(_) | Kind::OneOf(_)) {
                return value;
            }
        }
        let list = self.new_object(Object::new(ObjectKind::List, frame));
        for arg in args {
            self.push_item(frame, list, arg.value.clone(), arg.spread);
        }
        Value::of(Kind::Object(list))
    }

    /// A list of the elements of several collections.
    fn chained(&mut self, frame: FrameId, args: Vec<Arg>) -> Value {
        let list = self.new_object(Object::new(ObjectKind::List, frame));
        for arg in args {
            self.push_item(frame, list, arg.value, true);
        }
        Value::of(Kind::Object(list))
    }

    /// A list of pairs of the elements at the same place. Where a list is not known, any of its elements may stand there.
    fn zipped(&mut self, frame: FrameId, args: &[Arg]) -> Value {
        let columns: Vec<Value> = args.iter().map(|arg| self.force(&arg.value)).collect();
        let items = |eval: &Self, value: &Value| match value.kind {
            Kind::Object(list) if eval.is_list(value) && eval.object(list).rest.is_empty() => {
                Some(eval.object(list).items.clone())
            }
            _ => None,
        };
        let known: Vec<Option<Vec<Value>>> = columns.iter().map(|column| items(self, column)).collect();
        let length = known.iter().flatten().map(Vec::len).min().unwrap_or(1);
        let mut rows = Vec::new();
        for at in 0..length {
            let mut row = Vec::new();
            for (column, known) in columns.iter().zip(&known) {
                row.push(match known {
                    Some(items) => items[at].clone(),
                    None => self.each(frame, column),
                });
            }
            let origin = row.first().and_then(|key| key.origin.clone());
            rows.push(self.list(frame, row).with_origin(origin));
        }
        self.list(frame, rows)
    }

    /// A record of some of the fields of a value.
    fn narrowed(&mut self, frame: FrameId, value: &Value, args: &[Arg]) -> Value {
        let named = |names: &[&str]| {
            let is_meant = |arg: &&Arg| arg.name.as_deref().is_some_and(|name| names.contains(&name));
            args.iter().find(is_meant).filter(|arg| !matches!(arg.value.kind, Kind::Nothing)).cloned()
        };
        let only = named(&["include", "fields", "only"]);
        let by_alias = named(&["by_alias"]).is_some_and(|arg| matches!(arg.value.kind, Kind::Bool(true)));
        let mut record = self.plain_record(frame, value, by_alias);
        if let Some(only) = only {
            record = self.pick(frame, &record, &[only]);
        }
        if let Some(exclude) = named(&["exclude"]) {
            record = self.excluded(frame, &record, &exclude.value, 0);
        }
        match named(&["update"]) {
            Some(update) => self.merge(frame, &record, &[Arg { name: None, ..update }]),
            None => record,
        }
    }

    /// A record of the fields of an instance or of what is known by its type, under their names in the code, or those
    /// they are sent by.
    fn plain_record(&mut self, frame: FrameId, value: &Value, by_alias: bool) -> Value {
        let value = self.force(value);
        if let Kind::OneOf(values) = &value.kind {
            let values = values.clone();
            let records: Vec<Value> = values.iter().map(|value| self.plain_record(frame, value, by_alias)).collect();
            return Value::one_of(records);
        }
        let (object, record) = self.record(frame);
        self.spread(frame, object, &value);
        if let Kind::Object(source) = value.kind
            && let ObjectKind::Instance { class, .. } = self.object(source).kind
        {
            for name in self.of_class_only(class, object) {
                self.erase(object, &name);
            }
            self.add_unset(frame, &value, class, object);
        }
        let mut renamed: Vec<(Name, Name)> = Vec::new();
        match &value.kind {
            Kind::Object(source) if by_alias => {
                let kind = self.object(*source).kind.clone();
                let names = self.object(object).fields.iter().map(|(name, _)| name);
                renamed.extend(names.map(|name| (name.clone(), self.serialised(&kind, name).0)));
            }
            Kind::Open(open) if !by_alias => {
                let resolved = open.ty.as_ref().map(|ty| self.resolve(ty)).unwrap_or_default();
                for fields in resolved {
                    if let Resolved::Record(fields, _) = fields {
                        renamed.extend(fields.into_iter().map(|field| (field.wire, field.name)));
                    }
                }
            }
            _ => {}
        }
        for (before, after) in renamed {
            let at = self.object(object).fields.iter().position(|(name, _)| *name == before);
            if let (Some(at), true) = (at, before != after) {
                self.object_mut(object).fields[at].0 = after;
            }
        }
        record.with_origin(value.origin)
    }

    /// Adds the declared fields of an instance that nothing which was read gave a value.
    fn add_unset(&mut self, frame: FrameId, instance: &Value, class: ClassRef, object: ObjectId) {
        let key = instance.origin.as_ref().map_or_else(|| self.span_of(frame), |origin| origin.span);
        let owner = instance.origin.as_ref().map_or(frame, |origin| origin.frame);
        let kind = ObjectKind::Instance { class, initialised: true };
        for name in self.declared_fields(class) {
            let is_sent = self.serialised(&kind, &name).1 != Serial::Skipped;
            if is_sent && self.object(object).slot(&name).is_none() {
                let value = self.unset_field(class, instance, &name);
                self.write(object, name, Slot { key, frame: owner, value });
            }
        }
    }

    /// The fields of a record of an instance that belong to its class and are declared for no instance.
    fn of_class_only(&self, class: ClassRef, object: ObjectId) -> Vec<Name> {
        let declared = self.declared_fields(class);
        let ancestry = self.ancestry(class);
        let is_static = |name: &Name| {
            let mut classes = ancestry.iter().map(|class| self.linked(class.file).module.class(class.class));
            !declared.contains(name) && classes.any(|class| class.statics.iter().any(|(key, _)| key == name))
        };
        let names = self.object(object).fields.iter().map(|(name, _)| name);
        names.filter(|name| is_static(name)).cloned().collect()
    }

    /// A record without the fields that a list or a (nested) record names.
    fn excluded(&mut self, frame: FrameId, record: &Value, exclude: &Value, depth: usize) -> Value {
        let exclude = self.force(exclude);
        let mut names = Vec::new();
        let nested = match exclude.kind {
            Kind::Object(object) if depth < MOST_DEPTH => self.object(object).fields.clone(),
            _ => Vec::new(),
        };
        let is_whole = |slot: &Slot| !matches!(slot.value.kind, Kind::Object(_));
        match nested.is_empty() {
            true => self.collect_names(&exclude, &mut names, 0),
            false => names.extend(nested.iter().filter(|(_, slot)| is_whole(slot)).map(|(name, _)| name.clone())),
        }
        let left = self.without(frame, record, &names);
        let Kind::Object(object) = left.kind else { return left };
        for (name, inner) in nested.into_iter().filter(|(_, slot)| !is_whole(slot)) {
            if let Some(slot) = self.object(object).slot(&name).cloned() {
                let value = self.excluded(frame, &slot.value, &inner.value, depth + 1);
                self.write(object, name, Slot { value, ..slot });
            }
        }
        left
    }
}
