//! Declared types: what they say of a value's fields and elements.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::class::generic;
use super::eval::Eval;
use super::program::Named;
use super::value::{ClassRef, Kind, Open, Origin, TypeRef, Value};
use crate::ir::{Class, ExprId, FieldDecl, Name, Serial, Type, TypeId};
use crate::source::Span;

/// How deep a type may refer to others.
const MOST_DEPTH: usize = 12;

/// What a declared type comes down to.
#[derive(Clone, Debug)]
pub(super) enum Resolved {
    Record(Vec<TypedField>, bool),
    List(TypeRef),
    Map(TypeRef),
    /// The shape of a value (`typeof x`).
    Value(Value),
    Function(Option<TypeRef>),
    Text(Name),
    Scalar,
    Extern,
    Unknown,
}

/// A declared field.
#[derive(Clone, Debug)]
pub(super) struct TypedField {
    pub(super) name: Name,
    pub(super) wire: Name,
    pub(super) ty: Option<TypeRef>,
    pub(super) skipped: bool,
    /// The name in the declaration.
    pub(super) at: Span,
}

impl TypedField {
    /// The origin of the field of a value that is known by its type: read where the field is declared, handed on
    /// where the value is.
    pub(super) fn origin(&self, value: &Value) -> Option<Rc<Origin>> {
        let origin = value.origin.as_ref()?;
        let handed = origin.handed.or(Some((origin.span, origin.frame)));
        Some(Rc::new(Origin { span: self.at, frame: origin.frame, ty: origin.ty.clone(), handed, state: origin.state }))
    }
}

/// What a value may have beyond the fields that its declared type names.
pub(super) fn beyond_type(open: &Open) -> Open {
    let hint = Some("name the fields that are meant where they are sent".into());
    Open { ty: None, hole: false, reason: super::BEYOND_TYPE.into(), hint, ..Open::clone(open) }
}

/// Adds the fields of a further class that a class extends; what several of them declare is one field.
fn add_inherited(fields: &mut Vec<TypedField>, inherited: Vec<TypedField>) {
    let known: FxHashSet<Name> = fields.iter().map(|field| field.name.clone()).collect();
    fields.extend(inherited.into_iter().filter(|field| !known.contains(&field.name)));
}

impl<'p> Eval<'p> {
    /// Whether a value may have fields that its declared type does not name.
    pub(super) fn is_structural(&self, ty: &TypeRef) -> bool {
        self.program.models(self.linked(ty.file).module.language).structural
    }

    /// The alternatives that a declared type comes down to.
    pub(super) fn resolve(&mut self, ty: &TypeRef) -> Vec<Resolved> {
        self.resolve_within(ty, 0)
    }

    pub(super) fn resolve_within(&mut self, ty: &TypeRef, depth: usize) -> Vec<Resolved> {
        let Some(linked) = self.program.module(ty.file) else {
            return vec![Resolved::Unknown];
        };
        if depth > MOST_DEPTH {
            return vec![Resolved::Unknown];
        }
        let within = |inner: TypeId| self.program.type_within(ty, inner);
        match linked.module.ty(ty.ty) {
            Type::Named(expr, args) => self.resolve_named(ty, *expr, args, depth),
            Type::Generic(name) => match generic(ty, name) {
                Some(bound) => self.resolve_within(&bound, depth + 1),
                None => vec![Resolved::Unknown],
            },
            Type::List(inner) => vec![Resolved::List(within(*inner))],
            Type::Map(inner) => vec![Resolved::Map(within(*inner))],
            Type::Record { fields, open } => {
                let mut all = Vec::new();
                let mut open = *open;
                self.typed_fields(ty, fields, &mut all, &mut open, depth);
                vec![Resolved::Record(all, open)]
            }
            Type::Pick(inner, names) => self.narrow(&within(*inner), depth, |field| names.contains(&field.name)),
            Type::Omit(inner, names) => self.narrow(&within(*inner), depth, |field| !names.contains(&field.name)),
            Type::OneOf(types) => {
                let types: Vec<TypeRef> = types.iter().map(|inner| within(*inner)).collect();
                types.iter().flat_map(|inner| self.resolve_within(inner, depth + 1)).collect()
            }
            Type::AllOf(types) => {
                let types: Vec<TypeRef> = types.iter().map(|inner| within(*inner)).collect();
                vec![self.intersect(&types, depth)]
            }
            Type::Of(expr) => vec![self.type_of_value(ty, *expr)],
            Type::ReturnOf(expr) => self.resolve_return(ty, *expr, depth),
            Type::Function(returns) => vec![Resolved::Function(returns.map(within))],
            Type::FieldOf(inner, name) => {
                let inner = within(*inner);
                let found = if &**name == "[]" { self.type_element(&inner) } else { self.type_field(&inner, name) };
                match found {
                    Some(found) => self.resolve_within(&found, depth + 1),
                    None => vec![Resolved::Unknown],
                }
            }
            Type::Text(text) => vec![Resolved::Text(text.clone())],
            Type::Scalar => vec![Resolved::Scalar],
            Type::Unknown => vec![Resolved::Unknown],
        }
    }

