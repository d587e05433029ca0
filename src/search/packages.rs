//! The packages that are used like the client of a service and of which nothing is known.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::catalogue::unknown::Search;
use crate::catalogue::{Catalogue, no_vendor};
use crate::dependency::{self, Dependency, Own, Purpose};
use crate::flow::program::Program;
use crate::flow::{Root, Targets, keyed};
use crate::ir::Name;
use crate::lang;
use crate::project::Project;
use crate::source::FileId;

/// A package that more files than this import is part of how the application is built, not the client of a service.
const MOST_FILES: usize = 30;

/// A file that makes a client of a service has one of these words, in some spelling.
const KEY_WORDS: [&str; 6] = ["key", "token", "secret", "password", "credential", "auth"];

/// Adds the packages, and the files that name them.
pub(super) fn find(
    program: &Program,
    project: &Project,
    catalogue: &Catalogue,
    candidates: BTreeSet<String>,
    search: &mut Search,
) {
    let users = users(project, candidates);
    let with_key: BTreeSet<FileId> =
        users.values().flatten().filter(|(_, has_key)| *has_key).map(|(file, _)| *file).collect();
    let with_key: Vec<FileId> = with_key.into_iter().collect();
    let targets = Targets { packages: users.keys().cloned().collect(), ..Targets::default() };
    let found = keyed::keyed(&program.looking_for(&targets), &with_key, &|name| catalogue.is_key(name));
    search.told = found.told;
    search.packages = found.called;
    search.packages.extend(search.told.iter().cloned());
    let kept = users.iter().filter(|(package, _)| search.packages.contains(*package));
    search.files.extend(kept.flat_map(|(_, files)| files).map(|(file, _)| *file));
}

/// The files that name each package, and whether they have a word for what gives access.
fn users(project: &Project, candidates: BTreeSet<String>) -> BTreeMap<Name, Vec<(FileId, bool)>> {
    let mut needles: Vec<(String, Name)> = Vec::new();
    for package in candidates {
        for language in lang::sections() {
            let package: Name = language.package_in_code(&package).into();
            needles.extend(language.package_needles(&package).into_iter().map(|needle| (needle, package.clone())));
        }
    }
    let mut users: BTreeMap<Name, Vec<(FileId, bool)>> = BTreeMap::new();
    let texts = needles.iter().map(|(needle, _)| needle.as_str());
    let keys = AhoCorasick::builder().ascii_case_insensitive(true).build(KEY_WORDS);
    // The large automaton is several times faster; where it cannot be built, the small one does.
    let texts: Vec<&str> = texts.collect();
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(&texts);
    let (Ok(automaton), Ok(keys)) = (automaton.or_else(|_| AhoCorasick::new(&texts)), keys) else {
        return users;
    };
    for file in project.index.paths.iter().filter_map(|path| project.index.files.get(path)) {
        let text = &project.sources.get(*file).text;
        let found = automaton.find_overlapping_iter(&**text);
        let named: BTreeSet<&Name> = found.map(|found| &needles[found.pattern().as_usize()].1).collect();
        let has_key = !named.is_empty() && keys.is_match(&**text);
        for package in named {
            users.entry(package.clone()).or_default().push((*file, has_key));
        }
    }
    users.retain(|_, files| files.len() <= MOST_FILES && files.iter().any(|(_, has_key)| *has_key));
    users
}

/// The packages that the project runs with and of which nothing is known.
pub(super) fn candidates(catalogue: &Catalogue, dependencies: &[Dependency], own: &Own) -> BTreeSet<String> {
    let owners = catalogue.owners();
    let libraries = catalogue.libraries.values();
    let modelled: BTreeSet<&str> = libraries
        .flat_map(|library| {
            let functions = library.models.functions.keys().filter_map(|path| path.split(':').next());
            let requests = library.requests.iter().filter_map(|request| match &request.path.root {
                Root::Package(package) => Some(&**package),
                Root::Global(_) => None,
            });
            functions.chain(requests)
        })
        .collect();
    let scope = |package: &str| package.split_once('/').map(|(scope, _)| scope.to_owned());
    let scopes: BTreeSet<String> =
        own.names.iter().filter(|name| name.starts_with('@')).filter_map(|name| scope(name)).collect();
    let is_own = |package: &str| own.names.contains(package) || scope(package).is_some_and(|it| scopes.contains(&it));
    dependencies
        .iter()
        .filter(|dependency| dependency.purpose == Purpose::Run && owners.of(dependency).is_empty())
        .filter(|dependency| {
            let folded = dependency::folded(dependency.registry, &dependency.package);
            !no_vendor::all().is_package(dependency.registry, &folded)
        })
        .map(|dependency| dependency.package.clone())
        .filter(|package| !modelled.contains(package.as_str()) && !is_own(package))
        .collect()
}
