//! Notes what leaves the project, with the chain of calls that leads there.

use rustc_hash::FxHashMap;

use super::call::Site;
use super::eval::{Eval, Frame};
use super::shape::{Chain, MOST_SHAPES};
use super::value::{Arg, Extern, FrameId, Kind, Logged, ObjectId, ObjectKind, Value};
use super::{Argument, Earlier, Outbound, OutboundKind, Path, Root, Shape, ShapeKind, Step};
use crate::ir::FuncId;
use crate::source::Span;

impl<'p> Eval<'p> {
    /// Notes that something leaves the project here, if it is worth reporting.
    pub(super) fn outbound(&mut self, site: Site, callee: &Value, args: &[Arg], kind: OutboundKind) {
        let target = self.is_target(callee);
        let carrier = self.is_carrier(callee);
        if self.quiet > 0 || !(carrier || target && self.is_described(callee)) {
            return;
        }
        let (mut chain, spans, first) = self.chain(site);
        // What of a request is data is told by its options.
        chain.within = usize::from(target);
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
        // A call that supplies nothing is no place of the chain: what lies below it says the same without it.
        if !chain.open {
            let furthest = outbound.furthest().max(self.reached_from(callee, &chain));
            outbound.chain.truncate(furthest + 1);
            outbound.outermost.clear();
        }
        if !self.outbounds.contains(&outbound) {
            self.outbounds.push(outbound);
        }
    }

    /// Whether a request names a host, or carries an object, of a vendor.
    pub(super) fn names_vendor(&self, outbound: &Outbound) -> bool {
        let args = outbound.path.steps.iter().flat_map(|step| match step {
            Step::Call(args) => args.as_slice(),
            Step::Member(_) | Step::Element => &[],
        });
        let earlier = outbound.earlier.iter().flat_map(|earlier| &earlier.args);
        args.chain(&outbound.args).chain(earlier).any(|arg| self.shape_names_vendor(&arg.shape))
    }

    pub(super) fn shape_names_vendor(&self, shape: &Shape) -> bool {
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
    pub(super) fn chain(&self, site: Site) -> (Chain, Vec<Span>, FrameId) {
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
            reader: None,
            call: site.span,
            within: 0,
        };
        (chain, spans, outermost.unwrap_or(at))
    }

    /// The place of the chain that an activation belongs to: its own, or that of the one that called it.
    pub(super) fn hop(&self, chain: &Chain, frame: FrameId) -> Option<usize> {
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

    pub(super) fn arguments(&mut self, args: &[Arg], chain: &mut Chain) -> Vec<Argument> {
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
                    let is_record = matches!(object.kind, ObjectKind::Record);
                    for value in object.rest.iter().filter(|_| is_record) {
                        let shape = self.shape(value, 0, chain, 0);
                        named_by(shape, &mut arguments);
                    }
                    // What a caller hands on with `...args`.
                    let further = object.rest.iter().filter(|_| !is_record);
                    for item in object.items.iter().chain(further) {
                        let shape = self.shape(item, 0, chain, 0);
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

    pub(super) fn earlier(&mut self, object: ObjectId, chain: &mut Chain) -> Vec<Earlier> {
        let log: Vec<Logged> = self.object(object).log.clone();
        log.into_iter()
            .map(|logged| {
                let args = self.arguments(&logged.args, chain);
                Earlier { name: logged.name, kind: logged.kind, args }
            })
            .collect()
    }

    /// Whether what the calls on a path out of the project were given matters: it may be data, or an address.
    pub(super) fn has_data(&self, value: &Value) -> bool {
        self.is_target(value) || self.is_carrier(value)
    }
}

/// The named arguments that a record of them holds: `send(**options(user))`. What has names that are not known is an
/// argument without a name.
fn named_by(shape: Shape, arguments: &mut Vec<Argument>) {
    match shape.kind {
        ShapeKind::Record(record) => {
            let named = record.fields.into_iter().map(|field| Argument { name: Some(field.name), shape: field.value });
            arguments.extend(named);
            record.rest.into_iter().for_each(|rest| named_by(rest, arguments));
        }
        ShapeKind::OneOf(all) => all.into_iter().for_each(|one| named_by(one, arguments)),
        ShapeKind::Hole(Some(inner)) => named_by(*inner, arguments),
        kind => arguments.push(Argument { name: Some("".into()), shape: Shape { kind, ..shape } }),
    }
}
