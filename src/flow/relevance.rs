//! What has to be lowered and evaluated: files that name a vendor, then those that name what leads to one, until
//! nothing is left open.

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Outbound;
use super::context::PROVIDER;
use super::eval::Eval;
use super::index::stem;
use super::needle::Needles;
use super::program::{Linked, Program};
use super::value::{ClassRef, Closure, Kind};
use crate::ir::{ClassId, Expr, ExprId, FuncId, Name, Type, TypeId};
use crate::lang;
use crate::source::{FileId, Problem, Span};

/// How often the search may widen; wrappers of wrappers are seldom more than three deep.
const MOST_ROUNDS: usize = 10;
/// Names shorter than this say nothing about the file that has them.
const SHORTEST_NEEDLE: usize = 3;

/// An `impl` or extension of a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExtensionRef {
    pub(super) file: FileId,
    pub(super) index: usize,
}

/// What one round knows before it starts: the same for every unit that is evaluated in it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    active: FxHashSet<FileId>,
    warm: FxHashSet<(FileId, FuncId)>,
    /// Functions that leave a payload open to their callers.
    pub(super) open: FxHashSet<(FileId, FuncId)>,
    /// The names of what was found to lead to a vendor.
    pub(super) names: FxHashSet<Name>,
    /// Classes with such a method.
    pub(super) open_classes: FxHashSet<ClassRef>,
    extensions: FxHashMap<ClassRef, Vec<ExtensionRef>>,
    implementers: FxHashMap<ClassRef, Vec<ClassRef>>,
    /// Units that may provide a context.
    pub(super) providers: Vec<(FileId, FuncId)>,
    hosts: Option<AhoCorasick>,
}

impl Plan {
    /// Whether the file was found to matter.
    pub(super) fn active(&self, file: FileId) -> bool {
        self.active.contains(&file)
    }

    /// Whether a call of this unit may lead to a vendor.
    pub(super) fn warm(&self, file: FileId, unit: FuncId) -> bool {
        self.warm.contains(&(file, unit))
    }

    /// Whether a text names a vendor's host.
    pub(super) fn names_host(&self, text: &str) -> bool {
        text.len() > 3 && self.hosts.as_ref().is_some_and(|hosts| hosts.is_match(text))
    }

    pub(super) fn extensions(&self, class: ClassRef) -> &[ExtensionRef] {
        self.extensions.get(&class).map(Vec::as_slice).unwrap_or_default()
    }

    /// The classes that extend or implement a class.
    pub(super) fn implementers(&self, class: ClassRef) -> Vec<ClassRef> {
        self.implementers.get(&class).cloned().unwrap_or_default()
    }
}

/// What evaluating one unit found.
struct Found {
    outbounds: Vec<Outbound>,
    open: FxHashSet<(FileId, FuncId)>,
    called: FxHashSet<(FileId, FuncId)>,
    /// The names under which the unit gives others something that leads to a vendor.
    provides: Vec<Name>,
    cut: Option<Span>,
}

/// Everything that leaves the project, in a fixed order, and what a limit cut off.
pub(super) fn search(program: &Program, every_file: bool) -> (Vec<Outbound>, Vec<Problem>) {
    let mut search = Search::new(program, every_file);
    let seeds = search.seed_files();
    search.lower(seeds);
    let mut units = search.seed_units();
    for _ in 0..MOST_ROUNDS {
        if units.is_empty() {
            break;
        }
        let opened = search.round(&units);
        units = search.widen(&opened);
    }
    search.finish()
}

struct Search<'p> {
    program: &'p Program<'p>,
    every_file: bool,
    plan: Plan,
    results: FxHashMap<(FileId, FuncId), Found>,
    /// Names that were found to lead to a vendor, by the file that has them.
    known: FxHashSet<(FileId, Name)>,
}

