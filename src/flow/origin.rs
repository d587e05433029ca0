//! Where values come from: the place of the chain that supplies them, and what outside returned them.

use super::eval::{Eval, Frame};
use super::shape::Chain;
use super::value::{Arg, Extern, FrameId, Kind, ObjectKind, Value};
use super::{Argument, Origin, Path, Root, Step};
use crate::source::Span;

impl<'p> Eval<'p> {
    /// A path out of the project.
    pub(super) fn path(&mut self, value: &Value, chain: &mut Chain) -> Option<Path> {
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
                    Extern::Filled(base, _) => base.clone(),
                },
                Kind::Object(object) => match self.object(*object).kind.clone() {
                    ObjectKind::Result { callee, args } => {
                        let args = if has_data { self.step_arguments(&callee, &args, chain) } else { Vec::new() };
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

    /// The arguments of a call on the way. Who supplies those that only make a client is no reason to look further.
    fn step_arguments(&mut self, callee: &Value, args: &[Arg], chain: &mut Chain) -> Vec<Argument> {
        let is_open = chain.open;
        let args = self.arguments(args, chain);
        if !is_open && chain.open && (self.program.targets.names_only || self.makes_client(callee)) {
            chain.open = false;
        }
        args
    }

    fn makes_client(&self, callee: &Value) -> bool {
        self.source_path(callee).is_some_and(|path| self.program.targets.makers.contains(&path.members()))
    }

    /// The place that supplies a value: what a method reads from its receiver it supplies itself, unless one of its
    /// callers from outside the class put it there.
    pub(super) fn supplied(&self, origin: &super::value::Origin) -> (Span, FrameId) {
        let own = origin.handed.unwrap_or((origin.span, origin.frame));
        origin.state.filter(|(_, reader)| !self.is_outside(own.1, *reader)).unwrap_or(own)
    }

    /// Whether an activation called `reader`, directly or not, and is not of the same class.
    pub(super) fn is_outside(&self, frame: FrameId, reader: FrameId) -> bool {
        let class = |id: FrameId| {
            let Frame { file, func, .. } = *self.frame(id);
            let module = &self.linked(file).module;
            let mut around = std::iter::successors(Some(func), |func| module.function(*func).parent);
            around.find_map(|func| module.function(func).class).map(|class| (file, class))
        };
        let mut at = self.frame(reader).caller.or(self.frame(reader).parent);
        while let Some(id) = at {
            if id == frame {
                return class(frame).is_none() || class(frame) != class(reader);
            }
            at = self.frame(id).caller.or(self.frame(id).parent);
        }
        false
    }

    /// The place and hop of something an activation supplies; inside what a method read from its receiver, no further
    /// out than that method.
    pub(super) fn place(&self, chain: &Chain, at: Span, frame: FrameId, key: usize) -> (Span, usize) {
        let hop = self.hop(chain, frame).unwrap_or(key);
        match chain.reader.and_then(|(at, reader)| Some((at, reader, self.hop(chain, reader)?))) {
            Some((at, reader, most)) if hop > most && !self.is_outside(frame, reader) => (at, most),
            _ => (at, hop),
        }
    }

    pub(super) fn origin(&mut self, value: &Value, chain: &mut Chain, key: usize) -> Option<Origin> {
        let origin = value.origin.clone()?;
        let (at, frame) = self.supplied(&origin);
        let (at, hop) = self.place(chain, at, frame, key);
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
    pub(super) fn source_path(&self, value: &Value) -> Option<Path> {
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
                    Extern::Element(base) | Extern::Filled(base, _) => base.clone(),
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
}

fn reversed(root: Root, mut steps: Vec<Step>) -> Path {
    steps.reverse();
    Path { root, steps }
}
