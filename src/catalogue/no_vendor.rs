//! Hosts and packages that look like a third party and are none: what `rules/no-vendors.toml` says.

use std::sync::LazyLock;

use super::embedded;
use super::http::host_fits;
use super::reader::{Reader, in_order};
use super::signature::text_fits;
use crate::ir::Name;
use crate::source::{FileId, Problem};

/// The tables of `rules/no-vendors.toml` with their keys; those of `packages` are kinds, each with these keys.
pub const KEYS: &[(&str, &[&str])] = &[
    ("hosts", &["nowhere", "placeholders", "names", "shared"]),
    ("attributes", &["links"]),
    ("packages", KIND),
    ("calls", &["local"]),
];

const KIND: &[&str] = &["about", "npm", "pypi", "crates"];

/// The file, below `rules/`.
pub(super) const FILE: &str = "no-vendors.toml";

/// What is no third party, or receives nothing.
#[derive(Debug, Default)]
pub struct NoVendors {
    /// Hosts that no program asks, or that lead nowhere.
    hosts: Vec<Name>,
    /// Hosts at which many projects have their home.
    shared: Vec<Name>,
    /// Attributes and keys whose address a person follows.
    links: Vec<Name>,
    /// Packages by registry: libraries, and clients of what the project runs itself.
    packages: Vec<(Name, Name)>,
    /// What the names of methods of clients start with that hand over nothing.
    calls: Vec<Name>,
}

/// What the file says, with what is wrong with it: nothing, as a test makes sure.
static NO_VENDORS: LazyLock<(NoVendors, Vec<Problem>)> = LazyLock::new(|| {
    let text = embedded::FILES.iter().find(|(path, _)| *path == FILE).map_or("", |(_, text)| text);
    let mut reader = Reader::new(FileId(0), text);
    let found = read(&mut reader);
    (found, reader.problems)
});

/// All that is known to be no third party.
pub fn all() -> &'static NoVendors {
    &NO_VENDORS.0
}

/// What is wrong with the file.
pub(super) fn problems() -> &'static [Problem] {
    &NO_VENDORS.1
}

impl NoVendors {
    /// Whether a host is none that a program of the application asks.
    pub fn is_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| host_fits(pattern, host).is_some())
    }

    /// Whether many projects have their home at a host.
    pub fn is_shared(&self, host: &str) -> bool {
        self.shared.iter().any(|pattern| host_fits(pattern, host).is_some())
    }

    /// Whether a person follows the address under an attribute or key.
    pub fn is_link(&self, name: &str) -> bool {
        self.links.iter().any(|pattern| text_fits(pattern, name))
    }

    /// Whether a package is a library, or a client of what the project runs itself.
    pub fn is_package(&self, registry: &str, package: &str) -> bool {
        self.packages.iter().any(|(known, pattern)| **known == *registry && text_fits(pattern, package))
    }

    /// Whether a method of a client hands over nothing, by its name.
    pub fn is_local(&self, method: &str) -> bool {
        self.calls.iter().any(|start| method.starts_with(&**start))
    }
}

fn read(reader: &mut Reader<'_>) -> NoVendors {
    let document = reader.document();
    let tables: Vec<&str> = KEYS.iter().map(|(table, _)| *table).collect();
    reader.known(&document, &tables);
    let mut found = NoVendors::default();
    for (name, keys) in KEYS.iter().filter(|(name, _)| *name != "packages") {
        let Some(table) = reader.table(&document, name) else { continue };
        reader.known(table, keys);
        for key in *keys {
            let names = reader.names(table, key);
            match *key {
                "shared" => found.shared.extend(names),
                "links" => found.links.extend(names),
                "local" => found.calls.extend(names),
                _ => found.hosts.extend(names),
            }
        }
    }
    let kinds = reader.table(&document, "packages").map(in_order).unwrap_or_default();
    for (kind, value) in kinds {
        let Some(table) = reader.as_table(value, &kind.value) else { continue };
        reader.known(table, KIND);
        reader.needed(table, "about");
        for registry in &KIND[1..] {
            let names = reader.names(table, registry);
            found.packages.extend(names.into_iter().map(|name| (Name::from(*registry), name)));
        }
    }
    found
}
