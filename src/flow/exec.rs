//! Runs statements: writes in order, branches that are joined where they meet.

use super::call::Statement;
use super::eval::{Eval, Undo};
use super::program::Linked;
use super::value::{FrameId, Kind, ObjectId, ObjectKind, Slot, Value};
use crate::ir::{Block, Expr, ExprId, FuncId, LocalId, Name, Place, Stmt};
use crate::source::{FileId, Span};

/// Whether what follows a statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Goes,
    Leaves,
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

    /// The list that a loop goes through, with its elements, where each can be followed by itself.
    pub(super) fn loop_items(
        &mut self,
        frame: FrameId,
        linked: &'p Linked,
        block: &'p Block,
    ) -> Option<(ObjectId, Vec<Value>)> {
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
    pub(super) fn each_item(
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

    pub(super) fn set(&mut self, frame: FrameId, linked: &'p Linked, place: &Place, value: Value, at: Span) {
        match place {
            Place::Local(local) => {
                let declared = linked.module.local(*local);
                let value = match declared.ty {
                    Some(ty) => {
                        let ty = self.program.type_ref(linked.module.file, ty);
                        let value = self.annotate(value, &ty);
                        self.remember_empty(frame, *local, &value, &ty);
                        value
                    }
                    None => value,
                };
                if let Some(owner) = self.owner(frame, linked.module.file, declared.function) {
                    self.set_local(owner, *local, value);
                }
            }
            Place::Global(name) => self.assign_global(frame, name, value, at),
            Place::Field(base, name) if self.keep(frame, *base, name, &value) => {}
            Place::Field(base, name) => {
                let base = self.written_base(frame, linked, *base);
                self.set_field(frame, &base, name, value, at);
            }
            Place::Element(base, key) => {
                let base = self.written_base(frame, linked, *base);
                let key = self.eval(frame, *key);
                for base in base.alternatives() {
                    match (&base.kind, &key.kind) {
                        (Kind::Object(object), _) => {
                            self.write_element(frame, *object, &key, Slot { key: at, frame, value: value.clone() });
                        }
                        (Kind::Extern(_), Kind::Text(name)) => self.set_field(frame, base, name, value.clone(), at),
                        _ => {}
                    }
                }
            }
        }
    }

    /// The activation around `frame` that holds the variables of a function.
    pub(super) fn owner(&mut self, frame: FrameId, file: FileId, func: FuncId) -> Option<FrameId> {
        let mut at = Some(frame);
        while let Some(id) = at {
            let candidate = self.frame(id);
            if candidate.file == file && candidate.func == func {
                return Some(id);
            }
            at = candidate.parent;
        }
        (func == FuncId::BODY).then(|| self.module_frame(file))
    }

    pub(super) fn set_local(&mut self, frame: FrameId, local: LocalId, value: Value) {
        let before = self.frame_mut(frame).locals.insert(local, value);
        self.trail.push(Undo::Local(frame, local, before));
    }

    /// What is written to. A record that is not there yet is made by the write: `defaultdict(dict)["a"]["b"] = x`.
    fn written_base(&mut self, frame: FrameId, linked: &'p Linked, base: ExprId) -> Value {
        // What a call that was put off returned is changed where it is, not where it is read.
        let value = self.eval(frame, base);
        let value = self.force(&value);
        let (outer, key) = match (&value.kind, linked.module.expr(base)) {
            (Kind::Nothing, Expr::Element(outer, key)) => (*outer, self.eval(frame, *key)),
            (Kind::Nothing, Expr::Field(outer, name)) => (*outer, Value::text(name.clone())),
            _ => return value,
        };
        let outer = self.eval(frame, outer);
        let Kind::Object(object) = outer.kind else { return value };
        if !matches!(self.object(object).kind, ObjectKind::Record) {
            return value;
        }
        let (_, made) = self.record(frame);
        let at = linked.module.span(base);
        self.write_element(frame, object, &key, Slot { key: at, frame, value: made.clone() });
        made
    }

    pub(super) fn remove(&mut self, frame: FrameId, place: &Place) {
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
        let base = self.force(&base);
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
