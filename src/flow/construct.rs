//! Makes instances of the project's classes: what their fields start with, and what their constructors write.

use super::call::{Site, Statement};
use super::eval::Eval;
use super::program::Named;
use super::value::{Arg, ClassRef, Closure, FrameId, Kind, Object, ObjectKind, Slot, Value};
use crate::ir::{Type, TypeId};

impl<'p> Eval<'p> {
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
                let declared = if args.is_empty() { Vec::new() } else { self.declared_fields(class) };
                for (at, arg) in args.into_iter().enumerate() {
                    if arg.spread {
                        let value = self.force(&arg.value);
                        self.spread(site.frame, object, &value);
                        continue;
                    }
                    let by_position = || declared.get(at).cloned().unwrap_or_else(|| at.to_string().into());
                    let name = arg.name.clone().unwrap_or_else(by_position);
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
            let closure = Closure {
                file: class.file,
                func: init,
                frame: None,
                this: Some(this.clone()),
                bound: Vec::new(),
                plain: false,
            };
            let site = Site { frame, span: declared.span, statement: Statement::Yes };
            self.run_function(site, &closure, Vec::new());
        }
    }

    /// Whether a class, or one that it inherits from, extends one outside the project.
    pub(super) fn extends_outside(&self, class: ClassRef) -> bool {
        let is_outside = |class: ClassRef, base: &TypeId| {
            let linked = self.linked(class.file);
            match linked.module.ty(*base) {
                Type::Named(expr, _) => matches!(self.program.named(linked, *expr), Named::Extern(_)),
                _ => false,
            }
        };
        let mut classes = self.ancestry(class).into_iter();
        classes.any(|class| {
            self.linked(class.file).module.class(class.class).bases.iter().any(|base| is_outside(class, base))
        })
    }

    /// An instance that the library keeps whose class a class extends: only its declaration is known.
    pub(super) fn stored(&mut self, frame: FrameId, class: ClassRef) -> Value {
        self.symbolic(frame, class, false)
    }
}
