//! Names: what a path leads to.

use rustc_hash::FxHashMap;
use syn::ext::IdentExt;

use super::lower::Lower;
use super::span::{At, from_to, of};
use crate::ir::{Expr, ExprId, FuncId, Import, ImportId, Imported, LocalId, TypeId};

/// The names of one scope. Types and values are apart: `mod check` and `fn check` are two things.
#[derive(Default)]
pub(super) struct Names {
    /// Variables, functions, constants.
    pub(super) values: FxHashMap<String, Expr>,
    /// Types, traits, modules.
    pub(super) types: FxHashMap<String, Expr>,
    /// Generic parameters, with what is known of their type.
    pub(super) generics: FxHashMap<String, TypeId>,
}

/// The file's root, or an inline module.
#[derive(Default)]
pub(super) struct Inline {
    /// The way to it from the file's root.
    pub(super) path: Vec<String>,
    /// Its items.
    pub(super) names: Names,
    /// Its own inline modules.
    pub(super) children: FxHashMap<String, usize>,
    /// Inline modules of this file all of whose names it uses (`use super::*`).
    pub(super) globs: Vec<usize>,
}

/// What the standard prelude names.
const PRELUDE: &[(&str, &str)] = &[
    ("Box", "std::boxed::Box"),
    ("Clone", "std::clone::Clone"),
    ("Default", "std::default::Default"),
    ("Err", "std::result::Result::Err"),
    ("From", "std::convert::From"),
    ("Into", "std::convert::Into"),
    ("Iterator", "std::iter::Iterator"),
    ("None", "std::option::Option::None"),
    ("Ok", "std::result::Result::Ok"),
    ("Option", "std::option::Option"),
    ("Result", "std::result::Result"),
    ("Some", "std::option::Option::Some"),
    ("String", "std::string::String"),
    ("ToOwned", "std::borrow::ToOwned"),
    ("ToString", "std::string::ToString"),
    ("TryFrom", "std::convert::TryFrom"),
    ("TryInto", "std::convert::TryInto"),
    ("Vec", "std::vec::Vec"),
    ("drop", "std::mem::drop"),
];

/// The types that are part of the language.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "slice", "str", "u128", "u16", "u32",
    "u64", "u8", "usize",
];

/// A name as it is looked up: `r#type` is `type`.
pub(super) fn name_of(ident: &syn::Ident) -> String {
    ident.unraw().to_string()
}

/// The last name of a path.
pub(super) fn last_name(path: &syn::Path) -> String {
    path.segments.last().map(|segment| name_of(&segment.ident)).unwrap_or_default()
}

impl Lower {
    /// Gives a variable of the open function a name in the innermost scope.
    pub(super) fn declare(&mut self, ident: &syn::Ident) -> LocalId {
        let name = name_of(ident);
        let local = self.build.local(name.as_str(), self.func, of(ident));
        self.bind_value(name, Expr::Local(local));
        local
    }

    /// Gives a value a name in the innermost scope.
    pub(super) fn bind_value(&mut self, name: String, value: Expr) {
        self.names().values.insert(name, value);
    }

    /// Gives a type or module a name in the innermost scope.
    pub(super) fn bind_type(&mut self, name: String, value: Expr) {
        self.names().types.insert(name, value);
    }

    /// The innermost scope.
    pub(super) fn names(&mut self) -> &mut Names {
        match self.scopes.last_mut() {
            Some(names) => names,
            None => &mut self.modules[self.module].names,
        }
    }

    /// What a name stands for, as a value or, where there is none, as a type.
    pub(super) fn value_named(&self, name: &str) -> Option<&Expr> {
        self.named(name, true)
    }

    /// What a name stands for, as a type.
    pub(super) fn type_named(&self, name: &str) -> Option<&Expr> {
        self.named(name, false)
    }

