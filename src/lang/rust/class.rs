//! Structs, enums, traits, aliases and `impl` blocks.

use syn::{Fields, GenericArgument, ImplItem, PathArguments, TraitItem};

use super::derive::derives;
use super::lower::Lower;
use super::scope::name_of;
use super::serde::{Attrs, Case, attrs};
use super::span::{At, of};
use crate::ir::{
    ClassId, Expr, ExprId, Extension, FieldDecl, FuncId, Item, Method, Param, Place, Rest, Serial, Stmt, Type, TypeId,
};

impl Lower {
    /// `struct T { .. }`, `struct T(..)`.
    pub(super) fn struct_item(&mut self, item: &syn::ItemStruct) {
        let Some(Expr::Class(class)) = self.declared(&item.ident) else {
            return;
        };
        let serde = attrs(&item.attrs);
        self.of_class(class, &item.generics, |lower| {
            let fields = lower.fields(&item.fields, serde.case, serde.transparent);
            lower.build.class_mut(class).fields = fields;
            if let Fields::Unnamed(fields) = &item.fields {
                let at = of(&item.ident);
                let count = fields.unnamed.len();
                lower.tuple_constructor(class, count, at);
            }
            if derives(&item.attrs, &["Default"]) {
                lower.default_method(class, of(&item.ident));
            }
            lower.fill_builder(class, item);
        });
    }

    /// Lowers with `Self` and the generic parameters of a class.
    fn of_class(&mut self, class: ClassId, generics: &syn::Generics, inner: impl FnOnce(&mut Self)) {
        let outer = self.this.replace(Expr::Class(class));
        let (_, ()) = self.nested(|lower| {
            let names = lower.generics(generics);
            let names = names.iter().map(|name| name.as_str().into()).collect();
            lower.build.class_mut(class).generics = names;
            inner(lower);
        });
        self.this = outer;
    }

    fn fields(&mut self, fields: &Fields, case: Case, transparent: bool) -> Vec<FieldDecl> {
        let is_newtype = matches!(fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
        let mut result = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let (name, at) = match &field.ident {
                Some(ident) => (name_of(ident), of(ident)),
                None => (index.to_string(), of(&field.ty)),
            };
            let own: Attrs = attrs(&field.attrs);
            let wire = own.rename.unwrap_or_else(|| case.of_field(&name));
            let whole = is_newtype || transparent && fields.len() == 1;
            let serial = match own.serial {
                Some(serial) => serial,
                None if whole => Serial::Flattened,
                None => Serial::Named,
            };
            let ty = self.ty(&field.ty);
            result.push(FieldDecl {
                wire: (wire != name).then(|| wire.into()),
                name: name.into(),
                ty: Some(ty),
                serial,
                at,
            });
        }
        result
    }

    /// `T(a, b)` makes an instance with the fields `0` and `1`.
    fn tuple_constructor(&mut self, class: ClassId, count: usize, at: At) {
        let func = self.build.function("constructor", FuncId::BODY, at);
        self.build.function_mut(func).class = Some(class);
        let receiver = self.build.local("self", func, at);
        self.build.function_mut(func).receiver = Some(receiver);
        let params = self.positional(func, count, at);
        let mut body = Vec::new();
        for (index, value) in params.into_iter().enumerate() {
            let base = self.build.expr(at, Expr::Local(receiver));
            let place = Place::Field(base, index.to_string().into());
            body.push(Stmt::Set { place, value, at });
        }
        self.build.function_mut(func).body = body;
        self.build.class_mut(class).methods.push(Method {
            name: "constructor".into(),
            function: func,
            is_static: false,
            is_getter: false,
        });
    }

    /// Declares parameters named by their position; what they hold.
    fn positional(&mut self, func: FuncId, count: usize, at: At) -> Vec<ExprId> {
        let mut values = Vec::new();
        for index in 0..count {
            let local = self.build.local(index.to_string(), func, at);
            self.build.function_mut(func).params.push(Param {
                local,
                default: None,
                rest: Rest::No,
                keyword_only: false,
            });
            values.push(self.build.expr(at, Expr::Local(local)));
        }
        values
    }

