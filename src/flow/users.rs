//! Who uses what leads to a vendor: files by the words in them, units by the names they mention.

use rustc_hash::FxHashSet;

use super::model::Op;
use super::needle::Needles;
use super::program::{Binding, Linked};
use super::relevance::{Hits, Search};
use super::words::stem;
use crate::ir::{ClassId, Expr, ExprId, FuncId, Imported, Name};
use crate::lang::{self, LANGUAGES};
use crate::source::FileId;

/// Names shorter than this say nothing about the file that has them.
const SHORTEST_NEEDLE: usize = 3;

impl Search<'_> {
    /// The files that may use each of the opened modules, by its position: those that have a word for it.
    pub(super) fn users(&self, opened: &[(FileId, FxHashSet<Name>)]) -> Hits {
        // A user has a word for the module, and one for what was opened in it; who imports the default may call that
        // anything.
        let names = opened.len();
        let mut texts: Vec<(Name, usize)> = Vec::new();
        for (owner, (file, opened)) in opened.iter().enumerate() {
            texts.extend(self.needles(*file).into_iter().map(|needle| (needle, owner)));
            texts.extend(self.importer_needles(*file).into_iter().map(|needle| (needle, owner)));
            let words: &mut dyn Iterator<Item = Name> = match self.has_default(*file) {
                true => &mut self.needles(*file).into_iter(),
                false => &mut opened.iter().cloned(),
            };
            texts.extend(words.map(|word| (word, names + owner)));
        }
        texts.sort_unstable();
        let needles = Needles::new(texts.iter().map(|(text, owner)| (&**text, *owner)));
        let mut hits = needles.map(|needles| needles.hits(self.program.sources)).unwrap_or_default();
        for (file, owners) in &mut hits {
            let source = self.program.sources.get(*file);
            let passes_on = lang::of_path(&source.path).is_some_and(|language| language.passes_on(&source.text));
            // What imports what a path says need not have a word for the module.
            let imports_by_path = self.importers.contains(file);
            let is_user = |owner: &usize| {
                let (module, opened) = (owners.contains(owner), owners.contains(&(names + owner)));
                (module && (passes_on || opened)) || (imports_by_path && opened)
            };
            let mut either: Vec<usize> =
                owners.iter().map(|owner| owner.checked_sub(names).unwrap_or(*owner)).collect();
            either.sort_unstable();
            either.dedup();
            either.retain(is_user);
            *owners = either;
        }
        hits.retain(|(_, owners)| !owners.is_empty());
        for (owner, (file, _)) in opened.iter().enumerate() {
            match hits.binary_search_by_key(file, |(file, _)| *file) {
                Ok(at) if !hits[at].1.contains(&owner) => hits[at].1.push(owner),
                Ok(_) => {}
                Err(at) => hits.insert(at, (*file, vec![owner])),
            }
        }
        hits
    }

    /// Whether a module can be imported under a name of the importer's choice.
    pub(super) fn has_default(&self, file: FileId) -> bool {
        let linked = self.program.module(file).expect("evaluated files are lowered");
        linked.module.exports.iter().any(|export| matches!(&*export.name, "default" | "="))
    }

    /// The texts of which one must be in a file that uses what a module exports.
    pub(super) fn needles(&self, file: FileId) -> Vec<Name> {
        let linked = self.program.module(file).expect("evaluated files are lowered");
        let path = path_stem(&self.program.sources.get(file).path);
        // What a module only passes on is not its own: who uses that need not use the module.
        let own =
            linked.module.exports.iter().filter(|export| !matches!(linked.module.expr(export.value), Expr::Import(_)));
        let names = own.map(|export| export.name.clone()).chain([Name::from(stem(&path))]);
        names.filter(|name| name.len() >= SHORTEST_NEEDLE && &**name != "default").collect()
    }

    /// A module and the active ones that may give what it has to others: those that export something of it again, and
    /// those that import what a path says that is not known before they are evaluated.
    pub(super) fn passed_on(&self, file: FileId) -> FxHashSet<FileId> {
        let mut reached = FxHashSet::from_iter([file]);
        let active = self.active();
        reached.extend(self.importers.iter().copied());
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

    /// Finds the files that import what a path says, and makes them part of the plan.
    pub(super) fn find_importers(&mut self) {
        let texts = LANGUAGES.iter().enumerate().flat_map(|(owner, language)| {
            let models = self.program.models(language.name());
            let importers = models.functions.iter().filter(|(_, op)| **op == Op::Import);
            importers.filter_map(move |(path, _)| Some((path.rsplit(['.', ':']).next()?, owner)))
        });
        let hits = Needles::new(texts).map(|needles| needles.hits(self.program.sources)).unwrap_or_default();
        let is_own = |(file, owners): &(FileId, Vec<usize>)| {
            let language = lang::of_path(&self.program.sources.get(*file).path).map(|language| language.name());
            owners.iter().any(|owner| Some(LANGUAGES[*owner].name()) == language)
        };
        self.importers = hits.into_iter().filter(is_own).map(|(file, _)| file).collect();
        self.lower(self.importers.clone());
    }

    /// The texts of which one must be in a file that gets a module by way of one that imports what a path says.
    fn importer_needles(&self, file: FileId) -> Vec<Name> {
        let language = |file: FileId| lang::of_path(&self.program.sources.get(file).path).map(|it| it.name());
        let own = self.importers.iter().filter(|importer| language(**importer) == language(file));
        let stems = own.map(|importer| Name::from(stem(&path_stem(&self.program.sources.get(*importer).path))));
        stems.filter(|stem| stem.len() >= SHORTEST_NEEDLE).collect()
    }

    /// Whether a module imports one of the files, also through modules that pass its name on and were not read.
    pub(super) fn imports_any(&self, linked: &Linked, files: &FxHashSet<FileId>, needles: &[Name]) -> bool {
        let all = || (0..linked.module.imports.len() as u32).map(crate::ir::ImportId);
        let is_in = |file: FileId| files.contains(&file);
        let leads = |import| match self.program.import(linked, import) {
            Binding::Namespace(file) | Binding::Value(file, ..) => is_in(file),
            Binding::Package(..) | Binding::Nowhere => false,
        };
        let names_it = |import| {
            let import = linked.module.import(import);
            let imported = match &import.name {
                Imported::Named(name) => Some(&**name),
                Imported::All => None,
            };
            needles.iter().any(|needle| imported == Some(&**needle) || stem(&import.specifier) == &**needle)
        };
        needles.iter().any(|needle| linked.index.paths.contains(needle))
            || all().any(|import| self.program.import_file(linked, import).is_some_and(is_in))
            || all().filter(|import| names_it(*import)).any(leads)
    }

    /// Whether a unit mentions one of the names, or an import of one of the modules.
    pub(super) fn uses(
        &self,
        linked: &Linked,
        unit: FuncId,
        files: &FxHashSet<FileId>,
        names: &FxHashSet<Name>,
    ) -> bool {
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
}

/// Whether the initial values of a class's fields use one of the names: the function that sets them is among `used`,
/// or a static field starts with a variable of that name.
pub(super) fn fills_with(linked: &Linked, class: ClassId, used: &FxHashSet<FuncId>, names: &FxHashSet<Name>) -> bool {
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
pub(super) fn root_import(linked: &Linked, expr: ExprId) -> Option<crate::ir::ImportId> {
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
pub(super) fn path_stem(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.split('.').next().unwrap_or(name);
    format!("{folder}/{name}")
}
