//! Builders that a macro writes for a struct: `#[derive(Builder)]` gives it a setter for each field.

use syn::{Attribute, Fields, ItemStruct, Meta};

use super::lower::Lower;
use super::scope::{last_name, name_of};
use super::serde::metas;
use super::span::{At, of};
use crate::ir::{ClassId, Entry, Expr, ExprId, FuncId, LocalId, Method, Name, Param, Place, Rest, Stmt, Type};

/// The macros that write a builder.
const BUILDERS: &[&str] = &["Builder", "TypedBuilder"];

/// `#[derive(.., name, ..)]`, for one of some names.
pub(super) fn derives(attributes: &[Attribute], names: &[&str]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("derive") => {
            let parser = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
            syn::parse::Parser::parse2(parser, list.tokens.clone())
                .is_ok_and(|paths| paths.iter().any(|path| names.contains(&last_name(path).as_str())))
        }
        _ => false,
    })
}

/// A field as its builder keeps it.
struct Part {
    name: String,
    at: At,
    initial: ExprId,
}

impl Part {
    /// Where the value is kept: not the name of the setter.
    fn kept(&self) -> Name {
        format!("set {}", self.name).into()
    }
}

impl Lower {
    /// Declares the class of the builder that a macro writes for a struct.
    pub(super) fn declare_builder(&mut self, item: &ItemStruct) {
        if !matches!(item.fields, Fields::Named(_)) || !derives(&item.attrs, BUILDERS) {
            return;
        }
        let Some(Expr::Class(class)) = self.declared(&item.ident) else {
            return;
        };
        let name = format!("{}Builder", name_of(&item.ident));
        let builder = self.build.class(name.as_str(), of(&item.ident));
        self.bind_type(name.clone(), Expr::Class(builder));
        self.export(&name, Expr::Class(builder), of(&item.ident));
        self.builders.insert(class, builder);
    }

    /// Fills the builder of a struct: `T::builder().a(x).build()`, `TBuilder::default().a(x).build()?`.
    pub(super) fn fill_builder(&mut self, class: ClassId, item: &ItemStruct) {
        let Some(builder) = self.builders.get(&class).copied() else {
            return;
        };
        let at = of(&item.ident);
        let mut parts = Vec::new();
        for field in &item.fields {
            let Some(ident) = &field.ident else { continue };
            let initial = match default_of(&field.attrs) {
                Some(default) => self.expr(&default),
                None => self.build.expr(of(ident), Expr::Nothing),
            };
            parts.push(Part { name: name_of(ident), at: of(ident), initial });
        }
        for part in &parts {
            self.setter(builder, &part.name, part);
            self.setter(builder, &format!("maybe_{}", part.name), part);
        }
        self.finisher(builder, class, &parts, at);
        self.maker(class, "builder", builder, &parts, at);
        self.maker(builder, "default", builder, &parts, at);
        self.unchanged(class, &parts, at);
    }

    /// What is built where no setter is called.
    fn unchanged(&mut self, class: ClassId, parts: &[Part], at: At) {
        let func = self.build.function("built", FuncId::BODY, at);
        let is_given = |part: &&Part| *self.build.module.expr(part.initial) != Expr::Nothing;
        let entry = |part: &Part| Entry::Field { key: part.name.as_str().into(), at: part.at, value: part.initial };
        let entries = parts.iter().filter(is_given).map(entry).collect();
        let named = self.build.expr(at, Expr::Class(class));
        let value = self.build.expr(at, Expr::Instance(named, entries));
        let returns = self.build.ty(Type::Named(named, Vec::new()));
        let function = self.build.function_mut(func);
        function.class = Some(class);
        function.body = vec![Stmt::Return(Some(value))];
        function.returns = Some(returns);
        let method = Method { name: "".into(), function: func, is_static: true, is_getter: false };
        self.build.class_mut(class).methods.push(method);
    }

    /// `fn name(self, value) -> Self`.
    fn setter(&mut self, builder: ClassId, name: &str, part: &Part) {
        let (func, receiver) = self.method_of(builder, name, part.at);
        let param = self.build.local(part.name.as_str(), func, part.at);
        let params = &mut self.build.function_mut(func).params;
        params.push(Param { local: param, default: None, rest: Rest::No, keyword_only: false });
        let base = self.build.expr(part.at, Expr::Local(receiver));
        let value = self.build.expr(part.at, Expr::Local(param));
        let set = Stmt::Set { place: Place::Field(base, part.kept()), value, at: part.at };
        self.build.function_mut(func).body = vec![set, Stmt::Return(Some(base))];
    }

    /// `fn build(self) -> T`.
    fn finisher(&mut self, builder: ClassId, class: ClassId, parts: &[Part], at: At) {
        let (func, receiver) = self.method_of(builder, "build", at);
        let base = self.build.expr(at, Expr::Local(receiver));
        let mut entries = Vec::new();
        for part in parts {
            let value = self.build.expr(part.at, Expr::Field(base, part.kept()));
            entries.push(Entry::Field { key: part.name.as_str().into(), at: (part.at.0, part.at.0), value });
        }
        let named = self.build.expr(at, Expr::Class(class));
        let value = self.build.expr(at, Expr::Instance(named, entries));
        self.build.function_mut(func).body = vec![Stmt::Return(Some(value))];
    }

    /// `fn name() -> TBuilder`.
    fn maker(&mut self, class: ClassId, name: &str, builder: ClassId, parts: &[Part], at: At) {
        let func = self.build.function(name, FuncId::BODY, at);
        let entry = |part: &Part| Entry::Field { key: part.kept(), at: part.at, value: part.initial };
        let entries = parts.iter().map(entry).collect();
        let named = self.build.expr(at, Expr::Class(builder));
        let value = self.build.expr(at, Expr::Instance(named, entries));
        let function = self.build.function_mut(func);
        function.class = Some(class);
        function.body = vec![Stmt::Return(Some(value))];
        let method = Method { name: name.into(), function: func, is_static: true, is_getter: false };
        self.build.class_mut(class).methods.push(method);
    }

    /// A method without a body, and its receiver.
    fn method_of(&mut self, class: ClassId, name: &str, at: At) -> (FuncId, LocalId) {
        let func = self.build.function(name, FuncId::BODY, at);
        let receiver = self.build.local("self", func, at);
        let function = self.build.function_mut(func);
        function.class = Some(class);
        function.receiver = Some(receiver);
        let method = Method { name: name.into(), function: func, is_static: false, is_getter: false };
        self.build.class_mut(class).methods.push(method);
        (func, receiver)
    }
}

/// `#[builder(default = value)]`.
fn default_of(attributes: &[Attribute]) -> Option<syn::Expr> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("builder") => metas(list).into_iter().find_map(|meta| match meta {
            Meta::NameValue(pair) if pair.path.is_ident("default") => Some(pair.value),
            _ => None,
        }),
        _ => None,
    })
}
