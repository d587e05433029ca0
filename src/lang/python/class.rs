//! Classes: what they extend, and what their bodies bind.

use ruff_python_ast::{self as ast, Expr as Syntax, Stmt as Statement};

use super::function::last_name;
use super::lower::{At, Lower, at};
use super::scope::ScopeKind;
use crate::ir::{ClassId, Expr, ExprId, Name, Place, Stmt};

/// What the body of a class says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// What it binds belongs to the class, and is what its instances start with.
    Plain,
    /// What it binds are the members of an enumeration.
    Enum,
}

impl Lower {
    /// `class Name(Base): …`.
    pub(super) fn class_def(&mut self, def: &ast::StmtClassDef) {
        let name = def.name.as_str();
        let id = self.build.class(name, at(def));
        let value = self.add(at(def), Expr::Class(id));
        match self.own_local(name).filter(|_| self.is_single(name)) {
            Some(local) => self.build.module.locals[local.0 as usize].constant = Some(value),
            None => self.set_class(def, value),
        }
        def.decorator_list.iter().for_each(|decorator| self.effects(&decorator.expression));
        let generics = generics(def);
        self.build.class_mut(id).generics = generics.clone();
        self.generics.push(generics);
        let bases = def.arguments.as_deref().map_or(&[][..], |arguments| &arguments.args);
        for base in bases.iter().filter(|base| !is_generic(base)) {
            let base = self.ty(base);
            self.build.class_mut(id).bases.push(base);
        }
        let is_enum = bases
            .iter()
            .filter_map(last_name)
            .any(|base| base.ends_with("Enum") || base.ends_with("Choices") || base == "Flag" || base == "IntFlag");
        let manner = if is_enum { Manner::Enum } else { Manner::Plain };
        self.open_scope(ScopeKind::Class(id), &def.body, &[]);
        let mut initial = Vec::new();
        self.class_body(id, manner, &def.body, &mut initial);
        self.scopes.pop();
        self.generics.pop();
        self.fill_init(id, def, &initial);
    }

    fn set_class(&mut self, def: &ast::StmtClassDef, value: ExprId) {
        let name = def.name.as_str();
        if let Some(&ScopeKind::Class(outer)) = self.scopes.last().map(|scope| &scope.kind) {
            self.build.class_mut(outer).statics.push((name.into(), value));
            return;
        }
        let place = self.name_place(at(&def.name), name);
        self.emit(Stmt::Set { place, value, at: at(&def.name) });
    }

    /// The statements of a class body. Names that an instance starts with go to `initial`.
    fn class_body(&mut self, class: ClassId, manner: Manner, body: &[Statement], initial: &mut Vec<Name>) {
        for stmt in body {
            match stmt {
                Statement::Assign(assign) => self.class_assign(class, manner, assign, initial),
                Statement::AnnAssign(assign) => self.class_field(class, assign, initial),
                Statement::FunctionDef(def) => self.function_def(def),
                Statement::ClassDef(_) => self.stmts(std::slice::from_ref(stmt)),
                Statement::If(stmt) if self.depth < 100 => {
                    self.depth += 1;
                    self.class_body(class, manner, &stmt.body, initial);
                    for clause in &stmt.elif_else_clauses {
                        self.class_body(class, manner, &clause.body, initial);
                    }
                    self.depth -= 1;
                }
                Statement::Expr(stmt) => self.effects(&stmt.value),
                _ => {}
            }
        }
    }

    /// `name = value` in a class.
    fn class_assign(&mut self, class: ClassId, manner: Manner, assign: &ast::StmtAssign, initial: &mut Vec<Name>) {
        for target in &assign.targets {
            let Syntax::Name(name) = target else { continue };
            let name = name.id.as_str();
            if manner == Manner::Plain && self.declares_field(class, name, at(target), &assign.value) {
                continue;
            }
            let value = match (manner, &*assign.value) {
                // `ACTIVE = "active", "Shown to users"`
                (Manner::Enum, Syntax::Tuple(tuple)) if !tuple.elts.is_empty() => self.expr(&tuple.elts[0]),
                (_, value) => self.named(name, value),
            };
            self.add_static(class, name, value);
            if manner == Manner::Plain {
                initial.push(name.into());
            }
        }
    }

    /// Gives a class a member of its own.
    pub(super) fn add_static(&mut self, class: ClassId, name: &str, value: ExprId) {
        let statics = &mut self.build.class_mut(class).statics;
        statics.retain(|(other, _)| **other != *name);
        statics.push((name.into(), value));
    }

    /// What an instance starts with: what its class holds.
    fn fill_init(&mut self, class: ClassId, def: &ast::StmtClassDef, initial: &[Name]) {
        if initial.is_empty() {
            return;
        }
        let place = at(&def.name);
        let init = self.build.function("init", self.func, place);
        self.build.function_mut(init).class = Some(class);
        let this = self.build.local("self", init, place);
        self.build.function_mut(init).receiver = Some(this);
        self.build.class_mut(class).init = Some(init);
        self.inside(init, false, |lower| {
            for name in initial {
                let of = lower.add(place, Expr::Class(class));
                let value = lower.field(place, of, name);
                let this = lower.add(place, Expr::Local(this));
                lower.emit(Stmt::Set { place: Place::Field(this, name.clone()), value, at: place });
            }
        });
    }

    /// `type Name = T`.
    pub(super) fn type_alias(&mut self, alias: &ast::StmtTypeAlias) {
        if let Syntax::Name(name) = &*alias.name {
            self.alias(name, &alias.value, at(alias));
        }
    }

    /// A name for a type.
    pub(super) fn alias(&mut self, name: &ast::ExprName, ty: &Syntax, place: At) {
        let id = self.build.class(name.id.as_str(), place);
        let ty = self.ty(ty);
        self.build.class_mut(id).alias = Some(ty);
        let value = self.add(place, Expr::Class(id));
        match self.own_local(name.id.as_str()) {
            Some(local) => self.build.module.locals[local.0 as usize].constant = Some(value),
            None => {
                let place = self.name_place(at(name), name.id.as_str());
                self.emit(Stmt::Set { place, value, at: at(name) });
            }
        }
    }
}

/// The generic parameters of a class.
fn generics(def: &ast::StmtClassDef) -> Vec<Name> {
    let declared = def.type_params.iter().flat_map(|params| &params.type_params);
    let mut names: Vec<Name> = declared.map(|param| Name::from(param.name().as_str())).collect();
    let bases = def.arguments.as_deref().map_or(&[][..], |arguments| &arguments.args);
    for base in bases.iter().filter(|base| is_generic(base)) {
        let Syntax::Subscript(subscript) = base else { continue };
        let args: &[Syntax] = match &*subscript.slice {
            Syntax::Tuple(tuple) => &tuple.elts,
            only => std::slice::from_ref(only),
        };
        names.extend(args.iter().filter_map(last_name).map(Name::from));
    }
    names
}

/// `Generic[T]`, `Protocol[T]`.
fn is_generic(base: &Syntax) -> bool {
    match base {
        Syntax::Subscript(subscript) => matches!(last_name(&subscript.value), Some("Generic" | "Protocol")),
        _ => false,
    }
}
