//! What an identifier refers to: a variable, an import, a class, or a global of the page.

use std::collections::BTreeMap;
use std::rc::Rc;

use oxc_ast::ast::{BindingIdentifier, IdentifierReference};
use oxc_span::Span;
use oxc_syntax::symbol::{SymbolFlags, SymbolId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::around::Around;
use super::lower::{Lower, This, at};
use crate::ir::{ClassId, Expr, ExprId, ImportId, Item, LocalId, Name, Param, Place, Rest, TypeId};

/// The names by which a script reaches the global object.
const WINDOW: [&str; 4] = ["window", "self", "globalThis", "global"];

/// What each symbol became. A symbol can be both a value and a type (`const User = …; type User = …`).
#[derive(Default)]
pub(super) struct Names {
    pub(super) values: FxHashMap<SymbolId, LocalId>,
    pub(super) imports: FxHashMap<SymbolId, ImportId>,
    pub(super) classes: FxHashMap<SymbolId, ClassId>,
    /// The types of declared globals (`declare const user: User`).
    pub(super) ambient: FxHashMap<SymbolId, TypeId>,
    /// Declared symbols (`declare const`) that the module exports, and which are therefore not globals.
    pub(super) exported: FxHashSet<SymbolId>,
    /// Whether these are scripts of a page.
    pub(super) is_page: bool,
    /// Functions of a page's script that only queue what they are called with: they stand for the global of that name,
    /// which another script defines.
    pub(super) stubs: FxHashSet<SymbolId>,
    /// Variables of such a script that hold all that a function was called with.
    pub(super) queued: FxHashSet<SymbolId>,
    /// Whether this is a component in a file of its own, whose default export says what it does.
    pub(super) is_component: bool,
    /// Variables that hold their value in a field of its own (`const user = ref()`), which markup leaves out.
    pub(super) wrapped: FxHashSet<SymbolId>,
    /// What the holes of a script hold, where it was written as a template, by their first byte.
    pub(super) holes: Rc<BTreeMap<u32, Printed>>,
    /// Variables that hold the application of a component.
    pub(super) applications: FxHashSet<LocalId>,
    /// What a component is given, where it says so.
    pub(super) given: Option<ExprId>,
    /// The names of the code around a piece of a document.
    pub(super) around: Rc<Around>,
    /// The variables that hold what a CommonJS module exports, by the exported name.
    pub(super) commonjs: FxHashMap<Name, LocalId>,
}

/// What is printed into a hole.
#[derive(Clone, Copy)]
pub(super) struct Printed {
    /// One past its last byte.
    pub(super) end: u32,
    /// The value as part of a text.
    pub(super) text: ExprId,
    /// The value by itself.
    pub(super) value: ExprId,
}

impl Lower {
    /// The symbol of an identifier, unless it is a global.
    pub(super) fn symbol(&self, ident: &IdentifierReference<'_>) -> Option<SymbolId> {
        let reference = ident.reference_id.get()?;
        self.scoping.get_reference(reference).symbol_id()
    }

    /// Whether an identifier is a global with one of these names.
    pub(super) fn is_global(&self, ident: &IdentifierReference<'_>, names: &[&str]) -> bool {
        names.contains(&ident.name.as_str()) && self.symbol(ident).is_none()
    }

    /// The value of an identifier.
    pub(super) fn reference(&mut self, ident: &IdentifierReference<'_>) -> ExprId {
        match self.symbol(ident) {
            Some(symbol) => self.symbol_value(ident.span, symbol),
            None => self.global(ident.span, ident.name.as_str()),
        }
    }

    /// The value of a symbol.
    pub(super) fn symbol_value(&mut self, span: Span, symbol: SymbolId) -> ExprId {
        if let Some(&import) = self.names.imports.get(&symbol) {
            return self.add(span, Expr::Import(import));
        }
        let flags = self.scoping.symbol_flags(symbol);
        let only_type = !flags.intersects(SymbolFlags::Value);
        if only_type && let Some(class) = self.class_of(symbol) {
            return self.add(span, Expr::Class(class));
        }
        if self.is_ambient(symbol) {
            let name = self.scoping.symbol_name(symbol).to_owned();
            let value = self.global(span, &name);
            let ty = self.names.ambient.get(&symbol).copied();
            let ty = ty.filter(|_| !WINDOW.contains(&name.as_str()));
            return self.typed(span, value, ty);
        }
        let local = self.local(symbol);
        self.add(span, Expr::Local(local))
    }

    /// Whether a symbol is a global: it only says that something outside the module exists (`declare const analytics:
    /// Analytics`), or it stands for one.
    pub(super) fn is_ambient(&self, symbol: SymbolId) -> bool {
        let flags = self.scoping.symbol_flags(symbol);
        let declared = flags.contains(SymbolFlags::Ambient) && !self.names.exported.contains(&symbol);
        declared || self.names.stubs.contains(&symbol)
    }

    fn global(&mut self, span: Span, name: &str) -> ExprId {
        if let Some(printed) = self.names.holes.get(&span.start) {
            return printed.value;
        }
        if let Some(value) = self.name_around(span, name).or_else(|| self.held_by_store(span, name)) {
            return value;
        }
        match name {
            "undefined" => self.add(span, Expr::Nothing),
            _ if WINDOW.contains(&name) => self.add(span, Expr::Global("".into())),
            "NaN" | "Infinity" => self.add(span, Expr::Scalar),
            "arguments" => self.arguments(span),
            "exports" => match self.names.commonjs.get("=") {
                Some(&local) => self.add(span, Expr::Local(local)),
                None => self.add(span, Expr::Global(name.into())),
            },
            _ => self.add(span, Expr::Global(name.into())),
        }
    }

    /// All arguments of the function around: its parameters, and a parameter that takes whatever is left.
    fn arguments(&mut self, span: Span) -> ExprId {
        let This::Receiver(func) = self.place.this else {
            return self.add(span, Expr::Global("arguments".into()));
        };
        let mut params = self.builder.function_mut(func).params.clone();
        if params.last().is_none_or(|param| param.rest == Rest::No) {
            let local = self.builder.local("arguments", func, at(span));
            let rest = Param { local, default: None, rest: Rest::Positional, keyword_only: false };
            params.push(rest.clone());
            self.builder.function_mut(func).params.push(rest);
        }
        let items: Vec<Item> = params
            .iter()
            .map(|param| Item {
                value: self.add(span, Expr::Local(param.local)),
                spread: param.rest == Rest::Positional,
            })
            .collect();
        match items.as_slice() {
            [only] => only.value,
            _ => self.add(span, Expr::List(items)),
        }
    }

    /// The variable of a symbol. It may be named before its declaration is reached.
    pub(super) fn local(&mut self, symbol: SymbolId) -> LocalId {
        if let Some(&local) = self.names.values.get(&symbol) {
            return local;
        }
        let span = self.scoping.symbol_span(symbol);
        let name: Name = self.scoping.symbol_name(symbol).into();
        let local = self.builder.local(name, self.place.func, at(span));
        self.names.values.insert(symbol, local);
        local
    }

    /// The variable that an identifier declares, in the function that is lowered.
    pub(super) fn declare(&mut self, ident: &BindingIdentifier<'_>) -> LocalId {
        let local = match ident.symbol_id.get() {
            Some(symbol) => self.local(symbol),
            None => self.temporary(ident.name.as_str(), ident.span),
        };
        let func = self.place.func;
        self.builder.module.locals[local.0 as usize].function = func;
        local
    }

    /// The class of a symbol that is one, in any of the forms a named type has.
    pub(super) fn class_of(&mut self, symbol: SymbolId) -> Option<ClassId> {
        if let Some(&class) = self.names.classes.get(&symbol) {
            return Some(class);
        }
        let named = SymbolFlags::Class
            | SymbolFlags::Interface
            | SymbolFlags::TypeAlias
            | SymbolFlags::Enum
            | SymbolFlags::NamespaceModule
            | SymbolFlags::ValueModule;
        if !self.scoping.symbol_flags(symbol).intersects(named) {
            return None;
        }
        let span = self.scoping.symbol_span(symbol);
        let name: Name = self.scoping.symbol_name(symbol).into();
        let class = self.builder.class(name, at(span));
        self.names.classes.insert(symbol, class);
        Some(class)
    }

    /// The class that an identifier declares.
    pub(super) fn declare_class(&mut self, ident: &BindingIdentifier<'_>, span: Span) -> ClassId {
        let declared = ident.symbol_id.get();
        let class = match declared.and_then(|symbol| self.class_of(symbol)) {
            Some(class) => class,
            None => self.builder.class(ident.name.as_str(), at(span)),
        };
        let file = self.builder.module.file;
        self.builder.class_mut(class).span = crate::source::Span::new(file, span.start, span.end);
        class
    }

    /// The name of a value that is a global, whatever type it is given.
    fn global_name(&self, value: ExprId) -> Option<Name> {
        let mut value = value;
        loop {
            match self.builder.module.expr(value) {
                Expr::Global(name) => return Some(name.clone()),
                Expr::Typed(inner, _) => value = *inner,
                _ => return None,
            }
        }
    }

    /// `base.name`, where a field of the global object is a global.
    pub(super) fn field(&mut self, span: Span, base: ExprId, name: &str) -> ExprId {
        if let Some(global) = self.global_name(base) {
            if global.is_empty() {
                return self.global(span, name);
            }
            let whole = &*global == "module" && name == "exports";
            let part = matches!(&*global, "exports" | "module.exports");
            let exported = if whole { "=" } else { name };
            match self.names.commonjs.get(exported) {
                Some(&local) if whole || part => return self.add(span, Expr::Local(local)),
                _ if whole => return self.add(span, Expr::Global("module.exports".into())),
                _ => {}
            }
        }
        if self.is_shared_member(base, name) {
            return self.add(span, Expr::Global(name.into()));
        }
        self.add(span, Expr::Field(base, name.into()))
    }

    /// `base.name` as something to write to.
    pub(super) fn field_place(&mut self, span: Span, base: ExprId, name: &str) -> Place {
        if let Some(global) = self.global_name(base) {
            if global.is_empty() {
                return Place::Global(name.into());
            }
            let whole = &*global == "module" && name == "exports";
            let part = matches!(&*global, "exports" | "module.exports");
            if whole {
                return Place::Local(self.commonjs_export("=", span));
            }
            if part {
                return Place::Local(self.commonjs_export(name, span));
            }
        }
        if self.is_shared_member(base, name) {
            return Place::Global(name.into());
        }
        Place::Field(base, name.into())
    }

    /// The variable that holds an export, exported when it is first named.
    pub(super) fn commonjs_export(&mut self, name: &str, span: Span) -> LocalId {
        if let Some(&local) = self.names.commonjs.get(name) {
            return local;
        }
        let local = self.temporary(name, span);
        self.names.commonjs.insert(name.into(), local);
        let value = self.add(span, Expr::Local(local));
        self.export(name, value);
        local
    }

    /// `this`.
    pub(super) fn this(&mut self, span: Span) -> ExprId {
        match self.place.this {
            This::Receiver(func) => {
                let receiver = self.receiver(func, span);
                self.add(span, Expr::Local(receiver))
            }
            This::Class(class) => self.add(span, Expr::Class(class)),
            This::Nothing => self.add(span, Expr::Nothing),
        }
    }

    /// The receiver of a function, which has one as soon as it names it.
    pub(super) fn receiver(&mut self, func: crate::ir::FuncId, span: Span) -> LocalId {
        if let Some(receiver) = self.builder.function_mut(func).receiver {
            return receiver;
        }
        let receiver = self.builder.local("this", func, at(span));
        self.builder.function_mut(func).receiver = Some(receiver);
        receiver
    }
}
