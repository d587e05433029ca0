//! Runs the project's own functions and makes instances of its classes: arguments become parameters.

use std::rc::Rc;

use super::call::{Site, Statement};
use super::eval::{Eval, Frame};
use super::program::Linked;
use super::value::{Arg, ClassRef, Closure, FrameId, Kind, Object, ObjectKind, Slot, Value};
use crate::ir::{FuncId, Name, Rest};
use crate::source::{FileId, Span};

/// How often one function may be in the middle of its own evaluation.
const MOST_RECURSION: usize = 2;

impl<'p> Eval<'p> {
    pub(super) fn call_function(&mut self, site: Site, closure: &Closure, args: Vec<Arg>) -> Value {
        let key = (closure.file, closure.func);
        let linked = self.linked(closure.file);
        let unit = linked.index.unit_of[closure.func.0 as usize];
        let local = self.unit == (closure.file, unit)
            || closure.frame.is_some_and(|frame| self.frame(frame).func != FuncId::BODY);
        if !local && !self.runs_inline(linked, key, unit) && !self.must_run_args(site, &args) {
            let callee = Value::of(Kind::Function(Rc::new(closure.clone())));
            return self.call_later(site, callee, args);
        }
        self.called.insert(key);
        self.run_function(site, closure, args)
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
        let linked = self.linked(closure.file);
        let frame = self.activate(closure, Some(site.frame), Some(site.span));
        for (at, bound) in closure.bound.iter().enumerate() {
            args.insert(at, Arg { name: None, value: bound.clone(), spread: false, span: site.span });
        }
        for arg in &mut args {
            arg.value = arg.value.clone().handed(arg.span, site.frame);
        }
        let function = linked.module.function(closure.func);
        self.bind(frame, linked, closure.func, args, site);
        let value = self.run_activation(frame);
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
        let fits = |arg: &Arg| {
            function.params.iter().any(|param| arg.name.as_ref() == Some(&linked.module.local(param.local).name))
        };
        let keyword_rest = function.params.iter().any(|param| param.rest == Rest::Keyword);
        if !named.is_empty() && !keyword_rest && !named.iter().any(fits) {
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
                Rest::Keyword => Some(self.gather(site.frame, std::mem::take(&mut named))),
                Rest::No => match named.iter().position(|arg| arg.name.as_ref() == Some(&declared.name)) {
                    Some(at) => Some(named.remove(at).value),
                    None if param.keyword_only => None,
                    None => positional.next().or_else(|| further.first().cloned()),
                },
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

    /// Makes an instance of a class of the project.
    pub(super) fn construct(&mut self, site: Site, class: ClassRef, args: Vec<Arg>) -> Value {
        let class = self.unalias(class);
        let kind = ObjectKind::Instance { class, initialised: false };
        let object = self.new_object(Object::new(kind, site.frame));
        let this = Value::of(Kind::Object(object));
        self.initialise(site.frame, &this, class);
        let constructor = self.method(class, &"constructor".into());
        match constructor {
            Some(method) => {
                self.called.insert((method.file, method.func));
                let closure = Closure { this: Some(this.clone()), ..method };
                self.run_function(site, &closure, args);
            }
            None => {
                for (at, arg) in args.into_iter().enumerate() {
                    let name = arg.name.clone().unwrap_or_else(|| at.to_string().into());
                    self.write(object, name, Slot { key: arg.span, frame: site.frame, value: arg.value });
                }
            }
        }
        this
    }

    /// Runs the initial values of a class's fields, and of those it inherits, on an instance.
    pub(super) fn initialise(&mut self, frame: FrameId, this: &Value, class: ClassRef) {
        let Kind::Object(object) = this.kind else {
            return;
        };
        if let ObjectKind::Instance { initialised, class: own, .. } = &mut self.object_mut(object).kind
            && *own == class
        {
            if *initialised {
                return;
            }
            *initialised = true;
        }
        let linked = self.linked(class.file);
        let declared = linked.module.class(class.class);
        for base in &declared.bases {
            if let Some(base) = self.program.class_of(linked, *base)
                && base != class
                && self.enter(declared.span)
            {
                self.depth += 1;
                self.initialise(frame, this, base);
                self.depth -= 1;
            }
        }
        if let Some(init) = declared.init {
            let closure =
                Closure { file: class.file, func: init, frame: None, this: Some(this.clone()), bound: Vec::new() };
            let site = Site { frame, span: declared.span, statement: Statement::Yes };
            self.run_function(site, &closure, Vec::new());
        }
    }
}
