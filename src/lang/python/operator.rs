//! Operators: which of their operands a value may hold, and in which order they run.

use ruff_python_ast::{self as ast, BoolOp, Expr as Syntax, Operator, UnaryOp};

use super::lower::{At, Lower, at};
use crate::ir::{Arg, Block, Expr, ExprId, Item, LocalId, Place, Stmt};

/// How many operands of one operator are followed.
const MOST_OPERANDS: usize = 1000;

/// How many may nest in a tree that is freed.
const MOST_FREED: usize = 300;

/// An operand that runs only under a condition.
struct Arm {
    /// What runs before its value is known.
    block: Block,
    value: ExprId,
    at: At,
    /// Whether it calls anything.
    calls: bool,
}

impl Arm {
    fn plain(value: ExprId, at: At) -> Arm {
        Arm { block: Vec::new(), value, at, calls: false }
    }

    /// Whether it does anything beside having a value.
    fn runs(&self) -> bool {
        self.calls || !self.block.is_empty()
    }

    /// Its block, with its value written to a variable at the end.
    fn filling(self, local: LocalId) -> Block {
        let mut block = self.block;
        block.push(Stmt::Set { place: Place::Local(local), value: self.value, at: self.at });
        block
    }
}

impl Lower {
    /// `a and b`, `a or b`.
    pub(super) fn bool_op(&mut self, op: &ast::ExprBoolOp) -> ExprId {
        let Some((first, rest)) = op.values.split_first() else {
            return self.nothing(at(op));
        };
        match op.op {
            BoolOp::Or => {
                let mut value = self.expr(first);
                for operand in rest {
                    value = self.or(at(op), value, operand);
                }
                value
            }
            BoolOp::And => self.and(at(op), first, rest),
        }
    }

    fn or(&mut self, place: At, left: ExprId, right: &Syntax) -> ExprId {
        let right = self.arm(|lower| lower.expr(right), at(right));
        if !right.runs() {
            return self.add(place, Expr::OneOf(vec![left, right.value]));
        }
        let left = self.once(left);
        let kept = Arm::plain(left, self.at(left));
        self.choose(place, left, false, kept, right)
    }

    /// `a and b and c`: `c` runs only where both others hold.
    fn and(&mut self, place: At, first: &Syntax, rest: &[Syntax]) -> ExprId {
        let Some((next, further)) = rest.split_first() else {
            return self.expr(first);
        };
        let done = self.deeper(|lower| {
            let (test, holds) = polarity(first);
            let before = lower.calls;
            let test = lower.expr(test);
            let calls = lower.calls > before;
            let right = lower.arm(|lower| lower.and(place, next, further), at(next));
            let nothing = lower.nothing(at(first));
            let skipped = Arm::plain(nothing, at(first));
            match holds {
                true => lower.choose(place, test, calls, right, skipped),
                false => lower.choose(place, test, calls, skipped, right),
            }
        });
        done.unwrap_or_else(|| self.too_deep(place))
    }

    /// `a if test else b`.
    pub(super) fn ternary(&mut self, choice: &ast::ExprIf) -> ExprId {
        let (test, holds) = polarity(&choice.test);
        let before = self.calls;
        let test = self.expr(test);
        let calls = self.calls > before;
        let then = self.arm(|lower| lower.expr(&choice.body), at(&*choice.body));
        let otherwise = self.arm(|lower| lower.expr(&choice.orelse), at(&*choice.orelse));
        match holds {
            true => self.choose(at(choice), test, calls, then, otherwise),
            false => self.choose(at(choice), test, calls, otherwise, then),
        }
    }

    fn arm(&mut self, lower: impl FnOnce(&mut Lower) -> ExprId, place: At) -> Arm {
        let before = self.calls;
        let outer = std::mem::take(&mut self.block);
        let value = lower(self);
        let block = std::mem::replace(&mut self.block, outer);
        Arm { block, value, at: place, calls: self.calls > before }
    }

    /// One of two arms: the first where the test holds. Where an arm calls something, the condition is kept.
    fn choose(&mut self, place: At, test: ExprId, test_calls: bool, first: Arm, second: Arm) -> ExprId {
        if !first.runs() && !second.runs() {
            if test_calls {
                self.emit(Stmt::Do(test));
            }
            return self.add(place, Expr::OneOf(vec![first.value, second.value]));
        }
        let local = self.temporary("temp", place);
        let (then, otherwise) = (first.filling(local), second.filling(local));
        self.emit(Stmt::When { condition: test, then, otherwise });
        self.add(place, Expr::Local(local))
    }

    /// `a + b`, `a % b`, `a | b`; other arithmetic is a scalar.
    pub(super) fn bin_op(&mut self, op: &ast::ExprBinOp) -> ExprId {
        let place = at(op);
        let mut operands = vec![&*op.right];
        let mut left = &*op.left;
        while let Syntax::BinOp(inner) = left
            && inner.op == op.op
            && operands.len() < MOST_OPERANDS
        {
            operands.push(&inner.right);
            left = &inner.left;
        }
        self.is_cut |= operands.len() > MOST_FREED;
        operands.push(left);
        operands.reverse();
        match op.op {
            Operator::Add => self.sum(place, &operands),
            Operator::Mod if !operands.iter().any(|operand| operand.is_number_literal_expr()) => {
                self.formatted(place, &operands)
            }
            Operator::BitOr => self.union(place, &operands),
            _ => {
                operands.into_iter().for_each(|operand| self.effects(operand));
                self.scalar(place)
            }
        }
    }

