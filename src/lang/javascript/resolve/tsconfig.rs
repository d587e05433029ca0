//! `tsconfig.json` and `jsconfig.json`: the paths that they map.

use std::collections::BTreeMap;

use serde_json::Value;

use super::package::Packages;
use super::{json, path};
use crate::lang::FileIndex;
use crate::source::FileId;

/// How many configurations may extend one another.
const EXTENDS: usize = 16;

/// What the configuration files of a project map.
pub(super) struct Configs {
    /// By folder, in the order in which they are tried: `tsconfig.json`, then its variants.
    folders: BTreeMap<String, Vec<Mapping>>,
}

/// What one configuration maps, with what it extends.
#[derive(Clone, Default)]
struct Mapping {
    /// The folder that bare specifiers are looked up in.
    base: Option<String>,
    /// Patterns with at most one `*`, the most telling first, and the paths they stand for.
    paths: Vec<(String, Vec<String>)>,
}

impl Configs {
    /// Reads every configuration.
    pub(super) fn new(index: &FileIndex, packages: &Packages) -> Configs {
        let mut parsed: BTreeMap<&str, Value> = BTreeMap::new();
        let mut files: Vec<_> = index.configs.iter().collect();
        files.sort();
        for (file, text) in files {
            let name = file.rsplit('/').next().unwrap_or(file);
            let is_config = name.starts_with("tsconfig") || name.starts_with("jsconfig");
            if is_config && name.ends_with(".json") {
                parsed.insert(file, json::parse(text));
            }
        }
        let reader = Reader { parsed: &parsed, packages };
        let mut folders: BTreeMap<String, Vec<(bool, Mapping)>> = BTreeMap::new();
        for file in parsed.keys() {
            let mapping = reader.read(file, path::parent(file), EXTENDS);
            let is_variant = !file.ends_with("tsconfig.json");
            let folder = folders.entry(path::parent(file).to_owned()).or_default();
            folder.push((is_variant, mapping));
        }
        let folders = folders.into_iter().map(|(folder, mut mappings)| {
            mappings.sort_by_key(|(is_variant, _)| *is_variant);
            let mappings = mappings.into_iter().map(|(_, mapping)| mapping);
            (folder, mappings.collect())
        });
        Configs { folders: folders.collect() }
    }

    /// The file that the configurations around a folder map a specifier to.
    pub(super) fn mapped(&self, index: &FileIndex, folder: &str, specifier: &str) -> Option<FileId> {
        path::ancestors(folder)
            .filter_map(|folder| self.folders.get(folder))
            .flatten()
            .find_map(|mapping| mapping.find(index, specifier))
    }
}

impl Mapping {
    fn find(&self, index: &FileIndex, specifier: &str) -> Option<FileId> {
        let mapped = self.paths.iter().find_map(|(pattern, targets)| {
            let captured = path::capture(pattern, specifier)?;
            targets.iter().find_map(|target| path::file_at(index, &target.replacen('*', captured, 1)))
        });
        mapped.or_else(|| path::file_from(index, self.base.as_ref()?, specifier))
    }
}

/// Reads configurations with what they extend.
struct Reader<'r> {
    parsed: &'r BTreeMap<&'r str, Value>,
    packages: &'r Packages,
}

impl Reader<'_> {
    /// What a configuration maps. `leaf` is the folder of the configuration that is extended in the end.
    fn read(&self, file: &str, leaf: &str, depth: usize) -> Mapping {
        let Some(config) = self.parsed.get(file).filter(|_| depth > 0) else {
            return Mapping::default();
        };
        let folder = path::parent(file);
        let mut mapping = Mapping::default();
        for base in texts(config.get("extends")) {
            let Some(base) = self.extended(folder, base) else {
                continue;
            };
            let inherited = self.read(&base, leaf, depth - 1);
            mapping.base = inherited.base.or(mapping.base);
            if !inherited.paths.is_empty() {
                mapping.paths = inherited.paths;
            }
        }
        let Some(options) = config.get("compilerOptions") else {
            return mapping;
        };
        let from = |relative: &str| match relative.strip_prefix("${configDir}") {
            Some(rest) => path::join(leaf, rest),
            None => path::join(folder, relative),
        };
        if let Some(base) = options.get("baseUrl").and_then(Value::as_str) {
            mapping.base = from(base);
        }
        if let Some(paths) = options.get("paths").and_then(Value::as_object) {
            let root = mapping.base.clone().unwrap_or_else(|| folder.to_owned());
            let target = |target: &str| match target.strip_prefix("${configDir}") {
                Some(rest) => path::join(leaf, rest),
                None => path::join(&root, target),
            };
            let paths = paths.iter().map(|(pattern, targets)| {
                let targets = texts(Some(targets)).filter_map(target).collect();
                (pattern.clone(), targets)
            });
            mapping.paths = paths.collect();
            mapping.paths.sort_by_key(|(pattern, _)| {
                let start = pattern.split('*').next().unwrap_or(pattern).len();
                (pattern.contains('*'), std::cmp::Reverse(start))
            });
        }
        mapping
    }

    /// The configuration that `extends` names: a path, or a file of a package of the project. One from outside is not
    /// there to be read.
    fn extended(&self, folder: &str, name: &str) -> Option<String> {
        let base =
            if path::is_relative(name) { path::join(folder, name)? } else { self.packages.path(folder, name)? };
        let candidates = [base.clone(), format!("{base}.json"), format!("{base}/tsconfig.json")];
        candidates.into_iter().find(|candidate| self.parsed.contains_key(candidate.as_str()))
    }
}

/// A text, or the texts of a list.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array);
    let one = value.and_then(Value::as_str);
    list.into_iter().flatten().filter_map(Value::as_str).chain(one)
}
