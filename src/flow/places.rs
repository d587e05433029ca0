//! Which variables of a module a statement of its body writes.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Expr, ExprId, FuncId, LocalId, Module, Place, Stmt};

/// The variables that a statement of the body writes, or into which it writes, in order. `outer` says which functions
/// write a variable: one that is written in the statement may be called there.
pub(super) fn written_in(module: &Module, statement: &Stmt, outer: &FxHashMap<LocalId, Vec<FuncId>>) -> Vec<LocalId> {
    let mut written = FxHashSet::default();
    written_by(module, statement, &mut written);
    if let Stmt::Do(expr) | Stmt::Set { value: expr, .. } = statement
        && let Expr::Call(_) = module.expr(*expr)
    {
        let around = module.span(*expr);
        let is_inside = |func: &FuncId| {
            let span = module.function(*func).span;
            around.start <= span.start && span.end <= around.end
        };
        written.extend(outer.iter().filter(|(_, units)| units.iter().any(is_inside)).map(|(local, _)| *local));
    }
    let mut written: Vec<LocalId> = written.into_iter().collect();
    written.sort_unstable();
    written
}

fn written_by(module: &Module, statement: &Stmt, written: &mut FxHashSet<LocalId>) {
    match statement {
        Stmt::Set { place, .. } | Stmt::Remove(place) => match place {
            Place::Local(local) => {
                written.insert(*local);
            }
            Place::Field(base, _) | Place::Element(base, _) => root_local(module, *base, written),
            Place::Global(_) => {}
        },
        Stmt::Do(expr) => {
            if let Expr::Call(call) = module.expr(*expr) {
                root_local(module, call.callee, written);
                call.args.iter().for_each(|arg| root_local(module, arg.value, written));
            }
        }
        Stmt::When { then, otherwise, .. } => {
            then.iter().chain(otherwise).for_each(|statement| written_by(module, statement, written));
        }
        Stmt::Maybe(block) => block.iter().for_each(|statement| written_by(module, statement, written)),
        Stmt::Return(_) | Stmt::Exit => {}
    }
}

/// The variable at the start of a chain of members and calls.
fn root_local(module: &Module, expr: ExprId, written: &mut FxHashSet<LocalId>) {
    let mut at = expr;
    loop {
        match module.expr(at) {
            Expr::Local(local) => {
                written.insert(*local);
                return;
            }
            Expr::Field(base, _) | Expr::Element(base, _) | Expr::Typed(base, _) => at = *base,
            Expr::Call(call) => at = call.callee,
            _ => return,
        }
    }
}
