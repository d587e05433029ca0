//! Classes of the project: methods, inheritance, static members, instances of which only the class is known.

use super::call::{Site, Statement};
use super::eval::Eval;
use super::program::Linked;
use super::value::{Arg, ClassRef, Closure, FrameId, Kind, Object, ObjectId, ObjectKind, Open, Slot, TypeRef, Value};
use crate::ir::{Method, Name, Type};
use crate::source::FileId;
use std::rc::Rc;

impl<'p> Eval<'p> {
    /// The class a value names, through aliases.
    pub(super) fn class_of_value(&self, value: &Value) -> Option<ClassRef> {
        match value.kind {
            Kind::Class(class) => Some(self.unalias(class)),
            _ => None,
        }
    }

    pub(super) fn unalias(&self, class: ClassRef) -> ClassRef {
        let mut class = class;
        for _ in 0..8 {
            let linked = self.linked(class.file);
            let alias = linked.module.class(class.class).alias;
            match alias.and_then(|alias| self.program.class_of(linked, alias)) {
                Some(target) => class = target,
                None => break,
            }
        }
        class
    }

    /// A class and the classes of the project that it inherits from, nearest first.
    pub(super) fn ancestry(&self, class: ClassRef) -> Vec<ClassRef> {
        let mut all = vec![class];
        let mut at = 0;
        while at < all.len() && all.len() < 32 {
            let linked = self.linked(all[at].file);
            for base in self.bases(linked, all[at]) {
                if let Some(base) = base
                    && !all.contains(&base)
                {
                    all.push(base);
                }
            }
            at += 1;
        }
        all
    }

    fn bases(&self, linked: &Linked, class: ClassRef) -> Vec<Option<ClassRef>> {
        let bases = &linked.module.class(class.class).bases;
        bases.iter().map(|base| self.program.class_of(linked, *base)).collect()
    }

    /// A method that instances of a class have: its own, one added elsewhere, or an inherited one.
    pub(super) fn method(&self, class: ClassRef, name: &Name) -> Option<Closure> {
        self.method_entry(class, name, false).map(|(method, _)| method)
    }

    pub(super) fn static_method(&self, class: ClassRef, name: &Name) -> Option<Closure> {
        let class = self.unalias(class);
        self.method_entry(class, name, true).or_else(|| self.method_entry(class, name, false)).map(|(method, _)| method)
    }

    /// A method, and whether it is a getter.
    pub(super) fn method_entry(&self, class: ClassRef, name: &Name, is_static: bool) -> Option<(Closure, bool)> {
        for class in self.ancestry(class) {
            let linked = self.linked(class.file);
            let methods = linked.module.class(class.class).methods.iter();
            if let Some(found) = pick(methods, name, is_static) {
                return Some(closure(class.file, found));
            }
            for extension in self.plan.extensions(class) {
                let linked = self.linked(extension.file);
                let methods = linked.module.extensions[extension.index].methods.iter();
                if let Some(found) = pick(methods, name, is_static) {
                    return Some(closure(extension.file, found));
                }
            }
        }
        None
    }

    /// The method that a call on an instance reaches.
    pub(super) fn method_of(&mut self, this: &Value, name: &Name) -> Option<Closure> {
        let Kind::Object(object) = this.kind else {
            return None;
        };
        let ObjectKind::Instance { class, .. } = self.object(object).kind else {
            return None;
        };
        if self.object(object).slot(name).is_some() {
            return None;
        }
        let entry = self.method_entry(class, name, false).or_else(|| self.method_entry(class, name, true));
        let (method, is_getter) = entry?;
        (!is_getter).then(|| Closure { this: Some(this.clone()), ..method })
    }

