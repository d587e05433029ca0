//! Control flow: branches, loops, `try`, `with` and `match`.

use ruff_python_ast::{self as ast, BoolOp, ExceptHandler, Expr as Syntax, Stmt as Statement};

use super::lower::{Lower, at};
use super::operator::polarity;
use crate::ir::{Block, Expr, ExprId, Stmt};

/// What lowers an arm of a branch. It may run more than once.
type Fill<'f> = &'f mut (dyn FnMut(&mut Lower) + 'f);

impl Lower {
    /// `if … elif … else`.
    pub(super) fn if_stmt(&mut self, stmt: &ast::StmtIf) {
        if is_type_checking(&stmt.test) {
            return self.stmts(&stmt.body);
        }
        self.if_chain(&stmt.test, &stmt.body, &stmt.elif_else_clauses);
    }

    fn if_chain(&mut self, test: &Syntax, body: &[Statement], clauses: &[ast::ElifElseClause]) {
        let (positive, holds) = polarity(test);
        // `if not user or not consent: return` leaves where either fails.
        if let Syntax::BoolOp(op) = positive
            && (op.op == BoolOp::Or) == holds
            && clauses.is_empty()
            && only_leaves(body)
        {
            let mut leave = |lower: &mut Lower| lower.stmts(body);
            let mut nothing = |_: &mut Lower| {};
            for part in &op.values {
                match holds {
                    true => self.branch(part, &mut leave, &mut nothing),
                    false => self.branch(part, &mut nothing, &mut leave),
                }
            }
            return;
        }
        let mut otherwise = |lower: &mut Lower| match clauses.split_first() {
            Some((ast::ElifElseClause { test: Some(test), body, .. }, rest)) => {
                let done = lower.deeper(|lower| lower.if_chain(test, body, rest));
                done.unwrap_or_else(|| lower.do_too_deep(at(test)));
            }
            Some((clause, _)) => lower.stmts(&clause.body),
            None => {}
        };
        self.branch(test, &mut |lower| lower.stmts(body), &mut otherwise);
    }

    /// Adds a condition and its arms. Negations swap the arms, and `a and b` is one condition inside the other where
    /// there is nothing to do otherwise, so that each guard stands by itself.
    pub(super) fn branch<'f>(&mut self, test: &Syntax, then: Fill<'f>, otherwise: Fill<'f>) {
        let (test, holds) = polarity(test);
        let (then, otherwise) = if holds { (then, otherwise) } else { (otherwise, then) };
        if let Syntax::BoolOp(op) = test {
            return self.branch_bool_op(op, then, otherwise);
        }
        let condition = self.expr(test);
        let then = self.nested(then);
        let otherwise = self.nested(otherwise);
        self.emit(Stmt::When { condition, then, otherwise });
    }

    fn branch_bool_op(&mut self, op: &ast::ExprBoolOp, then: Fill<'_>, otherwise: Fill<'_>) {
        let mut tests: Vec<(Block, ExprId, bool)> = Vec::new();
        for operand in &op.values {
            let (test, holds) = polarity(operand);
            let outer = std::mem::take(&mut self.block);
            let condition = self.expr(test);
            let before = std::mem::replace(&mut self.block, outer);
            tests.push((before, condition, holds));
        }
        let then = self.nested(then);
        let otherwise = self.nested(otherwise);
        let (guarded, all) = match op.op {
            BoolOp::And if otherwise.is_empty() => (then, true),
            BoolOp::Or if then.is_empty() => (otherwise, false),
            _ => {
                let conditions = tests.iter().map(|(_, condition, _)| *condition).collect();
                let condition = self.add(at(op), Expr::OneOf(conditions));
                for (before, ..) in tests {
                    self.block.extend(before);
                }
                return self.emit(Stmt::When { condition, then, otherwise });
            }
        };
        let nested = tests.into_iter().rev().fold(guarded, |inner, (mut block, condition, holds)| {
            let (then, otherwise) = if holds == all { (inner, Vec::new()) } else { (Vec::new(), inner) };
            block.push(Stmt::When { condition, then, otherwise });
            block
        });
        self.block.extend(nested);
    }

    /// `for target in xs: … else: …`.
    pub(super) fn for_stmt(&mut self, stmt: &ast::StmtFor) {
        let list = self.expr(&stmt.iter);
        let list = self.once(list);
        self.maybe(|lower| {
            let each = lower.add(at(&*stmt.target), Expr::Each(list));
            lower.assign_to(&stmt.target, each);
            lower.stmts(&stmt.body);
        });
        self.maybe(|lower| lower.stmts(&stmt.orelse));
    }

    /// `while test: … else: …`.
    pub(super) fn while_stmt(&mut self, stmt: &ast::StmtWhile) {
        self.maybe(|lower| {
            lower.branch(&stmt.test, &mut |lower| lower.stmts(&stmt.body), &mut |_| {});
        });
        self.maybe(|lower| lower.stmts(&stmt.orelse));
    }

    /// `try … except … else … finally`.
    pub(super) fn try_stmt(&mut self, stmt: &ast::StmtTry) {
        let block = self.nested(|lower| {
            lower.stmts(&stmt.body);
            lower.stmts(&stmt.orelse);
        });
        if block.iter().any(|stmt| matches!(stmt, Stmt::Return(_) | Stmt::Exit)) {
            // What follows is still reached: by way of the handler, or as the `finally`.
            self.emit(Stmt::Maybe(block));
        } else {
            self.block.extend(block);
        }
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            self.maybe(|lower| {
                if let Some(name) = &handler.name {
                    let thrown = lower.build.opaque(at(name), "what was raised");
                    let place = lower.name_place(at(name), name.as_str());
                    lower.emit(Stmt::Set { place, value: thrown, at: at(name) });
                }
                lower.stmts(&handler.body);
            });
        }
        self.stmts(&stmt.finalbody);
    }

    /// `with value as name: …`.
    pub(super) fn with_stmt(&mut self, stmt: &ast::StmtWith) {
        for item in &stmt.items {
            match &item.optional_vars {
                Some(target) => {
                    let value = self.expr(&item.context_expr);
                    self.assign_to(target, value);
                }
                None => self.effects(&item.context_expr),
            }
        }
        self.stmts(&stmt.body);
    }

    /// `match value: case …`.
    pub(super) fn match_stmt(&mut self, stmt: &ast::StmtMatch) {
        let subject = self.expr(&stmt.subject);
        let subject = self.once(subject);
        let condition = self.compared(subject);
        let mut arms: Vec<(Block, bool)> = Vec::new();
        for case in &stmt.cases {
            let last = case.guard.is_none() && case.pattern.is_irrefutable();
            let block = self.nested(|lower| {
                lower.take_apart(&case.pattern, subject);
                match &case.guard {
                    Some(guard) => lower.branch(guard, &mut |lower| lower.stmts(&case.body), &mut |_| {}),
                    None => lower.stmts(&case.body),
                }
            });
            arms.push((block, last));
        }
        let mut chain = Block::new();
        for (then, last) in arms.into_iter().rev() {
            let otherwise = std::mem::take(&mut chain);
            match last {
                true => chain = then,
                false => chain.push(Stmt::When { condition, then, otherwise }),
            }
        }
        self.block.extend(chain);
    }
}

/// `TYPE_CHECKING`, which holds for who reads the types.
pub(super) fn is_type_checking(test: &Syntax) -> bool {
    match test {
        Syntax::Name(name) => name.id.as_str() == "TYPE_CHECKING",
        Syntax::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        _ => false,
    }
}

/// Whether statements do nothing but leave, so that they can stand in two places.
fn only_leaves(body: &[Statement]) -> bool {
    match body {
        [Statement::Break(_) | Statement::Continue(_)] => true,
        [Statement::Return(stmt)] => stmt.value.as_ref().is_none_or(|value| value.is_literal_expr()),
        _ => false,
    }
}