    /// What the function that a value is declares to return.
    fn resolve_return(&mut self, ty: &TypeRef, expr: ExprId, depth: usize) -> Vec<Resolved> {
        let frame = self.module_frame(ty.file);
        let value = self.eval(frame, expr);
        let Kind::Function(closure) = self.force(&value).kind else { return vec![Resolved::Unknown] };
        match self.linked(closure.file).module.function(closure.func).returns {
            Some(returns) => {
                let returns = self.program.type_ref(closure.file, returns);
                self.resolve_within(&returns, depth + 1)
            }
            None => {
                self.quiet += 1;
                let value = self.run_open(&closure, false, None);
                self.quiet -= 1;
                let records = value.alternatives().iter().filter(|value| matches!(value.kind, Kind::Object(_)));
                let resolved: Vec<Resolved> = records.cloned().map(Resolved::Value).collect();
                if resolved.is_empty() { vec![Resolved::Unknown] } else { resolved }
            }
        }
    }

    pub(super) fn resolve_named(&mut self, ty: &TypeRef, expr: ExprId, args: &[TypeId], depth: usize) -> Vec<Resolved> {
        let linked = self.linked(ty.file);
        match self.program.named(linked, expr) {
            Named::Class(class) => {
                let generics = self.program.generics(class, args, ty);
                self.resolve_class(class, generics, depth + 1)
            }
            Named::Extern(_) => vec![Resolved::Extern],
            Named::Other => vec![Resolved::Unknown],
        }
    }

    /// What a class comes down to. One that extends itself has the fields that it declares.
    pub(super) fn resolve_class(
        &mut self,
        class: ClassRef,
        generics: Option<Rc<Vec<(Name, TypeRef)>>>,
        depth: usize,
    ) -> Vec<Resolved> {
        if generics.is_some() {
            return self.resolve_members(class, generics, depth);
        }
        if let Some(resolved) = self.resolved.get(&class) {
            return resolved.clone();
        }
        self.resolved.insert(class, Vec::new());
        let resolved = self.resolve_members(class, None, depth);
        self.resolved.insert(class, resolved.clone());
        resolved
    }

    fn resolve_members(
        &mut self,
        class: ClassRef,
        generics: Option<Rc<Vec<(Name, TypeRef)>>>,
        depth: usize,
    ) -> Vec<Resolved> {
        let declared: &Class = self.linked(class.file).module.class(class.class);
        if let Some(alias) = declared.alias {
            return self.resolve_within(&TypeRef { file: class.file, ty: alias, generics }, depth + 1);
        }
        if !declared.statics.is_empty() && declared.fields.is_empty() && declared.methods.is_empty() {
            return vec![Resolved::Scalar];
        }
        let mut open = declared.open;
        let mut fields = Vec::new();
        let outer = |ty: TypeId| TypeRef { file: class.file, ty, generics: generics.clone() };
        for base in &declared.bases {
            for resolved in self.resolve_within(&outer(*base), depth + 1) {
                match resolved {
                    Resolved::Record(inherited, more) => {
                        add_inherited(&mut fields, inherited);
                        open |= more;
                    }
                    Resolved::Extern => match self.given_by(class, *base) {
                        Some(given) => fields.extend(given),
                        None => open = true,
                    },
                    Resolved::Unknown | Resolved::Map(_) => open = true,
                    _ => {}
                }
            }
        }
        let own = TypeRef { file: class.file, ty: TypeId(0), generics: generics.clone() };
        self.typed_fields(&own, &declared.fields, &mut fields, &mut open, depth);
        vec![Resolved::Record(fields, open)]
    }

    /// The fields that a class outside the project gives to one that extends it, where the models say.
    fn given_by(&self, class: ClassRef, base: TypeId) -> Option<Vec<TypedField>> {
        let linked = self.linked(class.file);
        let Type::Named(expr, _) = linked.module.ty(base) else { return None };
        let Named::Extern(path) = self.program.named(linked, *expr) else { return None };
        let path = self.path_text(&self.path_value(&path))?;
        let names = self.program.models(linked.module.language).classes.get(path.as_str())?;
        let at = linked.module.span(*expr);
        let field = |name: &Name| TypedField { name: name.clone(), wire: name.clone(), ty: None, skipped: false, at };
        Some(names.iter().map(field).collect())
    }

    pub(super) fn typed_fields(
        &mut self,
        outer: &TypeRef,
        decls: &[FieldDecl],
        all: &mut Vec<TypedField>,
        open: &mut bool,
        depth: usize,
    ) {
        for decl in decls {
            let ty = decl.ty.map(|ty| self.program.type_within(outer, ty));
            if decl.serial == Serial::Flattened
                && let Some(ty) = &ty
            {
                for resolved in self.resolve_within(ty, depth + 1) {
                    match resolved {
                        Resolved::Record(fields, more) => {
                            all.extend(fields);
                            *open |= more;
                        }
                        _ => *open = true,
                    }
                }
                continue;
            }
            let wire = decl.wire.clone().unwrap_or_else(|| decl.name.clone());
            let at = Span::new(outer.file, decl.at.0, decl.at.1);
            let skipped = decl.serial == Serial::Skipped;
            all.push(TypedField { name: decl.name.clone(), wire, ty, skipped, at });
        }
        keep_last(all);
    }