    /// `#[derive(Default)]`: an instance that holds none of the application's data.
    fn default_method(&mut self, class: ClassId, at: At) {
        let func = self.build.function("default", FuncId::BODY, at);
        let named = self.build.expr(at, Expr::Class(class));
        let value = self.build.expr(at, Expr::Instance(named, Vec::new()));
        let function = self.build.function_mut(func);
        function.class = Some(class);
        function.body = vec![Stmt::Return(Some(value))];
        self.build.class_mut(class).methods.push(Method {
            name: "default".into(),
            function: func,
            is_static: true,
            is_getter: false,
        });
    }

    /// `enum E { A, B(T), C { x: T } }`.
    pub(super) fn enum_item(&mut self, item: &syn::ItemEnum) {
        let Some(Expr::Class(class)) = self.declared(&item.ident) else {
            return;
        };
        let serde = attrs(&item.attrs);
        self.of_class(class, &item.generics, |lower| {
            for variant in &item.variants {
                let value = lower.variant(class, &item.ident, variant, &serde);
                let name = name_of(&variant.ident).into();
                lower.build.class_mut(class).statics.push((name, value));
            }
        });
    }

    /// A variant: a text, a function of its fields, or a class that extends the enum.
    fn variant(&mut self, class: ClassId, owner: &syn::Ident, variant: &syn::Variant, serde: &Attrs) -> ExprId {
        let at = of(&variant.ident);
        let name = name_of(&variant.ident);
        let own = attrs(&variant.attrs);
        let named = self.build.expr(at, Expr::Class(class));
        let ty = self.build.ty(Type::Named(named, Vec::new()));
        match &variant.fields {
            Fields::Unit => {
                let wire = own.rename.unwrap_or_else(|| serde.case.of_variant(&name));
                let text = self.build.expr(at, Expr::Text(wire.into()));
                self.build.expr(at, Expr::Typed(text, ty))
            }
            Fields::Unnamed(fields) => self.tuple_variant(&name, fields.unnamed.len(), ty, at),
            Fields::Named(_) => {
                let case = match own.case {
                    Case::Unchanged => serde.fields_case,
                    case => case,
                };
                let fields = self.fields(&variant.fields, case, false);
                let inner = self.build.class(format!("{}.{name}", name_of(owner)), at);
                let inner_class = self.build.class_mut(inner);
                inner_class.fields = fields;
                inner_class.bases.push(ty);
                self.build.expr(at, Expr::Class(inner))
            }
        }
    }

    /// `E::B(x)` carries what `x` carries; `E::B(x, y)` is a pair of that type.
    fn tuple_variant(&mut self, name: &str, count: usize, ty: TypeId, at: At) -> ExprId {
        let func = self.build.function(name, FuncId::BODY, at);
        let params = self.positional(func, count, at);
        let value = match params.as_slice() {
            [only] => *only,
            _ => {
                let items = params.iter().map(|value| Item { value: *value, spread: false });
                let items = items.collect();
                self.build.expr(at, Expr::List(items))
            }
        };
        let value = self.build.expr(at, Expr::Typed(value, ty));
        let function = self.build.function_mut(func);
        function.body = vec![Stmt::Return(Some(value))];
        function.returns = Some(ty);
        self.build.expr(at, Expr::Function(func))
    }

    /// `type T = U`.
    pub(super) fn alias_item(&mut self, item: &syn::ItemType) {
        let Some(Expr::Class(class)) = self.declared(&item.ident) else {
            return;
        };
        self.of_class(class, &item.generics, |lower| {
            let alias = lower.ty(&item.ty);
            lower.build.class_mut(class).alias = Some(alias);
        });
    }

