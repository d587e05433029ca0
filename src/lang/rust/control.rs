//! Conditions, matches and loops.

use syn::{BinOp, Expr, Pat, UnOp};

use super::lower::Lower;
use super::scope::last_name;
use super::span::{self, At, of};
use crate::ir::{Block, Expr as Ir, ExprId, Item, Place, Stmt};

/// The number of arms up to which each arm is the alternative of the one before it. Beyond, each stands alone, so
/// that the depth of the form does not grow with the number of arms.
const CHAINED: usize = 16;

/// A condition, without its negation.
struct Condition<'e> {
    value: ExprId,
    negated: bool,
    /// What `if let` binds.
    pat: Option<&'e Pat>,
}

/// One way through an `if` or a `match`.
struct Arm {
    condition: Option<ExprId>,
    negated: bool,
    /// What the pattern binds.
    binds: Block,
    guard: Option<ExprId>,
    body: Block,
    value: ExprId,
}

impl Lower {
    /// `if c { .. } else { .. }`.
    pub(super) fn if_expr(&mut self, expr: &syn::ExprIf, wanted: bool) -> ExprId {
        let conjuncts = operands(&expr.cond, |op| matches!(op, BinOp::And(_)));
        let otherwise = expr.else_branch.as_ref().map(|(_, otherwise)| &**otherwise);
        if otherwise.is_none() && conjuncts.len() <= CHAINED {
            if !self.guard_clause(expr) {
                self.nest(&conjuncts, &expr.then_branch);
            }
            return self.unit;
        }
        let last = otherwise.unwrap_or(&expr.cond);
        let at = (of(&expr.if_token).0, span::expr(last).1);
        let conditions: Vec<Condition> = conjuncts.iter().map(|conjunct| self.condition(conjunct)).collect();
        let (condition, negated) = self.conjunction(&conditions, span::expr(&expr.cond));
        let (binds_and_body, value) = self.nested(|lower| {
            for condition in &conditions {
                if let Some(pat) = condition.pat {
                    lower.bind(pat, condition.value);
                }
            }
            lower.block_value(&expr.then_branch, wanted)
        });
        let then =
            Arm { condition: Some(condition), negated, binds: Block::new(), guard: None, body: binds_and_body, value };
        let (body, value) = self.nested(|lower| match otherwise {
            Some(otherwise) if wanted => lower.expr(otherwise),
            Some(otherwise) => lower.discard(otherwise),
            None => lower.unit,
        });
        let otherwise = Arm { condition: None, negated: false, binds: Block::new(), guard: None, body, value };
        self.arms(vec![then, otherwise], at, wanted)
    }

    /// Several conditions that hold together are a list of them.
    fn conjunction(&mut self, conditions: &[Condition], at: At) -> (ExprId, bool) {
        match conditions {
            [only] => (self.tested(only), only.negated),
            _ => {
                let mut items = Vec::new();
                for condition in conditions {
                    let value = match condition.negated {
                        true => self.scalar(self.at(condition.value)),
                        false => condition.value,
                    };
                    items.push(Item { value, spread: false });
                }
                (self.build.expr(at, Ir::List(items)), false)
            }
        }
    }

    /// `if a && b { .. }` without `else`: one inside the other.
    fn nest(&mut self, conjuncts: &[&Expr], body: &syn::Block) {
        let [first, rest @ ..] = conjuncts else {
            let value = self.block_value(body, false);
            self.effect(value);
            return;
        };
        let condition = self.condition(first);
        let (block, ()) = self.nested(|lower| {
            if let Some(pat) = condition.pat {
                lower.bind(pat, condition.value);
            }
            lower.nest(rest, body);
        });
        let tested = self.tested(&condition);
        self.when(tested, condition.negated, block, Block::new());
    }

    /// `if !a || b { return; }`: one after the other, so that each of them guards what follows.
    fn guard_clause(&mut self, expr: &syn::ExprIf) -> bool {
        let disjuncts = operands(&expr.cond, |op| matches!(op, BinOp::Or(_)));
        let leaves = matches!(
            expr.then_branch.stmts.as_slice(),
            [syn::Stmt::Expr(Expr::Return(_) | Expr::Continue(_) | Expr::Break(_), _)]
        );
        if disjuncts.len() < 2 || !leaves {
            return false;
        }
        for disjunct in disjuncts {
            self.nest(&[disjunct], &expr.then_branch);
        }
        true
    }

