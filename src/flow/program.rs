//! The program: modules with imports joined to exports, lowered when they are first asked for.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::generic;
use super::index::ModuleIndex;
use super::kept;
use super::model::{Models, Op};
use super::value::{ClassRef, TypeRef};
use super::{Path, Root, Step, Targets};
use crate::ir::build::Builder;
use crate::ir::{Expr, ExprId, FuncId, Import, ImportId, Imported, Module, Name, Type, TypeId};
use crate::lang::{self, FileIndex, Resolve, Target};
use crate::source::{FileId, Sources};

/// A module with what is looked up in it often.
#[derive(Debug)]
pub struct Linked {
    /// The module.
    pub module: Module,
    /// What its functions mention and write.
    pub(super) index: ModuleIndex,
    imports: Vec<OnceLock<Target>>,
}

/// Functions that stand for calls of something outside the project, with the way to each from their file.
type Wrappers = FxHashMap<FuncId, Vec<Name>>;

/// The modules of a project, and what to look for in them.
pub struct Program<'a> {
    pub(super) sources: &'a Sources,
    pub(super) targets: &'a Targets,
    pub(super) shared: Arc<Shared>,
    /// The wrappers of the files that have any.
    wrappers: FxHashMap<FileId, OnceLock<Wrappers>>,
}

/// What does not depend on what is looked for.
pub(super) struct Shared {
    modules: Vec<OnceLock<Option<Box<Linked>>>>,
    resolvers: Vec<(&'static str, Box<dyn Resolve>)>,
    models: FxHashMap<&'static str, Models>,
    /// The names of functions that provide a value under a key, and of those that ask for one.
    pub(super) suppliers: BTreeSet<Name>,
    pub(super) takers: BTreeSet<Name>,
}

/// What an imported or exported name stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    /// An expression of a module, then fields of it.
    Value(FileId, ExprId, Vec<Name>),
    /// A whole module.
    Namespace(FileId),
    /// A package, then members of it.
    Package(Name, Vec<Name>),
    Nowhere,
}

/// What a type's name stands for.
#[derive(Clone, Debug)]
pub(super) enum Named {
    Class(ClassRef),
    Extern(Path),
    /// A value's class cannot be named by this expression.
    Other,
}

