//! Decorators: where one of the project's own functions makes another of a function, calls reach that one.

use std::rc::Rc;

use super::call::{Site, Statement};
use super::eval::Eval;
use super::value::{Arg, Closure, FrameId, Kind, Value};
use crate::ir::{Expr, Rest};
use crate::source::Span;

impl<'p> Eval<'p> {
    /// What the decorators of a function make of it; none where they leave it as it is, or are not the project's own.
    pub(super) fn decorated(&mut self, closure: &Closure) -> Option<Value> {
        let linked = self.linked(closure.file);
        let function = linked.module.function(closure.func);
        if closure.plain || function.decorators.is_empty() {
            return None;
        }
        let frame = match closure.frame {
            Some(frame) => frame,
            None => self.module_frame(closure.file),
        };
        let plain = Closure { plain: true, this: None, bound: Vec::new(), ..closure.clone() };
        let mut value = Value::of(Kind::Function(Rc::new(plain)));
        let mut is_other = false;
        for decorator in function.decorators.iter().rev() {
            // What a library's decorator is given is not what it returns: `@wraps(function)`.
            let of_library = match linked.module.expr(*decorator) {
                Expr::Call(call) => matches!(self.eval(frame, call.callee).kind, Kind::Extern(_)),
                _ => false,
            };
            if of_library {
                continue;
            }
            let callee = self.eval(frame, *decorator);
            let span = linked.module.span(*decorator);
            let site = Site { frame, span, statement: Statement::No };
            let given = vec![Arg { name: None, value: value.clone(), spread: false, span }];
            let callee = match callee.kind {
                Kind::Lazy(_) if self.must_run(site, &callee, &given) => self.force(&callee),
                _ => callee,
            };
            if !matches!(callee.kind, Kind::Function(_)) {
                continue;
            }
            // Making it runs neither function.
            self.quiet += 1;
            let made = self.call_value(site, &callee, given);
            self.quiet -= 1;
            if matches!(made.kind, Kind::Function(_)) {
                value = made;
                is_other = true;
            }
        }
        is_other.then_some(value)
    }

    /// Calls what the decorators made of a function, and the function itself where that does not.
    pub(super) fn run_decorated(&mut self, site: Site, decorated: &Value, closure: &Closure, args: Vec<Arg>) -> Value {
        let key = (closure.file, closure.func);
        let before = self.plain_runs.get(&key).copied();
        let given = self.with_receiver(site, closure, args.clone());
        let value = self.call_value(site, decorated, given);
        if self.plain_runs.get(&key).copied() != before {
            return value;
        }
        let itself = self.run_function(site, &Closure { plain: true, ..closure.clone() }, args);
        Value::one_of([value, itself])
    }

    /// The arguments of a decorated function: a method's receiver comes first.
    fn with_receiver(&self, site: Site, closure: &Closure, mut args: Vec<Arg>) -> Vec<Arg> {
        args.splice(0..0, closure.bound.iter().cloned());
        if let Some(this) = &closure.this {
            args.insert(0, Arg { name: None, value: this.clone(), spread: false, span: site.span });
        }
        args
    }

    /// The parameters of an activation as the arguments of another call.
    pub(super) fn handed_on(&self, frame: FrameId, closure: &Closure, span: Span) -> Vec<Arg> {
        let linked = self.linked(closure.file);
        let params = &linked.module.function(closure.func).params;
        let args = params.iter().map(|param| {
            let name = param.keyword_only.then(|| linked.module.local(param.local).name.clone());
            let value = self.frame(frame).locals.get(&param.local).cloned().unwrap_or_else(Value::nothing);
            Arg { name, value, spread: param.rest != Rest::No, span }
        });
        args.collect()
    }
}
