//! Imports as statements, and what a module exports: every name of its body.

use ruff_python_ast as ast;

use super::lower::{Lower, at};
use super::scope::{Bound, specifier};
use crate::ir::{Export, Expr, Stmt};

impl Lower {
    /// Exports the names of the module.
    pub(super) fn exports(&mut self) {
        let Some(scope) = self.scopes.first() else {
            return;
        };
        let bound: Vec<(String, Bound)> = scope.order.iter().map(|name| (name.clone(), scope.names[name])).collect();
        for (name, bound) in bound {
            let value = match bound {
                Bound::Local(local) => {
                    let place = self.build.module.local(local).at;
                    self.add(place, Expr::Local(local))
                }
                Bound::Import(import) => {
                    let place = self.build.module.import(import).at;
                    self.add(place, Expr::Import(import))
                }
                Bound::Member => continue,
            };
            self.build.module.exports.push(Export { name: name.into(), value });
        }
    }

    /// `import a.b as c`.
    pub(super) fn import_stmt(&mut self, stmt: &ast::StmtImport) {
        for alias in &stmt.names {
            let module = alias.name.as_str();
            match &alias.asname {
                Some(name) => self.bind_import(alias, name.as_str(), module),
                None => {
                    let first = module.split('.').next().unwrap_or(module);
                    self.bind_import(alias, first, first);
                }
            }
        }
    }

    /// `from a import b`.
    pub(super) fn import_from(&mut self, stmt: &ast::StmtImportFrom) {
        let module = stmt.module.as_ref().map(|module| module.as_str());
        for alias in &stmt.names {
            if alias.name.as_str() == "*" {
                let dots = ".".repeat(stmt.level as usize);
                let import = self.add_import(&format!("{dots}{}", module.unwrap_or_default()), at(stmt));
                self.build.module.stars.push(import);
                continue;
            }
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            let specifier = specifier(stmt.level, module, alias.name.as_str());
            self.bind_import(alias, name.as_str(), &specifier);
        }
    }

    /// Writes an import to its variable, where something else is bound to the name too.
    fn bind_import(&mut self, alias: &ast::Alias, name: &str, specifier: &str) {
        let is_import = |bound: &Bound| matches!(bound, Bound::Import(_));
        if self.scopes.last().and_then(|scope| scope.names.get(name)).is_some_and(is_import) {
            return;
        }
        let span = at(alias);
        let import = self.add_import(specifier, span);
        let value = self.add(span, Expr::Import(import));
        let place = self.name_place(span, name);
        self.emit(Stmt::Set { place, value, at: span });
    }
}

/// Whether a module imports all of another.
pub(super) fn has_stars(suite: &[ast::Stmt]) -> bool {
    let is_star = |alias: &ast::Alias| alias.name.as_str() == "*";
    suite.iter().any(|stmt| match stmt {
        ast::Stmt::ImportFrom(import) => import.names.iter().any(is_star),
        ast::Stmt::Try(stmt) => has_stars(&stmt.body),
        ast::Stmt::If(stmt) => has_stars(&stmt.body),
        _ => false,
    })
}
