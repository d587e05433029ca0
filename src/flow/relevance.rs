//! What has to be lowered and evaluated: files that name a vendor, then those that name what leads to one, until
//! nothing is left open.

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Outbound;
use super::eval::Eval;
use super::index::stem;
use super::program::{Linked, Program};
use super::value::{ClassRef, Closure, Kind, Value};
use crate::ir::{Expr, FuncId, Name};
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
    /// Classes with such a method.
    pub(super) open_classes: FxHashSet<ClassRef>,
    /// The names of what was found to lead to a vendor.
    pub(super) names: FxHashSet<Name>,
    extensions: FxHashMap<ClassRef, Vec<ExtensionRef>>,
    implementers: FxHashMap<ClassRef, Vec<ClassRef>>,
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
        let mut files: Vec<FileId> = Vec::new();
        for (language, needles) in &self.program.targets.needles {
            let path = |file: FileId| &self.program.sources.get(file).path;
            let is_own = |file| lang::of_path(path(file)).is_some_and(|found| found.name() == *language);
            files.extend(self.files_with(needles, is_own));
        }
        files.sort_unstable();
        files
    }

    /// The fitting files, in order, that have one of the texts as words of their own.
    fn files_with(&self, needles: &[Name], fits: impl Fn(FileId) -> bool + Sync) -> Vec<FileId> {
        let needles = needles.iter().map(|needle| needle.as_bytes());
        let Ok(needles) = AhoCorasick::builder().ascii_case_insensitive(false).build(needles) else {
            return Vec::new();
        };
        let sources = self.program.sources;
        let files: Vec<FileId> = sources.ids().collect();
        let has =
            |text: &[u8]| needles.find_overlapping_iter(text).any(|hit| stands_alone(text, hit.start(), hit.end()));
        let matters = |file: &FileId| fits(*file) && has(sources.get(*file).text.as_bytes());
        files.into_par_iter().filter(matters).collect()
    }

    /// Lowers files and makes them part of the plan.
    fn lower(&mut self, files: Vec<FileId>) {
        let program = self.program;
        let lowered: Vec<FileId> = files.into_par_iter().filter(|file| program.module(*file).is_some()).collect();
        self.plan.active.extend(lowered);
        self.plan.extensions.clear();
        self.plan.implementers.clear();
        for file in self.active() {
            let linked = program.module(file).expect("active files are lowered");
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
                let declared = linked.module.class(class);
                if &*function.name == "constructor" || function.name.is_empty() || declared.init == Some(func) {
                    names.push(declared.name.clone());
                }
            }
            if func == FuncId::BODY {
                names.extend(own_exports(linked));
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
            self.plan.names.extend(opened.names.iter().cloned());
            by_file.entry(opened.file).or_default().extend(opened.names);
        }
        let mut files: Vec<FileId> = by_file.keys().copied().collect();
        files.sort_unstable();
        let mut units = FxHashSet::default();
        for file in files {
            let names = &by_file[&file];
            let users = if every_file { self.program.sources.ids().collect() } else { self.users(file, names) };
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

    /// The files that may use what a module gives to others by these names.
    fn users(&self, file: FileId, names: &FxHashSet<Name>) -> Vec<FileId> {
        let linked = self.program.module(file).expect("evaluated files are lowered");
        let path = path_stem(&self.program.sources.get(file).path);
        // Who imports a module as a whole, or its default, gives it a name of their own.
        let is_whole = |name: &str| matches!(name, "default" | "=");
        let whole = linked.module.exports.iter().any(|export| is_whole(&export.name));
        let names: Vec<Name> = names.iter().cloned().chain(whole.then(|| stem(&path).into())).collect();
        let named = self.files_with(&names, |_| true);
        self.files_with(&self.needles(file), |user| named.binary_search(&user).is_ok())
    }

    /// The texts of which one must be in a file that uses what a module exports.
    fn needles(&self, file: FileId) -> Vec<Name> {
        let linked = self.program.module(file).expect("evaluated files are lowered");
        let path = path_stem(&self.program.sources.get(file).path);
        let names = own_exports(linked).chain([Name::from(stem(&path))]);
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

/// The names of a module's exports, without what it only passes on: who uses that does not use the module.
fn own_exports(linked: &Linked) -> impl Iterator<Item = Name> {
    let own =
        linked.module.exports.iter().filter(|export| !matches!(linked.module.expr(export.value), Expr::Import(_)));
    own.map(|export| export.name.clone())
}

/// Whether what stands between two offsets is not the middle of a longer name.
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let is_name = |at: usize| text.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let joins = |before: usize| is_name(before) && is_name(before + 1);
    !(start > 0 && joins(start - 1)) && !(end > 0 && joins(end - 1))
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
        let this = linked.module.function(func).class.map(|class| eval.symbolic(frame, ClassRef { file, class }, true));
        let closure = Closure { file, func, frame: Some(frame), this, bound: Vec::new() };
        vec![eval.run_open(&closure, true, None)]
    };
    run_left_over(&mut eval);
    let provides = returned.iter().any(|value| eval.is_hot(value, 0));
    Found { outbounds: eval.outbounds, open: eval.open, called: eval.called, provides, cut: eval.cut }
}

/// What the module's exports hold, functions aside: they are units themselves.
fn exported<'p>(eval: &mut Eval<'p>, linked: &'p Linked) -> Vec<Value> {
    let frame = eval.module_frame(linked.module.file);
    let exports = linked.module.exports.iter().map(|export| export.value);
    let values = exports.filter(|value| !matches!(linked.module.expr(*value), Expr::Function(_) | Expr::Import(_)));
    let values: Vec<Value> = values.map(|value| eval.eval(frame, value)).collect();
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
