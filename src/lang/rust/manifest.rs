//! What the `Cargo.toml` files of a project say of its crates.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::lang::FileIndex;

/// A package of the project.
#[derive(Debug)]
pub(super) struct Package {
    /// Its folder, with a `/` at its end unless it is the root of the project.
    pub(super) folder: String,
    /// The name of its library, as code writes it.
    pub(super) crate_name: String,
    /// The path of its library's root.
    pub(super) library: Option<String>,
    /// The paths of the roots of all its crates, the library first.
    pub(super) roots: Vec<String>,
    /// What it depends on, by the name that code uses.
    pub(super) dependencies: BTreeMap<String, Dependency>,
}

impl Package {
    /// Whether no dependency can be the crate of this name. A library may be named after a part of its package:
    /// `async-billing` may be `billing` in code.
    pub(super) fn rules_out(&self, name: &str) -> bool {
        let resembles = |dependency: &Dependency| match dependency {
            Dependency::Own(_) => false,
            Dependency::Other(other) => other.split('_').any(|word| word == name) || other.replace('_', "") == name,
        };
        !self.dependencies.is_empty() && !self.dependencies.values().any(resembles)
    }
}

/// A dependency.
#[derive(Debug)]
pub(super) enum Dependency {
    /// A package of the project, by position.
    Own(usize),
    /// Another crate, by its own name as code writes it.
    Other(String),
}

/// A manifest with its folder.
struct Manifest {
    folder: String,
    table: Table,
}

/// The packages of a project, by folder.
pub(super) fn packages(index: &FileIndex) -> Vec<Package> {
    let configs: BTreeMap<&String, _> = index.configs.iter().collect();
    let sources: BTreeSet<&str> = index.paths.iter().map(String::as_str).collect();
    let manifests: Vec<Manifest> = configs
        .into_iter()
        .filter_map(|(path, text)| {
            let folder = path.strip_suffix("Cargo.toml")?;
            let is_folder = folder.is_empty() || folder.ends_with('/');
            Some(Manifest { folder: is_folder.then(|| folder.to_string())?, table: text.parse().ok()? })
        })
        .collect();
    let mut members: Vec<&Manifest> = Vec::new();
    members.extend(manifests.iter().filter(|manifest| manifest.package_name().is_some()));
    members
        .iter()
        .map(|manifest| Package {
            folder: manifest.folder.clone(),
            crate_name: manifest.crate_name(),
            library: manifest.library(&sources),
            roots: manifest.roots(&sources),
            dependencies: dependencies(manifest, &members, &manifests),
        })
        .collect()
}

impl Manifest {
    fn package_name(&self) -> Option<&str> {
        self.table.get("package")?.get("name")?.as_str()
    }

    fn crate_name(&self) -> String {
        let named = self.table.get("lib").and_then(|lib| lib.get("name"));
        match named.and_then(Value::as_str) {
            Some(name) => crate_name(name),
            None => crate_name(self.package_name().unwrap_or_default()),
        }
    }

    fn library(&self, sources: &BTreeSet<&str>) -> Option<String> {
        let path = self.table.get("lib").and_then(|lib| lib.get("path"));
        let path = path.and_then(Value::as_str).unwrap_or("src/lib.rs");
        let path = joined(&self.folder, path);
        sources.contains(path.as_str()).then_some(path)
    }

    /// The roots of its crates: the library, the program, and those that the manifest or a folder lists.
    fn roots(&self, sources: &BTreeSet<&str>) -> Vec<String> {
        let mut roots: Vec<String> = self.library(sources).into_iter().collect();
        let mut add = |path: String| {
            if sources.contains(path.as_str()) && !roots.contains(&path) {
                roots.push(path);
            }
        };
        add(joined(&self.folder, "src/main.rs"));
        for kind in ["bin", "test", "example", "bench"] {
            let listed = self.table.get(kind).and_then(Value::as_array);
            for target in listed.into_iter().flatten() {
                if let Some(path) = target.get("path").and_then(Value::as_str) {
                    add(joined(&self.folder, path));
                }
            }
        }
        add(joined(&self.folder, "build.rs"));
        for folder in ["src/bin/", "tests/", "examples/", "benches/"] {
            let folder = format!("{}{folder}", self.folder);
            let below = sources.range(folder.as_str()..);
            for path in below.take_while(|path| path.starts_with(&folder)) {
                let name = &path[folder.len()..];
                let is_program = name.ends_with("/main.rs") && name.matches('/').count() == 1;
                if is_program || name.ends_with(".rs") && !name.contains('/') {
                    add(path.to_string());
                }
            }
        }
        roots
    }
}

/// All kinds of dependencies of a package, also those of one platform.
fn dependencies(manifest: &Manifest, members: &[&Manifest], manifests: &[Manifest]) -> BTreeMap<String, Dependency> {
    let platforms = manifest.table.get("target").and_then(Value::as_table);
    let tables = platforms
        .into_iter()
        .flat_map(|platforms| platforms.values())
        .filter_map(Value::as_table)
        .chain(std::iter::once(&manifest.table));
    let mut result = BTreeMap::new();
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let listed = table.get(kind).and_then(Value::as_table);
            for (name, value) in listed.into_iter().flatten() {
                let (value, folder) = inherited(name, value, manifest, manifests);
                let dependency = dependency(name, value, folder, members);
                result.insert(crate_name(name), dependency);
            }
        }
    }
    result
}

/// A dependency as it is written, or as the workspace writes it, with the folder its paths start from.
fn inherited<'m>(
    name: &str,
    value: &'m Value,
    manifest: &'m Manifest,
    manifests: &'m [Manifest],
) -> (&'m Value, &'m str) {
    let is_inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let workspaces = manifests.iter().filter(|other| is_inherited && manifest.folder.starts_with(&other.folder));
    let found = workspaces.filter_map(|other| {
        let value = other.table.get("workspace")?.get("dependencies")?.get(name)?;
        Some((value, other.folder.as_str()))
    });
    // The nearest workspace is the one with the longest folder.
    found.max_by_key(|(_, folder)| folder.len()).unwrap_or((value, &manifest.folder))
}

fn dependency(name: &str, value: &Value, folder: &str, members: &[&Manifest]) -> Dependency {
    let package = value.get("package").and_then(Value::as_str).unwrap_or(name);
    let path = value.get("path").and_then(Value::as_str);
    let own = match path {
        Some(path) => {
            let target = joined(folder, &format!("{path}/"));
            members.iter().position(|member| member.folder == target)
        }
        None => members.iter().position(|member| member.package_name() == Some(package)),
    };
    match own {
        Some(own) => Dependency::Own(own),
        None => Dependency::Other(crate_name(package)),
    }
}

/// A package's name as code writes it.
fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

/// A path of the project, from a folder of it and a path written there.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match path.ends_with('/') && !joined.is_empty() {
        true => format!("{joined}/"),
        false => joined,
    }
}