    /// `trait T: U { .. }`: its default methods.
    pub(super) fn trait_item(&mut self, item: &syn::ItemTrait) {
        let Some(Expr::Class(class)) = self.declared(&item.ident) else {
            return;
        };
        self.of_class(class, &item.generics, |lower| {
            for bound in &item.supertraits {
                if let syn::TypeParamBound::Trait(bound) = bound {
                    let base = lower.named_type(&bound.path);
                    lower.build.class_mut(class).bases.push(base);
                }
            }
            for item in &item.items {
                match item {
                    TraitItem::Fn(item) if item.default.is_some() => {
                        let method = lower.method(&item.sig, item.default.as_ref(), Some(class));
                        lower.build.class_mut(class).methods.push(method);
                    }
                    TraitItem::Const(item) => {
                        if let Some((_, value)) = &item.default {
                            lower.class_constant(class, &item.ident, value);
                        }
                    }
                    _ => {}
                }
            }
        });
    }

    fn named_type(&mut self, path: &syn::Path) -> TypeId {
        let named = self.path(path);
        self.build.ty(Type::Named(named, Vec::new()))
    }

    fn class_constant(&mut self, class: ClassId, ident: &syn::Ident, value: &syn::Expr) {
        let name = name_of(ident);
        let value = self.named_expr(value, &name);
        self.build.class_mut(class).statics.push((name.into(), value));
    }

    /// `impl T { .. }`, `impl U for T { .. }`.
    pub(super) fn impl_item(&mut self, item: &syn::ItemImpl) {
        self.nested(|lower| {
            lower.generics(&item.generics);
            let named = lower.type_expr(&item.self_ty);
            let this = lower.kind(named).clone();
            let class = match &this {
                Expr::Class(class) => Some(*class),
                _ => None,
            };
            if let Some(class) = class {
                lower.bound_fields(class, item);
            }
            let outer = lower.this.replace(this);
            let bases = item.trait_.iter().map(|(path, _)| lower.named_type(path));
            let bases: Vec<TypeId> = bases.collect();
            let methods = lower.impl_methods(item, class);
            match class {
                Some(class) => {
                    let class = lower.build.class_mut(class);
                    class.bases.extend(bases);
                    class.methods.extend(methods);
                }
                None => {
                    let of = lower.build.ty(Type::Named(named, Vec::new()));
                    lower.build.module.extensions.push(Extension { of, bases, methods });
                }
            }
            lower.this = outer;
        });
    }

    /// `impl<T: Track> Signup<T>`: a field that the struct declares as `T` holds a `Track`.
    fn bound_fields(&mut self, class: ClassId, item: &syn::ItemImpl) {
        let syn::Type::Path(path) = &*item.self_ty else {
            return;
        };
        let Some(PathArguments::AngleBracketed(given)) = path.path.segments.last().map(|last| &last.arguments) else {
            return;
        };
        let names = self.build.class_mut(class).generics.clone();
        let types = given.args.iter().filter_map(|arg| match arg {
            GenericArgument::Type(syn::Type::Path(ty)) => Some(ty.path.get_ident()),
            GenericArgument::Type(_) => Some(None),
            _ => None,
        });
        for (name, own) in names.iter().zip(types) {
            let is_own = |own: &&syn::Ident| item.generics.type_params().any(|param| param.ident == **own);
            let Some(bound) = own.filter(is_own).and_then(|own| self.generic(&name_of(own))) else {
                continue;
            };
            let module = &mut self.build.module;
            let is_bare = |ty: TypeId| matches!(&module.types[ty.0 as usize], Type::Generic(ty) if ty == name);
            if matches!(module.ty(bound), Type::Generic(_)) {
                continue;
            }
            for field in &mut module.classes[class.0 as usize].fields {
                if field.ty.is_some_and(is_bare) {
                    field.ty = Some(bound);
                }
            }
        }
    }

    fn impl_methods(&mut self, item: &syn::ItemImpl, class: Option<ClassId>) -> Vec<Method> {
        let mut methods = Vec::new();
        for item in &item.items {
            match item {
                ImplItem::Fn(item) if !super::item::is_test(&item.attrs) => {
                    methods.push(self.method(&item.sig, Some(&item.block), class));
                }
                ImplItem::Const(item) => {
                    if let Some(class) = class {
                        self.class_constant(class, &item.ident, &item.expr);
                    }
                }
                _ => {}
            }
        }
        methods
    }
}
