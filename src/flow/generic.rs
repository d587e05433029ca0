//! Type arguments of library functions and types: `useState<User>()`, `memo<Props>((props) => …)`, `const Card: FC<Props>`.
//!
//! The models say what each argument is the type of; the module then says it where any other declared type stands.

use rustc_hash::FxHashMap;

use super::model::Typed;
use crate::ir::{Expr, ExprId, Import, Imported, LocalId, Module, Name, Type, TypeId};
use crate::lang::Target;

/// What a library's functions and types do with their type arguments, by path.
pub(super) type Generics = FxHashMap<Name, Vec<Typed>>;

/// Writes the types that type arguments say to what they are the types of. `resolve` says where an import leads.
pub(super) fn apply(module: &mut Module, generics: &Generics, resolve: impl Fn(&Import) -> Target) {
    if generics.is_empty() {
        return;
    }
    let path = |module: &Module, expr: ExprId| path(module, expr, &resolve).and_then(|path| generics.get(&*path));
    for index in 0..module.locals.len() {
        let local = &module.locals[index];
        if let (Some(ty), Some(value)) = (local.ty, local.constant)
            && let Type::Named(of, args) = module.ty(ty)
            && let (Some(typed), args) = (path(module, *of), args.clone())
        {
            for (typed, ty) in typed.iter().zip(args) {
                if *typed == Typed::Parameter {
                    type_parameter(module, value, ty);
                }
            }
        }
    }
    for call in (0..module.exprs.len() as u32).map(ExprId) {
        let Expr::Call(found) = module.expr(call) else { continue };
        if found.types.is_empty() {
            continue;
        }
        let (types, first) = (found.types.clone(), found.args.first().map(|arg| arg.value));
        let Some(typed) = path(module, found.callee) else { continue };
        for (typed, ty) in typed.iter().zip(types) {
            match (typed, first) {
                (Typed::Parameter, Some(value)) => type_parameter(module, value, ty),
                (Typed::Argument, _) => type_argument(module, call, first, ty, false),
                (Typed::Later, _) => type_argument(module, call, first, ty, true),
                (Typed::Result, _) => type_result(module, call, ty),
                (Typed::Parameter, None) | (Typed::Nothing, _) => {}
            }
        }
    }
}

/// How models name what an expression stands for, where it comes from a package.
fn path(module: &Module, expr: ExprId, resolve: &impl Fn(&Import) -> Target) -> Option<String> {
    match module.expr(expr) {
        Expr::Import(import) => {
            let import = module.import(*import);
            let Target::Package(package, mut names) = resolve(import) else { return None };
            if let Imported::Named(name) = &import.name {
                names.extend((&**name != "default").then(|| name.clone()));
            }
            match names.is_empty() {
                true => Some(package.to_string()),
                false => Some(format!("{package}:{}", names.join("."))),
            }
        }
        Expr::Global(name) => Some(format!("global:{name}")),
        Expr::Field(base, name) => {
            let base = path(module, *base, resolve)?;
            let joint = if base.contains(':') { '.' } else { ':' };
            Some(format!("{base}{joint}{name}"))
        }
        _ => None,
    }
}

/// The first parameter of a function has this type.
fn type_parameter(module: &mut Module, value: ExprId, ty: TypeId) {
    let Expr::Function(func) = module.expr(value) else { return };
    let first: Option<LocalId> = module.function(*func).params.first().map(|param| param.local);
    if let Some(local) = first {
        let local = &mut module.locals[local.0 as usize];
        local.ty = local.ty.or(Some(ty));
    }
}

/// The first argument of a call has this type; without one, or where `later` says so, what is given later has.
fn type_argument(module: &mut Module, call: ExprId, first: Option<ExprId>, ty: TypeId, later: bool) {
    let at = module.expr_spans[call.0 as usize];
    let is_given = first.is_some_and(|first| !matches!(module.expr(first), Expr::Nothing));
    let value = match first.filter(|_| is_given && !later) {
        Some(first) => add(module, at, Expr::Typed(first, ty)),
        None => {
            let unseen = add(module, at, Expr::Opaque("what it is given later is not followed".into()));
            let typed = add(module, at, Expr::Typed(unseen, ty));
            match first {
                Some(first) => add(module, at, Expr::OneOf(vec![first, typed])),
                None => typed,
            }
        }
    };
    if let Expr::Call(call) = &mut module.exprs[call.0 as usize] {
        match call.args.first_mut() {
            Some(arg) => arg.value = value,
            None => call.args.push(crate::ir::Arg { name: None, value, spread: false }),
        }
    }
}

/// What a call returns has this type.
fn type_result(module: &mut Module, call: ExprId, ty: TypeId) {
    let at = module.expr_spans[call.0 as usize];
    let inner = add(module, at, module.expr(call).clone());
    module.exprs[call.0 as usize] = Expr::Typed(inner, ty);
}

fn add(module: &mut Module, at: (u32, u32), expr: Expr) -> ExprId {
    module.exprs.push(expr);
    module.expr_spans.push(at);
    ExprId(module.exprs.len() as u32 - 1)
}