    /// `a + b`: a list of both, or a text made of both.
    fn sum(&mut self, place: At, operands: &[&Syntax]) -> ExprId {
        let is_list = |operand: &&Syntax| matches!(operand, Syntax::List(_) | Syntax::ListComp(_) | Syntax::Tuple(_));
        let lists = operands.iter().any(is_list);
        let parts: Vec<ExprId> = operands.iter().map(|operand| self.expr(operand)).collect();
        if lists {
            let items = parts.into_iter().map(|value| Item { value, spread: true }).collect();
            return self.add(place, Expr::List(items));
        }
        let is_scalar = |part: &ExprId| matches!(self.kind(*part), Expr::Scalar | Expr::Bool(_));
        match parts.iter().all(is_scalar) {
            true => self.scalar(place),
            false => self.add(place, Expr::Template(parts)),
        }
    }

    /// `"a %s" % b`.
    fn formatted(&mut self, place: At, operands: &[&Syntax]) -> ExprId {
        if let [Syntax::StringLiteral(text), values @ ..] = operands {
            return self.percent(place, text, values);
        }
        let mut parts = Vec::new();
        for operand in operands {
            match operand {
                Syntax::Tuple(tuple) => parts.extend(tuple.elts.iter().map(|value| self.expr(value))),
                Syntax::Dict(dict) => parts.extend(dict.items.iter().map(|item| self.expr(&item.value))),
                operand => parts.push(self.expr(operand)),
            }
        }
        self.add(place, Expr::Template(parts))
    }

    /// `a | b` of records, by the method that does it.
    fn union(&mut self, place: At, operands: &[&Syntax]) -> ExprId {
        let mut operands = operands.iter();
        let Some(first) = operands.next() else {
            return self.nothing(place);
        };
        let mut value = self.expr(first);
        for operand in operands {
            let operand = self.expr(operand);
            value = self.method_call(place, value, "__or__", vec![operand]);
        }
        value
    }

    /// `(name := value)`.
    pub(super) fn walrus(&mut self, named: &ast::ExprNamed) -> ExprId {
        let value = self.expr(&named.value);
        let value = self.once(value);
        if let Syntax::Name(name) = &*named.target {
            let place = self.declare_outside(at(name), name.id.as_str());
            self.emit(Stmt::Set { place, value, at: at(name) });
        }
        value
    }

    /// Runs an expression whose value is not used.
    pub(super) fn effects(&mut self, expr: &Syntax) {
        if self.deeper(|lower| lower.run(expr)).is_none() {
            self.do_too_deep(at(expr));
        }
    }

    fn run(&mut self, expr: &Syntax) {
        match expr {
            Syntax::Await(wait) => self.effects(&wait.value),
            Syntax::UnaryOp(op) => self.effects(&op.operand),
            Syntax::If(choice) => {
                self.branch(&choice.test, &mut |lower| lower.effects(&choice.body), &mut |lower| {
                    lower.effects(&choice.orelse)
                });
            }
            Syntax::BoolOp(op) => self.run_bool_op(op.op, &op.values),
            Syntax::Tuple(tuple) => tuple.elts.iter().for_each(|part| self.effects(part)),
            _ => {
                let before = self.calls;
                let value = self.expr(expr);
                let runs = match self.kind(value) {
                    Expr::Opaque(_) => true,
                    // What it calls has run to fill the variable.
                    Expr::Local(_) => false,
                    _ => self.calls > before,
                };
                if runs {
                    self.emit(Stmt::Do(value));
                }
            }
        }
    }

    /// `ready and track()` as a statement.
    fn run_bool_op(&mut self, op: BoolOp, values: &[Syntax]) {
        match values {
            [] => {}
            [last] => self.effects(last),
            [first, rest @ ..] => {
                let mut further = |lower: &mut Lower| lower.run_bool_op(op, rest);
                let mut nothing = |_: &mut Lower| {};
                match op {
                    BoolOp::And => self.branch(first, &mut further, &mut nothing),
                    BoolOp::Or => self.branch(first, &mut nothing, &mut further),
                }
            }
        }
    }

    /// An argument without a name.
    pub(super) fn positional(value: ExprId) -> Arg {
        Arg { name: None, value, spread: false }
    }
}

/// A condition without its negations, and whether it must hold.
pub(super) fn polarity(test: &Syntax) -> (&Syntax, bool) {
    let mut test = test;
    let mut holds = true;
    while let Syntax::UnaryOp(ast::ExprUnaryOp { op: UnaryOp::Not, operand, .. }) = test {
        holds = !holds;
        test = operand;
    }
    (test, holds)
}
