//! Lists that are JSON. The parser keeps no places, so each name is looked for in the text, in the order in which the
//! parser gives them.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{Found, Own, Purpose};

/// `package.json`.
pub(super) fn package(text: &str) -> Vec<Found> {
    let mut found = tables(
        text,
        &[
            ("dependencies", Purpose::Run),
            ("optionalDependencies", Purpose::Run),
            ("devDependencies", Purpose::Develop),
            ("peerDependencies", Purpose::Develop),
        ],
    );
    for one in &mut found {
        // Types of a package say nothing of what runs.
        if one.package.starts_with("@types/") {
            one.purpose = Purpose::Develop;
        }
    }
    found
}

/// What `package.json` or `composer.json` says of the project itself.
pub(super) fn own(text: &str, own: &mut Own) {
    for (key, value) in parse(text).as_object().into_iter().flatten() {
        if let Some(text) = value.as_str() {
            own.note(key, text);
        }
    }
}

/// `composer.json`.
pub(super) fn composer(text: &str) -> Vec<Found> {
    tables(text, &[("require", Purpose::Run), ("require-dev", Purpose::Develop)])
}

/// `Pipfile.lock`.
pub(super) fn pipfile_lock(text: &str) -> Vec<Found> {
    tables(text, &[("default", Purpose::Run), ("develop", Purpose::Develop)])
}

/// `package-lock.json`.
pub(super) fn package_lock(text: &str) -> Vec<Found> {
    let document = parse(text);
    let Some(packages) = document.get("packages").or(document.get("dependencies")).and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut from = 0;
    let mut found = Vec::new();
    for (path, about) in packages {
        let at = key(text, path, from);
        from = at.end.max(from);
        let package = path.rsplit_once("node_modules/").map_or(&**path, |(_, package)| package);
        let purpose = if about["dev"] == Value::Bool(true) { Purpose::Develop } else { Purpose::Run };
        found.push(Found::new(package, at, purpose).in_version(about["version"].as_str()));
    }
    found
}

/// `composer.lock`.
pub(super) fn composer_lock(text: &str) -> Vec<Found> {
    let document = parse(text);
    let mut found = Vec::new();
    for (list, purpose) in [("packages", Purpose::Run), ("packages-dev", Purpose::Develop)] {
        let mut from = key(text, list, 0).end;
        for package in document[list].as_array().into_iter().flatten() {
            let Some(name) = package["name"].as_str() else { continue };
            let at = quoted(text, name, from);
            from = at.end.max(from);
            found.push(Found::new(name, at, purpose).in_version(package["version"].as_str()));
        }
    }
    found
}

/// The keys of some of the tables of a document.
fn tables(text: &str, tables: &[(&str, Purpose)]) -> Vec<Found> {
    let document = parse(text);
    let empty = Map::new();
    let mut found = Vec::new();
    for (table, purpose) in tables {
        let mut from = key(text, table, 0).end;
        for (name, version) in document[*table].as_object().unwrap_or(&empty) {
            let at = key(text, name, from);
            from = at.end.max(from);
            // `"other": "npm:@scope/package@1"`
            let alias = version.as_str().and_then(|version| version.strip_prefix("npm:"));
            let (package, range) = match alias {
                Some(alias) => match alias.rfind('@').filter(|at| *at > 0) {
                    Some(at) => (&alias[..at], Some(&alias[at + 1..])),
                    None => (alias, None),
                },
                // What lies elsewhere has numbers that are no version: `file:../v2`.
                None => (&**name, version.as_str().filter(|range| !range.contains([':', '/']))),
            };
            found.push(Found::new(package, at, *purpose).in_version(range));
        }
    }
    found
}

/// The document; null where it cannot be parsed.
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// Where a key is written, at or after a byte.
fn key(text: &str, name: &str, from: usize) -> Range<usize> {
    let mut start = from;
    loop {
        let at = quoted(text, name, start);
        if at.is_empty() {
            return at;
        }
        if text[at.end..].trim_start().starts_with(':') {
            return at;
        }
        start = at.end;
    }
}

/// Where a text is written in quotes, at or after a byte; empty where it is not.
fn quoted(text: &str, name: &str, from: usize) -> Range<usize> {
    let quoted = Value::from(name).to_string();
    let found = text.get(from..).and_then(|rest| rest.find(&quoted));
    found.map_or(0..0, |start| from + start..from + start + quoted.len())
}
