//! Calls: of the project's own functions and classes, of what lies outside, and of what is not known.

use std::rc::Rc;

use super::eval::{Eval, Frame, LIMIT};
use super::exec::Next;
use super::model::Op;
use super::program::Linked;
use super::value::{Arg, ClassRef, Closure, Extern, FrameId, Kind, Lazy, Object, ObjectKind, Open, Slot, Value};
use crate::ir::{Call, Expr, FuncId, Name};
use crate::source::Span;

/// Whether a call stands on its own, so that only its effects matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Yes,
    No,
}

/// A call site.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) frame: FrameId,
    pub(super) span: Span,
    pub(super) statement: Statement,
}

impl<'p> Eval<'p> {
    pub(super) fn call(
        &mut self,
        frame: FrameId,
        linked: &'p Linked,
        call: &Call,
        span: Span,
        statement: Statement,
    ) -> Value {
        let mut site = Site { frame, span, statement };
        // What is written in the call itself is held by nobody: a change of it is seen nowhere. Not so one of what the
        // method is called on.
        let held = |arg: &crate::ir::Arg| !linked.module.expr(arg.value).is_literal();
        let changes = matches!(linked.module.expr(call.callee), Expr::Field(_, name) if self.changes(site, name));
        if !changes && !call.args.iter().any(held) {
            site.statement = Statement::No;
        }
        match linked.module.expr(call.callee) {
            Expr::Field(base, name) if &**name == "super" => {
                let this = self.eval(frame, *base);
                let args = self.args(frame, linked, &call.args);
                self.call_super(site, linked, &this, None, args)
            }
            Expr::Field(base, name) => {
                if let Expr::Field(this, marker) = linked.module.expr(*base)
                    && &**marker == "super"
                {
                    let this = self.eval(frame, *this);
                    let args = self.args(frame, linked, &call.args);
                    return self.call_super(site, linked, &this, Some(name), args);
                }
                if let Some(callee) = self.kept(frame, linked, *base, name, span) {
                    let args = self.args(frame, linked, &call.args);
                    return self.call_value(site, &callee, args);
                }
                let receiver = self.eval(frame, *base);
                let args = self.args(frame, linked, &call.args);
                self.call_method(site, &receiver, name, args)
            }
            Expr::Element(base, key) => {
                let receiver = self.eval(frame, *base);
                let key = self.eval(frame, *key);
                let args = self.args(frame, linked, &call.args);
                match &key.kind {
                    Kind::Text(name) => self.call_method(site, &receiver, name, args),
                    _ => {
                        let callee = self.element(frame, &receiver, &key, span);
                        self.call_value(site, &callee, args)
                    }
                }
            }
            _ => {
                let callee = self.eval(frame, call.callee);
                let args = self.args(frame, linked, &call.args);
                self.call_value(site, &callee, args)
            }
        }
    }

    /// `super(args)` and `super.name(args)`: the method of the class that the calling method's class extends.
    pub(super) fn call_super(
        &mut self,
        site: Site,
        linked: &'p Linked,
        this: &Value,
        name: Option<&Name>,
        args: Vec<Arg>,
    ) -> Value {
        let mut func = self.frame(site.frame).func;
        while linked.module.function(func).class.is_none() {
            match linked.module.function(func).parent {
                Some(parent) => func = parent,
                None => return Value::unknown("`super` stands outside a class"),
            }
        }
        let class = linked.module.function(func).class.expect("the loop ends at a method");
        for base in &linked.module.class(class).bases {
            let Some(base) = self.program.class_of(linked, *base) else {
                continue;
            };
            let constructor: Name = "constructor".into();
            if name.is_none() {
                self.initialise(site.frame, this, base);
            }
            if let Some(method) = self.method(base, name.unwrap_or(&constructor)) {
                let closure = Closure { this: Some(this.clone()), ..method };
                return self.call_function(site, &closure, args);
            }
        }
        let own = ClassRef { file: linked.module.file, class };
        if let (Some(name), Some(client)) = (name, self.extended_client(site.frame, own)) {
            let callee = self.member(&client, name);
            return self.call_extern(site, &callee, args);
        }
        self.escape_args(&args);
        Value::unknown("the class it extends is not part of the project")
    }

    pub(super) fn call_method(&mut self, site: Site, receiver: &Value, name: &Name, args: Vec<Arg>) -> Value {
        if !self.deeper_call() {
            return Value::unknown(LIMIT);
        }
        let value = self.call_method_inner(site, receiver, name, args);
        self.depth -= 1;
        value
    }