impl<'a> Program<'a> {
    /// A program of these sources; nothing is lowered yet.
    pub fn new(
        sources: &'a Sources,
        index: &Arc<FileIndex>,
        targets: &'a Targets,
        models: impl Fn(&str) -> Models,
    ) -> Program<'a> {
        let resolvers = lang::sections().map(|language| (language.name(), language.resolver(index.clone()))).collect();
        let models: FxHashMap<_, Models> =
            lang::sections().map(|language| (language.name(), models(language.name()))).collect();
        let named = |op| models.values().flat_map(|models| models.last_names(op)).collect();
        let (suppliers, takers) = (named(Op::Supply), named(Op::Inject));
        let modules = sources.ids().map(|_| OnceLock::new()).collect();
        let shared = Arc::new(Shared { modules, resolvers, models, suppliers, takers });
        Program { sources, targets, shared, wrappers: wrapped(sources, targets) }
    }

    /// The same program, in which something else is looked for: what was lowered stays so.
    pub fn looking_for(&self, targets: &'a Targets) -> Program<'a> {
        let (sources, shared) = (self.sources, Arc::clone(&self.shared));
        Program { sources, targets, shared, wrappers: wrapped(sources, targets) }
    }

    /// The functions of a module that stand for calls of something outside the project.
    pub(super) fn wrappers(&self, linked: &Linked) -> Option<&Wrappers> {
        let cell = self.wrappers.get(&linked.module.file)?;
        let path = &*self.sources.get(linked.module.file).path;
        let names = self.targets.wrappers.get(path);
        Some(cell.get_or_init(|| names.map(|names| declared(&linked.module, names)).unwrap_or_default()))
    }

    /// The module of a file, lowered now if it was not; none for a file of no language.
    pub fn module(&self, file: FileId) -> Option<&Linked> {
        let cell = self.shared.modules.get(file.0 as usize)?;
        let linked = cell.get_or_init(|| {
            let source = self.sources.get(file);
            let language = lang::of_path(&source.path)?;
            // A front end that fails on one file must not take the others with it.
            let lower = || language.lower(file, &source.path, &source.text);
            let mut module = catch_unwind(AssertUnwindSafe(lower)).unwrap_or_else(|_| {
                let mut builder = Builder::new(file, language.name(), source.text.len());
                builder.problem((0, 0), "the program failed while it read this file; what it shares is not known");
                builder.finish()
            });
            let resolver = self.resolver(language.name());
            let resolve = |import: &Import| resolver.resolve(file, &import.specifier);
            let models = self.models(language.name());
            generic::apply(&mut module, &models.generics, resolve);
            kept::apply(&mut module, &models.keepers);
            let index = ModuleIndex::new(&module, &self.shared.suppliers, &models.keepers);
            let imports = module.imports.iter().map(|_| OnceLock::new()).collect();
            Some(Box::new(Linked { index, module, imports }))
        });
        linked.as_deref()
    }

    fn resolver(&self, language: &str) -> &dyn Resolve {
        let resolver = self.shared.resolvers.iter().find(|(name, _)| *name == language);
        let (_, resolver) = resolver.expect("a module's language is one of the table's");
        &**resolver
    }

    /// Every module that was lowered, in the order of the files.
    pub fn lowered(&self) -> impl Iterator<Item = &Linked> {
        self.shared.modules.iter().filter_map(|cell| cell.get()?.as_deref())
    }

    pub(super) fn models(&self, language: &str) -> &Models {
        &self.shared.models[language]
    }

    fn target<'b>(&self, linked: &'b Linked, import: ImportId) -> &'b Target {
        linked.imports[import.0 as usize].get_or_init(|| {
            self.resolver(linked.module.language).resolve(linked.module.file, &linked.module.import(import).specifier)
        })
    }

    /// The file of the project that an import leads to, without lowering it.
    pub(super) fn import_file(&self, linked: &Linked, import: ImportId) -> Option<FileId> {
        match self.target(linked, import) {
            Target::Module(file, _) => Some(*file),
            Target::Package(..) | Target::Nowhere => None,
        }
    }

    /// The package that an import leads to.
    pub(super) fn import_package(&self, linked: &Linked, import: ImportId) -> Option<Name> {
        match self.target(linked, import) {
            Target::Package(package, _) => Some(package.clone()),
            Target::Module(..) | Target::Nowhere => None,
        }
    }

    /// What an import stands for.
    pub(super) fn import(&self, linked: &Linked, import: ImportId) -> Binding {
        let imported = &linked.module.import(import).name;
        match self.target(linked, import) {
            Target::Module(file, rest) => {
                let mut names = rest.clone();
                if let Imported::Named(name) = imported {
                    names.push(name.clone());
                }
                self.lookup(*file, &names, &mut FxHashSet::default())
            }
            Target::Package(package, rest) => {
                let mut names = rest.clone();
                if let Imported::Named(name) = imported
                    && &**name != "default"
                {
                    names.push(name.clone());
                }
                Binding::Package(package.clone(), names)
            }
            Target::Nowhere => Binding::Nowhere,
        }
    }

    /// What a path that a module computes imports.
    pub(super) fn import_path(&self, linked: &Linked, path: &str) -> Binding {
        let language = linked.module.language;
        let resolver = self.shared.resolvers.iter().find(|(name, _)| *name == language);
        match resolver.map(|(_, resolver)| resolver.resolve(linked.module.file, path)) {
            Some(Target::Module(file, names)) => self.lookup(file, &names, &mut FxHashSet::default()),
            Some(Target::Package(package, names)) => Binding::Package(package, names),
            Some(Target::Nowhere) | None => Binding::Nowhere,
        }
    }

    /// What `names`, one inside the other, stand for in the module of a file.
    pub(super) fn lookup(&self, file: FileId, names: &[Name], seen: &mut FxHashSet<(FileId, Name)>) -> Binding {
        let Some(first) = names.first() else {
            return Binding::Namespace(file);
        };
        if !seen.insert((file, first.clone())) {
            return Binding::Nowhere;
        }
        let Some(linked) = self.module(file) else {
            return Binding::Nowhere;
        };
        let module = &linked.module;
        for length in (1..=names.len()).rev() {
            let joined = names[..length].join(".");
            if let Some(export) = module.exports.iter().find(|export| *export.name == *joined) {
                return self.follow(linked, export.value, &names[length..], seen);
            }
        }
        for star in &module.stars {
            if let Target::Module(target, rest) = self.target(linked, *star) {
                let names: Vec<Name> = rest.iter().chain(names).cloned().collect();
                let found = self.lookup(*target, &names, seen);
                if !matches!(found, Binding::Nowhere) {
                    return found;
                }
            }
        }
        match module.exports.iter().find(|export| &*export.name == "=") {
            Some(whole) if &**first == "default" => self.follow(linked, whole.value, &names[1..], seen),
            Some(whole) => self.follow(linked, whole.value, names, seen),
            None if &**first == "default" && names.len() == 1 => Binding::Namespace(file),
            None => Binding::Nowhere,
        }
    }

    /// Goes through an export that is itself an import.
    fn follow(&self, linked: &Linked, value: ExprId, rest: &[Name], seen: &mut FxHashSet<(FileId, Name)>) -> Binding {
        let Expr::Import(import) = linked.module.expr(value) else {
            return Binding::Value(linked.module.file, value, rest.to_vec());
        };
        let imported = match &linked.module.import(*import).name {
            Imported::Named(name) => Some(name.clone()),
            Imported::All => None,
        };
        match self.target(linked, *import) {
            Target::Module(file, names) => {
                let names: Vec<Name> = names.iter().cloned().chain(imported).chain(rest.iter().cloned()).collect();
                self.lookup(*file, &names, seen)
            }
            Target::Package(package, names) => {
                let imported = imported.filter(|name| &**name != "default");
                let names = names.iter().cloned().chain(imported).chain(rest.iter().cloned()).collect();
                Binding::Package(package.clone(), names)
            }
            Target::Nowhere => Binding::Nowhere,
        }
    }

    /// The class, or the path out of the project, that an expression names.
    pub(super) fn named(&self, linked: &Linked, expr: ExprId) -> Named {
        self.named_within(linked, expr, 0)
    }

    fn named_within(&self, linked: &Linked, expr: ExprId, depth: usize) -> Named {
        let module = &linked.module;
        if depth > 16 {
            return Named::Other;
        }
        match module.expr(expr) {
            Expr::Class(class) => Named::Class(ClassRef { file: module.file, class: *class }),
            Expr::Local(local) => match module.local(*local).constant {
                Some(constant) => self.named_within(linked, constant, depth + 1),
                None => Named::Other,
            },
            Expr::Import(import) => self.named_binding(self.import(linked, *import), depth),
            Expr::Global(name) => Named::Extern(Path { root: Root::Global(name.clone()), steps: Vec::new() }),
            Expr::Field(base, name) => match module.expr(*base) {
                Expr::Import(import) => match self.import(linked, *import) {
                    Binding::Namespace(file) => {
                        let found = self.lookup(file, std::slice::from_ref(name), &mut FxHashSet::default());
                        self.named_binding(found, depth)
                    }
                    binding => extend(self.named_binding(binding, depth), name),
                },
                _ => extend(self.named_within(linked, *base, depth + 1), name),
            },
            _ => Named::Other,
        }
    }

    fn named_binding(&self, binding: Binding, depth: usize) -> Named {
        match binding {
            Binding::Value(file, expr, rest) if rest.is_empty() => match self.module(file) {
                Some(linked) => self.named_within(linked, expr, depth + 1),
                None => Named::Other,
            },
            Binding::Package(package, names) => {
                let steps = names.into_iter().map(Step::Member).collect();
                Named::Extern(Path { root: Root::Package(package), steps })
            }
            Binding::Value(..) | Binding::Namespace(_) | Binding::Nowhere => Named::Other,
        }
    }

    /// The class that a declared type names directly.
    pub(super) fn class_of(&self, linked: &Linked, ty: TypeId) -> Option<ClassRef> {
        match linked.module.ty(ty) {
            Type::Named(expr, _) => match self.named(linked, *expr) {
                Named::Class(class) => Some(class),
                Named::Extern(_) | Named::Other => None,
            },
            _ => None,
        }
    }

    /// A type of a module, with nothing known of the generic parameters around it.
    pub(super) fn type_ref(&self, file: FileId, ty: TypeId) -> TypeRef {
        TypeRef { file, ty, generics: None }
    }

    /// A type mentioned inside another: the same generic parameters apply.
    pub(super) fn type_within(&self, outer: &TypeRef, ty: TypeId) -> TypeRef {
        TypeRef { file: outer.file, ty, generics: outer.generics.clone() }
    }

    /// What the generic parameters of a class stand for, given the arguments of the type that names it.
    pub(super) fn generics(
        &self,
        class: ClassRef,
        args: &[TypeId],
        outer: &TypeRef,
    ) -> Option<Rc<Vec<(Name, TypeRef)>>> {
        let linked = self.module(class.file)?;
        let names = &linked.module.class(class.class).generics;
        if names.is_empty() || args.is_empty() {
            return None;
        }
        let pairs = names.iter().cloned().zip(args.iter().map(|arg| self.type_within(outer, *arg)));
        Some(Rc::new(pairs.collect()))
    }
}