    fn when(&mut self, condition: ExprId, negated: bool, then: Block, otherwise: Block) {
        let (then, otherwise) = match negated {
            true => (otherwise, then),
            false => (then, otherwise),
        };
        self.emit(Stmt::When { condition, then, otherwise });
    }

    /// The condition itself: a value that is true, or one that a pattern fits.
    fn tested(&mut self, condition: &Condition) -> ExprId {
        match condition.pat {
            Some(_) => self.compared(condition.value),
            None => condition.value,
        }
    }

    fn condition<'e>(&mut self, expr: &'e Expr) -> Condition<'e> {
        match expr {
            Expr::Paren(inner) => self.condition(&inner.expr),
            Expr::Unary(syn::ExprUnary { op: UnOp::Not(_), expr, .. }) => {
                let inner = self.condition(expr);
                Condition { negated: !inner.negated, ..inner }
            }
            Expr::Let(expr) => {
                let value = self.expr(&expr.expr);
                Condition { value: self.stable(value), negated: is_negative(&expr.pat), pat: Some(&expr.pat) }
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::Or(_)) => {
                let disjuncts = operands(expr, |op| matches!(op, BinOp::Or(_)));
                let values = disjuncts.iter().map(|disjunct| self.expr(disjunct)).collect();
                Condition { value: self.build.expr(span::expr(expr), Ir::OneOf(values)), negated: false, pat: None }
            }
            expr => Condition { value: self.expr(expr), negated: false, pat: None },
        }
    }

    /// `match value { pat if guard => body, .. }`.
    pub(super) fn match_expr(&mut self, expr: &syn::ExprMatch, wanted: bool) -> ExprId {
        let at = (of(&expr.match_token).0, span::token(expr.brace_token.span.close()).1);
        let value = self.expr(&expr.expr);
        let value = self.stable(value);
        let mut arms = Vec::new();
        for arm in &expr.arms {
            arms.push(self.match_arm(arm, value, wanted));
        }
        self.arms(arms, at, wanted)
    }

    fn match_arm(&mut self, arm: &syn::Arm, scrutinee: ExprId, wanted: bool) -> Arm {
        let (binds, (guard, body, value)) = self.nested(|lower| {
            lower.bind(&arm.pat, scrutinee);
            let guard = match &arm.pat {
                Pat::Guard(pat) => {
                    let value = lower.expr(&pat.guard);
                    let fits = matches!(&*pat.guard, Expr::Let(_));
                    Some(if fits { lower.compared(value) } else { value })
                }
                _ => None,
            };
            let (body, value) = lower.nested(|lower| match wanted {
                true => lower.expr(&arm.body),
                false => lower.discard(&arm.body),
            });
            (guard, body, value)
        });
        let condition = Some(self.compared(scrutinee));
        Arm { condition, negated: is_negative(&arm.pat), binds, guard, body, value }
    }

    /// Joins the ways through: as one value of several where that is all they are, else as blocks.
    fn arms(&mut self, mut arms: Vec<Arm>, at: At, wanted: bool) -> ExprId {
        let (unit, never) = (self.unit, self.never);
        let values: Vec<ExprId> = arms.iter().map(|arm| arm.value).filter(|value| *value != never).collect();
        if values.is_empty() && !arms.is_empty() {
            self.branches(arms);
            return never;
        }
        if !wanted || values.iter().all(|value| *value == unit) {
            self.branches(arms);
            return unit;
        }
        let is_plain =
            arms.iter().all(|arm| arm.binds.is_empty() && arm.body.is_empty() && !self.has_call(arm.value, 0));
        if is_plain {
            for condition in arms.iter().filter_map(|arm| arm.condition) {
                if self.has_call(condition, 0) {
                    self.emit(Stmt::Do(condition));
                }
            }
            return self.one_of(at, values);
        }
        let local = self.build.local("value", self.func, at);
        for arm in &mut arms {
            if arm.value != never {
                arm.body.push(Stmt::Set { place: Place::Local(local), value: arm.value, at: self.at(arm.value) });
            }
        }
        self.branches(arms);
        self.build.expr(at, Ir::Local(local))
    }

    fn branches(&mut self, arms: Vec<Arm>) {
        let chained = arms.len() <= CHAINED;
        let mut blocks = Vec::new();
        for arm in arms {
            let mut block = arm.binds;
            match arm.guard {
                Some(condition) => block.push(Stmt::When { condition, then: arm.body, otherwise: Block::new() }),
                None => block.extend(arm.body),
            }
            blocks.push((arm.condition, arm.negated, block));
        }
        if !chained {
            for (condition, negated, block) in blocks {
                self.when(condition.unwrap_or(self.unit), negated, block, Block::new());
            }
            return;
        }
        let Some((_, _, mut rest)) = blocks.pop() else {
            return;
        };
        for (condition, negated, block) in blocks.into_iter().rev() {
            let condition = condition.unwrap_or(self.unit);
            let (then, otherwise) = match negated {
                true => (rest, block),
                false => (block, rest),
            };
            rest = vec![Stmt::When { condition, then, otherwise }];
        }
        self.block.extend(rest);
    }

    /// `for pat in values { .. }`.
    pub(super) fn for_expr(&mut self, expr: &syn::ExprForLoop) -> ExprId {
        let values = self.expr(&expr.expr);
        self.loop_body(|lower| {
            let each = lower.build.expr(lower.at(values), Ir::Each(values));
            lower.bind(&expr.pat, each);
            lower.block_value(&expr.body, false);
        })
    }

    /// `while c { .. }`, `while let pat = value { .. }`.
    pub(super) fn while_expr(&mut self, expr: &syn::ExprWhile) -> ExprId {
        let conjuncts = operands(&expr.cond, |op| matches!(op, BinOp::And(_)));
        let conjuncts = &conjuncts[..conjuncts.len().min(CHAINED)];
        self.loop_body(|lower| lower.nest(conjuncts, &expr.body))
    }

    /// `loop { .. }`: its value is that of its `break`s.
    pub(super) fn loop_expr(&mut self, body: &syn::Block) -> ExprId {
        self.loop_body(|lower| {
            lower.block_value(body, false);
        })
    }

    fn loop_body(&mut self, inner: impl FnOnce(&mut Self)) -> ExprId {
        self.loops.push(None);
        let (body, ()) = self.nested(inner);
        self.emit(Stmt::Maybe(body));
        match self.loops.pop().flatten() {
            Some(local) => {
                let at = self.build.module.local(local).at;
                self.build.expr(at, Ir::Local(local))
            }
            None => self.unit,
        }
    }

    /// `break value`, `continue`.
    pub(super) fn leave_loop(&mut self, value: Option<&Expr>) -> ExprId {
        if let Some(value) = value {
            let at = span::expr(value);
            let value = self.expr(value);
            let local = match self.loops.last().copied().flatten() {
                Some(local) => local,
                None => self.build.local("value", self.func, at),
            };
            if let Some(innermost) = self.loops.last_mut() {
                *innermost = Some(local);
            }
            self.set(local, value, at);
        }
        self.emit(Stmt::Exit);
        self.never
    }
}

/// The operands of a chain of one operator, in order.
fn operands(expr: &Expr, is_op: impl Fn(&BinOp) -> bool) -> Vec<&Expr> {
    let mut result = Vec::new();
    let mut rest = expr;
    loop {
        match rest {
            Expr::Binary(binary) if is_op(&binary.op) => {
                result.push(&*binary.right);
                rest = &binary.left;
            }
            Expr::Paren(inner) if result.is_empty() => rest = &inner.expr,
            last => {
                result.push(last);
                break;
            }
        }
    }
    result.reverse();
    result
}

/// Whether a pattern holds where its value, taken as a condition, does not.
fn is_negative(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(pat) => pat.ident == "None",
        Pat::Path(pat) => last_name(&pat.path) == "None",
        Pat::TupleStruct(pat) => last_name(&pat.path) == "Err",
        Pat::Lit(lit) => matches!(&lit.lit, syn::Lit::Bool(value) if !value.value),
        _ => false,
    }
}
