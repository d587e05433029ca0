//! Values that are computed when they are needed.

use super::call::{Site, Statement};
use super::eval::{Eval, LIMIT};
use super::value::{Arg, FrameId, Kind, Lazy, Value};
use crate::ir::Name;
use crate::source::Span;

impl<'p> Eval<'p> {
    pub(super) fn done(&self, value: &Value) -> Option<Value> {
        match &value.kind {
            Kind::Lazy(cell) => match &*cell.borrow() {
                Lazy::Done(value) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn is_done(&self, value: &Value) -> bool {
        self.done(value).is_some()
    }

    /// The value itself, computed now if it was put off.
    pub(super) fn force(&mut self, value: &Value) -> Value {
        if !self.deeper() {
            return Value::unknown(LIMIT);
        }
        let value = self.force_inner(value);
        self.depth -= 1;
        value
    }

    pub(super) fn force_inner(&mut self, value: &Value) -> Value {
        match &value.kind {
            Kind::Lazy(cell) => {
                if let Some(done) = self.done(value) {
                    return done.passed_by(value.origin.as_ref());
                }
                let state = cell.replace(Lazy::Busy);
                self.quiet += 1;
                self.depth += 1;
                let result = self.compute(state);
                self.depth -= 1;
                self.quiet -= 1;
                cell.replace(Lazy::Done(result.clone()));
                result.passed_by(value.origin.as_ref())
            }
            Kind::OneOf(values) if values.iter().any(|value| matches!(value.kind, Kind::Lazy(_))) => {
                let values = values.clone();
                let forced: Vec<Value> = values.iter().map(|value| self.force(value)).collect();
                Value::one_of(forced).with_origin(value.origin.clone())
            }
            _ => value.clone(),
        }
    }

    pub(super) fn compute(&mut self, state: Lazy) -> Value {
        if self.depth > super::eval::MOST_DEPTH {
            return Value::unknown(LIMIT);
        }
        let value = match state {
            Lazy::Busy => Value::unknown("it depends on itself"),
            Lazy::Done(value) => value,
            Lazy::Import(file, import) => {
                let binding = self.program.import(self.linked(file), import);
                self.binding(binding)
            }
            Lazy::Call { callee, args, frame, span } => {
                let site = Site { frame, span, statement: Statement::No };
                match put_off_field(&callee) {
                    Some((base, name)) => self.call_method_of(site, &base, &name, args.to_vec()),
                    None => {
                        let callee = self.force(&callee);
                        self.call_now(site, &callee, args.to_vec())
                    }
                }
            }
            Lazy::Method { receiver, name, args, frame, span } => {
                let site = Site { frame, span, statement: Statement::No };
                self.call_method_of(site, &receiver, &name, args.to_vec())
            }
            Lazy::Field(base, name) => {
                let base = self.force(&base);
                let (frame, span) = self.place_of(&base);
                self.field(frame, &base, &name, span)
            }
            Lazy::Typed(value, ty) => {
                let value = self.force(&value);
                self.annotate(value, &ty)
            }
            Lazy::Each(base) => {
                let base = self.force(&base);
                let (frame, _) = self.place_of(&base);
                self.each(frame, &base)
            }
        };
        match value.kind {
            Kind::Lazy(_) => self.force(&value),
            _ => value,
        }
    }

    /// Calls a method of a receiver that was not computed before.
    fn call_method_of(&mut self, site: Site, receiver: &Value, name: &Name, args: Vec<Arg>) -> Value {
        let receiver = self.force(receiver);
        match receiver.kind {
            Kind::Lazy(_) => Value::unknown("it depends on itself"),
            _ => self.call_method(site, &receiver, name, args),
        }
    }

    /// Some activation and place for a value that is computed later.
    pub(super) fn place_of(&mut self, value: &Value) -> (FrameId, Span) {
        match &value.origin {
            Some(origin) => (origin.frame, origin.span),
            None => {
                let frame = self.module_frame(self.unit.0);
                (frame, Span::new(self.unit.0, 0, 0))
            }
        }
    }

    /// Calls without putting it off.
    pub(super) fn call_now(&mut self, site: Site, callee: &Value, args: Vec<Arg>) -> Value {
        match &callee.kind {
            Kind::Function(closure) => {
                let closure = closure.clone();
                self.called.insert((closure.file, closure.func));
                self.run_function(site, &closure, args)
            }
            Kind::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|value| self.call_now(site, value, args.clone())).collect::<Vec<_>>())
            }
            Kind::Lazy(_) => Value::unknown("it depends on itself"),
            _ => self.call_value(site, callee, args),
        }
    }
}

/// The receiver and the name of a method that was put off: what it does may depend on both.
fn put_off_field(callee: &Value) -> Option<(Value, Name)> {
    match &callee.kind {
        Kind::Lazy(cell) => match &*cell.borrow() {
            Lazy::Field(base, name) => Some((base.clone(), name.clone())),
            Lazy::Typed(value, _) => put_off_field(value),
            _ => None,
        },
        _ => None,
    }
}