    pub(super) fn call_method_inner(&mut self, site: Site, receiver: &Value, name: &Name, args: Vec<Arg>) -> Value {
        match &receiver.kind {
            Kind::OneOf(values) => {
                let values = values.clone();
                Value::one_of(
                    values.iter().map(|value| self.call_method(site, value, name, args.clone())).collect::<Vec<_>>(),
                )
            }
            Kind::Lazy(_) if self.is_done(receiver) => {
                let receiver = self.force(receiver);
                self.call_method(site, &receiver, name, args)
            }
            Kind::Lazy(_)
                if self.plan.names.contains(name)
                    || self.must_run(site, receiver, &args)
                    || site.statement == Statement::Yes && self.changes(site, name) =>
            {
                let receiver = self.force(receiver);
                match receiver.kind {
                    Kind::Lazy(_) => Value::unknown("it depends on itself"),
                    _ => self.call_method(site, &receiver, name, args),
                }
            }
            Kind::Lazy(_) if self.is_then(site, name) => self.apply(site, Op::Then, Some(receiver), args),
            Kind::Lazy(_) => {
                self.escape_args(&args);
                let (receiver, name, args) = (receiver.clone(), name.clone(), args.into());
                Value::lazy(Lazy::Method { receiver, name, args, frame: site.frame, span: site.span })
            }
            Kind::Object(object) if self.provide(*object, name, &args) => Value::scalar(),
            Kind::Object(object) => {
                if let Some(closure) = self.method_of(receiver, name) {
                    return self.call_function(site, &closure, args);
                }
                let slot = self.object(*object).slot(name).map(|slot| slot.value.clone());
                match slot {
                    Some(value) => self.call_value(site, &value, args),
                    None => self.call_unowned(site, receiver, name, args),
                }
            }
            Kind::Class(class) => self.call_static(site, *class, receiver, name, args),
            Kind::Namespace(_) => {
                let callee = self.field(site.frame, receiver, name, site.span);
                self.call_value(site, &callee, args)
            }
            Kind::Extern(_) => {
                let callee = self.member(receiver, name);
                self.call_extern(site, &callee, args)
            }
            Kind::Open(open) => {
                let open = open.clone();
                match self.call_typed(site, &open, name, &args) {
                    Some(value) => value,
                    None => self.call_unowned(site, receiver, name, args),
                }
            }
            Kind::Function(_) | Kind::Text(_) | Kind::Scalar | Kind::Bool(_) | Kind::Nothing | Kind::Concat(_) => {
                self.call_unowned(site, receiver, name, args)
            }
        }
    }

    /// Whether a method of this name calls its argument with the value it is called on.
    pub(super) fn is_then(&self, site: Site, name: &Name) -> bool {
        let language = self.linked(self.frame(site.frame).file).module.language;
        self.program.models(language).methods.get(name) == Some(&Op::Then)
    }

    /// Whether a method of this name changes what it is called on.
    fn changes(&self, site: Site, name: &Name) -> bool {
        let language = self.linked(self.frame(site.frame).file).module.language;
        self.program.models(language).methods.get(name).is_some_and(|op| op.changes())
    }

    /// A static method, a constant that is called, or the constructor of an enum's variant.
    pub(super) fn call_static(
        &mut self,
        site: Site,
        class: ClassRef,
        receiver: &Value,
        name: &Name,
        mut args: Vec<Arg>,
    ) -> Value {
        if let Some(mut method) = self.static_method(class, name) {
            let linked = self.linked(method.file);
            let function = linked.module.function(method.func);
            let is_unit = || self.linked(class.file).module.class(class.class).fields.is_empty();
            if function.receiver.is_some() && method.this.is_none() {
                // `Tracker::send(&tracker, event)`; `Tracker.send(event)` of a struct without fields.
                if args.len() > function.params.len() && !args[0].spread {
                    method.this = Some(args.remove(0).value);
                } else if is_unit() {
                    let kind = ObjectKind::Instance { class, initialised: false };
                    method.this = Some(Value::of(Kind::Object(self.new_object(Object::new(kind, site.frame)))));
                }
            }
            return self.call_function(site, &method, args);
        }
        // `User.find(id)`: what the library whose class it extends keeps.
        let is_static = self.linked(class.file).module.class(class.class).statics.iter().any(|(key, _)| key == name);
        if !is_static && self.declared_field(class, name).is_none() && self.extends_outside(class) {
            self.escape_args(&args);
            return self.stored(site.frame, class);
        }
        let value = self.field(site.frame, receiver, name, site.span);
        match &value.kind {
            Kind::Function(_) | Kind::Class(..) | Kind::Extern(_) | Kind::OneOf(_) => {
                self.call_value(site, &value, args)
            }
            Kind::Object(_) | Kind::Text(_) => value,
            _ if args.len() == 1 => args.into_iter().next().map_or(Value::nothing(), |arg| arg.value),
            _ => {
                let object = self.new_object(Object::new(ObjectKind::Record, site.frame));
                for (at, arg) in args.into_iter().enumerate() {
                    self.write(
                        object,
                        at.to_string().into(),
                        Slot { key: arg.span, frame: site.frame, value: arg.value },
                    );
                }
                Value::of(Kind::Object(object))
            }
        }
    }

