//! Items: what a file, a module or a block declares.

use syn::{Item, UseTree};

use super::lower::Lower;
use super::scope::{Inline, last_name, name_of};
use super::span::{At, of};
use crate::ir::{ClassId, Export, Expr, ExprId, FuncId};

/// Whether an item is there for tests only.
pub(super) fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| match &attr.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => is_test_cfg(&list.tokens),
        meta => matches!(last_name(meta.path()).as_str(), "test" | "bench" | "rstest" | "test_case"),
    })
}

/// `test`, or `all(test, ..)`.
fn is_test_cfg(tokens: &proc_macro2::TokenStream) -> bool {
    let Ok(meta) = syn::parse2::<syn::Meta>(tokens.clone()) else {
        return false;
    };
    match meta {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) if list.path.is_ident("all") => {
            let parser = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            syn::parse::Parser::parse2(parser, list.tokens)
                .is_ok_and(|metas| metas.iter().any(|meta| meta.path().is_ident("test")))
        }
        _ => false,
    }
}

impl Lower {
    /// Gives every item its name, before any is lowered: first what is declared, then what is imported.
    pub(super) fn declare_items<'i>(&mut self, items: impl IntoIterator<Item = &'i Item> + Clone) {
        for item in items.clone() {
            self.declare_item(item);
        }
        for item in items {
            self.declare_uses(item);
        }
    }

    fn declare_uses(&mut self, item: &Item) {
        match item {
            Item::Use(item) if !is_test(&item.attrs) => {
                let names = match item.leading_colon {
                    Some(_) => vec![(String::new(), of(&item.use_token))],
                    None => Vec::new(),
                };
                self.use_tree(&item.tree, names);
            }
            Item::Mod(item) if !is_test(&item.attrs) => {
                if let (Some((_, items)), Some(child)) = (&item.content, self.child(&item.ident)) {
                    self.inside(child, |lower| items.iter().for_each(|item| lower.declare_uses(item)));
                }
            }
            Item::Macro(item) => {
                for item in self.macro_items(item) {
                    self.declare_uses(&item);
                }
            }
            _ => {}
        }
    }

    fn declare_item(&mut self, item: &Item) {
        match item {
            Item::Fn(item) if !is_test(&item.attrs) => {
                let func = self.build.function(name_of(&item.sig.ident), self.func, of(&item.sig));
                self.declare_value(&item.sig.ident, Expr::Function(func));
            }
            Item::Struct(item) => {
                self.declare_class(&item.ident, of(&item.struct_token));
                self.declare_builder(item);
            }
            Item::Union(item) => self.declare_class(&item.ident, of(&item.union_token)),
            Item::Trait(item) => self.declare_class(&item.ident, of(&item.trait_token)),
            Item::Type(item) => self.declare_class(&item.ident, of(&item.type_token)),
            Item::Enum(item) => {
                self.declare_class(&item.ident, of(&item.enum_token));
                if let Some(Expr::Class(class)) = self.declared(&item.ident) {
                    let names = item.variants.iter().map(|variant| name_of(&variant.ident));
                    self.variants.insert(class, names.collect());
                }
            }
            Item::Const(item) => self.declare_constant(&item.ident),
            Item::Static(item) => self.declare_constant(&item.ident),
            Item::ExternCrate(item) => {
                let name = item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename);
                let import = self.import(&name_of(&item.ident), of(&item.ident));
                self.bind_type(name_of(name), Expr::Import(import));
            }
            Item::Mod(item) if !is_test(&item.attrs) => self.declare_module(item),
            Item::Macro(item) => {
                for item in self.macro_items(item) {
                    self.declare_item(&item);
                }
            }
            _ => {}
        }
    }

    fn declare_module(&mut self, item: &syn::ItemMod) {
        let name = name_of(&item.ident);
        let Some((_, items)) = &item.content else {
            let specifier = self.path_from_root(&["self", &name]);
            let import = Expr::Import(self.import(&specifier, of(&item.ident)));
            self.export(&name, import.clone(), of(&item.ident));
            self.bind_type(name, import);
            return;
        };
        let mut path = self.modules[self.module].path.clone();
        path.push(name.clone());
        self.modules.push(Inline { path, ..Inline::default() });
        let child = self.modules.len() - 1;
        self.modules[self.module].children.insert(name, child);
        self.inside(child, |lower| items.iter().for_each(|item| lower.declare_item(item)));
    }

    fn declare_class(&mut self, ident: &syn::Ident, at: At) {
        let class = self.build.class(name_of(ident), (at.0, of(ident).1));
        self.by_place.insert(of(ident).0, Expr::Class(class));
        self.bind_type(name_of(ident), Expr::Class(class));
        self.export(&name_of(ident), Expr::Class(class), of(ident));
    }

    fn declare_constant(&mut self, ident: &syn::Ident) {
        if ident == "_" {
            return;
        }
        let local = self.build.local(name_of(ident), self.func, of(ident));
        self.declare_value(ident, Expr::Local(local));
    }

    fn declare_value(&mut self, ident: &syn::Ident, value: Expr) {
        self.by_place.insert(of(ident).0, value.clone());
        self.bind_value(name_of(ident), value.clone());
        self.export(&name_of(ident), value, of(ident));
    }

    /// What was declared under this very name.
    pub(super) fn declared(&self, ident: &syn::Ident) -> Option<Expr> {
        self.by_place.get(&of(ident).0).cloned()
    }

    pub(super) fn export(&mut self, name: &str, value: Expr, at: At) {
        if self.func != FuncId::BODY || !self.scopes.is_empty() {
            return;
        }
        let mut path = self.modules[self.module].path.clone();
        path.push(name.to_string());
        let value = self.build.expr(at, value);
        self.build.module.exports.push(Export { name: path.join(".").into(), value });
    }

    fn child(&self, ident: &syn::Ident) -> Option<usize> {
        self.modules[self.module].children.get(&name_of(ident)).copied()
    }

    /// Lowers in an inline module.
    fn inside(&mut self, module: usize, inner: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.module, module);
        let scopes = std::mem::take(&mut self.scopes);
        self.deeper(inner);
        self.module = outer;
        self.scopes = scopes;
    }

    fn use_tree(&mut self, tree: &UseTree, mut names: Vec<(String, At)>) {
        match tree {
            UseTree::Path(path) => {
                names.push((name_of(&path.ident), of(&path.ident)));
                self.deeper(|lower| lower.use_tree(&path.tree, names));
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.deeper(|lower| lower.use_tree(tree, names.clone()));
                }
            }
            UseTree::Glob(_) => self.use_glob(&names),
            UseTree::Name(name) => {
                // `use a::b::{self}` names `b` itself.
                if name.ident != "self" || names.is_empty() {
                    names.push((name_of(&name.ident), of(&name.ident)));
                }
                let last = names.last().map(|(name, _)| name.clone()).unwrap_or_default();
                self.use_name(last, &names);
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    names.push((name_of(&rename.ident), of(&rename.ident)));
                }
                self.use_name(name_of(&rename.rename), &names);
            }
        }
    }

    fn use_name(&mut self, name: String, names: &[(String, At)]) {
        let (Some(first), Some(last)) = (names.first(), names.last()) else {
            return;
        };
        let target = self.used(names);
        let value = self.kind(target).clone();
        if name == "_" || matches!(value, Expr::Opaque(_)) {
            return;
        }
        self.export(&name, value.clone(), last.1);
        // `use json::json` names a function or macro; `json::x` is still a path into the crate.
        if names.len() == 1 || name != first.0 {
            self.bind_type(name.clone(), value.clone());
        }
        self.bind_value(name, value);
    }

    fn use_glob(&mut self, names: &[(String, At)]) {
        if let Some(module) = self.own_module(names) {
            let own = self.module;
            self.modules[own].globs.push(module);
            return;
        }
        let target = self.used(names);
        if let Expr::Class(class) = *self.kind(target) {
            for variant in self.variants.get(&class).cloned().unwrap_or_default() {
                let value = Expr::Field(target, variant.as_str().into());
                self.bind_type(variant.clone(), value.clone());
                self.bind_value(variant, value);
            }
            return;
        }
        if let Some(specifier) = self.specifier(target) {
            let import = self.import(&specifier, self.at(target));
            if !self.build.module.stars.contains(&import) {
                self.build.module.stars.push(import);
            }
        }
    }

    /// The inline module of this file that a `use` path leads to.
    fn own_module(&self, names: &[(String, At)]) -> Option<usize> {
        let path: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let is_child = self.modules[self.module].children.contains_key(*path.first()?);
        let path = match is_child {
            true => [["self"].as_slice(), path.as_slice()].concat(),
            false => path,
        };
        let path = self.path_from_root(&path);
        let mut names = path.split("::");
        if names.next() != Some("self") || self.module == 0 && path == "self" {
            return None;
        }
        names.try_fold(0, |module, name| self.modules[module].children.get(name).copied())
    }

    /// What a `use` path leads to.
    fn used(&mut self, names: &[(String, At)]) -> ExprId {
        match names {
            [(root, _), rest @ ..] if root.is_empty() => self.import_path(rest),
            // `use serde_json;`
            [(name, at)] if !matches!(name.as_str(), "self" | "super" | "crate") => {
                match self.type_named(name).cloned() {
                    Some(known) => self.build.expr(*at, known),
                    None => self.import_path(names),
                }
            }
            _ => self.path_names(names),
        }
    }

    /// A path outside the file that an expression stands for.
    fn specifier(&self, value: ExprId) -> Option<String> {
        match self.kind(value) {
            Expr::Import(import) => Some(self.build.module.import(*import).specifier.to_string()),
            Expr::Global(name) => Some(name.to_string()),
            Expr::Field(base, name) => Some(format!("{}::{name}", self.specifier(*base)?)),
            _ => None,
        }
    }

    /// Notes which types have a `Default` of their own.
    pub(super) fn note_defaults(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Impl(item) => {
                    let is_default = item.trait_.as_ref().is_some_and(|(path, _)| last_name(path) == "Default");
                    if let Some(class) = is_default.then(|| self.class_of(&item.self_ty)).flatten() {
                        self.defaults.insert(class);
                    }
                }
                Item::Mod(item) if !is_test(&item.attrs) => {
                    if let (Some((_, items)), Some(child)) = (&item.content, self.child(&item.ident)) {
                        self.inside(child, |lower| lower.note_defaults(items));
                    }
                }
                _ => {}
            }
        }
    }

    /// The class of this file that a type names.
    pub(super) fn class_of(&mut self, ty: &syn::Type) -> Option<ClassId> {
        let named = self.type_expr(ty);
        match self.kind(named) {
            Expr::Class(class) => Some(*class),
            _ => None,
        }
    }

    /// Lowers items that are declared.
    pub(super) fn items<'i>(&mut self, items: impl IntoIterator<Item = &'i Item>) {
        for item in items {
            self.deeper(|lower| lower.item(item));
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(item) if !is_test(&item.attrs) => {
                if let Some(Expr::Function(func)) = self.declared(&item.sig.ident) {
                    self.function(func, &item.sig, Some(&item.block));
                }
            }
            Item::Struct(item) => self.struct_item(item),
            Item::Enum(item) => self.enum_item(item),
            Item::Trait(item) => self.trait_item(item),
            Item::Type(item) => self.alias_item(item),
            Item::Impl(item) if !is_test(&item.attrs) => self.impl_item(item),
            Item::Const(item) => self.constant(&item.ident, Some(&item.ty), &item.expr),
            Item::Static(item) => self.constant(&item.ident, Some(&item.ty), &item.expr),
            Item::Mod(item) if !is_test(&item.attrs) => {
                if let (Some((_, items)), Some(child)) = (&item.content, self.child(&item.ident)) {
                    self.inside(child, |lower| lower.items(items));
                }
            }
            Item::Macro(item) => {
                let items = self.macro_items(item);
                self.items(&items);
            }
            _ => {}
        }
    }

    /// `const X: T = value`, `static X: T = value`.
    fn constant(&mut self, ident: &syn::Ident, ty: Option<&syn::Type>, value: &syn::Expr) {
        let Some(Expr::Local(local)) = self.declared(ident) else {
            return;
        };
        let ty = ty.map(|ty| self.ty(ty));
        let value = self.named_expr(value, &name_of(ident));
        let declared = &mut self.build.module.locals[local.0 as usize];
        declared.ty = ty;
        declared.constant = Some(value);
        self.set(local, value, of(ident));
    }
}
