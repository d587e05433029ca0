//! Where the search starts: files, units and keys that name a vendor themselves.

use rustc_hash::FxHashSet;

use super::Path;
use super::needle::Needles;
use super::program::{Linked, Named};
use super::relevance::Search;
use super::users::root_import;
use super::value::ClassRef;
use crate::ir::{Class, ClassId, FieldDecl, FuncId, ImportId, Module, Name, Type, TypeId};
use crate::lang;
use crate::source::FileId;

/// How deep a declared type is searched for a client.
const MOST_DEPTH: usize = 4;

impl Search<'_> {
    /// The files that name a vendor's package, global or host, and those that are asked for.
    pub(super) fn seed_files(&self) -> Vec<FileId> {
        let by_language = &self.program.targets.needles;
        let texts = by_language
            .iter()
            .enumerate()
            .flat_map(|(owner, (_, texts))| texts.iter().map(move |text| (&**text, owner)));
        let hits = Needles::new(texts).map(|needles| needles.hits(self.program.sources)).unwrap_or_default();
        let languages: Vec<&str> = by_language.keys().copied().collect();
        let own = |(file, owners): &(FileId, Vec<usize>)| {
            let language = lang::of_path(&self.program.sources.get(*file).path).map(|language| language.name());
            owners.iter().any(|owner| Some(languages[*owner]) == language)
        };
        let mut files = self.program.targets.files.clone();
        files.extend(hits.into_iter().filter(own).map(|(file, _)| file));
        files
    }

    /// The names of the functions that are declared to lead to a vendor, by file.
    pub(super) fn declared_wrappers(&mut self) -> Vec<(FileId, FxHashSet<Name>)> {
        let program = self.program;
        let paths = &program.targets.wrappers;
        let files: Vec<FileId> =
            program.sources.ids().filter(|file| paths.contains_key(&*program.sources.get(*file).path)).collect();
        self.lower(files.clone());
        let mut declared = Vec::new();
        for file in files {
            let Some(linked) = program.module(file) else { continue };
            let mut functions: Vec<FuncId> =
                program.wrappers(linked).into_iter().flat_map(|all| all.keys()).copied().collect();
            functions.sort_unstable();
            let mut names = FxHashSet::default();
            for func in functions {
                self.plan.open.insert((file, func));
                names.extend(self.names_of((file, func)));
            }
            self.known.extend(names.iter().map(|name| ((file, FuncId::BODY), name.clone())));
            self.plan.names.extend(names.iter().cloned());
            declared.push((file, names));
        }
        declared
    }

    /// The units that name a vendor's package, global or host themselves, with those of the same class.
    pub(super) fn seed_units(&self) -> Vec<(FileId, FuncId)> {
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

    /// Notes the classes of units that give a field a vendor's address.
    pub(super) fn note_addressed(&mut self, units: &[(FileId, FuncId)]) {
        for (file, unit) in units {
            let Some(linked) = self.program.module(*file) else { continue };
            let mut texts = linked.index.texts.get(unit).into_iter().flatten();
            if !texts.any(|text| self.plan.names_host(text)) {
                continue;
            }
            let classes = linked.module.classes.iter().enumerate();
            let fills = |class: &Class| {
                let mut methods = class.methods.iter().filter(|method| &*method.name == "constructor");
                class.init == Some(*unit) || methods.any(|method| method.function == *unit)
            };
            let filled = classes.filter(|(_, class)| !class.bases.is_empty() && fills(class));
            self.plan.addressed.extend(filled.map(|(class, _)| ClassRef { file: *file, class: ClassId(class as u32) }));
        }
    }

    /// The keys under which a vendor's address is written, by file: who reads such a key of something unknown may get
    /// that address.
    pub(super) fn address_keys(&self) -> Vec<(FileId, FxHashSet<Name>)> {
        let mut all = Vec::new();
        for file in self.active() {
            let Some(linked) = self.program.module(file) else { continue };
            let keys = linked.index.addresses.iter();
            let keys = keys.filter(|(_, texts)| texts.iter().any(|text| self.plan.names_host(text)));
            let keys: FxHashSet<Name> = keys.map(|(key, _)| key.clone()).collect();
            if !keys.is_empty() {
                all.push((file, keys));
            }
        }
        all
    }

    pub(super) fn names_vendor(&self, linked: &Linked, unit: FuncId) -> bool {
        let targets = self.program.targets;
        let imports = linked.index.imports.get(&unit).into_iter().flatten();
        let package = |name: Option<Name>| name.is_some_and(|name| targets.packages.contains(&name));
        imports.into_iter().any(|import| package(self.program.import_package(linked, *import)))
            || linked.index.globals.get(&unit).into_iter().flatten().any(|name| targets.globals.contains(name))
            || linked.index.texts.get(&unit).into_iter().flatten().any(|text| self.plan.names_host(text))
    }

    pub(super) fn types_name_vendor(&self, linked: &Linked) -> bool {
        let module = &linked.module;
        let names = module.types.iter().filter_map(|ty| match ty {
            Type::Named(expr, _) => Some(*expr),
            _ => None,
        });
        let mut names = names.filter_map(|expr| root_import(linked, expr));
        names.any(|import| self.is_vendors(linked, import))
    }

    /// The fields that are declared to hold a client, and the names for its type, by file: who is given such a record
    /// has one.
    pub(super) fn typed_keys(&self) -> Vec<(FileId, FxHashSet<Name>)> {
        let mut all = Vec::new();
        for file in self.active() {
            let Some(linked) = self.program.module(file) else { continue };
            let is_client = |field: &&FieldDecl| field.ty.is_some_and(|ty| self.is_client_type(linked, ty, 0));
            let mut keys: FxHashSet<Name> =
                declared_fields(&linked.module).filter(is_client).map(|field| field.name.clone()).collect();
            let is_alias = |class: &&Class| class.alias.is_some_and(|ty| self.is_client_type(linked, ty, 0));
            keys.extend(linked.module.classes.iter().filter(is_alias).map(|class| class.name.clone()));
            if !keys.is_empty() {
                all.push((file, keys));
            }
        }
        all
    }

    /// Whether a declared type is a client, or one of several types of which one is.
    fn is_client_type(&self, linked: &Linked, ty: TypeId, depth: usize) -> bool {
        match linked.module.ty(ty) {
            Type::Named(..) => self.client_path(linked, ty).is_some(),
            Type::OneOf(types) if depth < MOST_DEPTH => {
                types.iter().any(|ty| self.is_client_type(linked, *ty, depth + 1))
            }
            _ => false,
        }
    }

    /// The class of a client that a declared type names.
    pub(super) fn client_path(&self, linked: &Linked, ty: TypeId) -> Option<Path> {
        let Type::Named(expr, _) = linked.module.ty(ty) else {
            return None;
        };
        match self.program.named(linked, *expr) {
            Named::Extern(path) => self.program.targets.is_client_type(&path).then_some(path),
            Named::Class(_) | Named::Other => None,
        }
    }

    fn is_vendors(&self, linked: &Linked, import: ImportId) -> bool {
        let package = self.program.import_package(linked, import);
        package.is_some_and(|package| self.program.targets.packages.contains(&package))
    }
}

/// The fields that the classes and records of a module declare.
fn declared_fields(module: &Module) -> impl Iterator<Item = &FieldDecl> {
    let records = module.types.iter().filter_map(|ty| match ty {
        Type::Record { fields, .. } => Some(fields),
        _ => None,
    });
    module.classes.iter().map(|class| &class.fields).chain(records).flatten()
}
