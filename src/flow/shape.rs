//! Turns values into the shapes that leave `flow`, with each field at the place of the chain that supplies it.

use rustc_hash::FxHashMap;

use super::call::Site;
use super::eval::{Eval, Frame};
use super::types::Resolved;
use super::value::{Arg, Extern, FrameId, Kind, Logged, ObjectId, ObjectKind, Open, TypeRef, Value};
use super::{
    Argument, Earlier, Field, Origin, Outbound, OutboundKind, Path, Record, Root, Shape, ShapeKind, Step, Unknown,
};
use crate::ir::{FuncId, Name, Serial};
use crate::source::{FileId, Span};

/// How deep a payload is followed.
const MOST_DEPTH: usize = 10;
/// How many shapes one payload may have.
const MOST_SHAPES: usize = 4_000;
/// How many of them one text may have, so that what it is made of leaves room for the fields after it.
const MOST_PARTS: usize = 200;

/// The chain of one outbound while its payload is shaped.
struct Chain {
    /// The place of each activation on the chain.
    hops: FxHashMap<FrameId, usize>,
    /// Objects that are being shaped: one inside itself ends there.
    inside: Vec<ObjectId>,
    types: Vec<(FileId, u32)>,
    /// Whether a caller supplies part of it.
    open: bool,
    shapes: usize,
    /// How many there may be before the rest is cut off.
    most: usize,
    /// The call itself: the place of what has none of its own.
    call: Span,
}