    /// A member of the class itself: a static method or field, a member of an enum.
    pub(super) fn static_field(&mut self, class: ClassRef, name: &Name) -> Value {
        let class = self.unalias(class);
        if let Some(object) = self.statics.get(&class)
            && let Some(slot) = self.object(*object).slot(name)
        {
            return slot.value.clone();
        }
        for ancestor in self.ancestry(class) {
            let linked = self.linked(ancestor.file);
            let statics = &linked.module.class(ancestor.class).statics;
            if let Some((_, value)) = statics.iter().find(|(key, _)| key == name) {
                let frame = self.module_frame(ancestor.file);
                let value = self.eval(frame, *value);
                if !matches!(value.kind, Kind::Nothing) {
                    self.set_static(frame, ancestor, name, value.clone());
                    return value;
                }
            }
        }
        if let Some(value) = self.ancestry(class).into_iter().find_map(|class| self.written_static(class, name)) {
            return value;
        }
        match self.method_entry(class, name, true) {
            Some((method, true)) => {
                let frame = self.module_frame(method.file);
                let span = self.linked(method.file).module.function(method.func).span;
                self.run_function(Site { frame, span, statement: Statement::No }, &method, Vec::new())
            }
            Some((method, false)) => Value::of(Kind::Function(Rc::new(method))),
            None => match self.declared_field(class, name) {
                Some(ty) => {
                    let reason = format!("nothing that was read gives `{name}` a value");
                    Value::open(Open { ty: Some(ty), hole: false, reason: reason.into(), hint: None, source: None })
                }
                // `User.objects`, `User.query`: what a class of a library gives a class that extends it.
                None if self.extends_outside(class) => {
                    let frame = self.module_frame(class.file);
                    let stored = self.stored(frame, class);
                    let all = self.list(frame, Vec::new());
                    if let Kind::Object(list) = all.kind {
                        self.object_mut(list).add_rest(stored);
                    }
                    all
                }
                None => Value::nothing(),
            },
        }
    }

    pub(super) fn set_static(&mut self, frame: FrameId, class: ClassRef, name: &Name, value: Value) {
        let class = self.unalias(class);
        let object = match self.statics.get(&class) {
            Some(object) => *object,
            None => {
                let object = self.new_object(Object::new(ObjectKind::Record, frame));
                self.statics.insert(class, object);
                object
            }
        };
        let key = self.linked(class.file).module.class(class.class).span;
        self.put(object, name.clone(), Some(Slot { key, frame, value }));
    }

    /// The declared type of a field of a class, its own or inherited, with generic parameters filled in.
    pub(super) fn declared_field(&self, class: ClassRef, name: &Name) -> Option<TypeRef> {
        self.declared_within(class, None, name, 0)
    }

