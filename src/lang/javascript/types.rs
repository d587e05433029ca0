//! Declared types.

use oxc_ast::ast::{
    TSImportType, TSImportTypeQualifier, TSIndexedAccessType, TSLiteral, TSMappedType, TSTupleElement, TSType,
    TSTypeName, TSTypeOperatorOperator, TSTypeParameterInstantiation, TSTypeQuery, TSTypeQueryExprName,
};
use oxc_span::GetSpan;
use oxc_syntax::symbol::SymbolFlags;

use super::lower::Lower;
use crate::ir::{Expr, ExprId, FieldDecl, Imported, Name, Serial, Type, TypeId};

impl Lower {
    /// Lowers a type.
    pub(super) fn ty(&mut self, ty: &TSType<'_>) -> TypeId {
        match self.deeper(|lower| lower.any_ty(ty)) {
            Some(ty) => ty,
            None => self.builder.ty(Type::Unknown),
        }
    }

    fn any_ty(&mut self, ty: &TSType<'_>) -> TypeId {
        match ty {
            TSType::TSParenthesizedType(inner) => self.ty(&inner.type_annotation),
            TSType::JSDocNullableType(inner) => self.ty(&inner.type_annotation),
            TSType::JSDocNonNullableType(inner) => self.ty(&inner.type_annotation),
            TSType::TSNamedTupleMember(member) => self.tuple_element(&member.element_type),
            TSType::TSTypeReference(reference) => {
                self.named_type(&reference.type_name, reference.type_arguments.as_deref())
            }
            TSType::TSUnionType(union) => self.union(&union.types),
            TSType::TSConditionalType(conditional) => {
                let then = self.ty(&conditional.true_type);
                let otherwise = self.ty(&conditional.false_type);
                self.builder.ty(Type::OneOf(vec![then, otherwise]))
            }
            TSType::TSTypeOperatorType(operator) => match operator.operator {
                TSTypeOperatorOperator::Readonly => self.ty(&operator.type_annotation),
                TSTypeOperatorOperator::Keyof | TSTypeOperatorOperator::Unique => self.builder.ty(Type::Scalar),
            },
            TSType::TSIndexedAccessType(access) => self.indexed(access),
            TSType::TSMappedType(mapped) => self.mapped(mapped),
            TSType::TSTypeQuery(query) => {
                let value = self.queried(query);
                self.builder.ty(Type::Of(value))
            }
            TSType::TSImportType(import) => {
                let args = self.type_args(import.type_arguments.as_deref());
                let value = self.imported_type(import);
                self.builder.ty(Type::Named(value, args))
            }
            _ => {
                let ty = self.structural(ty);
                self.builder.ty(ty)
            }
        }
    }

    /// Types that are written in place.
    fn structural(&mut self, ty: &TSType<'_>) -> Type {
        match ty {
            TSType::TSArrayType(array) => Type::List(self.ty(&array.element_type)),
            TSType::TSTupleType(tuple) => {
                let elements = tuple.element_types.iter();
                let elements = elements.map(|it| self.tuple_element(it)).collect();
                Type::List(self.builder.ty(Type::OneOf(elements)))
            }
            TSType::TSTypeLiteral(literal) => {
                let (fields, open) = self.signatures(&literal.members);
                Type::Record { fields, open }
            }
            TSType::TSIntersectionType(all) => Type::AllOf(all.types.iter().map(|ty| self.ty(ty)).collect()),
            TSType::TSFunctionType(func) => Type::Function(Some(self.ty(&func.return_type.type_annotation))),
            TSType::TSConstructorType(func) => Type::Function(Some(self.ty(&func.return_type.type_annotation))),
            TSType::TSLiteralType(literal) => match &literal.literal {
                TSLiteral::StringLiteral(text) => Type::Text(text.value.as_str().into()),
                _ => Type::Scalar,
            },
            TSType::TSAnyKeyword(_)
            | TSType::TSUnknownKeyword(_)
            | TSType::TSObjectKeyword(_)
            | TSType::TSIntrinsicKeyword(_)
            | TSType::TSInferType(_)
            | TSType::TSThisType(_)
            | TSType::JSDocUnknownType(_) => Type::Unknown,
            // Texts, numbers, booleans, nothing, and predicates.
            _ => Type::Scalar,
        }
    }

    fn tuple_element(&mut self, element: &TSTupleElement<'_>) -> TypeId {
        match element {
            TSTupleElement::TSOptionalType(inner) => self.ty(&inner.type_annotation),
            TSTupleElement::TSRestType(rest) => {
                let list = self.ty(&rest.type_annotation);
                self.builder.ty(Type::FieldOf(list, "[]".into()))
            }
            _ => self.ty(element.to_ts_type()),
        }
    }

