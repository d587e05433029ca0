//! Declared shapes: interfaces, type aliases, enums and namespaces.

use oxc_ast::ast::{
    Declaration, Statement, TSEnumDeclaration, TSInterfaceDeclaration, TSNamespaceDeclaration,
    TSNamespaceDeclarationBody, TSSignature, TSType, TSTypeAliasDeclaration, TSTypeParameterDeclaration,
};
use oxc_span::GetSpan;

use super::literal::property_name;
use super::lower::{Lower, at};
use crate::ir::{ClassId, Expr, ExprId, FieldDecl, Name, Serial, Type};

impl Lower {
    /// `interface A extends B { … }`. An interface can be declared in several parts.
    pub(super) fn interface(&mut self, interface: &TSInterfaceDeclaration<'_>) {
        let class = self.declare_class(&interface.id, interface.span);
        self.generics(class, interface.type_parameters.as_deref());
        for base in &interface.extends {
            let ty = self.named_type(&base.type_name, base.type_arguments.as_deref());
            self.builder.class_mut(class).bases.push(ty);
        }
        let (fields, open) = self.signatures(&interface.body.body);
        let class = self.builder.class_mut(class);
        class.fields.extend(fields);
        class.open |= open;
    }

    /// `type A = …`. An alias of a record type is that record.
    pub(super) fn type_alias(&mut self, alias: &TSTypeAliasDeclaration<'_>) {
        let class = self.declare_class(&alias.id, alias.span);
        self.generics(class, alias.type_parameters.as_deref());
        if let TSType::TSTypeLiteral(literal) = alias.type_annotation.without_parenthesized() {
            let (fields, open) = self.signatures(&literal.members);
            let class = self.builder.class_mut(class);
            class.fields = fields;
            class.open = open;
        } else {
            let ty = self.ty(&alias.type_annotation);
            self.builder.class_mut(class).alias = Some(ty);
        }
    }

    /// Notes the names of generic parameters.
    pub(super) fn generics(&mut self, class: ClassId, params: Option<&TSTypeParameterDeclaration<'_>>) {
        let params = params.map_or(&[][..], |params| params.params.as_slice());
        let names: Vec<Name> = params.iter().map(|it| it.name.name.as_str().into()).collect();
        let class = self.builder.class_mut(class);
        if class.generics.is_empty() {
            class.generics = names;
        }
    }

