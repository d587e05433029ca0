//! Turns values into the shapes that leave `flow`, with each field at the place of the chain that supplies it.

use rustc_hash::FxHashMap;

use super::eval::Eval;
use super::types::{Resolved, beyond_type};
use super::value::{FrameId, Kind, ObjectId, ObjectKind, Open, TypeRef, Value};
use super::{Field, Origin, Record, Shape, ShapeKind, Unknown};
use crate::ir::{Name, Serial};
use crate::source::{FileId, Span};

/// How deep a payload is followed.
const MOST_DEPTH: usize = 16;
/// How many shapes one payload may have.
pub(super) const MOST_SHAPES: usize = 4_000;
/// How many of them one text may have, so that what it is made of leaves room for the fields after it.
const MOST_PARTS: usize = 200;
/// How many are kept for each further field of a record, so that a field with many parts does not cut off the others;
/// fewer where an eighth of those that are left is not enough.
const FIELD_SHAPES: usize = 30;

/// The chain of one outbound while its payload is shaped.
pub(super) struct Chain {
    /// The place of each activation on the chain.
    pub(super) hops: FxHashMap<FrameId, usize>,
    /// Objects that are being shaped: one inside itself ends there.
    pub(super) inside: Vec<ObjectId>,
    pub(super) types: Vec<(FileId, u32)>,
    /// Whether a caller supplies part of it.
    pub(super) open: bool,
    pub(super) shapes: usize,
    /// How many there may be before the rest is cut off.
    pub(super) most: usize,
    /// The method whose receiver holds what is being shaped, and where it reads that.
    pub(super) reader: Option<(Span, FrameId)>,
    /// The call itself: the place of what has none of its own.
    pub(super) call: Span,
    /// How far inside the arguments the value stands that is being shaped: the field of a record is one step in.
    pub(super) within: usize,
}

/// How far inside an argument a caller that supplies something there may still decide which fields there are.
const MOST_WITHIN: usize = 1;

impl<'p> Eval<'p> {
    /// What a value may hold; `key` is the hop that writes the key it stands under.
    pub(super) fn shape(&mut self, value: &Value, key: usize, chain: &mut Chain, depth: usize) -> Shape {
        if depth > MOST_DEPTH || chain.shapes >= chain.most {
            let reason = "it lies deeper than payloads are followed".into();
            return Shape { kind: ShapeKind::Unknown(Unknown { reason, hint: None }), origin: None };
        }
        chain.shapes += 1;
        let value = self.force(value);
        let around = chain.reader;
        let hop = |(_, reader)| self.hop(chain, reader);
        if let Some(state) = value.origin.as_ref().and_then(|origin| origin.state)
            && around.and_then(hop).is_none_or(|around| hop(state).is_some_and(|hop| hop < around))
        {
            chain.reader = Some(state);
        }
        let mut origin = self.origin(&value, chain, key);
        let kind = match &value.kind {
            Kind::Text(text) => ShapeKind::Text(text.clone()),
            Kind::Scalar | Kind::Bool(_) => ShapeKind::Scalar,
            Kind::Nothing => ShapeKind::Nothing,
            Kind::Object(object) => {
                let key = origin.as_ref().map_or(key, |origin| origin.hop.max(key));
                self.object_shape(*object, &value, key, chain, depth)
            }
            Kind::Function(_) => ShapeKind::Function,
            Kind::Class(..) | Kind::Namespace(_) => ShapeKind::Scalar,
            Kind::Extern(_) => match self.path(&value, chain) {
                Some(path) => ShapeKind::Extern { path, earlier: Vec::new() },
                None => ShapeKind::Scalar,
            },
            Kind::OneOf(values) => {
                let shapes = self.alternatives(values, &value, key, chain, depth);
                origin = outermost(&shapes).or(origin);
                ShapeKind::OneOf(shapes)
            }
            Kind::Concat(values) => {
                let most = chain.most;
                chain.most = most.min(chain.shapes + MOST_PARTS);
                chain.within += 1 + MOST_WITHIN;
                let values = self.written(values).to_vec();
                let shapes: Vec<Shape> = values.iter().map(|value| self.shape(value, key, chain, depth + 1)).collect();
                chain.within -= 1 + MOST_WITHIN;
                chain.most = most;
                if let (Some(origin), Some(outer)) = (&mut origin, outermost(&shapes))
                    && outer.hop > origin.hop
                {
                    origin.hop = outer.hop;
                    origin.at = outer.at;
                }
                ShapeKind::Concat(shapes)
            }
            Kind::Open(open) => {
                let open = open.clone();
                self.open_shape(&open, &value, key, chain, depth)
            }
            Kind::Lazy(_) => {
                let reason = "it depends on itself".into();
                ShapeKind::Unknown(Unknown { reason, hint: None })
            }
        };
        chain.reader = around;
        Shape { kind, origin }
    }

