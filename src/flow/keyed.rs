//! Which packages are used like the client of a service: something of the package is called with what gives access.
//! Told from the common form alone, so that what is none is never followed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::program::{Linked, Program};
use crate::ir::{Call, Entry, Expr, ExprId, FuncId, LocalId, Name, Place, Stmt};
use crate::source::FileId;

/// How deep the options of a call are looked at.
const MOST_DEPTH: usize = 4;

/// How long a chain of members, calls and variables may be.
const MOST_STEPS: usize = 32;

/// What decides by its name or text whether something gives access.
pub type IsKey<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// How packages are given what gives access.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keyed {
    /// Those of which something is called with it.
    pub called: BTreeSet<Name>,
    /// Those that are told it as a whole, by a statement of its own: `acme.api_key = key`, `acme.setKey(key)`.
    pub told: BTreeSet<Name>,
}

/// The packages that files give access to a service, of those that the program looks for.
pub fn keyed(program: &Program, files: &[FileId], is_key: IsKey<'_>) -> Keyed {
    let found: Vec<Keyed> = files
        .par_iter()
        .filter_map(|file| program.module(*file))
        .map(|linked| Search { program, linked, is_key, found: Keyed::default() }.run())
        .collect();
    let mut all = Keyed::default();
    for one in found {
        all.called.extend(one.called);
        all.told.extend(one.told);
    }
    all
}

struct Search<'a> {
    program: &'a Program<'a>,
    linked: &'a Linked,
    is_key: IsKey<'a>,
    found: Keyed,
}

impl Search<'_> {
    fn run(mut self) -> Keyed {
        let module = &self.linked.module;
        for expr in &module.exprs {
            let Expr::Call(call) = expr else { continue };
            if let Some((package, _)) = self.package(call.callee)
                && self.has_key(call)
            {
                self.found.called.insert(package);
            }
        }
        for function in &module.functions {
            function.body.iter().for_each(|statement| self.statement(statement));
        }
        self.found
    }

    /// Notes a statement that tells a package what gives access.
    fn statement(&mut self, statement: &Stmt) {
        let module = &self.linked.module;
        let told = match statement {
            Stmt::Set { place: Place::Field(base, name), .. } if (self.is_key)(name) => self.package(*base),
            Stmt::Do(expr) => match module.expr(*expr) {
                Expr::Call(call) if self.has_key(call) => self.package(call.callee),
                _ => None,
            },
            Stmt::When { then, otherwise, .. } => {
                return then.iter().chain(otherwise).for_each(|statement| self.statement(statement));
            }
            Stmt::Maybe(block) => return block.iter().for_each(|statement| self.statement(statement)),
            _ => None,
        };
        if let Some((package, false)) = told {
            self.found.told.insert(package);
        }
    }

    /// The package that a chain of members and calls starts at, and whether there are calls in it.
    fn package(&self, expr: ExprId) -> Option<(Name, bool)> {
        let (mut at, mut calls, mut steps) = (expr, false, 0);
        let import = loop {
            steps += 1;
            if steps > MOST_STEPS {
                return None;
            }
            match self.linked.module.expr(at) {
                Expr::Import(import) => break *import,
                Expr::Field(base, _) | Expr::Typed(base, _) => at = *base,
                Expr::Call(call) => {
                    calls = true;
                    at = call.callee;
                }
                // `const Client = Acme.plugin(…)`
                Expr::Local(local) => at = self.constant(*local)?,
                _ => return None,
            }
        };
        let package = self.program.import_package(self.linked, import)?;
        self.program.targets.packages.contains(&package).then_some((package, calls))
    }

    /// What a variable of the module's body is set to.
    fn constant(&self, local: LocalId) -> Option<ExprId> {
        let body = &self.linked.module.function(FuncId::BODY).body;
        body.iter().find_map(|statement| match statement {
            Stmt::Set { place: Place::Local(set), value, .. } if *set == local => Some(*value),
            _ => None,
        })
    }

    fn has_key(&self, call: &Call) -> bool {
        let named = |name: &Option<Name>| name.as_ref().is_some_and(|name| (self.is_key)(name));
        call.args.iter().any(|arg| named(&arg.name) || self.is_given(arg.value, 0))
    }

    /// Whether a value gives access, or is a record in which something does.
    fn is_given(&self, value: ExprId, depth: usize) -> bool {
        let module = &self.linked.module;
        if depth > MOST_DEPTH {
            return false;
        }
        let below = |value: ExprId| self.is_given(value, depth + 1);
        match module.expr(value) {
            Expr::Local(local) => (self.is_key)(&module.local(*local).name) || self.holds_key(*local, depth),
            Expr::Import(import) => match &module.import(*import).name {
                crate::ir::Imported::Named(name) => (self.is_key)(name),
                crate::ir::Imported::All => false,
            },
            Expr::Field(base, name) => (self.is_key)(name) || below(*base),
            Expr::Element(_, key) => matches!(module.expr(*key), Expr::Text(text) if (self.is_key)(text)),
            Expr::Record(entries) | Expr::Instance(_, entries) => entries.iter().any(|entry| match entry {
                Entry::Field { key, value, .. } => (self.is_key)(key) || below(*value),
                Entry::Spread(value) => below(*value),
                Entry::Computed { .. } => false,
            }),
            Expr::Call(call) => {
                // `env::var("ACME_TOKEN")`, `process.env.get("KEY")`
                let text =
                    |arg: &crate::ir::Arg| matches!(module.expr(arg.value), Expr::Text(text) if (self.is_key)(text));
                call.args.iter().any(|arg| text(arg) || below(arg.value)) || below(call.callee)
            }
            Expr::OneOf(parts) | Expr::Template(parts) => parts.iter().any(|part| below(*part)),
            Expr::Typed(value, _) => below(*value),
            _ => false,
        }
    }

    /// Whether one of the values that a variable is set to has a key in it.
    fn holds_key(&self, local: LocalId, depth: usize) -> bool {
        let owner = self.linked.module.local(local).function;
        let body = &self.linked.module.function(owner).body;
        body.iter().any(|statement| match statement {
            Stmt::Set { place: Place::Local(set), value, .. } => *set == local && self.is_given(*value, depth + 1),
            Stmt::Set { place: Place::Field(base, name), .. } => {
                (self.is_key)(name) && *self.linked.module.expr(*base) == Expr::Local(local)
            }
            _ => false,
        })
    }
}
