//! What has to be lowered and evaluated: files that name a vendor, then those that name what leads to one, until
//! nothing is left open.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Outbound;
use super::context::PROVIDER;
use super::plan::{ExtensionRef, Plan};
use super::program::{Linked, Program};
use super::unit::{Found, evaluate};
use super::users::fills_with;
use super::value::ClassRef;
use crate::ir::{ClassId, Expr, FuncId, Name, TypeId};
use crate::source::{FileId, Problem};

/// How often the search may widen; each makes a function known that others call.
const MOST_ROUNDS: usize = 24;

/// A key that more files name than this is no name for an address.
const MOST_KEY_USERS: usize = 20;

/// Files, with the positions of what each may use.
pub(super) type Hits = Vec<(FileId, Vec<usize>)>;

/// Everything that leaves the project, in a fixed order, and what a limit cut off.
pub(super) fn search(program: &Program, every_file: bool) -> (Vec<Outbound>, Vec<Problem>) {
    let mut search = Search::new(program, every_file);
    let seeds = search.seed_files();
    search.admit(seeds);
    search.find_importers();
    let mut opened = search.declared_wrappers();
    let mut units = search.seed_units();
    let keys: Vec<_> = search.address_keys().into_iter().chain(search.typed_keys()).collect();
    if program.targets.names_only {
        search.note_addressed(&units);
        units.extend(search.widen_by_key(&keys));
    } else {
        units.extend(search.widen(&keys));
    }
    units.sort_unstable();
    units.dedup();
    for _ in 0..MOST_ROUNDS {
        opened.extend(search.round(&units));
        if opened.is_empty() && search.newly_shared.is_empty() {
            break;
        }
        units = search.widen(&opened);
        let shared = std::mem::take(&mut search.newly_shared);
        units.extend(search.sharing_units(&shared));
        units.sort_unstable();
        units.dedup();
        opened.clear();
    }
    search.finish()
}

pub(super) struct Search<'p> {
    pub(super) program: &'p Program<'p>,
    pub(super) every_file: bool,
    pub(super) plan: Plan,
    pub(super) results: FxHashMap<(FileId, FuncId), Found>,
    /// Names that were found to lead to a vendor, by the function that they lead through: a method and what calls it
    /// often have one name.
    pub(super) known: FxHashSet<((FileId, FuncId), Name)>,
    /// Files that import what a path says: it is not known which before they are evaluated.
    pub(super) importers: Vec<FileId>,
    /// Globals that were found to lead to a vendor.
    pub(super) shared: FxHashSet<Name>,
    /// The functions that others find under a global.
    offers: BTreeSet<(Name, (FileId, FuncId))>,
    /// Those that the last round found.
    pub(super) newly_shared: Vec<Name>,
}