    pub(super) fn narrow(
        &mut self,
        inner: &TypeRef,
        depth: usize,
        keep: impl Fn(&TypedField) -> bool,
    ) -> Vec<Resolved> {
        let resolved = self.resolve_within(inner, depth + 1);
        resolved
            .into_iter()
            .map(|resolved| match resolved {
                Resolved::Record(fields, open) => Resolved::Record(fields.into_iter().filter(&keep).collect(), open),
                other => other,
            })
            .collect()
    }

    pub(super) fn intersect(&mut self, types: &[TypeRef], depth: usize) -> Resolved {
        let mut all: Vec<TypedField> = Vec::new();
        let mut open = false;
        for ty in types {
            for resolved in self.resolve_within(ty, depth + 1) {
                match resolved {
                    Resolved::Record(fields, more) => {
                        all.retain(|field| fields.iter().all(|other| other.name != field.name));
                        all.extend(fields);
                        open |= more;
                    }
                    Resolved::Map(_) | Resolved::Unknown | Resolved::Extern | Resolved::Value(_) => open = true,
                    Resolved::List(_) | Resolved::Function(_) | Resolved::Text(_) | Resolved::Scalar => {}
                }
            }
        }
        Resolved::Record(all, open)
    }

    /// The type of a value: its shape. A schema that a library built from records describes their fields.
    pub(super) fn type_of_value(&mut self, ty: &TypeRef, expr: ExprId) -> Resolved {
        let frame = self.module_frame(ty.file);
        let value = self.eval(frame, expr);
        let value = self.force(&value);
        match self.schema(&value, 0) {
            Some(record) => Resolved::Value(record),
            None => match value.kind {
                Kind::Object(_) => Resolved::Value(value),
                _ => Resolved::Unknown,
            },
        }
    }

    /// The declared type of a field.
    pub(super) fn type_field(&mut self, ty: &TypeRef, name: &Name) -> Option<TypeRef> {
        for resolved in self.resolve(ty) {
            match resolved {
                Resolved::Record(fields, _) => {
                    if let Some(field) = fields.into_iter().find(|field| field.name == *name) {
                        return field.ty;
                    }
                }
                Resolved::Map(inner) => return Some(inner),
                Resolved::List(inner) if name.parse::<usize>().is_ok() => return Some(inner),
                _ => {}
            }
        }
        None
    }

    /// The declared type of an element.
    pub(super) fn type_element(&mut self, ty: &TypeRef) -> Option<TypeRef> {
        self.resolve(ty).into_iter().find_map(|resolved| match resolved {
            Resolved::List(inner) | Resolved::Map(inner) => Some(inner),
            _ => None,
        })
    }

    /// What a function type returns.
    pub(super) fn returned_type(&mut self, ty: &TypeRef) -> Option<TypeRef> {
        self.resolve(ty).into_iter().find_map(|resolved| match resolved {
            Resolved::Function(returns) => returns,
            _ => None,
        })
    }

    /// The classes of the project that a declared type names.
    pub(super) fn classes_of_type(&mut self, ty: &TypeRef) -> Vec<ClassRef> {
        let mut classes = Vec::new();
        self.classes_within(ty, &mut classes, 0);
        classes
    }

    pub(super) fn classes_within(&mut self, ty: &TypeRef, classes: &mut Vec<ClassRef>, depth: usize) {
        let Some(linked) = self.program.module(ty.file) else {
            return;
        };
        if depth > MOST_DEPTH {
            return;
        }
        match linked.module.ty(ty.ty) {
            Type::Named(expr, args) => {
                if let Named::Class(class) = self.program.named(linked, *expr) {
                    match self.linked(class.file).module.class(class.class).alias {
                        Some(alias) => {
                            let generics = self.program.generics(class, args, ty);
                            self.classes_within(&TypeRef { file: class.file, ty: alias, generics }, classes, depth + 1);
                        }
                        None => classes.push(class),
                    }
                }
            }
            Type::Generic(name) => {
                if let Some(bound) = generic(ty, name) {
                    self.classes_within(&bound, classes, depth + 1);
                }
            }
            Type::OneOf(types) | Type::AllOf(types) => {
                for inner in types {
                    self.classes_within(&self.program.type_within(ty, *inner), classes, depth + 1);
                }
            }
            Type::FieldOf(inner, name) => {
                let inner = self.program.type_within(ty, *inner);
                if let Some(found) = self.type_field(&inner, name) {
                    self.classes_within(&found, classes, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// Leaves of several fields with one name the last: what a class declares again replaces what it inherits.
fn keep_last(fields: &mut Vec<TypedField>) {
    let mut seen = FxHashSet::default();
    let mut last: Vec<bool> = fields.iter().rev().map(|field| seen.insert(field.name.clone())).collect();
    fields.retain(|_| last.pop().unwrap_or(true));
}
