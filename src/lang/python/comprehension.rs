//! Comprehensions: a list or record of what is made of any one element.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::lower::{At, Lower, at};
use crate::ir::{Entry, Expr, ExprId, Item, Place, Stmt};

impl Lower {
    /// `[element for target in xs if test]`.
    pub(super) fn comprehension(&mut self, place: At, element: &Syntax, generators: &[ast::Comprehension]) -> ExprId {
        self.open_inner_scope();
        for generator in generators {
            let list = self.expr(&generator.iter);
            let list = self.once(list);
            self.each_of(generator, list);
        }
        let value = self.expr(element);
        self.scopes.pop();
        self.add(place, Expr::List(vec![Item { value, spread: false }]))
    }

    /// `{key: value for target in xs if test}`: written one by one, so that a list whose elements are known gives a
    /// record whose keys are.
    pub(super) fn dict_comprehension(&mut self, comp: &ast::ExprDictComp) -> ExprId {
        if let Some(record) = self.filtered(comp) {
            return record;
        }
        let place = at(comp);
        let empty = self.add(place, Expr::Record(Vec::new()));
        let record = self.held(empty);
        self.open_inner_scope();
        self.fill_record(comp, record, &comp.generators);
        self.scopes.pop();
        record
    }

    fn fill_record(&mut self, comp: &ast::ExprDictComp, record: ExprId, generators: &[ast::Comprehension]) {
        let Some((generator, rest)) = generators.split_first() else {
            let value = self.expr(&comp.value);
            let Some(key) = &comp.key else {
                let entries = vec![Entry::Spread(record), Entry::Spread(value)];
                let both = self.add(at(comp), Expr::Record(entries));
                if let &Expr::Local(local) = self.kind(record) {
                    self.set_local(local, both, at(comp));
                }
                return;
            };
            let span = at(&**key);
            let key = self.expr(key);
            self.emit(Stmt::Set { place: Place::Element(record, key), value, at: span });
            return;
        };
        let list = self.expr(&generator.iter);
        let list = self.held(list);
        self.maybe(|lower| {
            lower.each_of(generator, list);
            lower.fill_record(comp, record, rest);
        });
    }

    /// The variables of `for target in xs if test`.
    fn each_of(&mut self, generator: &ast::Comprehension, list: ExprId) {
        self.declare_targets(&generator.target);
        let each = self.add(at(&generator.target), Expr::Each(list));
        self.assign_to(&generator.target, each);
        generator.ifs.iter().for_each(|test| self.effects(test));
    }

    fn declare_targets(&mut self, target: &Syntax) {
        match target {
            Syntax::Name(name) => {
                self.declare_here(at(name), name.id.as_str());
            }
            Syntax::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.declare_targets(target)),
            Syntax::List(list) => list.elts.iter().for_each(|target| self.declare_targets(target)),
            Syntax::Starred(starred) => self.declare_targets(&starred.value),
            _ => {}
        }
    }
}
