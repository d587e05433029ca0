//! Types that the parameters of a function take from its variable: `const f: (user: User) => void = (user) => …`.

use oxc_ast::ast::{FormalParameters, TSType};

use super::lower::Lower;
use crate::ir::{Expr, ExprId, TypeId};

impl Lower {
    /// Gives the parameters of a function the types that its variable's declared type says they have.
    pub(super) fn expect(&mut self, value: ExprId, ty: &TSType<'_>) {
        if let TSType::TSFunctionType(func) = ty {
            let types = self.param_types(&func.params);
            self.expect_params(value, &types);
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
}
