//! What a name refers to: a variable, an import, a member of the class around, or a global.

use ruff_python_ast as ast;

use super::lower::{At, Lower, at};
use super::scope::{Bound, ScopeKind};
use crate::ir::{Expr, ExprId, LocalId, Place};

/// Names that the language supplies, in so far as a module that imports all of another may use them.
const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "dict",
    "dir",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "__name__",
    "__file__",
];

impl Lower {
    /// What a name is bound to where the walk stands, with the scope that binds it.
    fn bound(&self, name: &str) -> Option<(usize, Bound)> {
        let mut to_module = false;
        let mut is_inner = true;
        for (index, scope) in self.scopes.iter().enumerate().rev() {
            let sees = match scope.kind {
                // A function does not see the names of the class around it.
                ScopeKind::Class(_) => is_inner,
                ScopeKind::Module => true,
                ScopeKind::Function | ScopeKind::Comprehension => !to_module,
            };
            if sees && let Some(bound) = scope.names.get(name) {
                return Some((index, *bound));
            }
            to_module |= scope.outside.get(name) == Some(&true);
            is_inner &= scope.kind == ScopeKind::Comprehension;
        }
        None
    }

    /// Whether a name is one that the language supplies.
    pub(super) fn is_builtin(&self, name: &str) -> bool {
        self.bound(name).is_none()
    }

    /// The value of a name.
    pub(super) fn name(&mut self, at: At, name: &str) -> ExprId {
        match self.bound(name) {
            Some((_, Bound::Local(local))) => self.add(at, Expr::Local(local)),
            Some((_, Bound::Import(import))) => self.add(at, Expr::Import(import)),
            Some((scope, Bound::Member)) => match self.scopes[scope].kind {
                ScopeKind::Class(class) => {
                    let class = self.add(at, Expr::Class(class));
                    self.field(at, class, name)
                }
                _ => self.add(at, Expr::Global(name.into())),
            },
            None if self.has_stars && !BUILTINS.contains(&name) => {
                let import = self.add_import(&format!("*.{name}"), at);
                self.add(at, Expr::Import(import))
            }
            None => self.add(at, Expr::Global(name.into())),
        }
    }

    /// Where a name is written to.
    pub(super) fn name_place(&mut self, at: At, name: &str) -> Place {
        match self.bound(name) {
            Some((_, Bound::Local(local))) => Place::Local(local),
            Some((scope, Bound::Member)) => match self.scopes[scope].kind {
                ScopeKind::Class(class) => {
                    let class = self.add(at, Expr::Class(class));
                    Place::Field(class, name.into())
                }
                _ => Place::Global(name.into()),
            },
            // `global name` in a function, where the module itself never binds it.
            Some((_, Bound::Import(_))) | None => Place::Local(self.declare(at, name)),
        }
    }

    /// Declares a variable of the innermost scope, or of the module where `global` says so.
    pub(super) fn declare(&mut self, at: At, name: &str) -> LocalId {
        let is_global = self.scopes.iter().rev().any(|scope| scope.outside.get(name) == Some(&true));
        let innermost = self.scopes.len().saturating_sub(1);
        let index = if is_global { 0 } else { innermost };
        let func = self.scopes[index].func;
        let local = self.build.local(name, func, at);
        self.scopes[index].names.insert(name.to_owned(), Bound::Local(local));
        local
    }

    /// Declares a variable of the innermost scope.
    pub(super) fn declare_here(&mut self, at: At, name: &str) {
        let innermost = self.scopes.len().saturating_sub(1);
        let local = self.build.local(name, self.scopes[innermost].func, at);
        self.scopes[innermost].names.insert(name.to_owned(), Bound::Local(local));
    }

    /// Declares a variable in the body of the function around a comprehension, as `:=` does.
    pub(super) fn declare_outside(&mut self, at: At, name: &str) -> Place {
        if self.bound(name).is_some() {
            return self.name_place(at, name);
        }
        let is_body = |kind: ScopeKind| matches!(kind, ScopeKind::Function | ScopeKind::Module);
        let index = self.scopes.iter().rposition(|scope| is_body(scope.kind)).unwrap_or(0);
        let local = self.build.local(name, self.scopes[index].func, at);
        self.scopes[index].names.insert(name.to_owned(), Bound::Local(local));
        Place::Local(local)
    }

    /// The variable that a statement of the innermost body binds, where it is one.
    pub(super) fn own_local(&self, name: &str) -> Option<LocalId> {
        match self.scopes.last()?.names.get(name)? {
            Bound::Local(local) => Some(*local),
            Bound::Import(_) | Bound::Member => None,
        }
    }

    /// `a.b.c` where `import a.b` makes a module reachable: the import, and the names after it.
    pub(super) fn dotted_import(&mut self, attribute: &ast::ExprAttribute) -> Option<ExprId> {
        let (chain, root) = chain(attribute)?;
        let (scope, Bound::Import(_)) = self.bound(&chain[0])? else {
            return None;
        };
        let dotted = &self.scopes[scope].dotted;
        let longest = (2..=chain.len()).rev().find(|length| dotted.contains(&chain[..*length].join(".")))?;
        if longest < chain.len() {
            // The attribute is a member of something that is looked at by itself.
            return None;
        }
        let specifier = chain.join(".");
        let span = (root.0, at(attribute).1);
        let import = self.add_import(&specifier, span);
        Some(self.add(span, Expr::Import(import)))
    }
}

/// The names of `a.b.c`, and the place of the first.
fn chain(attribute: &ast::ExprAttribute) -> Option<(Vec<String>, At)> {
    let mut names = vec![attribute.attr.to_string()];
    let mut value = &*attribute.value;
    loop {
        match value {
            ast::Expr::Attribute(inner) if names.len() < 16 => {
                names.push(inner.attr.to_string());
                value = &inner.value;
            }
            ast::Expr::Name(name) => {
                names.push(name.id.to_string());
                names.reverse();
                return Some((names, at(name)));
            }
            _ => return None,
        }
    }
}
