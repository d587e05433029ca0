//! Which names a module, function, class or comprehension binds: a name belongs to the whole body that binds it.

use ruff_python_ast::{self as ast, ExceptHandler, Pattern, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};

use super::function::is_overload;
use super::lower::{At, Lower, at, bytes};
use crate::ir::{ClassId, FuncId, ImportId, Imported, LocalId, Name};

/// How deep blocks are searched for names.
const DEPTH: usize = 100;

/// What kind of body a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    /// A file.
    Module,
    /// A function or lambda.
    Function,
    /// A comprehension: its variables are variables of the function around.
    Comprehension,
    /// A class. Functions in it do not see its names.
    Class(ClassId),
}

/// The names of one body.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: ScopeKind,
    /// The function whose variables they are.
    pub(super) func: FuncId,
    pub(super) names: FxHashMap<String, Bound>,
    /// Names in the order in which they are first bound.
    pub(super) order: Vec<String>,
    /// The modules that `import a.b` makes reachable under `a`.
    pub(super) dotted: Vec<String>,
    /// Names that `global` or `nonlocal` gives away, and whether to the module.
    pub(super) outside: FxHashMap<String, bool>,
    /// Names that the body binds once.
    single: FxHashSet<String>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// A variable.
    Local(LocalId),
    /// Nothing but what an import gives.
    Import(ImportId),
    /// A member of the class whose body binds it.
    Member,
}

/// How a body binds a name.
#[derive(Debug)]
struct Binding {
    at: At,
    count: usize,
    import: Option<String>,
}

#[derive(Default)]
struct Names {
    bindings: FxHashMap<String, Binding>,
    order: Vec<String>,
    dotted: Vec<String>,
    outside: FxHashMap<String, bool>,
    depth: usize,
}

impl Lower {
    /// Opens the scope of a body: each of its names is one variable wherever it stands, unless an import alone binds it.
    /// Parameters are variables that exist already.
    pub(super) fn open_scope(&mut self, kind: ScopeKind, body: &[Stmt], params: &[(String, LocalId)]) {
        let mut names = Names::default();
        names.block(body);
        let mut scope = Scope {
            kind,
            func: self.func,
            names: params.iter().map(|(name, local)| (name.clone(), Bound::Local(*local))).collect(),
            order: Vec::new(),
            dotted: names.dotted,
            outside: names.outside,
            single: FxHashSet::default(),
        };
        for name in names.order {
            if scope.outside.contains_key(&name) || scope.names.contains_key(&name) {
                continue;
            }
            let binding = &names.bindings[&name];
            let bound = match (&binding.import, kind) {
                (Some(specifier), _) if binding.count == 1 => Bound::Import(self.add_import(specifier, binding.at)),
                (_, ScopeKind::Class(_)) => Bound::Member,
                _ => Bound::Local(self.build.local(name.as_str(), self.func, binding.at)),
            };
            if binding.count == 1 {
                scope.single.insert(name.clone());
            }
            scope.names.insert(name.clone(), bound);
            scope.order.push(name);
        }
        self.scopes.push(scope);
    }

    /// Opens the scope of a comprehension, whose variables are declared as they come.
    pub(super) fn open_inner_scope(&mut self) {
        self.scopes.push(Scope {
            kind: ScopeKind::Comprehension,
            func: self.func,
            names: FxHashMap::default(),
            order: Vec::new(),
            dotted: Vec::new(),
            outside: FxHashMap::default(),
            single: FxHashSet::default(),
        });
    }

    /// Adds an import of all that a specifier names.
    pub(super) fn add_import(&mut self, specifier: &str, at: At) -> ImportId {
        self.build.import(crate::ir::Import { specifier: specifier.into(), name: Imported::All, at })
    }

    /// Whether the innermost body binds a name once, so that it always holds what is bound there.
    pub(super) fn is_single(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.single.contains(name))
    }
}

/// The specifier of `from module import name`: the module with its dots, then the name.
pub(super) fn specifier(level: u32, module: Option<&str>, name: &str) -> Name {
    let dots = ".".repeat(level as usize);
    match module {
        Some(module) => format!("{dots}{module}.{name}").into(),
        None => format!("{dots}{name}").into(),
    }
}

impl Names {
    fn bind(&mut self, name: &str, at: At, import: Option<String>) {
        match self.bindings.get_mut(name) {
            // `import a.b` and `import a.c` both bind `a`.
            Some(binding) if import.is_some() && binding.import == import => {}
            Some(binding) => binding.count += 1,
            None => {
                self.order.push(name.to_owned());
                self.bindings.insert(name.to_owned(), Binding { at, count: 1, import });
            }
        }
    }

    fn ident(&mut self, ident: &ast::Identifier) {
        self.bind(ident.as_str(), at(ident), None);
    }

