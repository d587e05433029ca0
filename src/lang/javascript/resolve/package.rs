//! The packages of the project itself: what their `package.json` says they consist of.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{json, path};
use crate::lang::FileIndex;
use crate::source::FileId;

/// The conditions of `exports`, the most telling first. Others are tried after these.
const CONDITIONS: [&str; 7] = ["source", "development", "import", "module", "browser", "require", "default"];

/// The fields that name a package's main file, the most telling first.
const MAIN: [&str; 7] = ["source", "module", "main", "browser", "react-native", "types", "typings"];

/// Where compilers put what they make of the sources.
const OUTPUT: [&str; 9] = ["dist", "build", "lib", "out", "output", "esm", "cjs", "es", "types"];

/// A package of the project.
pub(super) struct Package {
    folder: String,
    manifest: Value,
}

/// All packages of the project.
pub(super) struct Packages {
    /// By folder.
    folders: BTreeMap<String, Package>,
    /// The folders of each name. A project may hold several of one name, in examples or templates.
    names: BTreeMap<String, Vec<String>>,
}

impl Packages {
    /// Reads every `package.json`.
    pub(super) fn new(index: &FileIndex) -> Packages {
        let mut manifests: Vec<_> =
            index.configs.iter().filter(|(file, _)| file.rsplit('/').next() == Some("package.json")).collect();
        manifests.sort();
        let mut folders = BTreeMap::new();
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (file, text) in manifests {
            let folder = path::parent(file).to_owned();
            let manifest = json::parse(text);
            if let Some(name) = manifest.get("name").and_then(Value::as_str) {
                let known = names.entry(name.to_owned()).or_default();
                known.push(folder.clone());
            }
            folders.insert(folder.clone(), Package { folder, manifest });
        }
        Packages { folders, names }
    }

    /// The folder of the package that a folder belongs to.
    pub(super) fn around(&self, folder: &str) -> Option<&str> {
        let mut around = path::ancestors(folder);
        let package = around.find_map(|folder| self.folders.get(folder))?;
        Some(&package.folder)
    }

    /// The package of the project that a specifier names, and the path in it. Of several, the one that lies nearest to
    /// the folder.
    pub(super) fn named<'s>(&self, folder: &str, specifier: &'s str) -> Option<(&Package, &'s str)> {
        let (name, rest) = split(specifier);
        let folders = self.names.get(name)?;
        let nearest =
            folders.iter().max_by_key(|candidate| (shared(candidate, folder), std::cmp::Reverse(*candidate)))?;
        Some((self.folders.get(nearest)?, rest))
    }

    /// The folder that a specifier's path in a package of the project means.
    pub(super) fn path(&self, folder: &str, specifier: &str) -> Option<String> {
        let (package, rest) = self.named(folder, specifier)?;
        path::join(&package.folder, rest)
    }

    /// The file of a package that a path in it means; its main file for the empty path.
    pub(super) fn file(&self, index: &FileIndex, package: &Package, rest: &str) -> Option<FileId> {
        let subpath = if rest.is_empty() { ".".to_owned() } else { format!("./{rest}") };
        let exports = package.manifest.get("exports");
        let targets = exports.map_or_else(Vec::new, |exports| targets(exports, &subpath));
        let exported = targets.iter().find_map(|target| package.source(index, target));
        exported.or_else(|| if rest.is_empty() { package.main(index) } else { package.source(index, rest) })
    }

    /// The file that a package's own `imports` give a specifier: `#db`.
    pub(super) fn private_import(&self, index: &FileIndex, folder: &str, specifier: &str) -> Option<FileId> {
        if !specifier.starts_with('#') {
            return None;
        }
        let package = self.folders.get(self.around(folder)?)?;
        let imports = package.manifest.get("imports")?;
        let targets = targets(imports, specifier);
        targets.iter().find_map(|target| package.source(index, target))
    }
}

impl Package {
    /// The main file.
    fn main(&self, index: &FileIndex) -> Option<FileId> {
        let fields = MAIN.iter();
        let named = fields.filter_map(|field| self.manifest.get(field)?.as_str());
        let mut candidates = named.chain(["src/index", "index", "src/main"]);
        candidates.find_map(|file| self.source(index, file))
    }

    /// The file at a path in the package. The path of a built file leads to the source it is built from.
    fn source(&self, index: &FileIndex, file: &str) -> Option<FileId> {
        let file = file.trim_start_matches("./");
        if let Some(found) = path::file_from(index, &self.folder, file) {
            return Some(found);
        }
        let mut rest = path::stem(file);
        let mut candidates = vec![format!("src/{rest}")];
        while let Some((first, inner)) = rest.split_once('/') {
            if !OUTPUT.contains(&first) {
                break;
            }
            rest = inner;
            candidates.push(format!("src/{rest}"));
            candidates.push(rest.to_owned());
        }
        candidates.iter().find_map(|file| path::file_from(index, &self.folder, file))
    }
}

/// The paths that `exports` or `imports` give a subpath, the most telling condition first.
fn targets(map: &Value, subpath: &str) -> Vec<String> {
    let mut found = Vec::new();
    let by_subpath = map.as_object().filter(|fields| fields.keys().any(|key| key.starts_with(['.', '#'])));
    match by_subpath {
        Some(fields) => {
            let mut matching: Vec<_> =
                fields.iter().filter_map(|(key, value)| Some((key, path::capture(key, subpath)?, value))).collect();
            // A key without `*`, then the one that says most before it.
            matching.sort_by_key(|(key, ..)| {
                let start = key.split('*').next().unwrap_or(key).len();
                (key.contains('*'), std::cmp::Reverse(start))
            });
            for (_, captured, value) in matching {
                collect(value, captured, &mut found);
            }
        }
        None if subpath == "." => collect(map, "", &mut found),
        None => {}
    }
    found
}

/// Adds the paths of a target: a text, alternatives, or conditions.
fn collect(target: &Value, captured: &str, found: &mut Vec<String>) {
    match target {
        Value::String(file) => found.push(file.replace('*', captured)),
        Value::Array(alternatives) => {
            for alternative in alternatives {
                collect(alternative, captured, found);
            }
        }
        Value::Object(conditions) => {
            let known = CONDITIONS.iter().filter_map(|name| conditions.get(*name));
            let others =
                conditions.iter().filter(|(name, _)| !CONDITIONS.contains(&name.as_str())).map(|(_, target)| target);
            for target in known.chain(others) {
                collect(target, captured, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A specifier's package name, and the path after it.
fn split(specifier: &str) -> (&str, &str) {
    let mut slashes = specifier.match_indices('/').map(|(at, _)| at);
    let end = if specifier.starts_with('@') { slashes.nth(1) } else { slashes.next() };
    match end {
        Some(end) => (&specifier[..end], &specifier[end + 1..]),
        None => (specifier, ""),
    }
}

/// How many folders two paths share.
fn shared(left: &str, right: &str) -> usize {
    let pairs = left.split('/').zip(right.split('/'));
    pairs.take_while(|(left, right)| left == right).count()
}

/// The specifier of a package from outside, as the catalogue names it: `npm:posthog-js@1.2/react` is `posthog-js/react`.
pub(super) fn external(specifier: &str) -> String {
    let Some(npm) = specifier.strip_prefix("npm:") else {
        return specifier.to_owned();
    };
    let (name, rest) = split(npm.trim_start_matches('/'));
    let version = name.char_indices().skip(1).find(|(_, letter)| *letter == '@');
    let name = version.map_or(name, |(at, _)| &name[..at]);
    if rest.is_empty() { name.to_owned() } else { format!("{name}/{rest}") }
}
