//! Imports and exports.

use oxc_ast::ast::{
    Declaration, ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind,
    ExportFromDeclaration, ExportNamedDeclaration, Expression, ImportDeclaration, ImportDeclarationSpecifier,
    ModuleExportName, Statement, TSExportAssignment,
};
use oxc_span::{GetSpan, Span};

use super::lower::{Lower, at};
use super::shape::declared;
use crate::ir::{Export, Expr, ExprId, Import, ImportId, Imported};

impl Lower {
    /// Registers the imports of a module, and the declared names that it exports.
    pub(super) fn imports(&mut self, stmts: &[Statement<'_>]) {
        for stmt in stmts {
            match stmt {
                Statement::ImportDeclaration(import) => self.import(import),
                Statement::ExportDeclaration(export) => {
                    let symbols = declared(&export.declaration);
                    let symbols = symbols.into_iter().filter_map(|(_, symbol)| symbol);
                    self.names.exported.extend(symbols);
                }
                Statement::ExportDefaultDeclaration(export) => {
                    self.exported(export.declaration.as_expression());
                }
                Statement::TSExportAssignment(export) => self.exported(Some(&export.expression)),
                Statement::ExportNamedDeclaration(export) => {
                    for specifier in &export.specifiers {
                        if let ModuleExportName::IdentifierReference(ident) = &specifier.local {
                            let symbol = self.symbol(ident);
                            self.names.exported.extend(symbol);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn exported(&mut self, expr: Option<&Expression<'_>>) {
        if let Some(Expression::Identifier(ident)) = expr {
            let symbol = self.symbol(ident);
            self.names.exported.extend(symbol);
        }
    }

    fn import(&mut self, import: &ImportDeclaration<'_>) {
        let specifier = import.source.value.as_str();
        let Some(specifiers) = &import.specifiers else {
            self.add_import(specifier, Imported::All, import.span);
            return;
        };
        for one in specifiers {
            let (name, local) = match one {
                ImportDeclarationSpecifier::ImportSpecifier(named) => {
                    let name = named.imported.name();
                    (Imported::Named(name.as_str().into()), &named.local)
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => {
                    (Imported::Named("default".into()), &default.local)
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(all) => (Imported::All, &all.local),
            };
            let id = self.add_import(specifier, name, one.span());
            if let Some(symbol) = local.symbol_id.get() {
                self.names.imports.insert(symbol, id);
            }
        }
    }

    pub(super) fn add_import(&mut self, specifier: &str, name: Imported, span: Span) -> ImportId {
        self.builder.import(Import { specifier: specifier.into(), name, at: at(span) })
    }

    /// Adds an export.
    pub(super) fn export(&mut self, name: &str, value: ExprId) {
        self.builder.module.exports.push(Export { name: name.into(), value });
    }

    /// `export const a = 1`, `export function f() {}`.
    pub(super) fn export_declaration(&mut self, export: &ExportDeclaration<'_>) {
        self.declaration(&export.declaration);
        if let (true, Declaration::VariableDeclaration(variables)) = (self.names.is_component, &export.declaration) {
            self.given_variables(variables);
        }
        for (name, symbol) in declared(&export.declaration) {
            let Some(symbol) = symbol else {
                continue;
            };
            for value in self.symbol_exports(symbol) {
                self.export_once(&name, value);
            }
        }
    }

    /// Adds an export, unless an overload or another part of the same name has.
    fn export_once(&mut self, name: &str, value: ExprId) {
        let module = &self.builder.module;
        let expr = module.expr(value);
        let known = module.exports.iter().any(|export| &*export.name == name && module.expr(export.value) == expr);
        if !known {
            self.export(name, value);
        }
    }

    /// `export { a as b }`.
    pub(super) fn export_named(&mut self, export: &ExportNamedDeclaration<'_>) {
        for specifier in &export.specifiers {
            let name = specifier.exported.name();
            let values = match &specifier.local {
                ModuleExportName::IdentifierReference(ident) => match self.symbol(ident) {
                    Some(symbol) => self.symbol_exports(symbol),
                    None => vec![self.reference(ident)],
                },
                _ => continue,
            };
            for value in values {
                self.export_once(name.as_str(), value);
            }
        }
    }

    /// `export { a as b } from "./c"`.
    pub(super) fn export_from(&mut self, export: &ExportFromDeclaration<'_>) {
        for specifier in &export.specifiers {
            let imported = Imported::Named(specifier.local.name().as_str().into());
            let id = self.add_import(export.source.value.as_str(), imported, specifier.span);
            let value = self.add(specifier.span, Expr::Import(id));
            self.export(specifier.exported.name().as_str(), value);
        }
    }

    /// `export * from "./c"`, `export * as ns from "./c"`.
    pub(super) fn export_all(&mut self, export: &ExportAllDeclaration<'_>) {
        let source = export.source.value.as_str();
        let id = self.add_import(source, Imported::All, export.span);
        match &export.exported {
            Some(name) => {
                let value = self.add(export.span, Expr::Import(id));
                self.export(name.name().as_str(), value);
            }
            None => self.builder.module.stars.push(id),
        }
    }

    /// `export default …`.
    pub(super) fn export_default(&mut self, export: &ExportDefaultDeclaration<'_>) {
        let span = export.declaration.span();
        match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(func) => {
                let value = match func.id.as_ref().and_then(|name| name.symbol_id.get()) {
                    Some(symbol) => {
                        self.function_declaration(func);
                        self.symbol_value(span, symbol)
                    }
                    None => self.function_expr(func, Some("default".into())),
                };
                self.export_once("default", value);
            }
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let value = match class.id.as_ref().and_then(|name| name.symbol_id.get()) {
                    Some(symbol) => {
                        self.class_declaration(class);
                        self.symbol_value(span, symbol)
                    }
                    None => self.class_expr(class, Some("default".into())),
                };
                self.export("default", value);
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                self.interface(interface);
                if let Some(symbol) = interface.id.symbol_id.get() {
                    let value = self.symbol_value(span, symbol);
                    self.export("default", value);
                }
            }
            declaration => {
                if let Some(expr) = declaration.as_expression() {
                    self.export_value("default", expr);
                }
            }
        }
    }

    /// `export = …`.
    pub(super) fn export_whole(&mut self, export: &TSExportAssignment<'_>) {
        self.export_value("=", &export.expression);
    }

    /// Exports an expression, which is evaluated where it stands.
    fn export_value(&mut self, name: &str, expr: &Expression<'_>) {
        let hint = if name == "=" { "" } else { name };
        let options = self.options(expr, name == "default");
        let value = options.unwrap_or_else(|| self.named(hint, |lower| lower.expr(expr)));
        if let Expression::Identifier(ident) = expr
            && let Some(symbol) = self.symbol(ident)
        {
            for value in self.symbol_exports(symbol) {
                self.export_once(name, value);
            }
            return;
        }
        let value = match self.builder.module.expr(value) {
            Expr::Function(_) | Expr::Class(_) | Expr::Import(_) | Expr::Local(_) => value,
            _ => {
                let local = self.temporary(name, expr.span());
                self.set_local(local, value, expr.span());
                self.add(expr.span(), Expr::Local(local))
            }
        };
        self.export(name, value);
    }
}