    fn block(&mut self, body: &[Stmt]) {
        if self.depth < DEPTH {
            self.depth += 1;
            body.iter().for_each(|stmt| self.stmt(stmt));
            self.depth -= 1;
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(def) if is_overload(&def.decorator_list) => {}
            Stmt::FunctionDef(def) => self.ident(&def.name),
            Stmt::ClassDef(def) => self.ident(&def.name),
            Stmt::Assign(assign) => assign.targets.iter().for_each(|target| self.target(target)),
            Stmt::AnnAssign(assign) => self.target(&assign.target),
            Stmt::AugAssign(assign) => self.target(&assign.target),
            Stmt::TypeAlias(alias) => self.target(&alias.name),
            Stmt::Delete(_) => {}
            Stmt::Import(import) => import.names.iter().for_each(|alias| self.import(alias)),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Global(global) => {
                self.outside.extend(global.names.iter().map(|name| (name.to_string(), true)));
            }
            Stmt::Nonlocal(nonlocal) => {
                self.outside.extend(nonlocal.names.iter().map(|name| (name.to_string(), false)));
            }
            Stmt::If(stmt) => {
                self.block(&stmt.body);
                if !super::control::is_type_checking(&stmt.test) {
                    stmt.elif_else_clauses.iter().for_each(|clause| self.block(&clause.body));
                }
            }
            Stmt::For(stmt) => {
                self.target(&stmt.target);
                self.block(&stmt.body);
                self.block(&stmt.orelse);
            }
            Stmt::While(stmt) => {
                self.block(&stmt.body);
                self.block(&stmt.orelse);
            }
            Stmt::With(stmt) => {
                stmt.items.iter().filter_map(|item| item.optional_vars.as_deref()).for_each(|it| self.target(it));
                self.block(&stmt.body);
            }
            Stmt::Try(stmt) => self.try_stmt(stmt),
            Stmt::Match(stmt) => {
                for case in &stmt.cases {
                    self.pattern(&case.pattern);
                    self.block(&case.body);
                }
            }
            _ => {}
        }
    }

    fn try_stmt(&mut self, stmt: &ast::StmtTry) {
        self.block(&stmt.body);
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            handler.name.iter().for_each(|name| self.ident(name));
            self.block(&handler.body);
        }
        self.block(&stmt.orelse);
        self.block(&stmt.finalbody);
    }

    fn import(&mut self, alias: &ast::Alias) {
        let module = alias.name.as_str();
        if let Some(name) = &alias.asname {
            return self.bind(name.as_str(), at(alias), Some(module.to_owned()));
        }
        let first = module.split('.').next().unwrap_or(module);
        if first.len() < module.len() {
            self.dotted.push(module.to_owned());
        }
        self.bind(first, at(alias), Some(first.to_owned()));
    }

    fn import_from(&mut self, import: &ast::StmtImportFrom) {
        let module = import.module.as_ref().map(|module| module.as_str());
        for alias in import.names.iter().filter(|alias| alias.name.as_str() != "*") {
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            let specifier = specifier(import.level, module, alias.name.as_str());
            self.bind(name.as_str(), at(alias), Some(specifier.to_string()));
        }
    }

    fn target(&mut self, target: &ast::Expr) {
        if self.depth >= DEPTH {
            return;
        }
        self.depth += 1;
        match target {
            ast::Expr::Name(name) => self.bind(name.id.as_str(), bytes(name.range), None),
            ast::Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.target(target)),
            ast::Expr::List(list) => list.elts.iter().for_each(|target| self.target(target)),
            ast::Expr::Starred(starred) => self.target(&starred.value),
            _ => {}
        }
        self.depth -= 1;
    }

    fn pattern(&mut self, pattern: &Pattern) {
        if self.depth >= DEPTH {
            return;
        }
        self.depth += 1;
        match pattern {
            Pattern::MatchSequence(sequence) => sequence.patterns.iter().for_each(|it| self.pattern(it)),
            Pattern::MatchMapping(mapping) => {
                mapping.patterns.iter().for_each(|it| self.pattern(it));
                mapping.rest.iter().for_each(|name| self.ident(name));
            }
            Pattern::MatchClass(class) => {
                class.arguments.patterns.iter().for_each(|it| self.pattern(it));
                class.arguments.keywords.iter().for_each(|it| self.pattern(&it.pattern));
            }
            Pattern::MatchStar(star) => star.name.iter().for_each(|name| self.ident(name)),
            Pattern::MatchAs(inner) => {
                inner.pattern.iter().for_each(|it| self.pattern(it));
                inner.name.iter().for_each(|name| self.ident(name));
            }
            Pattern::MatchOr(or) => or.patterns.iter().for_each(|it| self.pattern(it)),
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        }
        self.depth -= 1;
    }
}
