//! Lists that are TOML.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Found, Own, Purpose, line, purpose_of};

type Entry<'t, 'i> = (&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

/// `Cargo.toml`.
pub(super) fn cargo(text: &str) -> Vec<Found> {
    let document = document(text);
    let mut found = crates(&document);
    let shared = entries(&document, &["workspace", "dependencies"]);
    keys(shared, Purpose::Constrain, &mut found);
    for (_, target) in entries(&document, &["target"]) {
        found.extend(target.get_ref().as_table().into_iter().flat_map(crates));
    }
    found
}

/// What `Cargo.toml` or `pyproject.toml` says of the project itself.
pub(super) fn own(text: &str, own: &mut Own) {
    let document = document(text);
    for path in [&["package"][..], &["workspace", "package"], &["project"], &["project", "urls"], &["tool", "poetry"]] {
        for (key, value) in entries(&document, path) {
            if let Some(text) = value.get_ref().as_str() {
                own.note(key.get_ref(), text);
            }
        }
    }
}

fn crates(table: &DeTable<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, purpose) in [
        ("dependencies", Purpose::Run),
        ("dev-dependencies", Purpose::Develop),
        ("build-dependencies", Purpose::Develop),
    ] {
        for (name, value) in entries(table, &[key]) {
            // `other = { package = "crate" }`
            let renamed = value.get_ref().get("package").and_then(|package| package.get_ref().as_str());
            let package = renamed.unwrap_or(name.get_ref());
            found.push(Found::new(package, name.span(), purpose).in_version(version(value)));
        }
    }
    found
}

/// The versions of `name = "1.2"` and `name = { version = "1.2" }`.
fn version<'t>(value: &'t Spanned<DeValue<'_>>) -> Option<&'t str> {
    let value = value.get_ref();
    value.as_str().or_else(|| value.get("version")?.get_ref().as_str())
}

/// `Cargo.lock`, `poetry.lock` and the like: `[[package]]` with a name.
pub(super) fn packages(text: &str) -> Vec<Found> {
    let document = document(text);
    let list = document.get("package").and_then(|list| list.get_ref().as_array());
    let named = list.into_iter().flatten().filter_map(|package| {
        let name = package.get_ref().get("name")?;
        // What the lock is about is no dependency of itself.
        let is_own = package.get_ref().get("source").is_none() && package.get_ref().get("files").is_none();
        let text = name.get_ref().as_str()?;
        (!is_own).then(|| Found::new(text, name.span(), Purpose::Run).in_version(version(package)))
    });
    named.collect()
}

/// `pyproject.toml`, as the standard and as Poetry have it.
pub(super) fn pyproject(text: &str) -> Vec<Found> {
    let document = document(text);
    let mut found = Vec::new();
    let project = table(&document, &["project"]);
    requirements(project.and_then(|project| project.get("dependencies")), Purpose::Run, &mut found);
    for (group, list) in entries(&document, &["project", "optional-dependencies"]) {
        requirements(Some(list), purpose_of(group.get_ref()), &mut found);
    }
    for (group, list) in entries(&document, &["dependency-groups"]) {
        requirements(Some(list), purpose_of(group.get_ref()), &mut found);
    }
    let poetry = ["tool", "poetry", "dependencies"];
    keys(entries(&document, &poetry), Purpose::Run, &mut found);
    keys(entries(&document, &["tool", "poetry", "dev-dependencies"]), Purpose::Develop, &mut found);
    for (group, about) in entries(&document, &["tool", "poetry", "group"]) {
        if let Some(about) = about.get_ref().as_table() {
            keys(entries(about, &["dependencies"]), purpose_of(group.get_ref()), &mut found);
        }
    }
    found
}

/// `Pipfile`.
pub(super) fn pipfile(text: &str) -> Vec<Found> {
    let document = document(text);
    let mut found = Vec::new();
    keys(entries(&document, &["packages"]), Purpose::Run, &mut found);
    keys(entries(&document, &["dev-packages"]), Purpose::Develop, &mut found);
    found
}

/// `libs.versions.toml`: the libraries that build files name by an alias.
pub(super) fn version_catalog(text: &str) -> Vec<Found> {
    let document = document(text);
    let mut found = Vec::new();
    for (_, value) in entries(&document, &["libraries"]) {
        let part = |key: &str| value.get_ref().get(key).and_then(|part| part.get_ref().as_str());
        let module = match (value.get_ref().as_str(), part("module"), part("group"), part("name")) {
            (Some(text), ..) | (None, Some(text), ..) => text.to_owned(),
            (None, None, Some(group), Some(name)) => format!("{group}:{name}"),
            _ => continue,
        };
        let parts: Vec<&str> = module.split(':').collect();
        let package = parts[..parts.len().min(2)].join(":");
        let range =
            parts.get(2).copied().or_else(|| version(value).filter(|_| parts.len() == 2 && value.get_ref().is_table()));
        found.push(Found::new(package, value.span(), Purpose::Run).in_version(range));
    }
    found
}

/// The document: what of it can be parsed.
fn document(text: &str) -> DeTable<'_> {
    DeTable::parse_recoverable(text).0.into_inner()
}

fn table<'t, 'i>(root: &'t DeTable<'i>, path: &[&str]) -> Option<&'t DeTable<'i>> {
    path.iter().try_fold(root, |table, key| table.get(*key)?.get_ref().as_table())
}

fn entries<'t, 'i>(root: &'t DeTable<'i>, path: &[&str]) -> Vec<Entry<'t, 'i>> {
    table(root, path).into_iter().flatten().collect()
}

fn keys(entries: Vec<Entry<'_, '_>>, purpose: Purpose, found: &mut Vec<Found>) {
    found.extend(entries.into_iter().map(|(name, value)| {
        let package = value.get_ref().get("package").and_then(|package| package.get_ref().as_str());
        Found::new(package.unwrap_or(name.get_ref()), name.span(), purpose).in_version(version(value))
    }));
}

/// A list of texts such as `requests[socks]>=2; python_version < "4"`.
fn requirements(list: Option<&Spanned<DeValue<'_>>>, purpose: Purpose, found: &mut Vec<Found>) {
    let items = list.and_then(|list| list.get_ref().as_array()).into_iter().flatten();
    found.extend(items.filter_map(|item| {
        let (name, range) = line::requirement(item.get_ref().as_str()?)?;
        Some(Found::new(name, inside(item.span(), name), purpose).in_version(range))
    }));
}

/// The place of a name at the start of a text in quotes.
fn inside(text: Range<usize>, name: &str) -> Range<usize> {
    let start = text.start + 1;
    start..(start + name.len()).min(text.end)
}
