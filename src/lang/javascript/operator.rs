//! Operators: which of their operands a value may hold, and in which order they run.

use oxc_ast::ast::{
    BinaryExpression, ConditionalExpression, Expression, LogicalExpression, SequenceExpression, UnaryExpression,
};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

use super::lower::{Lower, at};
use crate::ir::{Block, Expr, ExprId, LocalId, Place, Stmt};

/// An operand that runs only under a condition.
struct Arm {
    /// What runs before its value is known.
    block: Block,
    value: ExprId,
    span: Span,
    /// Whether it calls anything.
    calls: bool,
}

/// A condition.
struct Test {
    value: ExprId,
    /// Whether it calls anything.
    calls: bool,
}

impl Lower {
    /// `a && b`, `a || b`, `a ?? b`.
    pub(super) fn logical(&mut self, logical: &LogicalExpression<'_>) -> ExprId {
        let span = logical.span;
        if logical.operator == LogicalOperator::And {
            let (test, holds) = polarity(&logical.left);
            let test = self.test(test);
            let right = self.arm(&logical.right);
            let nothing = self.add(logical.left.span(), Expr::Nothing);
            let skipped = Arm::plain(nothing, logical.left.span());
            return self.choose(span, test, skipped, right, !holds);
        }
        let left = self.expr(&logical.left);
        let right = self.arm(&logical.right);
        if !right.runs() {
            return self.add(span, Expr::OneOf(vec![left, right.value]));
        }
        let value = self.once(left);
        let tested = match logical.operator {
            LogicalOperator::Coalesce => self.compared(value),
            _ => value,
        };
        let test = Test { value: tested, calls: false };
        let kept = Arm::plain(value, logical.left.span());
        self.choose(span, test, kept, right, true)
    }

    /// `test ? a : b`.
    pub(super) fn conditional(&mut self, conditional: &ConditionalExpression<'_>) -> ExprId {
        let (test, holds) = polarity(&conditional.test);
        let test = self.test(test);
        let then = self.arm(&conditional.consequent);
        let otherwise = self.arm(&conditional.alternate);
        self.choose(conditional.span, test, then, otherwise, holds)
    }

    fn test(&mut self, expr: &Expression<'_>) -> Test {
        let before = self.place.calls;
        let value = self.expr(expr);
        Test { value, calls: self.place.calls > before }
    }

    fn arm(&mut self, expr: &Expression<'_>) -> Arm {
        let before = self.place.calls;
        let mut value = None;
        let block = self.block(|lower| value = Some(lower.expr(expr)));
        Arm { block, value: value.expect("the block was filled"), span: expr.span(), calls: self.place.calls > before }
    }

    /// One of two arms: the first where the test `holds`, or the other way round. Where an arm calls something, the
    /// condition is kept: `consent && track()` is guarded.
    fn choose(&mut self, span: Span, test: Test, first: Arm, second: Arm, holds: bool) -> ExprId {
        if !first.runs() && !second.runs() {
            if test.calls {
                self.emit(Stmt::Do(test.value));
            }
            return self.add(span, Expr::OneOf(vec![first.value, second.value]));
        }
        let local = self.temporary("temp", span);
        let (then, otherwise) = if holds { (first, second) } else { (second, first) };
        self.emit(Stmt::When { condition: test.value, then: then.filling(local), otherwise: otherwise.filling(local) });
        self.add(span, Expr::Local(local))
    }

    /// Arithmetic and comparisons. `+` may join texts.
    pub(super) fn binary(&mut self, binary: &BinaryExpression<'_>) -> ExprId {
        let mut operands = vec![&binary.right];
        let mut left = &binary.left;
        while let Expression::BinaryExpression(inner) = left
            && inner.operator == binary.operator
        {
            operands.push(&inner.right);
            left = &inner.left;
        }
        operands.push(left);
        operands.reverse();
        if binary.operator != BinaryOperator::Addition {
            for operand in operands {
                self.effects(operand);
            }
            return self.add(binary.span, Expr::Scalar);
        }
        let parts: Vec<ExprId> = operands.into_iter().map(|part| self.expr(part)).collect();
        let is_scalar = |part: &ExprId| matches!(self.builder.module.expr(*part), Expr::Scalar | Expr::Bool(_));
        if parts.iter().all(is_scalar) {
            return self.add(binary.span, Expr::Scalar);
        }
        self.add(binary.span, Expr::Template(parts))
    }

