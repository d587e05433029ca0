//! How fresh the catalogue is: which version of each package its calls were compared with, and which was the newest.

use std::sync::LazyLock;

use super::reader::{At, Reader, in_order};
use super::{Catalogue, embedded};
use crate::ir::Name;
use crate::source::{FileId, Problem};

/// The keys of a package in `rules/verified.toml`.
pub const KEYS: &[&str] = &["verified", "checked", "newest", "looked-up"];

/// The file, below `rules/`.
pub(super) const FILE: &str = "verified.toml";

/// A package that calls of the catalogue were compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// Where it is published.
    pub registry: Name,
    /// Its name there.
    pub name: Name,
    /// The version that somebody read.
    pub verified: Option<Name>,
    /// The version that `tests/sdk/check.py` compared calls and examples with.
    pub checked: Option<Name>,
    /// The newest version that was published when that was last looked up.
    pub newest: Option<Name>,
    /// When it was.
    pub looked_up: Option<Name>,
}

static PACKAGES: LazyLock<(Vec<Package>, Vec<Problem>)> = LazyLock::new(|| {
    let text = embedded::FILES.iter().find(|(path, _)| *path == FILE).map_or("", |(_, text)| text);
    let mut reader = Reader::new(FileId(0), text);
    let found = read(&mut reader);
    (found, reader.problems)
});

/// Every package in the order of the file.
pub fn packages() -> &'static [Package] {
    &PACKAGES.0
}

/// What is wrong with the file.
pub(super) fn problems() -> &'static [Problem] {
    &PACKAGES.1
}

impl Package {
    /// Whether a newer major version is known than any that the calls were compared with: they may differ.
    pub fn is_stale(&self) -> bool {
        let read = self.verified.iter().chain(&self.checked).map(|version| major(version)).max();
        let newest = self.newest.as_deref().map(major);
        read.zip(newest).is_some_and(|(read, newest)| read < newest)
    }

    /// The vendors that it is a package of.
    pub fn vendors<'a>(&self, catalogue: &'a Catalogue) -> Vec<&'a Name> {
        let owners = catalogue.owners();
        owners.named(&self.registry, &self.name).iter().map(|vendor| &vendor.id).collect()
    }
}

/// The first number of a version that is not zero, with its place: `0.34.1` comes before `0.35.0` and `1.0.0`.
fn major(version: &str) -> Vec<u64> {
    let mut numbers = version.split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse::<u64>().unwrap_or(0)
    });
    let mut major = Vec::new();
    while let Some(number) = numbers.next().filter(|_| major.iter().all(|before| *before == 0)) {
        major.push(number);
    }
    major
}

fn read(reader: &mut Reader<'_>) -> Vec<Package> {
    let document = reader.document();
    let mut found = Vec::new();
    for (registry, value) in in_order(&document) {
        let Some(packages) = reader.as_table(value, &registry.value) else {
            continue;
        };
        for (name, value) in in_order(packages) {
            let Some(table) = reader.as_table(value, &name.value) else {
                continue;
            };
            reader.known(table, KEYS);
            let mut text = |key: &str| reader.text(table, key).map(|text: At<Name>| text.value);
            found.push(Package {
                registry: registry.value.clone(),
                name: name.value,
                verified: text("verified"),
                checked: text("checked"),
                newest: text("newest"),
                looked_up: text("looked-up"),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_stale(verified: &str, newest: &str) -> bool {
        let name = |text: &str| Some(Name::from(text)).filter(|text| !text.is_empty());
        let (verified, newest) = (name(verified), name(newest));
        Package { registry: "npm".into(), name: "acme".into(), verified, newest, checked: None, looked_up: None }
            .is_stale()
    }

    #[test]
    fn a_newer_major_makes_a_version_stale() {
        for (verified, newest) in [("4.9.1", "5.0.0"), ("0.34.0", "0.35.0"), ("0.34.0", "1.0.0"), ("2025.1", "2026.1")]
        {
            assert!(is_stale(verified, newest), "{verified} {newest}");
        }
        for (verified, newest) in [("5.0.0", "5.9.0"), ("0.34.0", "0.34.9"), ("5", "4.0.0"), ("", "1"), ("1", "")] {
            assert!(!is_stale(verified, newest), "{verified} {newest}");
        }
    }
}