impl<'p> Eval<'p> {
    /// Notes that something leaves the project here, if it is worth reporting.
    pub(super) fn outbound(&mut self, site: Site, callee: &Value, args: &[Arg], kind: OutboundKind) {
        let target = self.is_target(callee);
        if self.quiet > 0 || !(target || self.is_carrier(callee)) {
            return;
        }
        let (mut chain, spans, first) = self.chain(site);
        let Some(path) = self.path(callee, &mut chain) else {
            return;
        };
        let arguments = self.arguments(args, &mut chain);
        let earlier = match &callee.kind {
            Kind::Extern(member) => match &**member {
                Extern::Member(base, _) => match base.kind {
                    Kind::Object(object) => self.earlier(object, &mut chain),
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let mut outbound = Outbound {
            path,
            kind,
            args: arguments,
            earlier,
            chain: spans,
            language: self.linked(self.frame(site.frame).file).module.language,
            called: false,
            outermost: Vec::new(),
        };
        if !target && !self.names_vendor(&outbound) {
            return;
        }
        let mut at = Some(first);
        while let Some(frame) = at {
            let Frame { file, func, parent, caller, call, .. } = *self.frame(frame);
            // What a call gave to a function around it is known.
            if func != FuncId::BODY && (call.is_none() || frame == first) {
                outbound.outermost.push((file, func));
                if chain.open {
                    self.open.insert((file, func));
                }
            }
            at = if call.is_some() { caller } else { parent };
        }
        if !self.outbounds.contains(&outbound) {
            self.outbounds.push(outbound);
        }
    }

    /// Whether a request names a host, or carries an object, of a vendor.
    fn names_vendor(&self, outbound: &Outbound) -> bool {
        let args = outbound.path.steps.iter().flat_map(|step| match step {
            Step::Call(args) => args.as_slice(),
            Step::Member(_) | Step::Element => &[],
        });
        let earlier = outbound.earlier.iter().flat_map(|earlier| &earlier.args);
        args.chain(&outbound.args).chain(earlier).any(|arg| self.shape_names_vendor(&arg.shape))
    }

    fn shape_names_vendor(&self, shape: &Shape) -> bool {
        let is_vendor = |path: &Path| match &path.root {
            Root::Package(name) => self.program.targets.packages.contains(name),
            Root::Global(name) => self.program.targets.globals.contains(name),
        };
        match &shape.kind {
            ShapeKind::Text(text) => self.plan.names_host(text),
            ShapeKind::Record(record) => {
                record.class.as_ref().is_some_and(is_vendor)
                    || record.fields.iter().any(|field| self.shape_names_vendor(&field.value))
                    || record.rest.iter().any(|rest| self.shape_names_vendor(rest))
            }
            ShapeKind::List(shapes) | ShapeKind::OneOf(shapes) | ShapeKind::Concat(shapes) => {
                shapes.iter().any(|shape| self.shape_names_vendor(shape))
            }
            ShapeKind::Extern { path, .. } => {
                is_vendor(path)
                    || path.steps.iter().any(|step| match step {
                        Step::Call(args) => args.iter().any(|arg| self.shape_names_vendor(&arg.shape)),
                        Step::Member(_) | Step::Element => false,
                    })
            }
            ShapeKind::Hole(_)
            | ShapeKind::Scalar
            | ShapeKind::Nothing
            | ShapeKind::Function
            | ShapeKind::Unknown(_) => false,
        }
    }

    /// The calls from a site outwards, the hop of each activation on the way, and the first activation that nothing
    /// called: that of the outermost function, or of a function written inside it.
    fn chain(&self, site: Site) -> (Chain, Vec<Span>, FrameId) {
        let mut hops = FxHashMap::default();
        let mut spans = vec![site.span];
        let mut at = site.frame;
        // A function that nothing called here is where others enter, also when it stands inside another.
        let mut outermost = None;
        loop {
            hops.entry(at).or_insert(spans.len() - 1);
            let frame = self.frame(at);
            if frame.call.is_none() {
                outermost.get_or_insert(at);
            }
            let next = match (frame.call, frame.caller) {
                (Some(call), Some(caller)) => {
                    spans.push(call);
                    Some(caller)
                }
                (_, caller) => caller.filter(|caller| !hops.contains_key(caller)),
            };
            match next {
                Some(next) if spans.len() < 64 && self.frame(next).func != FuncId::BODY => at = next,
                // A module's body is a place of the chain only where it makes the call itself.
                Some(next) if frame.call.is_some() => {
                    hops.entry(next).or_insert(spans.len() - 1);
                    break;
                }
                Some(_) | None => break,
            }
        }
        let chain = Chain {
            hops,
            inside: Vec::new(),
            types: Vec::new(),
            open: false,
            shapes: 0,
            most: MOST_SHAPES,
            call: site.span,
        };
        (chain, spans, outermost.unwrap_or(at))
    }

    /// The place of the chain that an activation belongs to: its own, or that of the one that called it.
    fn hop(&self, chain: &Chain, frame: FrameId) -> Option<usize> {
        let mut at = Some(frame);
        for _ in 0..256 {
            let id = at?;
            if let Some(hop) = chain.hops.get(&id) {
                return Some(*hop);
            }
            let frame = self.frame(id);
            at = frame.caller.or(frame.parent);
        }
        None
    }

    fn arguments(&mut self, args: &[Arg], chain: &mut Chain) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for arg in args {
            let value = self.force(&arg.value);
            match &value.kind {
                Kind::Object(object) if arg.spread => {
                    let object = self.object(*object).clone();
                    for (name, slot) in object.fields {
                        let shape = self.shape(&slot.value, 0, chain, 0);
                        arguments.push(Argument { name: Some(name), shape });
                    }
                    for item in object.items {
                        let shape = self.shape(&item, 0, chain, 0);
                        arguments.push(Argument { name: None, shape });
                    }
                }
                _ => {
                    let shape = self.shape(&value, 0, chain, 0);
                    arguments.push(Argument { name: arg.name.clone(), shape });
                }
            }
        }
        arguments
    }

    fn earlier(&mut self, object: ObjectId, chain: &mut Chain) -> Vec<Earlier> {
        let log: Vec<Logged> = self.object(object).log.clone();
        log.into_iter()
            .map(|logged| {
                let args = self.arguments(&logged.args, chain);
                Earlier { name: logged.name, kind: logged.kind, args }
            })
            .collect()
    }

    /// Whether what the calls on a path out of the project were given matters: it may be data, or an address.
    fn has_data(&self, value: &Value) -> bool {
        self.is_target(value) || self.is_carrier(value)
    }

    /// A path out of the project.
    fn path(&mut self, value: &Value, chain: &mut Chain) -> Option<Path> {
        let has_data = self.has_data(value);
        let mut steps = Vec::new();
        let mut at = value.clone();
        let root = loop {
            if steps.len() > 64 {
                return None;
            }
            at = match &at.kind {
                Kind::Extern(path) => match &**path {
                    Extern::Package(name) => break Root::Package(name.clone()),
                    Extern::Global(name) => break Root::Global(name.clone()),
                    Extern::Member(base, name) => {
                        steps.push(Step::Member(name.clone()));
                        base.clone()
                    }
                    Extern::Element(base) => {
                        steps.push(Step::Element);
                        base.clone()
                    }
                },
                Kind::Object(object) => match self.object(*object).kind.clone() {
                    ObjectKind::Result { callee, args } => {
                        let args = if has_data { self.arguments(&args, chain) } else { Vec::new() };
                        steps.push(Step::Call(args));
                        callee
                    }
                    ObjectKind::Foreign { class } => class,
                    _ => return None,
                },
                Kind::Open(open) => open.source.clone()?,
                Kind::OneOf(values) => values.iter().find(|value| self.root(value).is_some())?.clone(),
                _ => return None,
            };
        };
        steps.reverse();
        Some(Path { root, steps })
    }

    /// What a value may hold; `key` is the hop that writes the key it stands under.
    fn shape(&mut self, value: &Value, key: usize, chain: &mut Chain, depth: usize) -> Shape {
        chain.shapes += 1;
        if depth > MOST_DEPTH || chain.shapes > chain.most {
            let reason = "it lies deeper than payloads are followed".into();
            return Shape { kind: ShapeKind::Unknown(Unknown { reason, hint: None }), origin: None };
        }
        let value = self.force(value);
        let mut origin = self.origin(&value, chain, key);
        let kind = match &value.kind {
            Kind::Text(text) => ShapeKind::Text(text.clone()),
            Kind::Scalar => ShapeKind::Scalar,
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
                let mut shapes = Vec::with_capacity(values.len());
                for one in values.iter() {
                    // What a type says stands where the whole value does.
                    let placed = match (&one.kind, &one.origin) {
                        (Kind::Open(_), None) => one.clone().with_origin(value.origin.clone()),
                        _ => one.clone(),
                    };
                    shapes.push(self.shape(&placed, key, chain, depth + 1));
                }
                origin = outermost(&shapes).or(origin);
                ShapeKind::OneOf(shapes)
            }
            Kind::Concat(values) => {
                let most = chain.most;
                chain.most = most.min(chain.shapes + MOST_PARTS);
                let shapes: Vec<Shape> = values.iter().map(|value| self.shape(value, key, chain, depth + 1)).collect();
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
        let mut shape = Shape { kind, origin };
        let state = value.origin.as_ref().and_then(|origin| Some((origin.handed?.0, origin.state?)));
        if let Some((at, frame)) = state
            && let Some(hop) = self.hop(chain, frame)
        {
            clamp(&mut shape, hop, at);
        }
        shape
    }

    fn origin(&mut self, value: &Value, chain: &mut Chain, key: usize) -> Option<Origin> {
        let origin = value.origin.clone()?;
        let (at, frame) = origin.handed.unwrap_or((origin.span, origin.frame));
        let hop = self.hop(chain, frame).unwrap_or(key);
        let source = match &value.kind {
            Kind::Open(open) => open.source.clone(),
            Kind::Extern(_) => Some(value.clone()),
            Kind::Object(object) => match self.object(*object).kind {
                ObjectKind::Result { .. } => Some(value.clone()),
                _ => None,
            },
            _ => None,
        };
        let source = source.and_then(|source| self.source_path(&source));
        let ty = origin.ty.clone().or_else(|| self.type_name(value));
        Some(Origin { span: origin.span, at, hop, ty, source })
    }

    /// The path of what outside returned a value, without the arguments of its calls.
    fn source_path(&self, value: &Value) -> Option<Path> {
        let mut steps = Vec::new();
        let mut at = value.clone();
        for _ in 0..64 {
            at = match &at.kind {
                Kind::Extern(path) => match &**path {
                    Extern::Package(name) => {
                        return Some(reversed(Root::Package(name.clone()), steps));
                    }
                    Extern::Global(name) => {
                        return Some(reversed(Root::Global(name.clone()), steps));
                    }
                    Extern::Member(base, name) => {
                        steps.push(Step::Member(name.clone()));
                        base.clone()
                    }
                    Extern::Element(base) => base.clone(),
                },
                Kind::Object(object) => match &self.object(*object).kind {
                    ObjectKind::Result { callee, .. } => {
                        steps.push(Step::Call(Vec::new()));
                        callee.clone()
                    }
                    ObjectKind::Foreign { class } => class.clone(),
                    _ => return None,
                },
                Kind::Open(open) => open.source.clone()?,
                Kind::Lazy(_) => self.done(&at)?,
                _ => return None,
            };
        }
        None
    }

    fn object_shape(&mut self, id: ObjectId, value: &Value, key: usize, chain: &mut Chain, depth: usize) -> ShapeKind {
        if chain.inside.contains(&id) {
            return ShapeKind::Scalar;
        }
        chain.inside.push(id);
        let object = self.object(id).clone();
        let kind = match &object.kind {
            ObjectKind::List => {
                let items = object.items.iter().chain(&object.rest);
                ShapeKind::List(items.map(|item| self.shape(item, key, chain, depth + 1)).collect())
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

    fn record_shape(&mut self, id: ObjectId, value: &Value, key: usize, chain: &mut Chain, depth: usize) -> Record {
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
        for (name, slot) in &object.fields {
            let (wire, serial) = self.serialised(&object.kind, name);
            let hop = self.hop(chain, slot.frame).unwrap_or(key);
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
            add(&mut record, Field { name: wire, key: slot.key, hop, value: shape });
        }
        for rest in &object.rest {
            let shape = self.shape(rest, key, chain, depth + 1);
            self.add_rest(&mut record, shape);
        }
        record
    }

    /// What was spread into a record: its fields where they are known.
    fn add_rest(&mut self, record: &mut Record, shape: Shape) {
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
    fn serialised(&self, kind: &ObjectKind, name: &Name) -> (Name, Serial) {
        if let ObjectKind::Instance { class, .. } = kind {
            let linked = self.linked(class.file);
            let fields = &linked.module.class(class.class).fields;
            if let Some(field) = fields.iter().find(|field| field.name == *name) {
                return (field.wire.clone().unwrap_or_else(|| name.clone()), field.serial);
            }
        }
        (name.clone(), Serial::Named)
    }

    fn open_shape(&mut self, open: &Open, value: &Value, key: usize, chain: &mut Chain, depth: usize) -> ShapeKind {
        let typed = open.ty.clone().and_then(|ty| self.type_shape(&ty, open, value, key, chain, depth));
        if open.hole {
            chain.open = true;
            return ShapeKind::Hole(typed.map(|kind| Box::new(Shape { kind, origin: None })));
        }
        typed.unwrap_or_else(|| ShapeKind::Unknown(Unknown { reason: open.reason.clone(), hint: open.hint.clone() }))
    }

    /// What a declared type says of a value; nothing where it says nothing.
    fn type_shape(
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
                    if more {
                        let rest = Value::open(Open { ty: None, ..open.clone() }).with_origin(value.origin.clone());
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
                Resolved::Map(_) | Resolved::Extern | Resolved::Unknown => {
                    chain.types.pop();
                    return None;
                }
            };
            kinds.push(Shape { kind, origin: None });
        }
        chain.types.pop();
        match kinds.len() {
            0 => None,
            1 => kinds.pop().map(|shape| shape.kind),
            _ => Some(ShapeKind::OneOf(kinds)),
        }
    }
}

/// Keeps what an instance holds at the place that reads it from its receiver.
fn clamp(shape: &mut Shape, hop: usize, at: Span) {
    if let Some(origin) = &mut shape.origin
        && origin.hop > hop
    {
        origin.hop = hop;
        origin.at = at;
    }
    match &mut shape.kind {
        ShapeKind::OneOf(shapes) | ShapeKind::Concat(shapes) | ShapeKind::List(shapes) => {
            shapes.iter_mut().for_each(|shape| clamp(shape, hop, at));
        }
        ShapeKind::Record(record) => {
            for field in &mut record.fields {
                if field.hop > hop {
                    field.hop = hop;
                    field.key = at;
                }
                clamp(&mut field.value, hop, at);
            }
            record.rest.iter_mut().for_each(|shape| clamp(shape, hop, at));
        }
        _ => {}
    }
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

fn reversed(root: Root, mut steps: Vec<Step>) -> Path {
    steps.reverse();
    Path { root, steps }
}
