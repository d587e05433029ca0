//! Statements and declarations.

use oxc_ast::ast::{Declaration, Program, Statement, TSImportEqualsDeclaration, TSModuleReference, TSTypeName};
use oxc_span::GetSpan;

use super::lower::{Lower, at};
use crate::ir::{Expr, Import, Imported, Stmt};

impl Lower {
    /// The whole file. Imports come first: they can be named before they are reached.
    pub(super) fn program(&mut self, program: &Program<'_>) {
        self.imports(&program.body);
        if self.names.is_page {
            self.stubs(&program.body);
        }
        self.stmts(&program.body);
    }

    /// Lowers statements into the current block.
    pub(super) fn stmts(&mut self, stmts: &[Statement<'_>]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    /// Lowers a statement into the current block.
    pub(super) fn stmt(&mut self, stmt: &Statement<'_>) {
        if self.deeper(|lower| lower.any_stmt(stmt)).is_none() {
            let value = self.too_deep(stmt.span());
            self.emit(Stmt::Do(value));
        }
    }

    fn any_stmt(&mut self, stmt: &Statement<'_>) {
        match stmt {
            Statement::ExpressionStatement(stmt) => self.effects(&stmt.expression),
            Statement::BlockStatement(block) => self.stmts(&block.body),
            Statement::LabeledStatement(labeled) => self.stmt(&labeled.body),
            Statement::ReturnStatement(stmt) => {
                let value = stmt.argument.as_ref().map(|argument| self.expr(argument));
                if let Some(value) = value {
                    self.provide_by_return(stmt.span, value);
                }
                self.emit(Stmt::Return(value));
            }
            Statement::ThrowStatement(stmt) => {
                self.effects(&stmt.argument);
                self.emit(Stmt::Exit);
            }
            Statement::BreakStatement(_) | Statement::ContinueStatement(_) => {
                self.emit(Stmt::Exit);
            }
            Statement::DebuggerStatement(_) | Statement::EmptyStatement(_) => {}
            Statement::IfStatement(stmt) => self.if_stmt(stmt),
            Statement::SwitchStatement(stmt) => self.switch(stmt),
            Statement::ForStatement(stmt) => self.for_stmt(stmt),
            Statement::ForInStatement(stmt) => self.for_in(stmt),
            Statement::ForOfStatement(stmt) => self.for_of(stmt),
            Statement::WhileStatement(stmt) => self.while_stmt(&stmt.test, &stmt.body),
            Statement::DoWhileStatement(stmt) => self.while_stmt(&stmt.test, &stmt.body),
            Statement::TryStatement(stmt) => self.try_stmt(stmt),
            Statement::WithStatement(stmt) => {
                self.effects(&stmt.object);
                self.stmt(&stmt.body);
            }
            Statement::ExportNamedDeclaration(export) => self.export_named(export),
            Statement::ExportDeclaration(export) => self.export_declaration(export),
            Statement::ExportFromDeclaration(export) => self.export_from(export),
            Statement::ExportAllDeclaration(export) => self.export_all(export),
            Statement::ExportDefaultDeclaration(export) => self.export_default(export),
            Statement::TSExportAssignment(export) => self.export_whole(export),
            Statement::ImportDeclaration(_) | Statement::TSNamespaceExportDeclaration(_) => {}
            _ => {
                if let Some(declaration) = stmt.as_declaration() {
                    self.declaration(declaration);
                }
            }
        }
    }

    /// Lowers a declaration.
    pub(super) fn declaration(&mut self, declaration: &Declaration<'_>) {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.variables(variables),
            Declaration::FunctionDeclaration(func) => self.function_declaration(func),
            Declaration::ClassDeclaration(class) => self.class_declaration(class),
            Declaration::TSTypeAliasDeclaration(alias) => self.type_alias(alias),
            Declaration::TSInterfaceDeclaration(interface) => self.interface(interface),
            Declaration::TSEnumDeclaration(members) => self.enumeration(members),
            Declaration::TSNamespaceDeclaration(namespace) => self.namespace(namespace),
            Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import),
            // These describe what other modules and the page are, and define nothing here.
            Declaration::TSExternalModuleDeclaration(_) | Declaration::TSGlobalDeclaration(_) => {}
        }
    }

    /// `import x = require("y")`, `import x = A.B`.
    fn import_equals(&mut self, import: &TSImportEqualsDeclaration<'_>) {
        let span = import.span;
        let value = match &import.module_reference {
            TSModuleReference::ExternalModuleReference(external) => {
                let id = self.builder.import(Import {
                    specifier: external.expression.value.as_str().into(),
                    name: Imported::All,
                    at: at(span),
                });
                if let Some(symbol) = import.id.symbol_id.get() {
                    self.names.imports.insert(symbol, id);
                    return;
                }
                self.add(span, Expr::Import(id))
            }
            TSModuleReference::IdentifierReference(ident) => self.reference(ident),
            TSModuleReference::QualifiedName(name) => {
                let base = self.type_name_value(&name.left);
                self.field(name.span, base, name.right.name.as_str())
            }
        };
        let local = self.declare(&import.id);
        self.set_local(local, value, import.id.span);
    }

    /// A dotted name as a value.
    pub(super) fn type_name_value(&mut self, name: &TSTypeName<'_>) -> crate::ir::ExprId {
        let mut members = Vec::new();
        let mut name = name;
        while let TSTypeName::QualifiedName(qualified) = name {
            members.push((qualified.span, qualified.right.name.as_str()));
            name = &qualified.left;
        }
        let mut value = match name {
            TSTypeName::IdentifierReference(ident) => self.reference(ident),
            _ => self.this(name.span()),
        };
        for (span, member) in members.into_iter().rev() {
            value = self.field(span, value, member);
        }
        value
    }
}
