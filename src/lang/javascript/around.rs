//! The names of a document: what those of its scripts stand for in its markup, and which of them other files see.

use std::rc::Rc;

use oxc_ast::ast::{AssignmentTarget, Expression, Program, Statement};
use oxc_span::Span;
use oxc_syntax::symbol::SymbolFlags;
use rustc_hash::FxHashMap;

use super::document::Form;
use super::lower::Lower;
use crate::ir::{Expr, ExprId, FuncId, Name, Place, Stmt, Type};

/// What names stand for in a piece of code that was taken out of its document.
#[derive(Clone, Default)]
pub(super) struct Around {
    /// The variables around it, and whether each holds its value in a field of its own.
    pub(super) names: FxHashMap<Name, (Expr, bool)>,
    /// The function whose receiver has every other name.
    pub(super) receiver: Option<FuncId>,
    /// The record that has every other name, where there is no such function.
    pub(super) given: Option<ExprId>,
}

/// What every script can name: not members of the component around a piece of markup.
const EVERYWHERE: &[&str] = &[
    "Array",
    "BigInt",
    "Boolean",
    "Date",
    "Error",
    "Infinity",
    "Intl",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "console",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "globalThis",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "undefined",
    "window",
];

impl Lower {
    /// What the names of the document's scripts stand for in its elements.
    pub(super) fn around(&mut self) -> Around {
        let mut around = Around { given: self.names.given, ..Around::clone(&self.names.around) };
        let root = self.scoping.root_scope_id();
        let symbols: Vec<_> =
            self.scoping.get_bindings(root).iter().map(|(name, symbol)| (Name::from(name.as_str()), *symbol)).collect();
        for (name, symbol) in symbols {
            let value = self.symbol_value(self.scoping.symbol_span(symbol), symbol);
            let is_wrapped = self.names.wrapped.contains(&symbol);
            around.names.insert(name, (self.builder.module.expr(value).clone(), is_wrapped));
        }
        around
    }

    /// `$: total = price * count`: the variables that such statements declare.
    pub(super) fn reactive(&mut self, program: &Program<'_>) {
        let mut around = Around::default();
        for stmt in &program.body {
            if let Statement::LabeledStatement(labeled) = stmt
                && labeled.label.name == "$"
                && let Statement::ExpressionStatement(stmt) = &labeled.body
                && let Expression::AssignmentExpression(assignment) = stmt.expression.get_inner_expression()
                && let AssignmentTarget::AssignmentTargetIdentifier(ident) = &assignment.left
                && self.symbol(ident).is_none()
            {
                let local = self.temporary(ident.name.as_str(), ident.span);
                around.names.insert(ident.name.as_str().into(), (Expr::Local(local), false));
            }
        }
        self.names.around = Rc::new(around);
    }

    /// The functions of a page's scripts are globals: other files may name them.
    pub(super) fn share_page(&mut self, form: Form) {
        if form != Form::Page {
            return;
        }
        let mut symbols: Vec<_> = self.scoping.get_bindings(self.scoping.root_scope_id()).values().copied().collect();
        symbols.sort_unstable();
        for symbol in symbols {
            let span = self.scoping.symbol_span(symbol);
            let is_function = self.scoping.symbol_flags(symbol).contains(SymbolFlags::Function);
            if is_function && !self.is_ambient(symbol) {
                let value = self.symbol_value(span, symbol);
                let name = self.scoping.symbol_name(symbol).into();
                self.emit(Stmt::Set { place: Place::Global(name), value, at: (span.start, span.end) });
            }
        }
    }

    /// What a name stands for in the code around a piece of markup.
    pub(super) fn name_around(&mut self, span: Span, name: &str) -> Option<ExprId> {
        let around = self.names.around.clone();
        // `$user` is what the store `user` holds.
        let held = || around.names.get(name.strip_prefix('$')?);
        if let Some((value, is_wrapped)) = around.names.get(name).or_else(held) {
            let value = self.add(span, value.clone());
            return Some(if *is_wrapped { self.add(span, Expr::Field(value, "value".into())) } else { value });
        }
        if EVERYWHERE.contains(&name) || is_shared(name) {
            return None;
        }
        let members = match around.receiver {
            Some(receiver) => {
                let this = self.receiver(receiver, span);
                self.add(span, Expr::Local(this))
            }
            None => around.given.filter(|given| self.may_have(*given, name))?,
        };
        Some(self.field(span, members, name))
    }

    /// `$user` in a component's script: what the store `user` holds.
    pub(super) fn held_by_store(&mut self, span: Span, name: &str) -> Option<ExprId> {
        let store = name.strip_prefix('$').filter(|_| self.names.is_component)?;
        let root = self.scoping.root_scope_id();
        let mut bindings = self.scoping.get_bindings(root).iter();
        let symbol = bindings.find_map(|(bound, symbol)| (bound.as_str() == store).then_some(*symbol))?;
        Some(self.symbol_value(span, symbol))
    }

    /// Whether a record has a field of this name, as far as its type says.
    fn may_have(&self, record: ExprId, name: &str) -> bool {
        let module = &self.builder.module;
        let Expr::Typed(_, ty) = module.expr(record) else {
            return true;
        };
        let fields = match module.ty(*ty) {
            Type::Record { fields, open: false } => fields,
            Type::Named(class, _) => match module.expr(*class) {
                Expr::Class(class) if module.class(*class).bases.is_empty() => &module.class(*class).fields,
                _ => return true,
            },
            _ => return true,
        };
        fields.iter().any(|field| &*field.name == name)
    }

    /// Whether a member is one that all components of an application share: `this.$analytics`, which a plugin put there
    /// as `app.config.globalProperties.$analytics`.
    pub(super) fn is_shared_member(&self, base: ExprId, name: &str) -> bool {
        let module = &self.builder.module;
        match module.expr(base) {
            Expr::Field(_, all) if &**all == "globalProperties" => true,
            _ if is_shared(name) && self.is_application(base) => true,
            Expr::Field(_, all) => is_shared(name) && &**all == "prototype",
            Expr::Local(local) if is_shared(name) => {
                let function = module.function(module.local(*local).function);
                let class = function.class.filter(|_| function.receiver == Some(*local));
                class.is_some_and(|class| self.components.contains(&class))
            }
            _ => false,
        }
    }
}

/// Whether a name is spelled like those that all components share.
fn is_shared(name: &str) -> bool {
    name.len() > 1 && name.starts_with('$')
}
