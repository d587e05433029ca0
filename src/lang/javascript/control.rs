//! Control flow: branches, loops and `try`.

use oxc_ast::ast::{
    Expression, ForInStatement, ForOfStatement, ForStatement, ForStatementInit, ForStatementLeft, IfStatement,
    LogicalExpression, Statement, SwitchCase, SwitchStatement, TryStatement,
};
use oxc_span::GetSpan;
use oxc_syntax::operator::LogicalOperator;

use super::lower::{Lower, at};
use super::operator::polarity;
use crate::ir::{Arg, Block, Expr, ExprId, Stmt};

/// How many cases of a `switch`, or operands of `&&`, lie one inside the other. Longer ones are taken together, so that
/// blocks do not nest without limit.
const CHAIN: usize = 100;

/// What lowers an arm of a branch. It may run more than once.
type Fill<'f> = &'f mut (dyn FnMut(&mut Lower) + 'f);

impl Lower {
    /// `if (test) … else …`.
    pub(super) fn if_stmt(&mut self, stmt: &IfStatement<'_>) {
        let alternate = stmt.alternate.as_ref();
        let (test, holds) = polarity(&stmt.test);
        // `if (!user || !consent) return;` leaves where either fails.
        if let Expression::LogicalExpression(logical) = test
            && alternate.is_none()
            && splits(logical, holds)
            && only_leaves(&stmt.consequent)
        {
            let mut leave = |lower: &mut Lower| lower.stmt(&stmt.consequent);
            let mut nothing = |_: &mut Lower| {};
            for part in operands(logical) {
                if holds {
                    self.branch(part, &mut leave, &mut nothing);
                } else {
                    self.branch(part, &mut nothing, &mut leave);
                }
            }
            return;
        }
        self.branch(&stmt.test, &mut |lower| lower.stmt(&stmt.consequent), &mut |lower| {
            if let Some(alternate) = alternate {
                lower.stmt(alternate);
            }
        });
    }

    /// Adds a condition and its arms. Negations swap the arms, and `a && b` is one condition inside the other where
    /// there is nothing to do otherwise, so that each guard stands by itself.
    pub(super) fn branch<'f>(&mut self, test: &Expression<'_>, then: Fill<'f>, otherwise: Fill<'f>) {
        let (test, holds) = polarity(test);
        let (then, otherwise) = if holds { (then, otherwise) } else { (otherwise, then) };
        if let Expression::LogicalExpression(logical) = test {
            return self.branch_logical(logical, then, otherwise);
        }
        let condition = self.expr(test);
        let then = self.block(then);
        let otherwise = self.block(otherwise);
        self.when(condition, then, otherwise);
    }

    fn branch_logical(&mut self, logical: &LogicalExpression<'_>, then: Fill<'_>, otherwise: Fill<'_>) {
        let mut tests: Vec<(Block, ExprId, bool)> = Vec::new();
        for operand in operands(logical) {
            let (test, holds) = polarity(operand);
            let outer = std::mem::take(&mut self.place.block);
            let condition = self.expr(test);
            let before = std::mem::replace(&mut self.place.block, outer);
            tests.push((before, condition, holds));
        }
        let then = self.block(then);
        let otherwise = self.block(otherwise);
        let few = tests.len() <= CHAIN;
        let (guarded, all) = match logical.operator {
            LogicalOperator::And if few && otherwise.is_empty() => (then, true),
            LogicalOperator::Or if few && then.is_empty() => (otherwise, false),
            _ => {
                let conditions = tests.iter().map(|(_, condition, _)| *condition).collect();
                let condition = self.add(logical.span, Expr::OneOf(conditions));
                for (before, ..) in tests {
                    self.place.block.extend(before);
                }
                return self.when(condition, then, otherwise);
            }
        };
        let nested = tests.into_iter().rev().fold(guarded, |inner, test| {
            let (mut block, condition, holds) = test;
            let (then, otherwise) = if holds == all { (inner, Vec::new()) } else { (Vec::new(), inner) };
            block.push(Stmt::When { condition, then, otherwise });
            block
        });
        self.place.block.extend(nested);
    }

    fn when(&mut self, condition: ExprId, then: Block, otherwise: Block) {
        self.emit(Stmt::When { condition, then, otherwise });
    }

    /// `switch (x) { case a: … }`: one condition after the other, each on what is switched on.
    pub(super) fn switch(&mut self, stmt: &SwitchStatement<'_>) {
        let discriminant = self.expr(&stmt.discriminant);
        let discriminant = self.once(discriminant);
        let discriminant = self.compared(discriminant);
        for case in &stmt.cases {
            if let Some(test) = &case.test {
                self.effects(test);
            }
        }
        let chain = self.cases(discriminant, &stmt.cases);
        self.place.block.extend(chain);
    }

    /// The cases as a chain, built from the last. A case that falls through runs, and then the next ones may.
    fn cases(&mut self, discriminant: ExprId, cases: &[SwitchCase<'_>]) -> Block {
        let mut bodies = Vec::new();
        let mut labels = 0;
        for case in cases {
            labels += usize::from(case.test.is_some());
            if case.consequent.is_empty() {
                continue;
            }
            let (stmts, leaves) = case_body(&case.consequent);
            let body = self.block(|lower| lower.stmts(stmts));
            bodies.push((body, leaves, labels == 0));
            labels = 0;
        }
        let when = |then: Block, otherwise: Block| Stmt::When { condition: discriminant, then, otherwise };
        if bodies.len() > CHAIN {
            let bodies = bodies.into_iter();
            return bodies.map(|(body, ..)| when(body, Vec::new())).collect();
        }
        let mut chain: Block = Vec::new();
        for (body, leaves, is_default) in bodies.into_iter().rev() {
            let rest = std::mem::take(&mut chain);
            if is_default && rest.is_empty() {
                chain = body;
            } else if leaves {
                chain.push(when(body, rest));
            } else {
                chain.push(when(body, Vec::new()));
                chain.extend(rest);
            }
        }
        chain
    }

    /// `for (…; …; …) …`.
    pub(super) fn for_stmt(&mut self, stmt: &ForStatement<'_>) {
        match &stmt.init {
            Some(ForStatementInit::VariableDeclaration(variables)) => self.variables(variables),
            Some(init) => self.effects(init.to_expression()),
            None => {}
        }
        self.repeat(|lower| {
            if let Some(test) = &stmt.test {
                lower.effects(test);
            }
            lower.stmt(&stmt.body);
            if let Some(update) = &stmt.update {
                lower.effects(update);
            }
        });
    }

    /// `while (test) …`, `do … while (test)`.
    pub(super) fn while_stmt(&mut self, test: &Expression<'_>, body: &Statement<'_>) {
        self.repeat(|lower| {
            lower.effects(test);
            lower.stmt(body);
        });
    }

    /// `for (const x of xs) …`.
    pub(super) fn for_of(&mut self, stmt: &ForOfStatement<'_>) {
        let all = self.expr(&stmt.right);
        let all = self.once(all);
        self.each(&stmt.left, &stmt.right, all, &stmt.body);
    }

    /// `for (const key in record) …`: the record's keys.
    pub(super) fn for_in(&mut self, stmt: &ForInStatement<'_>) {
        let span = stmt.right.span();
        let record = self.expr(&stmt.right);
        let object = self.add(span, Expr::Global("Object".into()));
        let keys = self.add(span, Expr::Field(object, "keys".into()));
        let arg = Arg { name: None, value: record, spread: false };
        let keys = self.add_call(span, keys, vec![arg]);
        let keys = self.once(keys);
        self.each(&stmt.left, &stmt.right, keys, &stmt.body);
    }

    fn each(&mut self, left: &ForStatementLeft<'_>, right: &Expression<'_>, all: ExprId, body: &Statement<'_>) {
        self.repeat(|lower| {
            let one = lower.add(right.span(), Expr::Each(all));
            match left {
                ForStatementLeft::VariableDeclaration(variables) => {
                    for declarator in &variables.declarations {
                        lower.bind(&declarator.id, one);
                    }
                }
                _ => lower.assign_to(left.to_assignment_target(), one),
            }
            lower.stmt(body);
        });
    }

    fn repeat(&mut self, fill: impl FnOnce(&mut Lower)) {
        let block = self.block(fill);
        if !block.is_empty() {
            self.emit(Stmt::Maybe(block));
        }
    }

    /// `try … catch … finally …`.
    pub(super) fn try_stmt(&mut self, stmt: &TryStatement<'_>) {
        let block = self.block(|lower| lower.stmts(&stmt.block.body));
        let leaves = block.iter().any(|stmt| matches!(stmt, Stmt::Return(_) | Stmt::Exit));
        if leaves {
            // What follows is still reached: by way of the `catch`, or as the `finally`.
            self.emit(Stmt::Maybe(block));
        } else {
            self.place.block.extend(block);
        }
        if let Some(handler) = &stmt.handler {
            self.repeat(|lower| {
                if let Some(param) = &handler.param {
                    let reason = "what was thrown";
                    let thrown = lower.builder.opaque(at(param.span), reason);
                    lower.bind(&param.pattern, thrown);
                }
                lower.stmts(&handler.body.body);
            });
        }
        if let Some(finalizer) = &stmt.finalizer {
            self.stmts(&finalizer.body);
        }
    }
}

/// Whether the two sides can be tested one after the other where nothing is done otherwise: `a || b` holds if
/// either does, `!(a && b)` if either does not.
fn splits(logical: &LogicalExpression<'_>, holds: bool) -> bool {
    match logical.operator {
        LogicalOperator::Or => holds,
        LogicalOperator::And => !holds,
        LogicalOperator::Coalesce => false,
    }
}

/// The operands of a chain of one logical operator, in order.
fn operands<'t, 'a>(logical: &'t LogicalExpression<'a>) -> Vec<&'t Expression<'a>> {
    let mut operands = vec![&logical.right];
    let mut left = &logical.left;
    while let Expression::LogicalExpression(inner) = left
        && inner.operator == logical.operator
    {
        operands.push(&inner.right);
        left = &inner.left;
    }
    operands.push(left);
    operands.reverse();
    operands
}

/// Whether a statement does nothing but leave, so that it can stand in two places.
fn only_leaves(stmt: &Statement<'_>) -> bool {
    match stmt {
        Statement::BreakStatement(_) | Statement::ContinueStatement(_) => true,
        Statement::ReturnStatement(stmt) => match &stmt.argument {
            None => true,
            Some(value) => value.is_literal() || value.is_undefined(),
        },
        Statement::BlockStatement(block) => match block.body.as_slice() {
            [only] => only_leaves(only),
            _ => false,
        },
        _ => false,
    }
}

/// The statements of a case without the `break` at its end, and whether the case leaves the switch.
fn case_body<'s, 'a>(stmts: &'s [Statement<'a>]) -> (&'s [Statement<'a>], bool) {
    match stmts {
        [Statement::BlockStatement(block)] => case_body(&block.body),
        [start @ .., Statement::BreakStatement(stmt)] if stmt.label.is_none() => (start, true),
        [.., Statement::ReturnStatement(_) | Statement::ThrowStatement(_) | Statement::ContinueStatement(_)] => {
            (stmts, true)
        }
        _ => (stmts, false),
    }
}
