//! What a plugin gives all components of an application under a name: `provide("analytics", x)` is their `$analytics`.

use oxc_span::Span;

use super::lower::{Lower, at};
use crate::ir::{Arg, Entry, Expr, ExprId, FuncId, Imported, Module, Place, Stmt};

/// The functions that return the application of a component.
const APPLICATIONS: &[&str] = &["useNuxtApp", "useContext"];

impl Lower {
    /// `app.provide("analytics", x)`; `inject("analytics", x)`, where a plugin is given the function.
    pub(super) fn provide_by_call(&mut self, span: Span, callee: ExprId, args: &mut [Arg]) {
        let [key, value] = args else { return };
        let module = &self.builder.module;
        let (Expr::Text(name), false) = (module.expr(key.value), value.spread) else {
            return;
        };
        let provides = match module.expr(callee) {
            Expr::Field(_, method) => &**method == "provide",
            Expr::Local(local) => &*module.local(*local).name == "inject",
            _ => false,
        };
        if provides {
            let name = name.to_string();
            value.value = self.once(value.value);
            self.provide(span, &name, value.value);
        }
    }

    /// `return { provide: { analytics } }`, from what a plugin is made of.
    pub(super) fn provide_by_return(&mut self, span: Span, returned: ExprId) {
        let module = &self.builder.module;
        let Expr::Record(entries) = module.expr(returned) else { return };
        let provided = entries.iter().find_map(|entry| match entry {
            Entry::Field { key, value, .. } if &**key == "provide" => Some(*value),
            _ => None,
        });
        let Some(Expr::Record(entries)) = provided.map(|provided| module.expr(provided)) else { return };
        for entry in entries.clone() {
            if let Entry::Field { key, value, .. } = entry {
                self.provide(span, &key, value);
            }
        }
    }

    fn provide(&mut self, span: Span, name: &str, value: ExprId) {
        self.emit(Stmt::Set { place: Place::Global(format!("${name}").into()), value, at: at(span) });
    }

    /// Whether a value is the application of a component, which has what plugins provide.
    pub(super) fn is_application(&self, value: ExprId) -> bool {
        let module = &self.builder.module;
        match module.expr(value) {
            Expr::Call(call) => match module.expr(call.callee) {
                Expr::Global(name) => APPLICATIONS.contains(&&**name),
                Expr::Import(import) => match &module.import(*import).name {
                    Imported::Named(name) => APPLICATIONS.contains(&&**name),
                    Imported::All => false,
                },
                _ => false,
            },
            Expr::Local(local) => self.names.applications.contains(local) || &*module.local(*local).name == "nuxtApp",
            _ => false,
        }
    }
}

/// The folders whose functions `useName` every component can name without an import.
const EVERYWHERE: &[&str] = &["composables", "stores"];

/// Makes the functions of a module globals, where its folder says that components see them without an import.
pub(super) fn share_exports(module: &mut Module, path: &str) {
    let mut folders = path.split('/').rev().skip(1);
    if !folders.any(|folder| EVERYWHERE.contains(&folder)) {
        return;
    }
    let file = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    let mut shared = Vec::new();
    for export in &module.exports {
        let name = if &*export.name == "default" { file } else { &*export.name };
        let is_hook = name.strip_prefix("use").is_some_and(|rest| rest.starts_with(char::is_uppercase));
        if is_hook {
            let at = module.expr_spans[export.value.0 as usize];
            shared.push(Stmt::Set { place: Place::Global(name.into()), value: export.value, at });
        }
    }
    module.functions[FuncId::BODY.0 as usize].body.extend(shared);
}
