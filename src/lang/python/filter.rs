//! Comprehensions that keep some fields of a record: `{k: v for k, v in record.items() if k not in PRIVATE}`.

use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr as Syntax};

use super::call::is_name;
use super::lower::{Lower, at};
use crate::ir::{Arg, Entry, Expr, ExprId};

/// What the models of the language call keeping and leaving out fields by name.
const KEEP: &str = "dict.pick";
const LEAVE: &str = "dict.omit";

impl Lower {
    /// A comprehension that copies a record, without what its conditions leave out by name.
    pub(super) fn filtered(&mut self, comp: &ast::ExprDictComp) -> Option<ExprId> {
        let [generator] = comp.generators.as_slice() else { return None };
        let Syntax::Tuple(target) = &generator.target else { return None };
        let [Syntax::Name(key), Syntax::Name(value)] = target.elts.as_slice() else { return None };
        let (key, value) = (key.id.as_str(), value.id.as_str());
        let is_copy = comp.key.as_deref().is_some_and(|expr| is_name(expr, key)) && is_name(&comp.value, value);
        let Syntax::Call(items) = &generator.iter else { return None };
        let Syntax::Attribute(method) = &*items.func else { return None };
        let of_items = matches!(method.attr.as_str(), "items" | "iteritems") && items.arguments.is_empty();
        if !is_copy || !of_items {
            return None;
        }
        let record = self.expr(&method.value);
        let mut record = self.add(at(comp), Expr::Record(vec![Entry::Spread(record)]));
        let mut tests: Vec<&Syntax> = generator.ifs.iter().collect();
        while let Some(test) = tests.pop() {
            match test {
                Syntax::BoolOp(op) if op.op == BoolOp::And => tests.extend(&op.values),
                Syntax::Compare(compare) if is_name(&compare.left, key) => {
                    record = self.kept(comp, record, compare);
                }
                _ => {}
            }
        }
        Some(record)
    }

    /// The record without the fields that a comparison of the key leaves out.
    fn kept(&mut self, comp: &ast::ExprDictComp, record: ExprId, compare: &ast::ExprCompare) -> ExprId {
        let ([op], [names]) = (&*compare.ops, &*compare.comparators) else { return record };
        let model = match op {
            CmpOp::In | CmpOp::Eq => KEEP,
            CmpOp::NotIn | CmpOp::NotEq => LEAVE,
            _ => return record,
        };
        let names = self.expr(names);
        let callee = self.add(at(compare), Expr::Global(model.into()));
        let args = [record, names].map(|value| Arg { name: None, value, spread: false });
        self.add_call(at(comp), callee, args.to_vec())
    }
}
