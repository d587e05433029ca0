//! Runs statements: writes in order, branches that are joined where they meet.

use rustc_hash::FxHashMap;

use super::call::Statement;
use super::eval::{Eval, Undo};
use super::program::Linked;
use super::value::{FrameId, Kind, ObjectId, ObjectKind, Slot, Value};
use crate::ir::{Block, Expr, ExprId, FuncId, LocalId, Name, Place, Stmt};
use crate::source::Span;

/// Whether what follows a statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Goes,
    Leaves,
}

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
    pub(super) fn block(&mut self, frame: FrameId, linked: &'p Linked, block: &'p Block) -> Next {
        for statement in block {
            if self.statement(frame, linked, statement) == Next::Leaves {
                return Next::Leaves;
            }
        }
        Next::Goes
    }

    pub(super) fn statement(&mut self, frame: FrameId, linked: &'p Linked, statement: &'p Stmt) -> Next {
        match statement {
            Stmt::Set { place, value, at } => {
                let value = self.eval(frame, *value);
                self.set(frame, linked, place, value, linked.module.at(*at));
                Next::Goes
            }
            Stmt::Remove(place) => {
                self.remove(frame, place);
                Next::Goes
            }
            Stmt::Do(expr) => {
                match linked.module.expr(*expr) {
                    Expr::Call(call) => {
                        let span = linked.module.span(*expr);
                        if self.enter(span) {
                            self.call(frame, linked, call, span, Statement::Yes);
                        }
                    }
                    _ => {
                        self.eval(frame, *expr);
                    }
                }
                Next::Goes
            }
            Stmt::Return(value) => {
                let value = value.map_or(Value::nothing(), |value| self.eval(frame, value));
                self.frame_mut(frame).returns.push(value);
                Next::Leaves
            }
            // A loop may go on after `break` or `continue`, with what was written before it.
            Stmt::Exit if self.frame(frame).loops > 0 => Next::Goes,
            Stmt::Exit => Next::Leaves,
            Stmt::When { condition, then, otherwise } => {
                self.eval(frame, *condition);
                match self.decided(frame, linked, *condition) {
                    Some(true) => self.block(frame, linked, then),
                    Some(false) => self.block(frame, linked, otherwise),
                    None => self.branches(frame, linked, then, otherwise),
                }
            }
            Stmt::Maybe(block) => {
                self.frame_mut(frame).loops += 1;
                let next = match self.loop_items(frame, linked, block) {
                    Some((list, items)) => self.each_item(frame, linked, block, list, items),
                    None => {
                        self.branches(frame, linked, block, &NO_BLOCK);
                        Next::Goes
                    }
                };
                self.frame_mut(frame).loops -= 1;
                next
            }
        }
    }

    /// Whether a condition holds, where a call decides that: it is a parameter for which `true` or `false` is written
    /// at the call, or left to the parameter's default. What a constant says may be different tomorrow.
    fn decided(&mut self, frame: FrameId, linked: &'p Linked, condition: ExprId) -> Option<bool> {
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

    /// The list that a loop goes through, with its elements, where each can be followed by itself.
    fn loop_items(&mut self, frame: FrameId, linked: &'p Linked, block: &'p Block) -> Option<(ObjectId, Vec<Value>)> {
        let Some(Stmt::Set { value, .. }) = block.first() else {
            return None;
        };
        let mut at = *value;
        let list = loop {
            match linked.module.expr(at) {
                Expr::Field(base, _) | Expr::Element(base, _) => at = *base,
                Expr::Each(list) => break *list,
                _ => return None,
            }
        };
        // Only a name leads to the same list each time it is evaluated.
        if !matches!(linked.module.expr(list), Expr::Local(_) | Expr::Import(_)) {
            return None;
        }
        let list = self.eval(frame, list);
        let Kind::Object(object) = list.kind else {
            return None;
        };
        Some((object, self.distinct_items(&list)?))
    }

    /// Runs the body of a loop once for each element: it is certain to run, and its elements are not confused.
    fn each_item(
        &mut self,
        frame: FrameId,
        linked: &'p Linked,
        block: &'p Block,
        list: ObjectId,
        items: Vec<Value>,
    ) -> Next {
        for item in items {
            self.current.push((frame, list, item));
            let next = self.block(frame, linked, block);
            self.current.pop();
            if next == Next::Leaves {
                return Next::Leaves;
            }
        }
        Next::Goes
    }

    /// Runs two arms from the same state and joins what they leave.
    fn branches(&mut self, frame: FrameId, linked: &'p Linked, then: &'p Block, otherwise: &'p Block) -> Next {
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

    /// Puts a field in place, or takes it away, without noting it.
    pub(super) fn put(&mut self, object: ObjectId, name: Name, slot: Option<Slot>) -> Option<Slot> {
        let fields = &mut self.object_mut(object).fields;
        let at = fields.iter().position(|(key, _)| *key == name);
        match (at, slot) {
            (Some(at), Some(slot)) => Some(std::mem::replace(&mut fields[at].1, slot)),
            (Some(at), None) => Some(fields.remove(at).1),
            (None, Some(slot)) => {
                fields.push((name, slot));
                None
            }
            (None, None) => None,
        }
    }

    /// Writes a field.
    pub(super) fn write(&mut self, object: ObjectId, name: Name, slot: Slot) {
        let before = self.put(object, name.clone(), Some(slot));
        self.trail.push(Undo::Field(object, name, before));
    }

    /// Takes a field away.
    pub(super) fn erase(&mut self, object: ObjectId, name: &Name) {
        let before = self.put(object, name.clone(), None);
        self.trail.push(Undo::Field(object, name.clone(), before));
    }

    fn set(&mut self, frame: FrameId, linked: &'p Linked, place: &Place, value: Value, at: Span) {
        match place {
            Place::Local(local) => {
                let declared = linked.module.local(*local);
                let value = match declared.ty {
                    Some(ty) => self.annotate(value, &self.program.type_ref(linked.module.file, ty)),
                    None => value,
                };
                if let Some(owner) = self.owner(frame, linked.module.file, declared.function) {
                    self.set_local(owner, *local, value);
                }
            }
            Place::Global(name) => self.assign_global(frame, name, value, at),
            Place::Field(base, name) => {
                let base = self.eval(frame, *base);
                self.set_field(frame, &base, name, value, at);
            }
            Place::Element(base, key) => {
                let base = self.eval(frame, *base);
                let key = self.eval(frame, *key);
                for base in base.alternatives() {
                    if let Kind::Object(object) = base.kind {
                        self.write_element(frame, object, &key, Slot { key: at, frame, value: value.clone() });
                    }
                }
            }
        }
    }

    fn remove(&mut self, frame: FrameId, place: &Place) {
        let (base, name) = match place {
            Place::Field(base, name) => (*base, Some(name.clone())),
            Place::Element(base, key) => {
                let key = self.eval(frame, *key);
                match key.kind {
                    Kind::Text(name) => (*base, Some(name)),
                    _ => (*base, None),
                }
            }
            Place::Local(_) | Place::Global(_) => return,
        };
        let base = self.eval(frame, base);
        if let (Kind::Object(object), Some(name)) = (&base.kind, name) {
            self.erase(*object, &name);
            let rest = self.object(*object).rest.clone();
            let rest = rest.iter().map(|value| self.without(frame, value, std::slice::from_ref(&name))).collect();
            self.object_mut(*object).rest = rest;
        }
    }

    /// Runs the statements of a module's body that write a variable, in order and once.
    pub(super) fn run_slice(&mut self, linked: &'p Linked, frame: FrameId, local: LocalId) {
        let file = linked.module.file;
        if !self.busy.insert((file, local)) {
            return;
        }
        // What a module's body writes does not depend on the branch in which it is first read.
        let trail = std::mem::take(&mut self.trail);
        let body = &linked.module.function(FuncId::BODY).body;
        for at in linked.index.writes.get(&local).map(Vec::as_slice).unwrap_or_default() {
            if self.ran.insert((file, *at)) {
                self.statement(frame, linked, &body[*at]);
            }
        }
        self.trail = trail;
        self.busy.remove(&(file, local));
    }
}

static NO_BLOCK: Block = Block::new();

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
