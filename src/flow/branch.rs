//! Branches: both arms run from the same state, and what they leave is joined.

use rustc_hash::FxHashMap;

use super::eval::{Eval, Undo};
use super::exec::Next;
use super::program::Linked;
use super::value::{FrameId, Kind, ObjectId, ObjectKind, Slot, Value};
use crate::ir::{Block, Expr, ExprId, LocalId, Name};

/// A place that a branch changed, in the order in which branches changed them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Changed {
    Local(FrameId, LocalId),
    Field(ObjectId, Name),
}

/// The state before an arm.
#[derive(Clone, Copy, Debug)]
struct Mark {
    trail: usize,
    objects: usize,
    frames: usize,
    returns: usize,
}

impl Mark {
    fn is_new_object(&self, object: ObjectId) -> bool {
        object.0 as usize >= self.objects
    }
}

/// What a changed place holds after a branch.
#[derive(Clone, Debug)]
enum Held {
    Value(Option<Value>),
    Slot(Option<Slot>),
}

impl<'p> Eval<'p> {
    /// Whether a condition holds, where a call decides that: it is a parameter for which `true` or `false` is written
    /// at the call, or left to the parameter's default. What a constant says may be different tomorrow.
    pub(super) fn decided(&mut self, frame: FrameId, linked: &'p Linked, condition: ExprId) -> Option<bool> {
        let Expr::Local(local) = linked.module.expr(condition) else {
            return None;
        };
        let func = linked.module.local(*local).function;
        let param = linked.module.function(func).params.iter().find(|param| param.local == *local)?;
        let owner = self.owner(frame, linked.module.file, func)?;
        if self.frame(owner).call.is_none() || linked.index.written.contains(local) {
            return None;
        }
        let value = self.frame(owner).locals.get(local)?;
        let origin = value.origin.as_ref()?;
        let is_handed = origin.handed.is_some_and(|(at, _)| at == origin.span);
        let is_default = param.default.is_some_and(|default| linked.module.span(default) == origin.span);
        match value.kind {
            Kind::Bool(holds) if is_handed || is_default => Some(holds),
            _ => None,
        }
    }

    /// Runs two arms from the same state and joins what they leave.
    pub(super) fn branches(
        &mut self,
        frame: FrameId,
        linked: &'p Linked,
        then: &'p Block,
        otherwise: &'p Block,
    ) -> Next {
        let mark = self.mark(frame);
        let first = self.block(frame, linked, then);
        self.keep_returned(frame, mark);
        let after_first = self.rewind(mark);
        let mark = self.mark(frame);
        let second = self.block(frame, linked, otherwise);
        self.keep_returned(frame, mark);
        let after_second = self.rewind(mark);
        match (first, second) {
            (Next::Leaves, Next::Leaves) => return Next::Leaves,
            (Next::Leaves, Next::Goes) => self.replay(after_second),
            (Next::Goes, Next::Leaves) => self.replay(after_first),
            (Next::Goes, Next::Goes) => self.join(after_first, after_second),
        }
        Next::Goes
    }

    fn mark(&self, frame: FrameId) -> Mark {
        let returns = self.frame(frame).returns.len();
        Mark { trail: self.trail.len(), objects: self.objects.len(), frames: self.frames.len(), returns }
    }

    /// Copies the records that an arm changed and returned, so that what is taken back after it stays in them.
    fn keep_returned(&mut self, frame: FrameId, mark: Mark) {
        for at in mark.returns..self.frame(frame).returns.len() {
            let Kind::Object(id) = self.frame(frame).returns[at].kind else {
                continue;
            };
            let is_record = matches!(self.object(id).kind, ObjectKind::Record);
            let is_changed = |undo: &Undo| matches!(undo, Undo::Field(object, ..) if *object == id);
            if is_record && !mark.is_new_object(id) && self.trail[mark.trail..].iter().any(is_changed) {
                let copy = self.object(id).clone();
                let copy = self.new_object(copy);
                self.frame_mut(frame).returns[at].kind = Kind::Object(copy);
            }
        }
    }

    /// Takes back every change since `mark` and returns what the changed places held, in a fixed order. Nothing from
    /// before leads to what was made since, so that stays as it is: a record that an arm makes and returns.
    fn rewind(&mut self, mark: Mark) -> Vec<(Changed, Held)> {
        let mut held: Vec<(Changed, Held)> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        let changes: Vec<Undo> = self.trail.drain(mark.trail..).collect();
        for change in changes.into_iter().rev() {
            match change {
                Undo::Local(frame, ..) if frame.0 as usize >= mark.frames => {}
                Undo::Field(object, ..) if mark.is_new_object(object) => {}
                Undo::Local(frame, local, before) => {
                    let locals = &mut self.frame_mut(frame).locals;
                    let now = match before {
                        Some(before) => locals.insert(local, before),
                        None => locals.remove(&local),
                    };
                    let place = Changed::Local(frame, local);
                    if seen.insert(place.clone()) {
                        held.push((place, Held::Value(now)));
                    }
                }
                Undo::Field(object, name, before) => {
                    let place = Changed::Field(object, name.clone());
                    let now = self.object(object).slot(&name).cloned();
                    self.put(object, name, before);
                    if seen.insert(place.clone()) {
                        held.push((place, Held::Slot(now)));
                    }
                }
            }
        }
        held.reverse();
        held
    }

    fn replay(&mut self, changes: Vec<(Changed, Held)>) {
        for (place, held) in changes {
            self.assign(place, held);
        }
    }

    fn join(&mut self, first: Vec<(Changed, Held)>, second: Vec<(Changed, Held)>) {
        let mut others: FxHashMap<Changed, Held> = second.iter().cloned().collect();
        for (place, held) in first {
            let other = others.remove(&place).unwrap_or_else(|| self.held(&place));
            let joined = join(held, other);
            self.assign(place, joined);
        }
        for (place, _) in second {
            if let Some(held) = others.remove(&place) {
                let before = self.held(&place);
                let joined = join(before, held);
                self.assign(place, joined);
            }
        }
    }

    fn held(&self, place: &Changed) -> Held {
        match place {
            Changed::Local(frame, local) => Held::Value(self.frame(*frame).locals.get(local).cloned()),
            Changed::Field(object, name) => Held::Slot(self.object(*object).slot(name).cloned()),
        }
    }

    fn assign(&mut self, place: Changed, held: Held) {
        match (place, held) {
            (Changed::Local(frame, local), Held::Value(Some(value))) => self.set_local(frame, local, value),
            (Changed::Local(..), _) => {}
            (Changed::Field(object, name), Held::Slot(slot)) => {
                let before = self.put(object, name.clone(), slot);
                self.trail.push(Undo::Field(object, name, before));
            }
            (Changed::Field(..), Held::Value(_)) => {}
        }
    }
}

/// What a place may hold after either of two branches. A field that one of them lacks may still be there.
fn join(first: Held, second: Held) -> Held {
    match (first, second) {
        (Held::Value(Some(a)), Held::Value(Some(b))) => Held::Value(Some(Value::one_of([a, b]))),
        (Held::Value(a), Held::Value(b)) => Held::Value(a.or(b)),
        (Held::Slot(Some(a)), Held::Slot(Some(b))) => {
            let value = Value::one_of([a.value, b.value]);
            Held::Slot(Some(Slot { value, ..a }))
        }
        (Held::Slot(a), Held::Slot(b)) => Held::Slot(a.or(b)),
        (held, _) => held,
    }
}
