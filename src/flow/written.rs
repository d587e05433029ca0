//! What other functions write: fields of an instance, static fields of a class, variables of a module.

use super::eval::Eval;
use super::program::Linked;
use super::value::{ClassRef, Closure, FrameId, Kind, ObjectId, Slot, Value};
use crate::ir::{FuncId, LocalId, Name};
use crate::source::FileId;

/// How many functions may be run inside each other only for what they write.
const MOST_QUIET: usize = 3;

impl<'p> Eval<'p> {
    /// What the methods of a class other than the constructor write to a field.
    pub(super) fn written_by_methods(
        &mut self,
        frame: FrameId,
        this: &Value,
        id: ObjectId,
        class: ClassRef,
        name: &Name,
    ) -> Option<Value> {
        let mut values: Vec<Value> = Vec::new();
        for class in self.ancestry(class) {
            let linked = self.linked(class.file);
            let constructor = self.method(class, &"constructor".into()).map(|method| method.func);
            let writers = linked.index.field_writes.get(&(class.class, name.clone())).cloned().unwrap_or_default();
            for func in writers {
                let key = (class.file, func);
                let init = linked.module.class(class.class).init;
                if Some(func) == constructor || Some(func) == init || self.running.contains(&key) {
                    continue;
                }
                let closure = Closure {
                    file: class.file,
                    func,
                    frame: None,
                    this: Some(this.clone()),
                    bound: Vec::new(),
                    plain: false,
                };
                let trail = std::mem::take(&mut self.trail);
                self.quiet += 1;
                self.run_open(&closure, self.left_to_callers(id), Some(frame));
                self.quiet -= 1;
                self.trail = trail;
                if let Some(slot) = self.object(id).slot(name) {
                    values.push(slot.value.clone());
                }
            }
        }
        if values.is_empty() {
            return None;
        }
        let value = Value::one_of(values);
        if let Some(slot) = self.object(id).slot(name).cloned() {
            self.put(id, name.clone(), Some(Slot { value: value.clone(), ..slot }));
        }
        Some(value)
    }

    /// Whether a variable that starts with a value may be meant to be filled later: `let settings = {}`.
    pub(super) fn is_empty(&self, value: &Value) -> bool {
        match value.kind {
            Kind::Nothing => true,
            Kind::Object(object) => self.is_empty_record(object),
            _ => false,
        }
    }

    /// What functions put into a variable of their module that starts as nothing, or empty: `let client = null; export
    /// function start() { client = new Client() }`. Its declared type, where none of them says what it is.
    pub(super) fn written_variable(&mut self, linked: &'p Linked, local: LocalId) -> Option<Value> {
        let file = linked.module.file;
        let writers = linked.index.outer_writes.get(&local).map(Vec::as_slice).unwrap_or_default();
        if writers.is_empty() {
            let ty = linked.module.local(local).ty?;
            let ty = self.program.type_ref(file, ty);
            let frame = self.module_frame(file);
            return self.client_of_type(frame, &ty);
        }
        if self.quiet > MOST_QUIET || !self.looked_up.insert((file, local)) {
            return None;
        }
        let frame = self.module_frame(file);
        let before = self.frame(frame).locals.get(&local).cloned();
        let mut values: Vec<Value> = Vec::new();
        for func in writers {
            self.run_writer(file, *func);
            let held = self.frame(frame).locals.get(&local).cloned();
            values.extend(held.filter(|value| !matches!(value.kind, Kind::Nothing)));
            self.frame_mut(frame).locals.insert(local, before.clone().unwrap_or_else(Value::nothing));
        }
        if values.iter().all(|value| matches!(&value.kind, Kind::Open(open) if open.ty.is_none())) {
            values.push(self.declared(linked, local));
        }
        let value = Value::one_of(values);
        if matches!(value.kind, Kind::Nothing) {
            return None;
        }
        self.frame_mut(frame).locals.insert(local, value.clone());
        Some(value)
    }

    /// What functions put into a static field that starts as nothing.
    pub(super) fn written_static(&mut self, class: ClassRef, name: &Name) -> Option<Value> {
        let linked = self.linked(class.file);
        let writers = linked.index.static_writes.get(&(class.class, name.clone()))?;
        if self.quiet > MOST_QUIET || !self.written_statics.insert((class, name.clone())) {
            return None;
        }
        let mut values: Vec<Value> = Vec::new();
        for func in writers {
            self.run_writer(class.file, *func);
            let object = self.statics.get(&class).copied();
            let held = object.and_then(|object| self.object(object).slot(name).map(|slot| slot.value.clone()));
            values.extend(held.filter(|value| !matches!(value.kind, Kind::Nothing)));
        }
        let value = Value::one_of(values);
        if matches!(value.kind, Kind::Nothing) {
            return None;
        }
        let frame = self.module_frame(class.file);
        self.set_static(frame, class, name, value.clone());
        Some(value)
    }

    /// Runs a function only for what it writes.
    fn run_writer(&mut self, file: FileId, func: FuncId) {
        if self.running.contains(&(file, func)) {
            return;
        }
        let function = self.linked(file).module.function(func);
        let this = match function.class.filter(|_| function.receiver.is_some()) {
            Some(class) => {
                let frame = self.module_frame(file);
                Some(self.symbolic(frame, ClassRef { file, class }, false))
            }
            None => None,
        };
        let closure = Closure { file, func, frame: None, this, bound: Vec::new(), plain: true };
        let trail = std::mem::take(&mut self.trail);
        self.quiet += 1;
        self.run_open(&closure, false, None);
        self.quiet -= 1;
        self.trail = trail;
    }
}