    fn named(&self, name: &str, value: bool) -> Option<&Expr> {
        fn pick<'n>(names: &'n Names, name: &str, value: bool) -> Option<&'n Expr> {
            match value {
                true => names.values.get(name).or_else(|| names.types.get(name)),
                false => names.types.get(name),
            }
        }
        let scopes = self.scopes.iter().rev();
        let module = &self.modules[self.module];
        let globs = module.globs.iter().map(|index| &self.modules[*index].names);
        scopes.chain(std::iter::once(&module.names)).chain(globs).find_map(|names| pick(names, name, value))
    }

    /// The type of a generic parameter.
    pub(super) fn generic(&self, name: &str) -> Option<TypeId> {
        let mut scopes = self.scopes.iter().rev();
        scopes.find_map(|names| names.generics.get(name).copied())
    }

    /// An import of a whole path, the same for each mention.
    pub(super) fn import(&mut self, specifier: &str, at: At) -> ImportId {
        if let Some(import) = self.imports.get(specifier) {
            return *import;
        }
        let import = self.build.import(Import { specifier: specifier.into(), name: Imported::All, at });
        self.imports.insert(specifier.to_string(), import);
        import
    }

    /// What a path leads to.
    pub(super) fn path(&mut self, path: &syn::Path) -> ExprId {
        let names: Vec<(String, At)> =
            path.segments.iter().map(|segment| (name_of(&segment.ident), of(&segment.ident))).collect();
        match path.leading_colon {
            Some(_) => self.import_path(&names),
            None => self.path_names(&names),
        }
    }

    /// What a path of these names leads to.
    pub(super) fn path_names(&mut self, names: &[(String, At)]) -> ExprId {
        let (Some(first), Some(last)) = (names.first(), names.last()) else {
            return self.build.opaque((0, 0), "a path without a name");
        };
        let at = from_to(first.1, last.1);
        match first.0.as_str() {
            "Self" => match self.this.clone() {
                Some(this) => self.members(this, names, 1),
                None => self.build.opaque(at, "`Self` outside of a type"),
            },
            "self" if names.len() == 1 && self.func != FuncId::BODY => match self.value_named("self").cloned() {
                Some(receiver) => self.members(receiver, names, 1),
                None => self.build.opaque(at, "`self` outside of a method"),
            },
            "crate" | "self" | "super" => self.relative_path(names, at),
            _ => self.lexical_path(names, at),
        }
    }

    fn lexical_path(&mut self, names: &[(String, At)], at: At) -> ExprId {
        let first = names[0].0.as_str();
        let known = match names.len() {
            1 => self.value_named(first),
            _ => self.type_named(first),
        };
        if let Some(known) = known.cloned() {
            return self.members(known, names, 1);
        }
        if let Some(module) = self.module_with(first) {
            return self.inline_path(module, names, at);
        }
        if let Some((_, path)) = PRELUDE.iter().find(|(name, _)| *name == first) {
            let import = self.import(path, names[0].1);
            return self.members(Expr::Import(import), names, 1);
        }
        if names.len() > 1 && PRIMITIVES.contains(&first) {
            let import = self.import(&format!("std::{first}"), names[0].1);
            return self.members(Expr::Import(import), names, 1);
        }
        let is_type = first.starts_with(|first: char| first.is_uppercase());
        match names.len() > 1 && !is_type {
            true => self.import_path(names),
            false => {
                let start = self.from_glob(first, names[0].1);
                self.members(start, names, 1)
            }
        }
    }

    /// A name that nothing declares: from the one `use path::*`, where there is one only.
    fn from_glob(&mut self, name: &str, at: At) -> Expr {
        let module = &self.build.module;
        let is_outside = |import: &&ImportId| !module.imports[import.0 as usize].specifier.starts_with("std::");
        let mut globs = module.stars.iter().filter(is_outside);
        match (globs.next().copied(), globs.next()) {
            (Some(only), None) => Expr::Field(self.build.expr(at, Expr::Import(only)), name.into()),
            _ => Expr::Global(name.into()),
        }
    }

    /// The module whose inline module has this name: the one that is being lowered, or one whose names it uses.
    fn module_with(&self, child: &str) -> Option<usize> {
        let module = &self.modules[self.module];
        std::iter::once(self.module)
            .chain(module.globs.iter().copied())
            .find(|index| self.modules[*index].children.contains_key(child))
    }

    /// A path that starts with `crate`, `self` or `super`.
    fn relative_path(&mut self, names: &[(String, At)], at: At) -> ExprId {
        let path: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let specifier = self.path_from_root(&path);
        let parts: Vec<&str> = specifier.split("::").collect();
        if parts.first() == Some(&"self") {
            let is_way = |(name, _): &&(String, At)| matches!(name.as_str(), "self" | "super");
            let rest = &names[names.iter().take_while(is_way).count()..];
            let outside = (parts.len() - 1).saturating_sub(rest.len());
            let start = parts[1..1 + outside]
                .iter()
                .try_fold(0, |module, name| self.modules[module].children.get(*name).copied());
            if let (Some(start), false) = (start, rest.is_empty()) {
                return self.inline_path(start, rest, at);
            }
        }
        let import = self.import(&specifier, at);
        self.build.expr(at, Expr::Import(import))
    }

    /// A path into an inline module of the file.
    fn inline_path(&mut self, start: usize, names: &[(String, At)], at: At) -> ExprId {
        let mut module = start;
        for (index, (name, _)) in names.iter().enumerate() {
            if let Some(child) = self.modules[module].children.get(name).copied()
                && index + 1 < names.len()
            {
                module = child;
                continue;
            }
            let items = &self.modules[module].names;
            let is_last = index + 1 == names.len();
            let known = match is_last {
                true => items.values.get(name).or_else(|| items.types.get(name)),
                false => items.types.get(name).or_else(|| items.values.get(name)),
            };
            if let Some(known) = known.cloned() {
                return self.members(known, names, index + 1);
            }
            break;
        }
        let mut specifier = vec!["self".to_string()];
        specifier.extend(self.modules[start].path.iter().cloned());
        specifier.extend(names.iter().map(|(name, _)| name.clone()));
        let import = self.import(&specifier.join("::"), at);
        self.build.expr(at, Expr::Import(import))
    }

    /// A path that is an import as a whole.
    pub(super) fn import_path(&mut self, names: &[(String, At)]) -> ExprId {
        let at = match names {
            [] => (0, 0),
            [first, .., last] => from_to(first.1, last.1),
            [only] => only.1,
        };
        let path: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let import = self.import(&path.join("::"), at);
        self.build.expr(at, Expr::Import(import))
    }

    /// The members of something that the names from `from` on say.
    fn members(&mut self, start: Expr, names: &[(String, At)], from: usize) -> ExprId {
        let first = names[0].1;
        let mut value = self.build.expr(from_to(first, names[from - 1].1), start);
        for (name, at) in &names[from..] {
            value = self.field(value, name, *at);
        }
        value
    }

    /// A path as it reads at the file's root: `super` in an inline module is the file.
    pub(super) fn path_from_root(&self, path: &[&str]) -> String {
        if !matches!(path.first(), Some(&"self" | &"super")) {
            return path.join("::");
        }
        let mut around: Vec<&str> = self.modules[self.module].path.iter().map(String::as_str).collect();
        let mut above = 0;
        let mut rest = path;
        while let [first @ ("self" | "super"), tail @ ..] = rest {
            if *first == "super" && around.pop().is_none() {
                above += 1;
            }
            rest = tail;
        }
        let start = match above {
            0 => vec!["self"],
            above => vec!["super"; above],
        };
        [start.as_slice(), around.as_slice(), rest].concat().join("::")
    }
}
