//! Statements.

use ruff_python_ast::{self as ast, Expr as Syntax, Operator, Stmt as Statement};

use super::function::last_name;
use super::lower::{Lower, at};
use crate::ir::{Expr, Stmt, Type};

impl Lower {
    /// Lowers statements into the open block.
    pub(super) fn stmts(&mut self, stmts: &[Statement]) {
        for stmt in stmts {
            if self.deeper(|lower| lower.stmt(stmt)).is_none() {
                self.do_too_deep(at(stmt));
            }
        }
    }

    fn stmt(&mut self, stmt: &Statement) {
        match stmt {
            Statement::Expr(stmt) => self.effects(&stmt.value),
            Statement::Assign(assign) => self.assign(assign),
            Statement::AnnAssign(assign) => self.ann_assign(assign),
            Statement::AugAssign(assign) => self.aug_assign(assign),
            Statement::Return(stmt) => {
                let value = stmt.value.as_deref().map(|value| self.expr(value));
                self.emit(Stmt::Return(value));
            }
            Statement::Delete(stmt) => stmt.targets.iter().for_each(|target| self.delete(target)),
            Statement::FunctionDef(def) => self.function_def(def),
            Statement::ClassDef(def) => self.class_def(def),
            Statement::Import(import) => self.import_stmt(import),
            Statement::ImportFrom(import) => self.import_from(import),
            Statement::If(stmt) => self.if_stmt(stmt),
            Statement::For(stmt) => self.for_stmt(stmt),
            Statement::While(stmt) => self.while_stmt(stmt),
            Statement::With(stmt) => self.with_stmt(stmt),
            Statement::Try(stmt) => self.try_stmt(stmt),
            Statement::Match(stmt) => self.match_stmt(stmt),
            Statement::Raise(stmt) => {
                stmt.exc.iter().chain(&stmt.cause).for_each(|value| self.effects(value));
                self.emit(Stmt::Exit);
            }
            Statement::Assert(stmt) => self.effects(&stmt.test),
            Statement::Break(_) | Statement::Continue(_) => self.emit(Stmt::Exit),
            Statement::TypeAlias(alias) => self.type_alias(alias),
            Statement::Global(_) | Statement::Nonlocal(_) | Statement::Pass(_) | Statement::IpyEscapeCommand(_) => {}
        }
    }

    /// `a = b = value`.
    fn assign(&mut self, assign: &ast::StmtAssign) {
        // `Client = Annotated[T, Depends(..)]`
        if let ([Syntax::Name(name)], Syntax::Subscript(ty)) = (assign.targets.as_slice(), &*assign.value)
            && matches!(last_name(&ty.value), Some("Annotated" | "Optional" | "Union"))
            && self.is_single(&name.id)
        {
            return self.alias(name, &assign.value, at(assign));
        }
        if let [Syntax::Name(name)] = assign.targets.as_slice()
            && let Some(class) = self.declared_class(&assign.value)
        {
            match self.own_local(&name.id).filter(|_| self.is_single(&name.id)) {
                Some(local) => self.build.module.locals[local.0 as usize].constant = Some(class),
                None => self.assign_to(&assign.targets[0], class),
            }
            return;
        }
        let value = match assign.targets.as_slice() {
            [Syntax::Name(name)] => self.named(name.id.as_str(), &assign.value),
            [Syntax::Attribute(attribute)] => self.named(attribute.attr.as_str(), &assign.value),
            _ => self.expr(&assign.value),
        };
        match assign.targets.as_slice() {
            [target] => self.assign_to(target, value),
            targets => {
                let value = self.once(value);
                targets.iter().for_each(|target| self.assign_to(target, value));
            }
        }
    }

    /// `target: T = value`.
    fn ann_assign(&mut self, assign: &ast::StmtAnnAssign) {
        if let (Syntax::Name(name), Some(value), Some("TypeAlias")) =
            (&*assign.target, &assign.value, last_name(&assign.annotation))
        {
            return self.alias(name, value, at(assign));
        }
        let ty = self.ty(&assign.annotation);
        if let Syntax::Name(name) = &*assign.target
            && let Some(local) = self.own_local(name.id.as_str())
        {
            self.build.module.locals[local.0 as usize].ty = Some(ty);
        } else if let Some(value) = &assign.value
            && !matches!(self.build.module.ty(ty), Type::Unknown | Type::Scalar)
        {
            let value = self.expr(value);
            let value = self.add(self.at(value), Expr::Typed(value, ty));
            return self.assign_to(&assign.target, value);
        }
        if let Some(value) = &assign.value {
            let value = match &*assign.target {
                Syntax::Name(name) => self.named(name.id.as_str(), value),
                _ => self.expr(value),
            };
            self.assign_to(&assign.target, value);
        }
    }

    /// `target += value`, `target |= value`.
    fn aug_assign(&mut self, assign: &ast::StmtAugAssign) {
        let Some((place, span)) = self.place(&assign.target) else {
            return self.effects(&assign.value);
        };
        let before = self.read(at(&*assign.target), &place);
        let value = match assign.op {
            Operator::Add => {
                let is_list = matches!(&*assign.value, Syntax::List(_) | Syntax::ListComp(_) | Syntax::Tuple(_));
                let value = self.expr(&assign.value);
                match is_list {
                    true => self.both_lists(at(assign), before, value),
                    false => self.add(at(assign), Expr::Template(vec![before, value])),
                }
            }
            Operator::BitOr => {
                let value = self.expr(&assign.value);
                let value = self.method_call(at(assign), before, "__ior__", vec![value]);
                return self.emit(Stmt::Do(value));
            }
            _ => return self.effects(&assign.value),
        };
        self.emit(Stmt::Set { place, value, at: span });
    }
}
