//! Functions that something outside the project is given, and calls: a vendor gives its own objects to them, what else is
//! given is not known.

use std::rc::Rc;

use super::GIVEN;
use super::call::Site;
use super::eval::Eval;
use super::external::{RootName, SEARCH_DEPTH};
use super::value::{Arg, Closure, Extern, FrameId, Kind, Object, ObjectKind, Value};
use crate::ir::{Name, Rest};
use crate::lang;
use crate::source::Span;

impl<'p> Eval<'p> {
    /// Notes the functions among the arguments: what is called may call them.
    pub(super) fn escape_args(&mut self, args: &[Arg]) {
        if self.quiet == 0 {
            args.iter().for_each(|arg| self.escape(&arg.value, 0));
        }
    }

    fn escape(&mut self, value: &Value, depth: usize) {
        if depth > SEARCH_DEPTH {
            return;
        }
        match &value.kind {
            Kind::Function(closure) => self.escaped.push(closure.clone()),
            Kind::OneOf(values) => {
                let values = values.clone();
                values.iter().for_each(|value| self.escape(value, depth + 1));
            }
            Kind::Object(object) => {
                let object = self.object(*object);
                if matches!(object.kind, ObjectKind::Record | ObjectKind::List) {
                    let fields = object.fields.iter().map(|(_, slot)| slot.value.clone());
                    // A list of functions made elsewhere only says what a callback depends on (`[id, record]`).
                    let items = object.items.iter().filter(|item| !self.is_from_elsewhere(item)).cloned();
                    let values: Vec<Value> = fields.chain(items).collect();
                    values.iter().for_each(|value| self.escape(value, depth + 1));
                }
            }
            _ => {}
        }
    }

    /// Whether a function was made by another unit: that unit says what its parameters may hold.
    pub(super) fn is_from_elsewhere(&self, value: &Value) -> bool {
        let Kind::Function(closure) = &value.kind else {
            return false;
        };
        let unit = self.linked(closure.file).index.unit_of[closure.func.0 as usize];
        self.unit != (closure.file, unit)
    }

    /// Lets something outside call the functions it was given. A vendor gives its own objects to them; what else
    /// gives is not known, and they run when the unit is through, unless they write variables around them.
    pub(super) fn call_back(&mut self, site: Site, result: &Value, args: &[Arg], target: bool) {
        for arg in args {
            match &arg.value.kind {
                Kind::Function(closure) if target => {
                    let from = arg.name.as_ref().map_or_else(|| result.clone(), |name| member(result, name));
                    self.run_given(site, closure, &from, arg.span);
                }
                Kind::Object(object) if target && matches!(self.object(*object).kind, ObjectKind::Record) => {
                    let fields = self.object(*object).fields.clone();
                    for (key, slot) in fields {
                        match &slot.value.kind {
                            Kind::Function(closure) => self.run_given(site, closure, &member(result, &key), arg.span),
                            _ if self.quiet == 0 => self.escape(&slot.value, 1),
                            _ => {}
                        }
                    }
                }
                Kind::Function(closure) if self.linked(closure.file).index.writes_outside.contains(&closure.func) => {
                    self.quiet += 1;
                    self.run_open(closure, false, Some(site.frame));
                    self.quiet -= 1;
                    self.escape_args(std::slice::from_ref(arg));
                }
                _ => self.escape_args(std::slice::from_ref(arg)),
            }
        }
    }

    /// Runs a function that a vendor calls.
    fn run_given(&mut self, site: Site, closure: &Closure, from: &Value, span: Span) {
        let args = self.given(closure, from, span);
        self.run_function(site, closure, args);
    }

    /// What a vendor gives to the parameters of a function: `.callback` to the first, `.callback2` to the second. Where a
    /// caller may name the parameters, it may be what the name says, too: `.callback.client`.
    fn given(&self, closure: &Closure, from: &Value, span: Span) -> Vec<Arg> {
        let linked = self.linked(closure.file);
        let by_name = lang::sections().any(|language| language.name() == linked.module.language && language.by_name());
        let params = linked.module.function(closure.func).params.iter().filter(|param| param.rest == Rest::No);
        let values = params.enumerate().map(|(at, param)| {
            let place: Name = if at == 0 { GIVEN.into() } else { format!("{GIVEN}{}", at + 1).into() };
            let positional = member(from, &place);
            if !by_name {
                return positional;
            }
            let name = &linked.module.local(param.local).name;
            Value::one_of([positional, member(&member(from, &GIVEN.into()), name)])
        });
        values.map(|value| Arg { name: None, value, spread: false, span }).collect()
    }

    /// What a vendor whose decorator a function has gives to its parameters.
    pub(super) fn given_by_decorator(&mut self, closure: &Closure, frame: FrameId) -> Option<Vec<Value>> {
        let linked = self.linked(closure.file);
        let function = linked.module.function(closure.func);
        let outer = self.frame(frame).parent?;
        for decorator in &function.decorators {
            let callee = self.eval(outer, *decorator);
            // Most decorators hand on what the function's callers give.
            let gives = match self.root(&callee) {
                Some(RootName::Package(name) | RootName::Global(name)) => self.program.targets.givers.contains(&name),
                None => false,
            };
            if !gives {
                continue;
            }
            let itself = Value::of(Kind::Function(Rc::new(closure.clone())));
            let args = [Arg { name: None, value: itself, spread: false, span: function.span }];
            let result = Object::new(ObjectKind::Result { callee, args: args.into() }, outer);
            let result = Value::of(Kind::Object(self.new_object(result)));
            let given = self.given(closure, &result, function.span);
            return Some(given.into_iter().map(|arg| arg.value).collect());
        }
        None
    }
}

fn member(of: &Value, name: &Name) -> Value {
    Value::of(Kind::Extern(Rc::new(Extern::Member(of.clone(), name.clone()))))
}