    /// The fields of a record type, and whether it may have others.
    pub(super) fn signatures(&mut self, signatures: &[TSSignature<'_>]) -> (Vec<FieldDecl>, bool) {
        let mut fields = Vec::new();
        let mut open = false;
        for signature in signatures {
            let (key, ty) = match signature {
                TSSignature::TSPropertySignature(property) => {
                    let ty = property.type_annotation.as_ref();
                    (&property.key, ty.map(|ty| self.ty(&ty.type_annotation)))
                }
                TSSignature::TSMethodSignature(method) => {
                    let returns = method.return_type.as_ref();
                    let returns = returns.map(|ty| self.ty(&ty.type_annotation));
                    (&method.key, Some(self.builder.ty(Type::Function(returns))))
                }
                TSSignature::TSIndexSignature(_) => {
                    open = true;
                    continue;
                }
                TSSignature::TSCallSignatureDeclaration(_) | TSSignature::TSConstructSignatureDeclaration(_) => {
                    continue;
                }
            };
            let Some(name) = property_name(key) else {
                open = true;
                continue;
            };
            fields.push(FieldDecl { name: name.into(), wire: None, ty, serial: Serial::Named, at: at(key.span()) });
        }
        (fields, open)
    }

    /// `enum A { … }`: a class whose constants are the members. A value of the enum is a scalar.
    pub(super) fn enumeration(&mut self, members: &TSEnumDeclaration<'_>) {
        let class = self.declare_class(&members.id, members.span);
        let scalar = self.builder.ty(Type::Scalar);
        self.builder.class_mut(class).alias = Some(scalar);
        self.declare_constant(&members.id, class);
        for member in &members.body.members {
            let value = match &member.initializer {
                Some(value) => {
                    let value = self.expr(value);
                    self.once_if_called(value)
                }
                None => self.add(member.span, Expr::Scalar),
            };
            let name = member.id.static_name();
            let name = Name::from(name.as_str());
            self.builder.class_mut(class).statics.push((name, value));
        }
    }

    /// The variable of a declared class, enum or namespace.
    fn declare_constant(&mut self, name: &oxc_ast::ast::BindingIdentifier<'_>, class: ClassId) {
        if name.symbol_id.get().is_some_and(|it| self.is_ambient(it)) {
            return;
        }
        let local = self.declare(name);
        // `namespace f { … }` adds to a function or class of the same name, which stays what the name holds.
        if self.builder.module.local(local).constant.is_none() {
            let value = self.add(name.span, Expr::Class(class));
            self.builder.module.locals[local.0 as usize].constant = Some(value);
        }
    }

    /// `namespace A { export … }`: a class whose constants are what it exports.
    pub(super) fn namespace(&mut self, namespace: &TSNamespaceDeclaration<'_>) {
        let class = self.declare_class(&namespace.id, namespace.span);
        self.declare_constant(&namespace.id, class);
        match &namespace.body {
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                let _ = self.deeper(|lower| lower.namespace(inner));
                self.namespace_members(class, inner.id.symbol_id.get(), inner.id.name.as_str());
            }
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                for stmt in &block.body {
                    self.namespace_stmt(class, stmt, namespace.declare);
                }
            }
        }
    }

    /// A statement of a namespace. In a declared one, everything is exported.
    fn namespace_stmt(&mut self, class: ClassId, stmt: &Statement<'_>, all: bool) {
        let declaration = match stmt {
            Statement::ExportDeclaration(export) => &export.declaration,
            Statement::ExportNamedDeclaration(_) => return,
            _ => match stmt.as_declaration() {
                Some(declaration) if all => declaration,
                _ => return self.stmt(stmt),
            },
        };
        let _ = self.deeper(|lower| lower.declaration(declaration));
        for (name, symbol) in declared(declaration) {
            self.namespace_members(class, symbol, &name);
        }
    }

    fn namespace_members(&mut self, class: ClassId, symbol: Option<oxc_syntax::symbol::SymbolId>, name: &str) {
        let Some(symbol) = symbol else {
            return;
        };
        for value in self.symbol_exports(symbol) {
            let statics = &mut self.builder.class_mut(class).statics;
            statics.push((name.into(), value));
        }
    }

    /// What a symbol exports: its value, and its type where it is also one.
    pub(super) fn symbol_exports(&mut self, symbol: oxc_syntax::symbol::SymbolId) -> Vec<ExprId> {
        let span = self.scoping.symbol_span(symbol);
        let mut exports = vec![self.symbol_value(span, symbol)];
        let first = self.builder.module.expr(exports[0]).clone();
        let flags = self.scoping.symbol_flags(symbol);
        let variable = flags.intersects(oxc_syntax::symbol::SymbolFlags::Variable)
            || flags.contains(oxc_syntax::symbol::SymbolFlags::Function);
        if (variable || matches!(first, Expr::Global(_)))
            && let Some(class) = self.class_of(symbol)
        {
            exports.push(self.add(span, Expr::Class(class)));
        }
        exports
    }
}

/// The names that a declaration declares.
pub(super) fn declared(declaration: &Declaration<'_>) -> Vec<(String, Option<oxc_syntax::symbol::SymbolId>)> {
    match declaration {
        Declaration::VariableDeclaration(variables) => variables
            .declarations
            .iter()
            .flat_map(|declarator| declarator.id.get_binding_identifiers())
            .map(|ident| (ident.name.to_string(), ident.symbol_id.get()))
            .collect(),
        _ => declaration.id().map(|ident| (ident.name.to_string(), ident.symbol_id.get())).into_iter().collect(),
    }
}