fn extend(named: Named, name: &Name) -> Named {
    match named {
        Named::Extern(mut path) => {
            path.steps.push(Step::Member(name.clone()));
            Named::Extern(path)
        }
        Named::Class(_) | Named::Other => Named::Other,
    }
}

impl std::fmt::Debug for Program<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Program").field("files", &self.shared.modules.len()).finish_non_exhaustive()
    }
}

/// The files that have wrappers.
fn wrapped(sources: &Sources, targets: &Targets) -> FxHashMap<FileId, OnceLock<Wrappers>> {
    let is_one = |file: &FileId| targets.wrappers.contains_key(&*sources.get(*file).path);
    let files = sources.ids().filter(|_| !targets.wrappers.is_empty()).filter(is_one);
    files.map(|file| (file, OnceLock::new())).collect()
}

/// The functions of a module that have one of these names: `track`, or `Class.method`. A function is also known by the
/// names that it is exported by.
fn declared(module: &Module, names: &BTreeSet<Name>) -> FxHashMap<FuncId, Vec<Name>> {
    let mut found = FxHashMap::default();
    for (id, function) in module.functions.iter().enumerate() {
        let full = match function.class {
            Some(class) => format!("{}.{}", module.class(class).name, function.name),
            None => function.name.to_string(),
        };
        if function.parent == Some(FuncId::BODY) && names.contains(&*full) {
            found.insert(FuncId(id as u32), full.split('.').map(Name::from).collect());
        }
    }
    for export in module.exports.iter().filter(|export| names.contains(&export.name)) {
        let value = match module.expr(export.value) {
            Expr::Local(local) => module.local(*local).constant.map_or(export.value, |constant| constant),
            _ => export.value,
        };
        if let Expr::Function(func) = module.expr(value) {
            found.insert(*func, export.name.split('.').map(Name::from).collect());
        }
    }
    found
}
