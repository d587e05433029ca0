//! How far out the chain of an outbound has to go: to the outermost call that supplies something.

use super::value::{Extern, Kind, Object, ObjectKind, Value};
use super::{Argument, Earlier, Origin, Outbound, Path, Record, Shape, ShapeKind, Step};
use crate::flow::eval::Eval;
use crate::flow::shape::Chain;

impl<'p> Eval<'p> {
    /// The hop of the call that handed over what is called, or what that was reached from: a client may come from
    /// outside the function that uses it.
    pub(super) fn reached_from(&self, callee: &Value, chain: &Chain) -> usize {
        let mut furthest = 0;
        let mut at = callee.clone();
        for _ in 0..64 {
            if let Some(origin) = &at.origin {
                let (span, frame) = self.supplied(origin);
                furthest = furthest.max(self.place(chain, span, frame, 0).1);
            }
            at = match &at.kind {
                Kind::Extern(path) => match &**path {
                    Extern::Member(base, _) | Extern::Element(base) | Extern::Filled(base, _) => base.clone(),
                    Extern::Package(_) | Extern::Global(_) => break,
                },
                Kind::Object(object) => match self.object(*object) {
                    Object { kind: ObjectKind::Result { callee, .. }, .. } => callee.clone(),
                    Object { kind: ObjectKind::Foreign { class }, .. } => class.clone(),
                    _ => break,
                },
                Kind::OneOf(values) => match values.iter().find(|value| self.root(value).is_some()) {
                    Some(value) => value.clone(),
                    None => break,
                },
                _ => break,
            };
        }
        furthest
    }
}

impl Outbound {
    /// The furthest hop that supplies part of what is handed over.
    pub(super) fn furthest(&self) -> usize {
        let earlier = self.earlier.iter().map(Earlier::furthest);
        earlier.chain([of_arguments(&self.args), self.path.furthest()]).max().unwrap_or(0)
    }
}

impl Earlier {
    fn furthest(&self) -> usize {
        of_arguments(&self.args)
    }
}

impl Path {
    fn furthest(&self) -> usize {
        let hops = self.steps.iter().map(|step| match step {
            Step::Call(args) => of_arguments(args),
            Step::Member(_) | Step::Element => 0,
        });
        hops.max().unwrap_or(0)
    }
}

impl Shape {
    fn furthest(&self) -> usize {
        let own = self.origin.as_ref().map_or(0, |origin: &Origin| origin.hop);
        own.max(match &self.kind {
            ShapeKind::Record(record) => record.furthest(),
            ShapeKind::List(all) | ShapeKind::OneOf(all) | ShapeKind::Concat(all) => {
                all.iter().map(Shape::furthest).max().unwrap_or(0)
            }
            ShapeKind::Extern { path, earlier } => {
                earlier.iter().map(Earlier::furthest).chain([path.furthest()]).max().unwrap_or(0)
            }
            ShapeKind::Hole(Some(inner)) => inner.furthest(),
            ShapeKind::Text(_)
            | ShapeKind::Scalar
            | ShapeKind::Nothing
            | ShapeKind::Function
            | ShapeKind::Hole(None)
            | ShapeKind::Unknown(_) => 0,
        })
    }
}

impl Record {
    fn furthest(&self) -> usize {
        let fields = self.fields.iter().map(|field| field.hop.max(field.value.furthest()));
        fields.chain(self.rest.iter().map(Shape::furthest)).max().unwrap_or(0)
    }
}

fn of_arguments(args: &[Argument]) -> usize {
    args.iter().map(|arg| arg.shape.furthest()).max().unwrap_or(0)
}
