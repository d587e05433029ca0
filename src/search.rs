//! What a search for third parties that the catalogue does not know looks at: packages that are used like the client of a
//! service, and the project's own domains.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use crate::catalogue::Catalogue;
use crate::catalogue::unknown::Search;
use crate::dependency::{self, Purpose};
use crate::flow::Root;
use crate::ir::Name;
use crate::lang;
use crate::project::Project;

/// A package that more files than this import is part of how the application is built, not the client of a service.
const MOST_FILES: usize = 20;

/// A file that makes a client of a service has one of these words, in some spelling.
const KEY_WORDS: [&str; 5] = ["key", "token", "secret", "password", "credential"];

/// What of a project may lead to unknown third parties.
pub fn search(project: &Project, catalogue: &Catalogue) -> Search {
    let mut search = Search { own: own_domains(project), ..Search::default() };
    let mut needles: Vec<(String, Name)> = Vec::new();
    for package in candidates(project, catalogue) {
        for language in lang::sections() {
            let package: Name = language.package_in_code(&package).into();
            needles.extend(language.package_needles(&package).into_iter().map(|needle| (needle, package.clone())));
        }
    }
    let texts = needles.iter().map(|(needle, _)| needle.as_str());
    let Ok(automaton) = AhoCorasick::new(texts) else {
        return search;
    };
    let keys = AhoCorasick::builder().ascii_case_insensitive(true).build(KEY_WORDS);
    let mut users: BTreeMap<&Name, (usize, bool)> = BTreeMap::new();
    for path in &project.index.paths {
        let text = project.index.files.get(path).map_or("", |file| &project.sources.get(*file).text);
        let named: BTreeSet<&Name> =
            automaton.find_overlapping_iter(text).map(|found| &needles[found.pattern().as_usize()].1).collect();
        let has_key = !named.is_empty() && keys.as_ref().is_ok_and(|keys| keys.is_match(text));
        for package in named {
            let (files, with_key) = users.entry(package).or_default();
            *files += 1;
            *with_key |= has_key;
        }
    }
    let like_clients = users.into_iter().filter(|(_, (files, with_key))| *files <= MOST_FILES && *with_key);
    search.packages = like_clients.map(|(package, _)| package.clone()).collect();
    search
}

/// The packages that the project runs with and of which nothing is known.
fn candidates(project: &Project, catalogue: &Catalogue) -> BTreeSet<String> {
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
    dependency::all(&project.sources, &project.lists)
        .into_iter()
        .filter(|dependency| dependency.purpose == Purpose::Run && owners.of(dependency).is_empty())
        .map(|dependency| dependency.package)
        .filter(|package| !modelled.contains(package.as_str()))
        .collect()
}

/// The domains that the project's lists of packages name as its home.
fn own_domains(project: &Project) -> BTreeSet<String> {
    let mut domains = BTreeSet::new();
    for file in &project.lists {
        let lines = project.sources.get(*file).text.lines();
        for (_, address) in lines.filter_map(|line| line.split_once("homepage")) {
            let host = address.split("://").nth(1).and_then(|rest| rest.split(['/', '"', ':', '#']).next());
            let labels: Vec<&str> = host.unwrap_or("").split('.').collect();
            // Of `app.acme.io`, the domain is `acme.io`.
            if let [.., name, top] = &labels[..] {
                domains.insert(format!("{name}.{top}"));
            }
        }
    }
    domains
}
