//! What has to be lowered and evaluated: files that name a vendor, then those that name what leads to one, until
//! nothing is left open.

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Outbound;
use super::context::PROVIDER;
use super::eval::Eval;
use super::index::stem;
use super::program::{Linked, Program};
use super::value::{ClassRef, Closure, Kind, Value};
use crate::ir::{Expr, FuncId, Name};
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
    /// Whether the unit gives its callers something that leads to a vendor.
    provides: bool,
    cut: Option<Span>,
}

/// Everything that leaves the project, in a fixed order, and what a limit cut off.
pub(super) fn search(program: &Program, every_file: bool) -> (Vec<Outbound>, Vec<Problem>) {
    let mut search = Search::new(program);
    let seeds = search.seeds(every_file);
    search.lower(seeds);
    let mut units: Vec<(FileId, FuncId)> = search.units_of_active();
    for _ in 0..MOST_ROUNDS {
        if units.is_empty() {
            break;
        }
        let opened = search.round(&units);
        units = search.widen(opened, every_file);
    }
    search.finish()
}

struct Search<'p> {
    program: &'p Program<'p>,
    plan: Plan,
    results: FxHashMap<(FileId, FuncId), Found>,
    /// Things that were found to lead to a vendor: functions, and units that provide one.
    known: FxHashSet<(FileId, FuncId)>,
}

/// Something that leads to a vendor, by the names with which others reach it.
struct Opened {
    file: FileId,
    /// Names of which one must be mentioned by who uses it.
    names: Vec<Name>,
}