impl<'p> Search<'p> {
    fn new(program: &'p Program<'p>, every_file: bool) -> Search<'p> {
        let hosts = program.targets.hosts.iter().map(|host| host.trim_start_matches("*."));
        let hosts = AhoCorasick::builder().ascii_case_insensitive(true).build(hosts).ok();
        let plan = Plan { hosts, ..Plan::default() };
        Search { program, every_file, plan, results: FxHashMap::default(), known: FxHashSet::default() }
    }

    /// The files that name a vendor's package, global or host.
    fn seed_files(&self) -> Vec<FileId> {
        if self.every_file {
            return self.program.sources.ids().collect();
        }
        let by_language = &self.program.targets.needles;
        let texts = by_language
            .iter()
            .enumerate()
            .flat_map(|(owner, (_, texts))| texts.iter().map(move |text| (&**text, owner)));
        let hits = Needles::new(texts).map(|needles| needles.hits(self.program.sources)).unwrap_or_default();
        let languages: Vec<&str> = by_language.iter().map(|(language, _)| *language).collect();
        let own = |(file, owners): &(FileId, Vec<usize>)| {
            let language = lang::of_path(&self.program.sources.get(*file).path).map(|language| language.name());
            owners.iter().any(|owner| Some(languages[*owner]) == language)
        };
        hits.into_iter().filter(own).map(|(file, _)| file).collect()
    }

    /// The units that name a vendor's package, global or host themselves, with those of the same class.
    fn seed_units(&self) -> Vec<(FileId, FuncId)> {
        let mut units = Vec::new();
        for file in self.active() {
            let Some(linked) = self.program.module(file) else { continue };
            // A name that only a type mentions may be the class of any parameter or field.
            if self.types_name_vendor(linked) {
                units.extend(linked.index.units.iter().map(|unit| (file, *unit)));
                continue;
            }
            let seeds: Vec<FuncId> =
                linked.index.units.iter().copied().filter(|unit| self.names_vendor(linked, *unit)).collect();
            let classes: FxHashSet<ClassId> =
                seeds.iter().filter_map(|unit| linked.module.function(*unit).class).collect();
            let related = |unit: &FuncId| {
                seeds.contains(unit)
                    || linked.module.function(*unit).class.is_some_and(|class| classes.contains(&class))
            };
            units.extend(linked.index.units.iter().filter(|unit| related(unit)).map(|unit| (file, *unit)));
        }
        units
    }

    fn names_vendor(&self, linked: &Linked, unit: FuncId) -> bool {
        let targets = self.program.targets;
        let imports = linked.index.imports.get(&unit).into_iter().flatten();
        let package = |name: Option<Name>| name.is_some_and(|name| targets.packages.contains(&name));
        imports.into_iter().any(|import| package(self.program.import_package(linked, *import)))
            || linked.index.globals.get(&unit).into_iter().flatten().any(|name| targets.globals.contains(name))
            || linked.index.texts.get(&unit).into_iter().flatten().any(|text| self.plan.names_host(text))
    }

    fn types_name_vendor(&self, linked: &Linked) -> bool {
        let module = &linked.module;
        let names = module.types.iter().filter_map(|ty| match ty {
            Type::Named(expr, _) => Some(*expr),
            _ => None,
        });
        let mut names = names.filter_map(|expr| root_import(linked, expr));
        names.any(|import| {
            let package = self.program.import_package(linked, import);
            package.is_some_and(|package| self.program.targets.packages.contains(&package))
        })
    }

    /// Lowers files and makes them part of the plan.
    fn lower(&mut self, files: Vec<FileId>) {
        let program = self.program;
        let lowered: Vec<FileId> = files.into_par_iter().filter(|file| program.module(*file).is_some()).collect();
        for file in lowered {
            if self.plan.active.insert(file) {
                self.relate_classes(file);
            }
        }
    }

    /// Notes which classes the types of a file extend, implement or add methods to.
    fn relate_classes(&mut self, file: FileId) {
        let program = self.program;
        let linked = program.module(file).expect("active files are lowered");
        let mentions = |unit: &FuncId| linked.index.mentions.get(unit);
        let provides = |unit: &FuncId| mentions(unit).is_some_and(|names| names.contains(PROVIDER));
        let providers = linked.index.units.iter().copied().filter(provides);
        self.plan.providers.extend(providers.map(|unit| (file, unit)));
        for (index, extension) in linked.module.extensions.iter().enumerate() {
            if let Some(class) = program.class_of(linked, extension.of) {
                self.plan.extensions.entry(class).or_default().push(ExtensionRef { file, index });
                for base in &extension.bases {
                    self.add_implementer(linked, *base, class);
                }
            }
        }
        for (index, class) in linked.module.classes.iter().enumerate() {
            let implementer = ClassRef { file, class: ClassId(index as u32) };
            for base in &class.bases {
                self.add_implementer(linked, *base, implementer);
            }
        }
    }

    fn add_implementer(&mut self, linked: &Linked, base: TypeId, implementer: ClassRef) {
        if let Some(base) = self.program.class_of(linked, base)
            && base != implementer
        {
            let all = self.plan.implementers.entry(base).or_default();
            if !all.contains(&implementer) {
                all.push(implementer);
            }
        }
    }

    fn active(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.plan.active.iter().copied().collect();
        files.sort_unstable();
        files
    }

    /// Evaluates units and returns the names that were found to lead to a vendor for the first time, by file.
    fn round(&mut self, units: &[(FileId, FuncId)]) -> Vec<(FileId, FxHashSet<Name>)> {
        self.plan.warm.extend(units.iter().copied());
        let (program, plan) = (self.program, &self.plan);
        let found: Vec<Found> = units.par_iter().map(|unit| evaluate(program, plan, *unit)).collect();
        let mut opened: FxHashMap<FileId, FxHashSet<Name>> = FxHashMap::default();
        for (unit, found) in units.iter().zip(found) {
            for function in &found.open {
                self.plan.open.insert(*function);
                for name in self.names_of(*function) {
                    opened.entry(function.0).or_default().insert(name);
                }
            }
            for name in &found.provides {
                opened.entry(unit.0).or_default().insert(name.clone());
            }
            self.results.insert(*unit, found);
        }
        for (file, names) in &mut opened {
            names.retain(|name| self.known.insert((*file, name.clone())));
        }
        self.plan.names.extend(opened.values().flatten().cloned());
        let mut opened: Vec<_> = opened.into_iter().filter(|(_, names)| !names.is_empty()).collect();
        opened.sort_unstable_by_key(|(file, _)| *file);
        opened
    }

    /// The names with which others reach a function: its own, and those of what is around it.
    fn names_of(&mut self, (file, func): (FileId, FuncId)) -> Vec<Name> {
        let linked = self.program.module(file).expect("evaluated functions are lowered");
        let mut names = Vec::new();
        let mut at = Some(func);
        while let Some(func) = at {
            let function = linked.module.function(func);
            if let Some(class) = function.class {
                self.plan.open_classes.insert(ClassRef { file, class });
                let declared = linked.module.class(class);
                if &*function.name == "constructor" || function.name.is_empty() || declared.init == Some(func) {
                    names.push(declared.name.clone());
                }
            }
            names.push(function.name.clone());
            at = function.parent.filter(|parent| *parent != FuncId::BODY);
        }
        names.retain(|name| !name.is_empty());
        for export in &linked.module.exports {
            if let Expr::Local(local) = linked.module.expr(export.value)
                && names.contains(&linked.module.local(*local).name)
            {
                names.push(export.name.clone());
            }
        }
        names
    }

    /// The units that use what was opened, after lowering the files they stand in.
    fn widen(&mut self, opened: &[(FileId, FxHashSet<Name>)]) -> Vec<(FileId, FuncId)> {
        let hits = self.users(opened);
        let fresh = hits.iter().map(|(file, _)| *file).filter(|file| !self.plan.active.contains(file)).collect();
        self.lower(fresh);
        let reached: Vec<FxHashSet<FileId>> = opened.iter().map(|(file, _)| self.passed_on(*file)).collect();
        let mut units = FxHashSet::default();
        for (user, owners) in hits {
            let Some(linked) = self.program.module(user).filter(|_| self.plan.active.contains(&user)) else { continue };
            for owner in owners {
                let (file, names) = &opened[owner];
                if user != *file && !self.imports_any(linked, &reached[owner]) {
                    continue;
                }
                let all = linked.index.units.iter().copied();
                let mut used: FxHashSet<FuncId> =
                    all.clone().filter(|unit| self.uses(linked, *unit, &reached[owner], names)).collect();
                // What fills a field of a class leads there through every method that reads the field.
                let classes: FxHashSet<ClassId> = (0..linked.module.classes.len() as u32)
                    .map(ClassId)
                    .filter(|class| fills_with(linked, *class, &used, names))
                    .collect();
                let class_of = |unit: &FuncId| linked.module.function(*unit).class;
                used.extend(all.filter(|unit| class_of(unit).is_some_and(|class| classes.contains(&class))));
                units.extend(used.into_iter().map(|unit| (user, unit)));
            }
        }
        let mut units: Vec<(FileId, FuncId)> = units.into_iter().collect();
        units.sort_unstable();
        units
    }

    /// The files that may use each of the opened modules, by its position: those that have a word for it.
    fn users(&self, opened: &[(FileId, FxHashSet<Name>)]) -> Vec<(FileId, Vec<usize>)> {
        if self.every_file {
            return self.program.sources.ids().map(|file| (file, (0..opened.len()).collect())).collect();
        }
        let mut texts: Vec<(Name, usize)> = Vec::new();
        for (owner, (file, _)) in opened.iter().enumerate() {
            texts.extend(self.needles(*file).into_iter().map(|needle| (needle, owner)));
        }
        let needles = Needles::new(texts.iter().map(|(text, owner)| (&**text, *owner)));
        let mut hits = needles.map(|needles| needles.hits(self.program.sources)).unwrap_or_default();
        for (owner, (file, _)) in opened.iter().enumerate() {
            match hits.binary_search_by_key(file, |(file, _)| *file) {
                Ok(at) if !hits[at].1.contains(&owner) => hits[at].1.push(owner),
                Ok(_) => {}
                Err(at) => hits.insert(at, (*file, vec![owner])),
            }
        }
        hits
    }

    /// The texts of which one must be in a file that uses what a module exports.
    fn needles(&self, file: FileId) -> Vec<Name> {
        let linked = self.program.module(file).expect("evaluated files are lowered");
        let path = path_stem(&self.program.sources.get(file).path);
        // What a module only passes on is not its own: who uses that need not use the module.
        let own =
            linked.module.exports.iter().filter(|export| !matches!(linked.module.expr(export.value), Expr::Import(_)));
        let names = own.map(|export| export.name.clone()).chain([Name::from(stem(&path))]);
        names.filter(|name| name.len() >= SHORTEST_NEEDLE && &**name != "default").collect()
    }

    /// A module and the active ones that export something of it again.
    fn passed_on(&self, file: FileId) -> FxHashSet<FileId> {
        let mut reached = FxHashSet::from_iter([file]);
        let active = self.active();
        loop {
            let before = reached.len();
            for candidate in &active {
                let Some(linked) = self.program.module(*candidate) else { continue };
                let exported = linked.module.exports.iter().filter_map(|export| root_import(linked, export.value));
                let mut passed = exported.chain(linked.module.stars.iter().copied());
                if !reached.contains(candidate)
                    && passed.any(|import| {
                        self.program.import_file(linked, import).is_some_and(|file| reached.contains(&file))
                    })
                {
                    reached.insert(*candidate);
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }

    fn imports_any(&self, linked: &Linked, files: &FxHashSet<FileId>) -> bool {
        let mut imports = (0..linked.module.imports.len() as u32).map(crate::ir::ImportId);
        imports.any(|import| self.program.import_file(linked, import).is_some_and(|file| files.contains(&file)))
    }

    /// Whether a unit mentions one of the names, or an import of one of the modules.
    fn uses(&self, linked: &Linked, unit: FuncId, files: &FxHashSet<FileId>, names: &FxHashSet<Name>) -> bool {
        let mentions = linked.index.mentions.get(&unit);
        if mentions.is_some_and(|mentions| names.iter().any(|name| mentions.contains(name))) {
            return true;
        }
        let mut imports = linked.index.imports.get(&unit).into_iter().flatten();
        imports.any(|import| {
            let renamed =
                matches!(&linked.module.import(*import).name, crate::ir::Imported::Named(name) if &**name == "default");
            renamed && self.program.import_file(linked, *import).is_some_and(|file| files.contains(&file))
        })
    }

    /// All that was found, sorted, with what is called elsewhere marked.
    fn finish(self) -> (Vec<Outbound>, Vec<Problem>) {
        let mut called = FxHashSet::default();
        let mut results: Vec<((FileId, FuncId), Found)> = self.results.into_iter().collect();
        results.sort_unstable_by_key(|(unit, _)| *unit);
        for (_, found) in &results {
            called.extend(found.called.iter().copied());
        }
        let mut outbounds: Vec<Outbound> = Vec::new();
        let mut problems = Vec::new();
        for (_, found) in results {
            for mut outbound in found.outbounds {
                outbound.called = outbound.outermost.iter().any(|function| called.contains(function));
                outbounds.push(outbound);
            }
            if let Some(span) = found.cut {
                let message = "the function around this is too large to be followed to its end".to_owned();
                problems.push(Problem { span, message });
            }
        }
        outbounds.sort_by(|a, b| a.chain.cmp(&b.chain).then(a.kind.cmp(&b.kind)));
        problems.sort();
        problems.dedup();
        (outbounds, problems)
    }
}

/// Whether the initial values of a class's fields use one of the names: the function that sets them is among `used`,
/// or a static field starts with a variable of that name.
fn fills_with(linked: &Linked, class: ClassId, used: &FxHashSet<FuncId>, names: &FxHashSet<Name>) -> bool {
    let module = &linked.module;
    let declared = module.class(class);
    let is_named = |value: &ExprId| match module.expr(*value) {
        Expr::Local(local) => names.contains(&module.local(*local).name),
        Expr::Import(import) => match &module.import(*import).name {
            crate::ir::Imported::Named(name) => names.contains(name),
            crate::ir::Imported::All => false,
        },
        _ => false,
    };
    declared.init.is_some_and(|init| used.contains(&init)) || declared.statics.iter().any(|(_, value)| is_named(value))
}

/// The import at the start of a chain of members.
fn root_import(linked: &Linked, expr: ExprId) -> Option<crate::ir::ImportId> {
    let mut at = expr;
    loop {
        match linked.module.expr(at) {
            Expr::Import(import) => return Some(*import),
            Expr::Field(base, _) => at = *base,
            _ => return None,
        }
    }
}

/// A path without its ending.
fn path_stem(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.split('.').next().unwrap_or(name);
    format!("{folder}/{name}")
}

/// Evaluates one unit with what its callers supply left open.
fn evaluate(program: &Program, plan: &Plan, unit: (FileId, FuncId)) -> Found {
    let (file, func) = unit;
    let mut eval = Eval::new(program, plan, unit);
    let linked = eval.linked(file);
    let provides = if func == FuncId::BODY {
        eval.run_body(linked);
        provided(&mut eval, linked)
    } else {
        let frame = eval.module_frame(file);
        let mut names = Vec::new();
        for class in receivers(&eval, linked, func) {
            let this = class.map(|class| eval.symbolic(frame, class, true));
            let closure = Closure { file, func, frame: Some(frame), this, bound: Vec::new() };
            let returned = eval.run_open(&closure, true, None);
            let name = &linked.module.function(func).name;
            if eval.is_hot(&returned, 0) && !name.is_empty() {
                names.push(name.clone());
            }
        }
        names
    };
    run_left_over(&mut eval);
    Found { outbounds: eval.outbounds, open: eval.open, called: eval.called, provides, cut: eval.cut }
}

/// The classes whose instances a unit may be called on: its own, and those that inherit it and define something that
/// it uses. None for what is not a method.
fn receivers(eval: &Eval, linked: &Linked, func: FuncId) -> Vec<Option<ClassRef>> {
    let function = linked.module.function(func);
    let Some(class) = function.class else {
        return vec![None];
    };
    let file = linked.module.file;
    let own = ClassRef { file, class };
    let mentions = linked.index.mentions.get(&func);
    let inherits = |heir: &ClassRef| {
        let module = &eval.linked(heir.file).module;
        let declared = module.class(heir.class);
        let names = declared.methods.iter().map(|method| &method.name).chain(declared.fields.iter().map(|f| &f.name));
        let differs = mentions.is_some_and(|mentions| names.into_iter().any(|name| mentions.contains(name)));
        let same = eval.method(*heir, &function.name).is_some_and(|found| (found.file, found.func) == (file, func));
        differs && same
    };
    let heirs = eval.plan.implementers(own).into_iter().filter(inherits);
    std::iter::once(own).chain(heirs).map(Some).collect()
}

/// The names of the module's variables and exports that lead to a vendor; functions are units themselves.
fn provided<'p>(eval: &mut Eval<'p>, linked: &'p Linked) -> Vec<Name> {
    let module = &linked.module;
    let frame = eval.module_frame(module.file);
    let mut locals: Vec<_> = eval.frame(frame).locals.iter().map(|(local, value)| (*local, value.clone())).collect();
    locals.sort_unstable_by_key(|(local, _)| *local);
    locals.retain(|(_, value)| !matches!(value.kind, Kind::Function(_)) && eval.is_hot(value, 0));
    let mut names: Vec<Name> = locals.iter().map(|(local, _)| module.local(*local).name.clone()).collect();
    for export in &module.exports {
        let leads = match module.expr(export.value) {
            Expr::Function(_) | Expr::Class(_) => false,
            Expr::Import(import) => {
                let package = eval.program.import_package(linked, *import);
                package.is_some_and(|package| eval.program.targets.packages.contains(&package))
            }
            Expr::Local(local) => {
                if let Some(value) = eval.frame(frame).locals.get(local).cloned() {
                    eval.create_exported(&value);
                }
                locals.iter().any(|(other, _)| other == local)
            }
            _ => {
                let value = eval.eval(frame, export.value);
                eval.create_exported(&value);
                !matches!(value.kind, Kind::Function(_)) && eval.is_hot(&value, 0)
            }
        };
        if leads {
            names.push(export.name.clone());
        }
    }
    names
}

/// Runs the functions that were handed to something outside, then those that nothing called.
fn run_left_over(eval: &mut Eval) {
    let mut done: FxHashSet<(FileId, FuncId, Option<super::value::FrameId>)> = FxHashSet::default();
    loop {
        let (closure, hole) = match (eval.escaped.pop(), eval.created.first()) {
            (Some(closure), _) => (closure, false),
            (None, Some(_)) => (eval.created.remove(0), true),
            (None, None) => break,
        };
        let key = (closure.file, closure.func, closure.frame);
        let ran = eval.called.contains(&(closure.file, closure.func)) && hole;
        if ran || !done.insert(key) || done.len() > 2_000 {
            continue;
        }
        let caller = closure.frame;
        eval.run_open(&closure, hole, caller);
    }
}
