//! Runs the project's own functions: arguments become parameters.

use std::rc::Rc;

use super::call::Site;
use super::eval::{Eval, Frame};
use super::program::Linked;
use super::value::{Arg, Closure, Extern, FrameId, Kind, Object, ObjectKind, Slot, Value};
use crate::ir::{FuncId, Name, Rest};
use crate::source::{FileId, Span};

/// How often one function may be in the middle of its own evaluation.
const MOST_RECURSION: usize = 2;

impl<'p> Eval<'p> {
    pub(super) fn call_function(&mut self, site: Site, closure: &Closure, args: Vec<Arg>) -> Value {
        let key = (closure.file, closure.func);
        let linked = self.linked(closure.file);
        if let Some(names) = self.program.wrappers(linked).and_then(|wrappers| wrappers.get(&closure.func)) {
            // What is declared about it holds for its callers; its own code is read for itself.
            self.called.insert(key);
            let module = Value::of(Kind::Extern(Rc::new(Extern::Package(
                self.program.sources.get(closure.file).path.as_str().into(),
            ))));
            let callee = names.iter().fold(module, |value, name| self.member(&value, name));
            return self.call_extern(site, &callee, args);
        }
        let unit = linked.index.unit_of[closure.func.0 as usize];
        let local = self.unit == (closure.file, unit)
            || closure.frame.is_some_and(|frame| self.frame(frame).func != FuncId::BODY);
        let inline = || self.runs_inline(linked, key, unit) || self.inherits_address(closure);
        if !local && !inline() && !self.must_run_args(site, &args) {
            let callee = Value::of(Kind::Function(Rc::new(closure.clone())));
            return self.call_later(site, callee, args);
        }
        self.called.insert(key);
        match self.decorated(closure) {
            Some(decorated) => self.run_decorated(site, &decorated, closure, args),
            None => self.run_function(site, closure, args),
        }
    }

    /// Whether a method is called on an instance of another class, which gives a field a vendor's address.
    fn inherits_address(&self, closure: &Closure) -> bool {
        let Some(Kind::Object(this)) = closure.this.as_ref().map(|this| &this.kind) else {
            return false;
        };
        let ObjectKind::Instance { class, .. } = self.object(*this).kind else {
            return false;
        };
        let own = self.linked(closure.file).module.function(closure.func).class;
        self.plan.addressed.contains(&class) && (class.file != closure.file || own != Some(class.class))
    }

    /// Whether a call may do more than what the function's own unit says of it: the function leaves a payload open to
    /// its callers, gives them something that leads to a vendor, or changes what others read.
    fn runs_inline(&self, linked: &Linked, key: (FileId, FuncId), unit: FuncId) -> bool {
        let models = self.program.models(linked.module.language);
        let changes = |name: &Name| models.methods.get(name).is_some_and(|op| op.changes());
        let index = &linked.index;
        let writes = || {
            index.writes_outside.contains(&key.1)
                || index.writes_receiver.contains(&key.1)
                || index.field_calls.get(&key.1).is_some_and(|names| names.iter().any(changes))
        };
        self.plan.open.contains(&key)
            || self.plan.gives.contains(&(key.0, unit))
            || self.plan.warm(key.0, unit) && writes()
    }

    /// A new activation of a function, with its receiver bound. What nothing calls runs inside what is around it.
    pub(super) fn activate(&mut self, closure: &Closure, caller: Option<FrameId>, call: Option<Span>) -> FrameId {
        let parent = match closure.frame {
            Some(frame) => frame,
            None => self.module_frame(closure.file),
        };
        let frame = self.new_frame(Frame {
            file: closure.file,
            func: closure.func,
            locals: Default::default(),
            parent: Some(parent),
            caller: caller.or(Some(parent)),
            call,
            returns: Vec::new(),
            loops: 0,
        });
        let receiver = self.linked(closure.file).module.function(closure.func).receiver;
        if let (Some(receiver), Some(this)) = (receiver, &closure.this) {
            self.frame_mut(frame).locals.insert(receiver, this.clone());
        }
        frame
    }