    /// `!x`, `typeof x`, `void x`, `delete x.y`, `-x`.
    pub(super) fn unary(&mut self, unary: &UnaryExpression<'_>) -> ExprId {
        match unary.operator {
            UnaryOperator::Delete => {
                self.delete(&unary.argument);
                self.add(unary.span, Expr::Scalar)
            }
            UnaryOperator::Void => {
                self.effects(&unary.argument);
                self.add(unary.span, Expr::Nothing)
            }
            _ => {
                self.effects(&unary.argument);
                self.add(unary.span, Expr::Scalar)
            }
        }
    }

    /// `delete x.y`.
    fn delete(&mut self, target: &Expression<'_>) {
        if let Some((place, _)) = self.expr_place(target) {
            self.emit(Stmt::Remove(place));
        }
    }

    /// `a, b`: the last.
    pub(super) fn sequence(&mut self, sequence: &SequenceExpression<'_>) -> ExprId {
        let Some((last, others)) = sequence.expressions.split_last() else {
            return self.add(sequence.span, Expr::Nothing);
        };
        for other in others {
            self.effects(other);
        }
        self.expr(last)
    }

    /// Runs an expression whose value is not used.
    pub(super) fn effects(&mut self, expr: &Expression<'_>) {
        if self.deeper(|lower| lower.run(expr)).is_none() {
            let value = self.too_deep(expr.span());
            self.emit(Stmt::Do(value));
        }
    }

    fn run(&mut self, expr: &Expression<'_>) {
        match expr {
            Expression::ParenthesizedExpression(inner) => self.effects(&inner.expression),
            Expression::AwaitExpression(inner) => self.effects(&inner.argument),
            Expression::UnaryExpression(unary) if unary.operator != UnaryOperator::Delete => {
                self.effects(&unary.argument);
            }
            Expression::SequenceExpression(sequence) => {
                for part in &sequence.expressions {
                    self.effects(part);
                }
            }
            Expression::AssignmentExpression(assignment) => self.assign(assignment),
            Expression::LogicalExpression(logical) => self.run_logical(logical),
            Expression::ConditionalExpression(conditional) => {
                self.branch(&conditional.test, &mut |lower| lower.effects(&conditional.consequent), &mut |lower| {
                    lower.effects(&conditional.alternate)
                });
            }
            _ => {
                let before = self.place.calls;
                let value = self.expr(expr);
                let runs = match self.builder.module.expr(value) {
                    Expr::Opaque(_) => true,
                    // What it calls has run to fill the variable.
                    Expr::Local(_) => false,
                    _ => self.place.calls > before,
                };
                if runs {
                    self.emit(Stmt::Do(value));
                }
            }
        }
    }

    /// `ready && track()` as a statement.
    fn run_logical(&mut self, logical: &LogicalExpression<'_>) {
        let mut right = |lower: &mut Lower| lower.effects(&logical.right);
        let mut nothing = |_: &mut Lower| {};
        match logical.operator {
            LogicalOperator::And => self.branch(&logical.left, &mut right, &mut nothing),
            LogicalOperator::Or | LogicalOperator::Coalesce => {
                self.branch(&logical.left, &mut nothing, &mut right);
            }
        }
    }
}

/// A condition without its negations, and whether it must hold.
pub(super) fn polarity<'t, 'a>(test: &'t Expression<'a>) -> (&'t Expression<'a>, bool) {
    let mut test = test;
    let mut holds = true;
    loop {
        test = match test {
            Expression::ParenthesizedExpression(inner) => &inner.expression,
            Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::LogicalNot => {
                holds = !holds;
                &unary.argument
            }
            _ => return (test, holds),
        }
    }
}

impl Arm {
    fn plain(value: ExprId, span: Span) -> Arm {
        Arm { block: Vec::new(), value, span, calls: false }
    }

    /// Whether it does anything beside having a value.
    fn runs(&self) -> bool {
        self.calls || !self.block.is_empty()
    }

    /// Its block, with its value written to a variable at the end.
    fn filling(self, local: LocalId) -> Block {
        let mut block = self.block;
        block.push(Stmt::Set { place: Place::Local(local), value: self.value, at: at(self.span) });
        block
    }
}
