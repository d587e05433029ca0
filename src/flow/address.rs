//! Texts that are more than texts: addresses with a query that can be changed, and those that show an instance.

use super::eval::Eval;
use super::model::Op;
use super::value::{Arg, FrameId, Kind, Object, ObjectId, ObjectKind, Value};
use crate::ir::Name;

impl<'p> Eval<'p> {
    /// `new URL(text)`, `new URL(path, base)`: the text, and the record of what its query gets later.
    pub(super) fn address(&mut self, frame: FrameId, args: &[Arg]) -> Value {
        let part = |at: usize| args.get(at).map(|arg| arg.value.clone());
        let Some(text) = part(0) else {
            return Value::scalar();
        };
        let text = self.force(&text);
        let mut parts = match part(1).map(|base| self.force(&base)) {
            Some(base) if base.is_data() && !is_absolute(&text) => relative(&base, text),
            _ => vec![text],
        };
        let has_query = parts.iter().any(|part| self.has_query(part, 0));
        parts.push(Value::text(if has_query { "&" } else { "?" }));
        let query = self.new_object(Object::new(ObjectKind::Record, frame));
        parts.push(Value::of(Kind::Object(query)));
        Value::of(Kind::Concat(parts.into()))
    }

    fn has_query(&self, value: &Value, depth: usize) -> bool {
        match &value.kind {
            Kind::Text(text) => text.contains('?'),
            Kind::Concat(parts) | Kind::OneOf(parts) if depth < 4 => {
                parts.iter().any(|part| self.has_query(part, depth + 1))
            }
            _ => false,
        }
    }

    /// The query of an address.
    pub(super) fn query_of(&mut self, frame: FrameId, address: &Value) -> Value {
        let address = self.force(address);
        let queries: Vec<Value> = address.alternatives().iter().filter_map(|one| self.query(one)).collect();
        match queries.is_empty() {
            true => Value::of(Kind::Object(self.new_object(Object::new(ObjectKind::Record, frame)))),
            false => Value::one_of(queries),
        }
    }

    /// `url.join("track")`: what follows the path of an address stands before its query.
    pub(super) fn joined(&self, address: &Value, args: &[Arg]) -> Option<Value> {
        self.query(address)?;
        let Kind::Concat(parts) = &address.kind else {
            return None;
        };
        let (base, query) = parts.split_at(parts.len() - 2);
        let args: Vec<Value> = args.iter().map(|arg| arg.value.clone()).collect();
        let (last, before) = base.split_last()?;
        let last = ended(last, args.first().is_none_or(starts_with_slash));
        let path = before.iter().cloned().chain([last]).chain(args);
        let parts: Vec<Value> = path.chain(query.iter().cloned()).collect();
        Some(Value::of(Kind::Concat(parts.into())))
    }

    /// `urljoin(base, path)`.
    pub(super) fn relative_to(&mut self, args: &[Arg]) -> Value {
        let part = |at: usize| args.get(at).map_or_else(Value::nothing, |arg| arg.value.clone());
        let (base, path) = (self.force(&part(0)), self.force(&part(1)));
        let parts = if is_absolute(&path) { vec![path] } else { relative(&base, path) };
        Value::of(Kind::Concat(parts.into()))
    }

    /// The parts of a text that are written: an address without a query ends before it.
    pub(super) fn written<'v>(&self, parts: &'v [Value]) -> &'v [Value] {
        match parts {
            [path @ .., _, Value { kind: Kind::Object(query), .. }] if self.is_empty_record(*query) => path,
            _ => parts,
        }
    }

    pub(super) fn is_empty_record(&self, object: ObjectId) -> bool {
        let object = self.object(object);
        matches!(object.kind, ObjectKind::Record) && object.fields.is_empty() && object.rest.is_empty()
    }

    fn query(&self, address: &Value) -> Option<Value> {
        let Kind::Concat(parts) = &address.kind else {
            return None;
        };
        let [.., mark, last] = &**parts else {
            return None;
        };
        let is_mark = matches!(&mark.kind, Kind::Text(text) if matches!(&**text, "?" | "&"));
        let is_record =
            matches!(last.kind, Kind::Object(object) if matches!(self.object(object).kind, ObjectKind::Record));
        (is_mark && is_record).then(|| last.clone())
    }

    /// A field of a text: of an address that is one.
    pub(super) fn text_member(&mut self, frame: FrameId, text: &Value, name: &Name) -> Value {
        match self.member_op(frame, name) {
            Some(Op::Receiver) => text.clone(),
            Some(Op::Query) => self.query_of(frame, text),
            _ => Value::scalar(),
        }
    }

    /// `url.search = value`.
    pub(super) fn set_text_member(&mut self, frame: FrameId, text: &Value, name: &Name, value: &Value) {
        if self.member_op(frame, name) == Some(Op::Query)
            && let Some(Value { kind: Kind::Object(query), .. }) = self.query(text)
        {
            let value = self.force(value);
            self.spread(frame, query, &value);
        }
    }

    fn member_op(&self, frame: FrameId, name: &Name) -> Option<Op> {
        let language = self.linked(self.frame(frame).file).module.language;
        self.program.models(language).members.get(name).copied()
    }

    /// The text that shows a value: that of an instance is made of what its fields hold, which are no fields of it.
    pub(super) fn shown(&mut self, value: &Value) -> Value {
        let Some(object) = self.shown_object(value) else {
            return value.clone();
        };
        let fields = self.object(object).fields.iter().map(|(_, slot)| slot.value.clone());
        let parts: Vec<Value> = fields.filter(Value::is_data).collect();
        let kind = if parts.is_empty() { Kind::Scalar } else { Kind::Concat(parts.into()) };
        Value::of(kind).with_origin(value.origin.clone())
    }

    fn shown_object(&self, value: &Value) -> Option<ObjectId> {
        let Kind::Object(object) = value.kind else {
            return None;
        };
        matches!(self.object(object).kind, ObjectKind::Instance { .. } | ObjectKind::Foreign { .. }).then_some(object)
    }
}

fn is_absolute(text: &Value) -> bool {
    match &text.kind {
        Kind::Text(text) => text.contains("://"),
        Kind::Concat(parts) => parts.first().is_some_and(is_absolute),
        _ => false,
    }
}

/// A path after its base, with one `/` between them.
fn relative(base: &Value, path: Value) -> Vec<Value> {
    vec![ended(base, starts_with_slash(&path)), path]
}

fn starts_with_slash(path: &Value) -> bool {
    match &path.kind {
        Kind::Text(path) => path.starts_with('/'),
        Kind::Concat(parts) => parts.first().is_some_and(starts_with_slash),
        _ => false,
    }
}

/// A base with a `/` at its end, or without one where what follows starts with it.
fn ended(base: &Value, slash_follows: bool) -> Value {
    let kind = match &base.kind {
        Kind::Text(text) if slash_follows => Kind::Text(text.trim_end_matches('/').into()),
        Kind::Text(text) if !text.ends_with('/') => Kind::Text(format!("{text}/").into()),
        Kind::OneOf(all) => {
            let all: Vec<Value> = all.iter().map(|one| ended(one, slash_follows)).collect();
            return Value::one_of(all).with_origin(base.origin.clone());
        }
        Kind::Concat(parts) => match parts.split_last() {
            Some((last, before)) => {
                let parts: Vec<Value> = before.iter().cloned().chain([ended(last, slash_follows)]).collect();
                Kind::Concat(parts.into())
            }
            None => return base.clone(),
        },
        _ => return base.clone(),
    };
    Value::of(kind).with_origin(base.origin.clone())
}