    /// Runs the body of an activated function and returns what it returns.
    pub(super) fn run_activation(&mut self, frame: FrameId) -> Value {
        let Frame { file, func, .. } = *self.frame(frame);
        let linked = self.linked(file);
        self.running.push((file, func));
        self.depth += 1;
        self.block(frame, linked, &linked.module.function(func).body);
        self.depth -= 1;
        self.running.pop();
        Value::one_of(std::mem::take(&mut self.frame_mut(frame).returns))
    }

    /// Runs a function with these arguments and returns what it returns.
    pub(super) fn run_function(&mut self, site: Site, closure: &Closure, mut args: Vec<Arg>) -> Value {
        let key = (closure.file, closure.func);
        if self.running.iter().filter(|running| **running == key).count() >= MOST_RECURSION || !self.enter(site.span) {
            return Value::unknown("it calls itself");
        }
        if closure.plain {
            *self.plain_runs.entry(key).or_default() += 1;
        }
        let linked = self.linked(closure.file);
        let frame = self.activate(closure, Some(site.frame), Some(site.span));
        for (at, bound) in closure.bound.iter().enumerate() {
            args.insert(at, bound.clone());
        }
        for arg in &mut args {
            arg.value = arg.value.clone().handed(arg.span, site.frame);
        }
        let function = linked.module.function(closure.func);
        if let (true, None, Some(receiver), false) = (closure.plain, &closure.this, function.receiver, args.is_empty())
        {
            let this = args.remove(0).value;
            self.frame_mut(frame).locals.insert(receiver, this);
        }
        self.bind(frame, linked, closure.func, args, site);
        let most = self.most;
        // What a unit calls first must not cut off what it calls after that.
        if self.running.len() <= 1 {
            self.most -= most.saturating_sub(self.steps) / 3;
        }
        let value = self.run_activation(frame);
        self.most = most;
        match function.returns {
            Some(ty) => self.annotate(value, &self.program.type_ref(closure.file, ty)),
            None => value,
        }
    }

    /// Gives the parameters of a function their arguments.
    pub(super) fn bind(&mut self, frame: FrameId, linked: &'p Linked, func: FuncId, args: Vec<Arg>, site: Site) {
        let function = linked.module.function(func);
        let mut positional: Vec<Value> = Vec::new();
        let mut named: Vec<Arg> = Vec::new();
        let mut further: Vec<Value> = Vec::new();
        for arg in args {
            match (&arg.name, arg.spread) {
                (Some(_), _) => named.push(arg),
                (None, false) => positional.push(arg.value),
                (None, true) => self.spread_argument(frame, arg, &mut positional, &mut named, &mut further),
            }
        }
        let names: Vec<&Name> = function
            .params
            .iter()
            .filter(|param| param.rest == Rest::No)
            .map(|param| &linked.module.local(param.local).name)
            .collect();
        let keyword_rest = function.params.iter().any(|param| param.rest == Rest::Keyword);
        if !named.is_empty() && positional.is_empty() && !keyword_rest && !self.any_fits(&named, &names) {
            positional.insert(0, self.gather(site.frame, std::mem::take(&mut named)));
        }
        let mut positional = positional.into_iter();
        for param in &function.params {
            let declared = linked.module.local(param.local);
            let value = match param.rest {
                Rest::Positional => {
                    let object = self.new_object(Object::new(ObjectKind::List, site.frame));
                    self.object_mut(object).items = positional.by_ref().chain(further.drain(..)).collect();
                    Some(Value::of(Kind::Object(object)))
                }
                Rest::Keyword => {
                    let rest = std::mem::take(&mut named);
                    let rest = rest.into_iter().map(|arg| self.beside(frame, arg, &names)).collect();
                    Some(self.gather(site.frame, rest))
                }
                Rest::No => {
                    let by_position = if param.keyword_only { None } else { positional.next() };
                    by_position
                        .or_else(|| self.take_named(frame, &mut named, &declared.name))
                        .or_else(|| further.first().filter(|_| !param.keyword_only).cloned())
                }
            };
            let value = match (value, param.default) {
                (Some(value), Some(default)) if matches!(value.kind, Kind::Nothing) => self.eval(frame, default),
                (Some(value), _) => value,
                (None, Some(default)) => self.eval(frame, default),
                (None, None) => Value::nothing(),
            };
            let value = match declared.ty {
                Some(ty) => self.annotate(value, &self.program.type_ref(linked.module.file, ty)),
                None => value,
            };
            self.frame_mut(frame).locals.insert(param.local, value);
        }
    }