    fn alternatives(
        &mut self,
        values: &[Value],
        whole: &Value,
        key: usize,
        chain: &mut Chain,
        depth: usize,
    ) -> Vec<Shape> {
        let mut shapes = Vec::with_capacity(values.len());
        let most = chain.most;
        for (at, one) in values.iter().enumerate() {
            chain.most = fair(chain.shapes, most, values.len() - at);
            // What a type says stands where the whole value does.
            let placed = match (&one.kind, &one.origin) {
                (Kind::Open(_), None) => one.clone().with_origin(whole.origin.clone()),
                _ => one.clone(),
            };
            shapes.push(self.shape(&placed, key, chain, depth + 1));
        }
        chain.most = most;
        shapes
    }

    pub(super) fn object_shape(
        &mut self,
        id: ObjectId,
        value: &Value,
        key: usize,
        chain: &mut Chain,
        depth: usize,
    ) -> ShapeKind {
        if chain.inside.contains(&id) {
            return ShapeKind::Scalar;
        }
        chain.inside.push(id);
        let object = self.object(id).clone();
        let kind = match &object.kind {
            ObjectKind::List => {
                let items: Vec<&Value> = object.items.iter().chain(&object.rest).collect();
                let most = chain.most;
                let mut shapes = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    chain.most = fair(chain.shapes, most, items.len() - at);
                    shapes.push(self.shape(item, key, chain, depth + 1));
                }
                chain.most = most;
                ShapeKind::List(shapes)
            }
            ObjectKind::Result { .. } => match self.path(value, chain) {
                Some(path) => {
                    let earlier = if self.has_data(value) { self.earlier(id, chain) } else { Vec::new() };
                    ShapeKind::Extern { path, earlier }
                }
                None => {
                    let reason = "what this call returns is not known".into();
                    ShapeKind::Unknown(Unknown { reason, hint: None })
                }
            },
            ObjectKind::Record | ObjectKind::Instance { .. } | ObjectKind::Foreign { .. } => {
                ShapeKind::Record(self.record_shape(id, value, key, chain, depth))
            }
        };
        chain.inside.pop();
        kind
    }

    pub(super) fn record_shape(
        &mut self,
        id: ObjectId,
        value: &Value,
        key: usize,
        chain: &mut Chain,
        depth: usize,
    ) -> Record {
        let class = match self.object(id).kind.clone() {
            ObjectKind::Foreign { class } => self.path(&class, chain),
            ObjectKind::Instance { class, .. } => {
                let frame = self.object(id).frame;
                self.initialise(frame, value, class);
                None
            }
            _ => None,
        };
        let object = self.object(id).clone();
        let mut record = Record { fields: Vec::new(), rest: Vec::new(), class };
        let most = chain.most;
        let all = object.fields.len() + object.rest.len();
        let room = FIELD_SHAPES.min(most.saturating_sub(chain.shapes) / 8 / all.max(1));
        chain.within += 1;
        for (at, (name, slot)) in object.fields.iter().enumerate() {
            let (wire, serial) = self.serialised(&object.kind, name);
            chain.most = most - room * (all - at - 1);
            let (at, hop) = self.place(chain, slot.key, slot.frame, key);
            let shape = match serial {
                Serial::Skipped => continue,
                Serial::Flattened | Serial::Named => self.shape(&slot.value, hop, chain, depth + 1),
            };
            if serial == Serial::Flattened {
                match shape.kind {
                    ShapeKind::Record(inner) => {
                        inner.fields.into_iter().for_each(|field| add(&mut record, field));
                        record.rest.extend(inner.rest);
                    }
                    _ => record.rest.push(shape),
                }
                continue;
            }
            add(&mut record, Field { name: wire, key: at, hop, value: shape });
        }
        chain.most = most;
        chain.within -= 1;
        for rest in &object.rest {
            let shape = self.shape(rest, key, chain, depth + 1);
            self.add_rest(&mut record, shape);
        }
        record
    }

    /// What was spread into a record: its fields where they are known.
    pub(super) fn add_rest(&mut self, record: &mut Record, shape: Shape) {
        match shape.kind {
            ShapeKind::Record(inner) => {
                inner.fields.into_iter().for_each(|field| add(record, field));
                record.rest.extend(inner.rest);
            }
            ShapeKind::OneOf(shapes) => shapes.into_iter().for_each(|shape| self.add_rest(record, shape)),
            ShapeKind::Nothing | ShapeKind::Scalar | ShapeKind::Text(_) => {}
            _ => record.rest.push(shape),
        }
    }

    /// The name under which a field of an instance is serialised.
    pub(super) fn serialised(&self, kind: &ObjectKind, name: &Name) -> (Name, Serial) {
        if let ObjectKind::Instance { class, .. } = kind {
            let linked = self.linked(class.file);
            let fields = &linked.module.class(class.class).fields;
            if let Some(field) = fields.iter().find(|field| field.name == *name) {
                return (field.wire.clone().unwrap_or_else(|| name.clone()), field.serial);
            }
        }
        (name.clone(), Serial::Named)
    }

    pub(super) fn open_shape(
        &mut self,
        open: &Open,
        value: &Value,
        key: usize,
        chain: &mut Chain,
        depth: usize,
    ) -> ShapeKind {
        let typed = open.ty.clone().and_then(|ty| self.type_shape(&ty, open, value, key, chain, depth));
        if open.hole {
            // A text that is an argument of a request may be its address.
            let says_names = typed.as_ref().is_none_or(|kind| chain.within == 0 && *kind == ShapeKind::Scalar);
            chain.open |= !self.program.targets.names_only || says_names && chain.within <= MOST_WITHIN;
            return ShapeKind::Hole(typed.map(|kind| Box::new(Shape { kind, origin: None })));
        }
        typed.unwrap_or_else(|| ShapeKind::Unknown(Unknown { reason: open.reason.clone(), hint: open.hint.clone() }))
    }

    /// What a declared type says of a value; nothing where it says nothing.
    pub(super) fn type_shape(
        &mut self,
        ty: &TypeRef,
        open: &Open,
        value: &Value,
        key: usize,
        chain: &mut Chain,
        depth: usize,
    ) -> Option<ShapeKind> {
        let id = (ty.file, ty.ty.0);
        if depth > MOST_DEPTH || chain.types.iter().filter(|other| **other == id).count() > 1 {
            return Some(ShapeKind::Scalar);
        }
        chain.types.push(id);
        chain.within += 1 + MOST_WITHIN;
        let kind = self.kinds_of_type(ty, open, value, key, chain, depth);
        chain.within -= 1 + MOST_WITHIN;
        chain.types.pop();
        kind
    }

    fn kinds_of_type(
        &mut self,
        ty: &TypeRef,
        open: &Open,
        value: &Value,
        key: usize,
        chain: &mut Chain,
        depth: usize,
    ) -> Option<ShapeKind> {
        let mut kinds: Vec<Shape> = Vec::new();
        for resolved in self.resolve(ty) {
            let kind = match resolved {
                Resolved::Record(fields, more) => {
                    let origin = self.origin(value, chain, key);
                    let (at, hop) = origin.as_ref().map_or((chain.call, key), |origin| (origin.at, origin.hop));
                    let mut record = Record::default();
                    for field in fields.into_iter().filter(|field| !field.skipped) {
                        let origin = field.origin(value);
                        let inner = Open { ty: field.ty, source: None, ..open.clone() };
                        let inner = Value::open(inner).with_origin(origin);
                        let shape = self.shape(&inner, hop, chain, depth + 1);
                        let is_method = matches!(shape.kind, ShapeKind::Function);
                        if !is_method {
                            add(&mut record, Field { name: field.wire, key: at, hop, value: shape });
                        }
                    }
                    if more || chain.types.len() == 1 && self.is_structural(ty) {
                        let rest = if more { Open { ty: None, ..open.clone() } } else { beyond_type(open) };
                        let rest = Value::open(rest).with_origin(value.origin.clone());
                        record.rest.push(self.shape(&rest, hop, chain, depth + 1));
                    }
                    ShapeKind::Record(record)
                }
                Resolved::List(inner) => {
                    let inner = Value::open(Open { ty: Some(inner), source: None, ..open.clone() });
                    let inner = inner.with_origin(value.origin.clone());
                    ShapeKind::List(vec![self.shape(&inner, key, chain, depth + 1)])
                }
                Resolved::Value(inner) => {
                    let frame = value.origin.as_ref().map(|origin| origin.frame);
                    let inner = match frame {
                        Some(frame) => self.described(frame, &inner, value),
                        None => inner,
                    };
                    self.shape(&inner, key, chain, depth + 1).kind
                }
                Resolved::Text(text) => ShapeKind::Text(text),
                Resolved::Scalar => ShapeKind::Scalar,
                Resolved::Function(_) => ShapeKind::Function,
                Resolved::Map(_) | Resolved::Extern | Resolved::Unknown => return None,
            };
            kinds.push(Shape { kind, origin: None });
        }
        match kinds.len() {
            0 => None,
            1 => kinds.pop().map(|shape| shape.kind),
            _ => Some(ShapeKind::OneOf(kinds)),
        }
    }
}

/// How far the next of some values may go, so that it leaves an equal part to each that follows.
fn fair(used: usize, most: usize, left: usize) -> usize {
    most.min(used + (most.saturating_sub(used) / left.max(1)).max(1))
}

/// Adds a field, or what it may also hold when the record has it already.
fn add(record: &mut Record, field: Field) {
    match record.fields.iter_mut().find(|other| other.name == field.name) {
        Some(other) => {
            let before = other.value.clone();
            if before != field.value {
                let origin = before.origin.clone();
                other.value = Shape { kind: ShapeKind::OneOf(vec![before, field.value]), origin };
            }
        }
        None => record.fields.push(field),
    }
}

/// The origin, among several values, of the one that the outermost place supplies.
fn outermost(shapes: &[Shape]) -> Option<Origin> {
    let origins = shapes
        .iter()
        .filter(|shape| !matches!(shape.kind, ShapeKind::Nothing))
        .filter_map(|shape| shape.origin.as_ref());
    origins.rev().max_by_key(|origin| origin.hop).cloned()
}