    /// A union. A nullable type is its operand.
    fn union(&mut self, types: &[TSType<'_>]) -> TypeId {
        let mut operands: Vec<TypeId> = types.iter().filter(|ty| !is_nothing(ty)).map(|ty| self.ty(ty)).collect();
        match operands.len() {
            0 => self.builder.ty(Type::Scalar),
            1 => operands.remove(0),
            _ => self.builder.ty(Type::OneOf(operands)),
        }
    }

    /// `User["email"]`, `Users[number]`.
    fn indexed(&mut self, access: &TSIndexedAccessType<'_>) -> TypeId {
        let base = self.ty(&access.object_type);
        if matches!(access.index_type, TSType::TSNumberKeyword(_)) {
            return self.builder.ty(Type::FieldOf(base, "[]".into()));
        }
        let mut fields: Vec<TypeId> = literal_names(&access.index_type)
            .unwrap_or_default()
            .into_iter()
            .map(|name| self.builder.ty(Type::FieldOf(base, name)))
            .collect();
        match fields.len() {
            0 => self.builder.ty(Type::Unknown),
            1 => fields.remove(0),
            _ => self.builder.ty(Type::OneOf(fields)),
        }
    }

    /// `{ [K in Keys]: V }`.
    fn mapped(&mut self, mapped: &TSMappedType<'_>) -> TypeId {
        if let TSType::TSTypeOperatorType(operator) = &mapped.constraint
            && operator.operator == TSTypeOperatorOperator::Keyof
        {
            return self.ty(&operator.type_annotation);
        }
        let value = match &mapped.type_annotation {
            Some(value) => self.ty(value),
            None => self.builder.ty(Type::Unknown),
        };
        match literal_names(&mapped.constraint) {
            Some(names) => self.record_of(names, value, mapped.span),
            None => self.builder.ty(Type::Map(value)),
        }
    }

    /// A record with these fields, all of one type.
    pub(super) fn record_of(&mut self, names: Vec<Name>, value: TypeId, span: oxc_span::Span) -> TypeId {
        let fields = names
            .into_iter()
            .map(|name| FieldDecl {
                name,
                wire: None,
                ty: Some(value),
                serial: Serial::Named,
                at: super::lower::at(span),
            })
            .collect();
        self.builder.ty(Type::Record { fields, open: false })
    }

    /// The value in `typeof value`.
    pub(super) fn queried(&mut self, query: &TSTypeQuery<'_>) -> ExprId {
        match &query.expr_name {
            TSTypeQueryExprName::TSImportType(import) => self.imported_type(import),
            name => match name.as_ts_type_name() {
                Some(name) => self.type_name_value(name),
                None => self.add(query.span, Expr::Opaque("an unknown type".into())),
            },
        }
    }

    /// `import("./user").User`.
    fn imported_type(&mut self, import: &TSImportType<'_>) -> ExprId {
        let span = import.span;
        let id = self.add_import(import.source.value.as_str(), Imported::All, span);
        let mut members = Vec::new();
        let mut qualifier = import.qualifier.as_ref();
        while let Some(part) = qualifier {
            match part {
                TSImportTypeQualifier::Identifier(ident) => {
                    members.push(ident.name.as_str());
                    qualifier = None;
                }
                TSImportTypeQualifier::QualifiedName(name) => {
                    members.push(name.right.name.as_str());
                    qualifier = Some(&name.left);
                }
            }
        }
        let mut value = self.add(span, Expr::Import(id));
        for member in members.into_iter().rev() {
            value = self.add(span, Expr::Field(value, member.into()));
        }
        value
    }

    /// Generic arguments.
    pub(super) fn type_args(&mut self, args: Option<&TSTypeParameterInstantiation<'_>>) -> Vec<TypeId> {
        let args = args.map_or(&[][..], |args| args.params.as_slice());
        args.iter().map(|ty| self.ty(ty)).collect()
    }

    /// A type by its name, with generic arguments.
    pub(super) fn named_type(
        &mut self,
        name: &TSTypeName<'_>,
        args: Option<&TSTypeParameterInstantiation<'_>>,
    ) -> TypeId {
        let params = args.map_or(&[][..], |args| args.params.as_slice());
        if let Some(ty) = self.utility(name, params) {
            return ty;
        }
        let args = self.type_args(args);
        let span = name.span();
        let named = match name {
            TSTypeName::IdentifierReference(ident) => match self.symbol(ident) {
                Some(symbol) => {
                    if self.scoping.symbol_flags(symbol).contains(SymbolFlags::TypeParameter) {
                        return self.builder.ty(Type::Generic(ident.name.as_str().into()));
                    }
                    match self.class_of(symbol) {
                        Some(class) => self.add(span, Expr::Class(class)),
                        None => self.symbol_value(span, symbol),
                    }
                }
                None => self.add(span, Expr::Global(ident.name.as_str().into())),
            },
            TSTypeName::QualifiedName(_) => self.type_name_value(name),
            TSTypeName::ThisExpression(_) => return self.builder.ty(Type::Unknown),
        };
        self.builder.ty(Type::Named(named, args))
    }
}

/// Whether a type is only the absence of a value.
fn is_nothing(ty: &TSType<'_>) -> bool {
    matches!(
        ty,
        TSType::TSNullKeyword(_) | TSType::TSUndefinedKeyword(_) | TSType::TSVoidKeyword(_) | TSType::TSNeverKeyword(_)
    )
}

/// The texts of a literal type, or of a union of them: `"email" | "name"`.
pub(super) fn literal_names(ty: &TSType<'_>) -> Option<Vec<Name>> {
    match ty.without_parenthesized() {
        TSType::TSLiteralType(literal) => match &literal.literal {
            TSLiteral::StringLiteral(text) => Some(vec![text.value.as_str().into()]),
            _ => None,
        },
        TSType::TSUnionType(union) => {
            let mut names = Vec::new();
            for ty in &union.types {
                let TSType::TSLiteralType(literal) = ty.without_parenthesized() else {
                    return None;
                };
                let TSLiteral::StringLiteral(text) = &literal.literal else {
                    return None;
                };
                names.push(text.value.as_str().into());
            }
            Some(names)
        }
        _ => None,
    }
}