impl<'p> Search<'p> {
    fn new(program: &'p Program<'p>) -> Search<'p> {
        let hosts = program.targets.hosts.iter().map(|host| host.trim_start_matches("*."));
        let hosts = AhoCorasick::builder().ascii_case_insensitive(true).build(hosts).ok();
        let plan = Plan { hosts, ..Plan::default() };
        Search { program, plan, results: FxHashMap::default(), known: FxHashSet::default() }
    }

    /// The files that name a vendor's package, global or host.
    fn seeds(&self, every_file: bool) -> Vec<FileId> {
        if every_file {
            return self.program.sources.ids().collect();
        }
        self.files_with(&self.program.targets.needles)
    }

    /// The files, in order, that have one of the texts.
    fn files_with<T: AsRef<str>>(&self, needles: &[T]) -> Vec<FileId> {
        let needles = needles.iter().map(|needle| needle.as_ref().as_bytes());
        let Ok(needles) = AhoCorasick::builder().ascii_case_insensitive(false).build(needles) else {
            return Vec::new();
        };
        let sources = self.program.sources;
        let files: Vec<FileId> = sources.ids().collect();
        files.into_par_iter().filter(|file| needles.is_match(sources.get(*file).text.as_bytes())).collect()
    }

    /// Lowers files and makes them part of the plan.
    fn lower(&mut self, files: Vec<FileId>) {
        let program = self.program;
        let lowered: Vec<FileId> = files.into_par_iter().filter(|file| program.module(*file).is_some()).collect();
        self.plan.active.extend(lowered);
        self.plan.extensions.clear();
        self.plan.implementers.clear();
        self.plan.providers.clear();
        for file in self.active() {
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
                let implementer = ClassRef { file, class: crate::ir::ClassId(index as u32) };
                for base in &class.bases {
                    self.add_implementer(linked, *base, implementer);
                }
            }
        }
    }

    fn add_implementer(&mut self, linked: &Linked, base: crate::ir::TypeId, implementer: ClassRef) {
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

    fn units_of_active(&self) -> Vec<(FileId, FuncId)> {
        let linked = self.active().into_iter().filter_map(|file| self.program.module(file));
        linked.flat_map(|linked| linked.index.units.iter().map(|unit| (linked.module.file, *unit))).collect()
    }

    /// Evaluates units and returns what was found to lead to a vendor for the first time.
    fn round(&mut self, units: &[(FileId, FuncId)]) -> Vec<Opened> {
        self.plan.warm.extend(units.iter().copied());
        let (program, plan) = (self.program, &self.plan);
        let found: Vec<Found> = units.par_iter().map(|unit| evaluate(program, plan, *unit)).collect();
        let mut opened = Vec::new();
        for (unit, found) in units.iter().zip(found) {
            let mut open: Vec<(FileId, FuncId)> = found.open.iter().copied().collect();
            open.sort_unstable();
            for function in open {
                if self.known.insert(function) {
                    self.plan.open.insert(function);
                    opened.push(self.opened(function));
                }
            }
            if found.provides && self.known.insert(*unit) {
                opened.push(self.opened(*unit));
            }
            self.results.insert(*unit, found);
        }
        opened
    }

    /// The names with which others reach a function.
    fn opened(&mut self, (file, func): (FileId, FuncId)) -> Opened {
        let linked = self.program.module(file).expect("evaluated functions are lowered");
        let mut names = Vec::new();
        let mut at = Some(func);
        while let Some(func) = at {
            let function = linked.module.function(func);
            if let Some(class) = function.class {
                self.plan.open_classes.insert(ClassRef { file, class });
                if &*function.name == "constructor" || function.name.is_empty() {
                    names.push(linked.module.class(class).name.clone());
                }
            }
            if func == FuncId::BODY {
                names.extend(linked.module.exports.iter().map(|export| export.name.clone()));
                names.push(stem(&path_stem(&self.program.sources.get(file).path)).into());
            } else {
                names.push(function.name.clone());
            }
            at = function.parent.filter(|parent| *parent != FuncId::BODY);
        }
        names.retain(|name| !name.is_empty());
        Opened { file, names }
    }

    /// The units that use what was opened, after lowering the files they stand in.
    fn widen(&mut self, opened: Vec<Opened>, every_file: bool) -> Vec<(FileId, FuncId)> {
        let mut by_file: FxHashMap<FileId, FxHashSet<Name>> = FxHashMap::default();
        for opened in opened {
            by_file.entry(opened.file).or_default().extend(opened.names);
        }
        let mut files: Vec<FileId> = by_file.keys().copied().collect();
        files.sort_unstable();
        let mut units = FxHashSet::default();
        for file in files {
            let names = &by_file[&file];
            let needles = self.needles(file);
            let users = if every_file { self.program.sources.ids().collect() } else { self.files_with(&needles) };
            let users: Vec<FileId> = users.into_iter().chain([file]).collect();
            let fresh: Vec<FileId> = users.iter().copied().filter(|user| !self.plan.active.contains(user)).collect();
            if !fresh.is_empty() {
                self.lower(fresh);
            }
            for user in users.into_iter().filter(|user| self.plan.active.contains(user)) {
                let Some(linked) = self.program.module(user) else {
                    continue;
                };
                for unit in &linked.index.units {
                    if self.uses(linked, *unit, file, names) {
                        units.insert((user, *unit));
                    }
                }
            }
        }
        let mut units: Vec<(FileId, FuncId)> = units.into_iter().collect();
        units.sort_unstable();
        units
    }

    /// The texts of which one must be in a file that uses what a module exports.
    fn needles(&self, file: FileId) -> Vec<Name> {
        let linked = self.program.module(file).expect("evaluated files are lowered");
        let path = path_stem(&self.program.sources.get(file).path);
        let exports = linked.module.exports.iter().map(|export| export.name.clone());
        let names = exports.chain([Name::from(stem(&path))]);
        names.filter(|name| name.len() >= SHORTEST_NEEDLE && &**name != "default").collect()
    }

    /// Whether a unit mentions one of the names, or imports the module.
    fn uses(&self, linked: &Linked, unit: FuncId, file: FileId, names: &FxHashSet<Name>) -> bool {
        let mentions = linked.index.mentions.get(&unit);
        if mentions.is_some_and(|mentions| names.iter().any(|name| mentions.contains(name))) {
            return true;
        }
        let imports = linked.index.imports.get(&unit);
        imports
            .is_some_and(|imports| imports.iter().any(|import| self.program.import_file(linked, *import) == Some(file)))
    }

    /// All that was found, sorted, with what is called elsewhere marked.
    fn finish(self) -> (Vec<Outbound>, Vec<Problem>) {
        let mut called = FxHashSet::default();
        self.results.values().for_each(|found| called.extend(found.called.iter().copied()));
        let mut units: Vec<(FileId, FuncId)> = self.results.keys().copied().collect();
        units.sort_unstable();
        let mut results = self.results;
        let mut outbounds: Vec<Outbound> = Vec::new();
        let mut problems = Vec::new();
        for unit in units {
            let Some(found) = results.remove(&unit) else {
                continue;
            };
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
    let returned = if func == FuncId::BODY {
        eval.run_body(linked);
        exported(&mut eval, linked)
    } else {
        let frame = eval.module_frame(file);
        let mut returned = Vec::new();
        for class in receivers(&eval, linked, func) {
            let this = class.map(|class| eval.symbolic(frame, class, true));
            let closure = Closure { file, func, frame: Some(frame), this, bound: Vec::new() };
            returned.push(eval.run_open(&closure, true, None));
        }
        returned
    };
    run_left_over(&mut eval);
    let provides = returned.iter().any(|value| eval.is_hot(value, 0));
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

/// What the module's exports hold, functions aside: they are units themselves.
fn exported<'p>(eval: &mut Eval<'p>, linked: &'p Linked) -> Vec<Value> {
    let frame = eval.module_frame(linked.module.file);
    let exports = linked.module.exports.iter().map(|export| export.value);
    let values = exports.filter(|value| !matches!(linked.module.expr(*value), Expr::Function(_) | Expr::Import(_)));
    let values: Vec<Value> = values.map(|value| eval.eval(frame, value)).collect();
    for value in &values {
        // `export const signUp = tracked(f)`: the function was made inside another, for this module's callers.
        if let Kind::Function(closure) = &value.kind
            && closure.frame.is_some_and(|frame| eval.frame(frame).func != FuncId::BODY)
        {
            eval.created.push(closure.clone());
        }
    }
    values.into_iter().filter(|value| !matches!(value.kind, Kind::Function(_))).collect()
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