impl<'p> Search<'p> {
    pub(super) fn new(program: &'p Program<'p>, every_file: bool) -> Search<'p> {
        let hosts = program.targets.hosts.iter().map(|host| &**host);
        let hosts = AhoCorasick::builder().ascii_case_insensitive(true).build(hosts).ok();
        let plan = Plan { hosts, ..Plan::default() };
        let (results, known, shared) = (FxHashMap::default(), FxHashSet::default(), FxHashSet::default());
        let (newly_shared, importers) = (Vec::new(), Vec::new());
        Search { program, every_file, plan, results, known, importers, shared, newly_shared, offers: BTreeSet::new() }
    }

    /// Makes files that matter part of the plan, with all others where every file is.
    pub(super) fn admit(&mut self, files: Vec<FileId>) {
        self.plan.relevant.extend(files.iter().copied());
        let files = if self.every_file { self.program.sources.ids().collect() } else { files };
        self.lower(files.into_iter().filter(|file| !self.plan.active.contains(file)).collect());
    }

    /// Lowers files and makes them part of the plan.
    pub(super) fn lower(&mut self, files: Vec<FileId>) {
        let program = self.program;
        let lowered: Vec<FileId> = files.into_par_iter().filter(|file| program.module(*file).is_some()).collect();
        for file in lowered {
            if self.plan.active.insert(file) {
                self.relate_classes(file);
            }
        }
    }

    /// Notes which classes the types of a file extend, implement or add methods to.
    pub(super) fn relate_classes(&mut self, file: FileId) {
        self.relate_shared(file);
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
                if let Some(client) = self.client_path(linked, *base) {
                    self.plan.clients.insert(implementer, client);
                }
            }
        }
    }

    pub(super) fn add_implementer(&mut self, linked: &Linked, base: TypeId, implementer: ClassRef) {
        if let Some(base) = self.program.class_of(linked, base)
            && base != implementer
        {
            let all = self.plan.implementers.entry(base).or_default();
            if !all.contains(&implementer) {
                all.push(implementer);
            }
        }
    }

    pub(super) fn active(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.plan.active.iter().copied().collect();
        files.sort_unstable();
        files
    }

    /// Evaluates units and returns the names that were found to lead to a vendor for the first time, by file.
    pub(super) fn round(&mut self, units: &[(FileId, FuncId)]) -> Vec<(FileId, FxHashSet<Name>)> {
        self.plan.warm.extend(units.iter().copied());
        let (program, plan) = (self.program, &self.plan);
        let found: Vec<Found> = units.par_iter().map(|unit| evaluate(program, plan, *unit)).collect();
        let mut opened: BTreeMap<FileId, FxHashSet<Name>> = BTreeMap::new();
        let mut shared: BTreeSet<Name> = BTreeSet::new();
        for (unit, found) in units.iter().zip(found) {
            for function in &found.open {
                self.plan.open.insert(*function);
                for name in self.names_of(*function) {
                    self.note_opened(&mut opened, *function, name);
                }
            }
            if unit.1 != FuncId::BODY && !found.provides.is_empty() {
                self.plan.gives.insert(*unit);
            }
            for name in found.provides.iter().chain(&found.fills) {
                self.note_opened(&mut opened, *unit, name.clone());
            }
            shared.extend(found.gives.iter().cloned());
            self.offers.extend(found.offers.iter().cloned());
            self.results.insert(*unit, found);
        }
        self.plan.names.extend(opened.values().flatten().cloned());
        let is_open = |(_, function): &&(Name, (FileId, FuncId))| self.plan.open.contains(function);
        shared.extend(self.offers.iter().filter(is_open).map(|(name, _)| name.clone()));
        shared.retain(|name| self.shared.insert(name.clone()));
        self.plan.names.extend(shared.iter().cloned());
        self.newly_shared.extend(shared);
        opened.into_iter().collect()
    }

    /// Notes a name that leads to a vendor through a function for the first time.
    fn note_opened(&mut self, opened: &mut BTreeMap<FileId, FxHashSet<Name>>, function: (FileId, FuncId), name: Name) {
        if self.known.insert((function, name.clone())) {
            opened.entry(function.0).or_default().insert(name);
        }
    }

    /// The names with which others reach a function: its own, and those of what is around it.
    pub(super) fn names_of(&mut self, (file, func): (FileId, FuncId)) -> Vec<Name> {
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
    pub(super) fn widen(&mut self, opened: &[(FileId, FxHashSet<Name>)]) -> Vec<(FileId, FuncId)> {
        let hits = self.users(opened);
        self.widen_to(opened, hits)
    }

    /// The units that read a key, where few files name it; others say nothing of the address that is written under it.
    fn widen_by_key(&mut self, keys: &[(FileId, FxHashSet<Name>)]) -> Vec<(FileId, FuncId)> {
        let mut hits = self.users(keys);
        let names = |file: FileId, key: &Name| self.program.sources.get(file).text.contains(&**key);
        let mut counts = vec![0; keys.len()];
        for (file, owners) in &mut hits {
            owners.retain(|owner| keys[*owner].0 == *file || keys[*owner].1.iter().any(|key| names(*file, key)));
            owners.iter().for_each(|owner| counts[*owner] += 1);
        }
        for (file, owners) in &mut hits {
            owners.retain(|owner| keys[*owner].0 == *file || counts[*owner] <= MOST_KEY_USERS);
        }
        hits.retain(|(_, owners)| !owners.is_empty());
        self.widen_to(keys, hits)
    }

    fn widen_to(&mut self, opened: &[(FileId, FxHashSet<Name>)], mut hits: Hits) -> Vec<(FileId, FuncId)> {
        self.admit(hits.iter().map(|(file, _)| *file).collect());
        if self.every_file {
            hits = self.program.sources.ids().map(|file| (file, (0..opened.len()).collect())).collect();
        }
        let reached: Vec<FxHashSet<FileId>> = opened.iter().map(|(file, _)| self.passed_on(*file)).collect();
        let needles: Vec<Vec<Name>> = opened.iter().map(|(file, _)| self.needles(*file)).collect();
        let mut units = FxHashSet::default();
        for (user, owners) in hits {
            let Some(linked) = self.program.module(user).filter(|_| self.plan.active.contains(&user)) else { continue };
            for owner in owners {
                let (file, names) = &opened[owner];
                if user != *file
                    && !reached[owner].contains(&user)
                    && !self.imports_any(linked, &reached[owner], &needles[owner])
                {
                    continue;
                }
                let used = self.using(linked, &reached[owner], names);
                units.extend(used.into_iter().map(|unit| (user, unit)));
            }
        }
        let mut units: Vec<(FileId, FuncId)> = units.into_iter().collect();
        units.sort_unstable();
        units
    }

    /// The units of a module that use one of the names, and those of the classes that such a unit fills.
    fn using(&self, linked: &Linked, files: &FxHashSet<FileId>, names: &FxHashSet<Name>) -> FxHashSet<FuncId> {
        let all = linked.index.units.iter().copied();
        let mut used: FxHashSet<FuncId> = all.clone().filter(|unit| self.uses(linked, *unit, files, names)).collect();
        // What fills a field of a class leads there through every method that reads the field.
        let classes: FxHashSet<ClassId> = (0..linked.module.classes.len() as u32)
            .map(ClassId)
            .filter(|class| fills_with(linked, *class, &used, names))
            .collect();
        let class_of = |unit: &FuncId| linked.module.function(*unit).class;
        used.extend(all.filter(|unit| class_of(unit).is_some_and(|class| classes.contains(&class))));
        used
    }

    /// All that was found, sorted, with what is called elsewhere marked.
    pub(super) fn finish(self) -> (Vec<Outbound>, Vec<Problem>) {
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
            problems.extend(found.problem);
        }
        outbounds.sort_by(|a, b| a.chain.cmp(&b.chain).then(a.kind.cmp(&b.kind)));
        let mut kept: Vec<Outbound> = Vec::with_capacity(outbounds.len());
        for outbound in outbounds {
            let mut same_chain = kept.iter().rev().take_while(|other| other.chain == outbound.chain);
            if !same_chain.any(|other| *other == outbound) {
                kept.push(outbound);
            }
        }
        let outbounds = kept;
        problems.sort();
        problems.dedup();
        (outbounds, problems)
    }
}