    /// The names of the declared fields of a class in the order in which an instance is given them: inherited ones first.
    pub(super) fn declared_fields(&self, class: ClassRef) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for class in self.ancestry(class).into_iter().rev() {
            let fields = &self.linked(class.file).module.class(class.class).fields;
            let new = fields.iter().map(|field| &field.name).filter(|name| !names.contains(name));
            names.extend(new.cloned().collect::<Vec<_>>());
        }
        names
    }

    fn declared_within(
        &self,
        class: ClassRef,
        generics: Option<Rc<Vec<(Name, TypeRef)>>>,
        name: &Name,
        depth: usize,
    ) -> Option<TypeRef> {
        let linked = self.linked(class.file);
        let declared = linked.module.class(class.class);
        if let Some(field) = declared.fields.iter().find(|field| field.name == *name) {
            return field.ty.map(|ty| TypeRef { file: class.file, ty, generics });
        }
        if depth > 8 {
            return None;
        }
        declared.bases.iter().find_map(|base| {
            let target = self.program.class_of(linked, *base)?;
            let outer = TypeRef { file: class.file, ty: *base, generics: generics.clone() };
            let generics = match linked.module.ty(*base) {
                Type::Named(_, args) => self.program.generics(target, args, &outer),
                _ => None,
            };
            self.declared_within(target, generics, name, depth + 1)
        })
    }

    /// An instance of a class that the project made somewhere else: its constructor's arguments are not known. `hole`
    /// says whether it is the receiver of the unit, so that a caller of the unit may have made it.
    pub(super) fn symbolic(&mut self, frame: FrameId, class: ClassRef, hole: bool) -> Value {
        let class = self.unalias(class);
        let kind = ObjectKind::Instance { class, initialised: false };
        let object = self.new_object(Object::new(kind, frame));
        self.made_elsewhere.insert(object, hole);
        let this = Value::of(Kind::Object(object));
        let constructor = self.method(class, &"constructor".into());
        let busy = constructor.as_ref().is_some_and(|method| self.running.contains(&(method.file, method.func)));
        if !busy && self.enter(self.linked(class.file).module.class(class.class).span) {
            let trail = std::mem::take(&mut self.trail);
            self.quiet += 1;
            self.depth += 1;
            self.initialise(frame, &this, class);
            if let Some(method) = constructor {
                let closure = Closure { this: Some(this.clone()), ..method };
                self.run_open(&closure, hole, Some(frame));
            }
            self.depth -= 1;
            self.quiet -= 1;
            self.trail = trail;
        }
        this
    }

    /// A field as the functions of the class that make an instance (`fn new() -> Self`) fill it, where one gives it a
    /// value that is known.
    pub(super) fn made_field(&mut self, class: ClassRef, name: &Name) -> Option<Value> {
        let mut values = Vec::new();
        for made in self.made(class) {
            let slot = self.object(made).slot(name).map(|slot| slot.value.clone());
            values.extend(slot.filter(|value| !matches!(value.kind, Kind::Open(_) | Kind::Nothing)));
        }
        (!values.is_empty()).then(|| Value::one_of(values))
    }

    /// The instances that the functions of a class make.
    fn made(&mut self, class: ClassRef) -> Vec<ObjectId> {
        if let Some(made) = self.made.get(&class) {
            return made.clone();
        }
        self.made.insert(class, Vec::new());
        let frame = self.module_frame(class.file);
        let mut made = Vec::new();
        for maker in self.makers(class) {
            let trail = std::mem::take(&mut self.trail);
            self.quiet += 1;
            let value = self.run_open(&maker, true, Some(frame));
            self.quiet -= 1;
            self.trail = trail;
            for value in value.alternatives() {
                if let Kind::Object(object) = value.kind
                    && matches!(self.object(object).kind, ObjectKind::Instance { class: other, .. } if other == class)
                {
                    made.push(object);
                }
            }
        }
        self.made.insert(class, made.clone());
        made
    }

    /// The static methods of a class that return an instance of it.
    fn makers(&self, class: ClassRef) -> Vec<Closure> {
        let linked = self.linked(class.file);
        let own = linked.module.class(class.class).methods.iter().map(|method| (class.file, method));
        let added = self.plan.extensions(class).iter().flat_map(|extension| {
            let methods = &self.linked(extension.file).module.extensions[extension.index].methods;
            methods.iter().map(|method| (extension.file, method))
        });
        let makes = |file: FileId, method: &Method| {
            let linked = self.linked(file);
            let returns = linked.module.function(method.function).returns;
            returns.and_then(|ty| self.program.class_of(linked, ty)) == Some(class)
        };
        let makers = own.chain(added).filter(|(file, method)| method.is_static && makes(*file, method));
        makers.map(|(file, method)| closure(file, method).0).collect()
    }

    /// Calls a method of a value of which only the declared type is known.
    pub(super) fn call_typed(&mut self, site: Site, open: &Open, name: &Name, args: &[Arg]) -> Option<Value> {
        let ty = open.ty.clone()?;
        if let Some(path) = self.extern_of_type(&ty) {
            let instance = self.foreign_instance(site.frame, path);
            let callee = self.member(&instance, name);
            return Some(self.call_extern(site, &callee, args.to_vec()));
        }
        let classes = self.classes_of_type(&ty);
        let mut found: Vec<(ClassRef, Closure)> = Vec::new();
        for class in classes {
            for class in std::iter::once(class).chain(self.plan.implementers(class)) {
                if let Some((method, false)) = self.method_entry(class, name, false)
                    && !found.iter().any(|(_, other)| (other.file, other.func) == (method.file, method.func))
                    && !self.is_abstract(&method)
                {
                    found.push((class, method));
                }
            }
        }
        let mut results: Vec<Value> = Vec::new();
        for (class, method) in found {
            let this = self.symbolic(site.frame, class, false);
            let closure = Closure { this: Some(this), ..method };
            results.push(self.call_function(site, &closure, args.to_vec()));
        }
        if results.is_empty() {
            let ty = self.type_field(&ty, name)?;
            let callee = Value::open(Open { ty: Some(ty), ..Open::clone(open) });
            return Some(self.call_value(site, &callee, args.to_vec()));
        }
        Some(Value::one_of(results))
    }

    /// Whether a method only declares what others do.
    fn is_abstract(&self, method: &Closure) -> bool {
        let function = self.linked(method.file).module.function(method.func);
        function.body.is_empty() && function.returns.is_some()
    }
}

/// What a generic parameter stands for.
pub(super) fn generic(ty: &TypeRef, name: &Name) -> Option<TypeRef> {
    ty.generics.as_ref()?.iter().find(|(key, _)| key == name).map(|(_, ty)| ty.clone())
}

fn pick<'a>(mut methods: impl Iterator<Item = &'a Method>, name: &Name, is_static: bool) -> Option<&'a Method> {
    methods.find(|method| method.name == *name && method.is_static == is_static)
}

fn closure(file: FileId, method: &Method) -> (Closure, bool) {
    let closure = Closure { file, func: method.function, frame: None, this: None, bound: Vec::new(), plain: false };
    (closure, method.is_getter)
}
