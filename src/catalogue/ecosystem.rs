//! The languages that vendors publish SDKs for, read or not: what a section of a vendor's file may be named.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::embedded;
use super::reader::{Reader, in_order};
use crate::ir::Name;
use crate::lang;
use crate::source::{FileId, Problem};

/// The keys of a table of `rules/ecosystems.toml`.
pub const KEYS: &[&str] = &["name", "registry"];

/// The file, below `rules/`.
pub(super) const FILE: &str = "ecosystems.toml";

/// A language with its packages.
#[derive(Clone, Debug, PartialEq)]
pub struct Ecosystem {
    /// What it is called in messages.
    pub name: Name,
    /// Where its packages are published.
    pub registries: Vec<Name>,
}

/// Every ecosystem by the name of its sections, with what is wrong with the file: nothing, as a test makes sure.
static ECOSYSTEMS: LazyLock<(BTreeMap<Name, Ecosystem>, Vec<Problem>)> = LazyLock::new(|| {
    let text = embedded::FILES.iter().find(|(path, _)| *path == FILE).map_or("", |(_, text)| text);
    let mut reader = Reader::new(FileId(0), text);
    let found = read(&mut reader);
    (found, reader.problems)
});

/// Every ecosystem by the name of its sections.
pub fn all() -> &'static BTreeMap<Name, Ecosystem> {
    &ECOSYSTEMS.0
}

/// What is wrong with the list of ecosystems.
pub(super) fn problems() -> &'static [Problem] {
    &ECOSYSTEMS.1
}

/// Whether the program reads the language.
pub fn is_read(id: &str) -> bool {
    lang::sections().any(|language| language.name() == id)
}

/// A package's name as code of the ecosystem writes it.
pub(super) fn in_code(id: &str, package: &str) -> String {
    let language = lang::sections().find(|language| language.name() == id);
    language.map_or_else(|| package.to_owned(), |language| language.package_in_code(package))
}

fn read(reader: &mut Reader<'_>) -> BTreeMap<Name, Ecosystem> {
    let document = reader.document();
    let mut found = BTreeMap::new();
    for (id, value) in in_order(&document) {
        let Some(table) = reader.as_table(value, &id.value) else {
            continue;
        };
        reader.known(table, KEYS);
        let name = reader.needed(table, "name").map_or_else(|| id.value.clone(), |name| name.value);
        found.insert(id.value, Ecosystem { name, registries: reader.names(table, "registry") });
    }
    found
}