    /// Whether one of the named arguments, or a field of a record of arguments, is what a parameter is called. A record
    /// of names that are not known may hold those of several parameters.
    fn any_fits(&self, named: &[Arg], names: &[&Name]) -> bool {
        named.iter().any(|arg| match (&arg.name, &arg.value.kind) {
            (Some(name), _) => names.contains(&name),
            (None, Kind::Object(object)) => {
                let object = self.object(*object);
                object.fields.iter().any(|(name, _)| names.contains(&name))
                    || !object.rest.is_empty() && names.len() > 1
            }
            (None, _) => false,
        })
    }

    /// The argument of this name, from among the named ones or from a record of arguments.
    fn take_named(&mut self, frame: FrameId, named: &mut Vec<Arg>, name: &Name) -> Option<Value> {
        if let Some(at) = named.iter().position(|arg| arg.name.as_ref() == Some(name)) {
            return Some(named.remove(at).value);
        }
        let records: Vec<Arg> = named.iter().filter(|arg| arg.name.is_none()).cloned().collect();
        records.iter().find_map(|arg| {
            let Kind::Object(object) = arg.value.kind else { return None };
            match self.object(object).slot(name).cloned() {
                Some(slot) => Some(self.passed(slot, frame)),
                None => self.rest_field(frame, object, name, arg.span),
            }
        })
    }

    /// What a record of arguments holds beside those of the parameters.
    fn beside(&mut self, frame: FrameId, arg: Arg, names: &[&Name]) -> Arg {
        if arg.name.is_some() || names.is_empty() {
            return arg;
        }
        let names: Vec<Name> = names.iter().map(|name| (*name).clone()).collect();
        let value = self.without(frame, &arg.value, &names);
        Arg { value, ..arg }
    }

    pub(super) fn spread_argument(
        &mut self,
        frame: FrameId,
        arg: Arg,
        positional: &mut Vec<Value>,
        named: &mut Vec<Arg>,
        further: &mut Vec<Value>,
    ) {
        let value = self.force(&arg.value);
        match &value.kind {
            Kind::Object(object) if matches!(self.object(*object).kind, ObjectKind::List) => {
                positional.extend(self.object(*object).items.iter().cloned());
                further.extend(self.object(*object).rest.iter().cloned());
            }
            Kind::Object(_) => named.push(Arg { value, ..arg }),
            // `{...props}` of an element, `**options`: a record; `...args`: a list. Which one is not known.
            _ => {
                let element = self.each(frame, &value);
                further.push(element);
                named.push(Arg { value, ..arg });
            }
        }
    }

    /// Named arguments as one record, which is what a component's function receives.
    pub(super) fn gather(&mut self, frame: FrameId, named: Vec<Arg>) -> Value {
        let object = self.new_object(Object::new(ObjectKind::Record, frame));
        for arg in named {
            match arg.name {
                Some(name) => self.write(object, name, Slot { key: arg.span, frame, value: arg.value }),
                None => self.spread(frame, object, &arg.value),
            }
        }
        Value::of(Kind::Object(object))
    }
}
