//! Types that a parameter or variable takes from what is around it: `const Card: FC<Props> = (props) => …`.

use oxc_ast::ast::{
    Argument, BindingPattern, CallExpression, Expression, FormalParameters, TSType, TSTypeName,
    TSTypeParameterInstantiation,
};

use super::lower::{Lower, at};
use crate::ir::{Expr, ExprId, TypeId};

impl Lower {
    /// Gives the parameters of a function the types that its variable's declared type says they have.
    pub(super) fn expect(&mut self, value: ExprId, ty: &TSType<'_>) {
        match ty {
            TSType::TSFunctionType(func) => {
                let types = self.param_types(&func.params);
                self.expect_params(value, &types);
            }
            TSType::TSTypeReference(reference) if is_component(last_name(&reference.type_name)) => {
                let args = self.type_args(reference.type_arguments.as_deref());
                let types: Vec<_> = args.into_iter().take(1).map(Some).collect();
                self.expect_params(value, &types);
            }
            _ => {}
        }
    }

    fn param_types(&mut self, params: &FormalParameters<'_>) -> Vec<Option<TypeId>> {
        let mut types = Vec::with_capacity(params.items.len());
        for item in &params.items {
            let ty = item.type_annotation.as_ref();
            types.push(ty.map(|ty| self.ty(&ty.type_annotation)));
        }
        types
    }

    fn expect_params(&mut self, value: ExprId, types: &[Option<TypeId>]) {
        let &Expr::Function(func) = self.builder.module.expr(value) else {
            return;
        };
        let params = self.builder.function_mut(func).params.clone();
        for (param, ty) in params.iter().zip(types) {
            let local = &mut self.builder.module.locals[param.local.0 as usize];
            local.ty = local.ty.or(*ty);
        }
    }

    /// `forwardRef<Ref, Props>((props, ref) => …)`, `memo<Props>((props) => …)`.
    pub(super) fn expect_component(&mut self, call: &CallExpression<'_>, value: Option<ExprId>) {
        let index = match callee_name(&call.callee) {
            Some("forwardRef") => 1,
            Some("memo") => 0,
            _ => return,
        };
        if let Some(value) = value
            && let Some(ty) = type_arg(call.type_arguments.as_deref(), index)
            && call.arguments.first().is_some_and(Argument::is_expression)
        {
            let ty = self.ty(ty);
            self.expect_params(value, &[Some(ty)]);
        }
    }

    /// `createContext<Session>(none)`: what a provider supplies is a `Session`, whatever the default is.
    pub(super) fn provided(&mut self, call: &CallExpression<'_>) -> Option<ExprId> {
        if callee_name(&call.callee) != Some("createContext") {
            return None;
        }
        let value = self.builder.opaque(at(call.span), "what provides this context is not known");
        Some(match type_arg(call.type_arguments.as_deref(), 0) {
            Some(ty) => {
                let ty = self.ty(ty);
                self.add(call.span, Expr::Typed(value, ty))
            }
            None => value,
        })
    }

    /// `const [user, setUser] = useState<User>()`: the type of the first variable.
    pub(super) fn expect_state(&mut self, pattern: &BindingPattern<'_>, init: &Expression<'_>) {
        if let BindingPattern::ArrayPattern(array) = pattern
            && let Some(Some(BindingPattern::BindingIdentifier(ident))) = array.elements.first()
            && let Expression::CallExpression(call) = init.get_inner_expression()
            && callee_name(&call.callee) == Some("useState")
            && let Some(ty) = type_arg(call.type_arguments.as_deref(), 0)
        {
            let ty = self.ty(ty);
            let local = self.declare(ident);
            self.builder.module.locals[local.0 as usize].ty = Some(ty);
        }
    }
}

/// Whether a type is that of a component with these properties.
fn is_component(name: &str) -> bool {
    matches!(name, "FC" | "FunctionComponent" | "VFC" | "VoidFunctionComponent" | "NextPage" | "PageComponent")
}

fn last_name<'n>(name: &'n TSTypeName<'_>) -> &'n str {
    match name {
        TSTypeName::IdentifierReference(ident) => ident.name.as_str(),
        TSTypeName::QualifiedName(name) => name.right.name.as_str(),
        TSTypeName::ThisExpression(_) => "",
    }
}

fn callee_name<'n>(callee: &'n Expression<'_>) -> Option<&'n str> {
    match callee {
        Expression::Identifier(ident) => Some(ident.name.as_str()),
        Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
        _ => None,
    }
}

fn type_arg<'n, 'a>(args: Option<&'n TSTypeParameterInstantiation<'a>>, index: usize) -> Option<&'n TSType<'a>> {
    args?.params.get(index)
}