    pub(super) fn call_value(&mut self, site: Site, callee: &Value, args: Vec<Arg>) -> Value {
        if !self.deeper_call() {
            return Value::unknown(LIMIT);
        }
        let value = self.call_value_inner(site, callee, args);
        self.depth -= 1;
        value
    }

    pub(super) fn call_value_inner(&mut self, site: Site, callee: &Value, args: Vec<Arg>) -> Value {
        match &callee.kind {
            Kind::Function(closure) => {
                let closure = closure.clone();
                self.call_function(site, &closure, args)
            }
            Kind::Class(class) => self.construct(site, *class, args),
            Kind::Extern(_) => self.call_extern(site, callee, args),
            Kind::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|value| self.call_value(site, value, args.clone())).collect::<Vec<_>>())
            }
            Kind::Lazy(_) if self.is_done(callee) || self.must_run(site, callee, &args) => {
                let callee = self.force(callee);
                match callee.kind {
                    Kind::Lazy(_) => Value::unknown("it depends on itself"),
                    _ => self.call_value(site, &callee, args),
                }
            }
            Kind::Lazy(_) => self.call_later(site, callee.clone(), args),
            Kind::Object(object) => match self.object(*object).kind {
                ObjectKind::Result { .. } | ObjectKind::Foreign { .. } => self.call_extern(site, callee, args),
                _ => {
                    self.escape_args(&args);
                    Value::unknown("what is called here is not a function")
                }
            },
            Kind::Namespace(file) => {
                let found = self.program.lookup(*file, &["default".into()], &mut Default::default());
                match self.binding(found) {
                    value if matches!(value.kind, Kind::Namespace(_)) => {
                        Value::unknown("a module is called as a function")
                    }
                    value => self.call_value(site, &value, args),
                }
            }
            Kind::Open(open) => {
                let open = open.clone();
                self.leave_open(site, &open, &args);
                self.escape_args(&args);
                let ty = open.ty.as_ref().and_then(|ty| self.returned_type(ty));
                let reason = "what this call returns is not known".into();
                Value::open(Open { ty, hole: open.hole, reason, hint: None, source: Some(callee.clone()) })
            }
            Kind::Text(_) | Kind::Scalar | Kind::Bool(_) | Kind::Nothing | Kind::Concat(_) => {
                self.escape_args(&args);
                Value::nothing()
            }
        }
    }

    /// A caller supplies the function that is called here: with something that leads to a vendor, that matters.
    fn leave_open(&mut self, site: Site, open: &Open, args: &[Arg]) {
        if open.hole && self.quiet == 0 && args.iter().any(|arg| self.is_hot(&arg.value, 0)) {
            let (_, _, outermost) = self.chain(site);
            let Frame { file, func, .. } = *self.frame(outermost);
            self.open.insert((file, func));
        }
    }

    /// A call whose value is computed when it is needed.
    pub(super) fn call_later(&mut self, site: Site, callee: Value, args: Vec<Arg>) -> Value {
        // What the unit makes and hands to the project's own code may be called with something that is known.
        let made_here = |arg: &&Arg| matches!(arg.value.kind, Kind::Function(_)) && !self.is_from_elsewhere(&arg.value);
        let others: Vec<Arg> = args.iter().filter(|arg| !made_here(arg)).cloned().collect();
        self.escape_args(&others);
        Value::lazy(Lazy::Call { callee, args: args.into(), frame: site.frame, span: site.span })
    }

    /// Something outside the project as a callee or value: a member of another.
    pub(super) fn member(&self, base: &Value, name: &Name) -> Value {
        if &**name == "default"
            && let Kind::Extern(root) = &base.kind
            && matches!(**root, Extern::Package(_))
        {
            return base.clone();
        }
        if is_global_object(base) {
            return Value::of(Kind::Extern(Rc::new(Extern::Global(name.clone()))));
        }
        Value::of(Kind::Extern(Rc::new(Extern::Member(base.clone(), name.clone()))))
    }

    /// Runs the body of a module.
    pub(super) fn run_body(&mut self, linked: &'p Linked) {
        let frame = self.module_frame(linked.module.file);
        for (at, statement) in linked.module.function(FuncId::BODY).body.iter().enumerate() {
            if self.ran.insert((linked.module.file, at)) && self.statement(frame, linked, statement) == Next::Leaves {
                break;
            }
        }
    }
}

/// Whether a value is what all globals are members of.
pub(super) fn is_global_object(value: &Value) -> bool {
    matches!(&value.kind, Kind::Extern(root) if matches!(&**root, Extern::Global(name) if name.is_empty()))
}
