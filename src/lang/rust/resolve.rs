//! Where a path leads: the crates of the project, and the files of their modules.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::manifest::{Dependency, Package, packages};
use crate::ir::Name;
use crate::lang::{FileIndex, Resolve, Target};
use crate::source::FileId;

/// The crates of a project.
#[derive(Debug)]
pub(super) struct Crates {
    index: Arc<FileIndex>,
    packages: Vec<Package>,
    /// Where each file stands, by file.
    homes: Vec<Option<Home>>,
}

/// Where a file stands.
#[derive(Debug)]
struct Home {
    /// Its package, where it has one.
    package: Option<usize>,
    /// The folder of its crate's root, with a `/` at its end unless empty.
    base: String,
    /// The file of its crate's root.
    root: Option<FileId>,
    /// Its module path.
    module: Vec<String>,
}

impl Crates {
    /// Reads the manifests, and finds out which crate each file belongs to.
    pub(super) fn new(index: Arc<FileIndex>) -> Crates {
        let packages = packages(&index);
        let by_folder: FxHashMap<&str, usize> =
            packages.iter().enumerate().map(|(index, package)| (package.folder.as_str(), index)).collect();
        let homes = index
            .paths
            .iter()
            .map(|path| path.ends_with(".rs").then(|| home(&index, &packages, &by_folder, path)))
            .collect();
        Crates { index, packages, homes }
    }

    /// The longest part of a path that names a file, and what is left of it.
    fn module(&self, base: &str, root: Option<FileId>, path: &[&str]) -> Target {
        for count in (1..=path.len()).rev() {
            let stem = format!("{base}{}", path[..count].join("/"));
            if let Some(file) = self.module_file(&stem) {
                return Target::Module(file, names(&path[count..]));
            }
        }
        match root {
            Some(root) => Target::Module(root, names(path)),
            None => Target::Nowhere,
        }
    }

    fn module_file(&self, stem: &str) -> Option<FileId> {
        let files = &self.index.files;
        let file = files.get(&format!("{stem}.rs"));
        file.or_else(|| files.get(&format!("{stem}/mod.rs"))).copied()
    }

    fn library(&self, package: usize, path: &[&str]) -> Target {
        let package = &self.packages[package];
        match &package.library {
            Some(library) => {
                let root = self.index.files.get(library).copied();
                self.module(folder(library), root, path)
            }
            None => Target::Nowhere,
        }
    }

    /// A path that starts with the name of a crate, or of a module beside the file.
    fn outside(&self, from: FileId, home: &Home, path: &[&str]) -> Target {
        let (Some(first), rest) = (path.first(), path.get(1..).unwrap_or_default()) else {
            return Target::Nowhere;
        };
        let package = home.package.map(|package| &self.packages[package]);
        match package.and_then(|package| package.dependencies.get(*first)) {
            Some(Dependency::Own(own)) => return self.library(*own, rest),
            Some(Dependency::Other(name)) => {
                return Target::Package(name.as_str().into(), names(rest));
            }
            None => {}
        }
        if matches!(*first, "std" | "core" | "alloc") {
            return Target::Package("std".into(), names(rest));
        }
        let own = package.filter(|package| package.crate_name == *first).and(home.package);
        let member = || self.packages.iter().position(|package| package.crate_name == *first);
        if let Some(own) = own.or_else(member).filter(|own| self.packages[*own].library.is_some()) {
            return self.library(own, rest);
        }
        let beside = [home.module.join("/"), first.to_string()];
        let stem = beside.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>();
        if self.module_file(&format!("{}{}", home.base, stem.join("/"))).is_some() {
            return self.within(from, home, &home.module, path);
        }
        match package.is_some_and(|package| package.rules_out(first)) {
            // `use super::*; helpers::send()`: the file itself says where its names come from.
            true => Target::Module(from, names(path)),
            false => Target::Package((*first).into(), names(rest)),
        }
    }

    /// A path below a module of the file's own crate.
    fn within(&self, from: FileId, home: &Home, module: &[String], rest: &[&str]) -> Target {
        let is_root = Some(from) == home.root || home.module.is_empty();
        let root = if is_root { Some(from) } else { home.root };
        let path: Vec<&str> = module.iter().map(String::as_str).chain(rest.iter().copied()).collect();
        self.module(&home.base, root, &path)
    }
}

impl Resolve for Crates {
    fn resolve(&self, from: FileId, specifier: &str) -> Target {
        let Some(Some(home)) = self.homes.get(from.0 as usize) else {
            return Target::Nowhere;
        };
        let path: Vec<&str> = specifier.split("::").collect();
        match path.as_slice() {
            ["crate", rest @ ..] => self.within(from, home, &[], rest),
            ["self", rest @ ..] => self.within(from, home, &home.module, rest),
            ["super", ..] => {
                let above = path.iter().take_while(|name| **name == "super").count();
                match home.module.len().checked_sub(above) {
                    Some(depth) => self.within(from, home, &home.module[..depth], &path[above..]),
                    None => Target::Nowhere,
                }
            }
            path => self.outside(from, home, path),
        }
    }
}

/// The folder of a path, with the `/` at its end.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

fn names(path: &[&str]) -> Vec<Name> {
    path.iter().map(|name| Name::from(*name)).collect()
}

/// Where a file stands: in the crate whose root is in the nearest folder above it.
fn home(index: &FileIndex, packages: &[Package], by_folder: &FxHashMap<&str, usize>, path: &str) -> Home {
    let package = folders(path).find_map(|folder| by_folder.get(folder).copied());
    let roots: &[String] = package.map_or(&[], |package| &packages[package].roots);
    if roots.iter().any(|root| root == path) {
        return Home {
            package,
            base: folder(path).to_string(),
            root: index.files.get(path).copied(),
            module: Vec::new(),
        };
    }
    let base = roots
        .iter()
        .map(|root| folder(root))
        .filter(|base| path.starts_with(base))
        .max_by_key(|base| base.len())
        .map_or_else(|| guessed_base(index, path), str::to_string);
    // A library comes first among the roots of its package.
    let root = roots.iter().find(|root| folder(root) == base);
    let root = match root {
        Some(root) => index.files.get(root).copied(),
        None => ["lib.rs", "main.rs"].iter().find_map(|name| index.files.get(&format!("{base}{name}")).copied()),
    };
    Home { package, module: module_path(&base, path), root, base }
}

/// The folders above a path, the nearest first, each with the `/` at its end.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let nearest = folder(path);
    std::iter::successors(Some(nearest), |folder_above| {
        let above = folder_above.strip_suffix('/')?;
        Some(folder(above))
    })
}

/// The nearest folder above with a `lib.rs` or `main.rs`; without one, the file's own.
fn guessed_base(index: &FileIndex, path: &str) -> String {
    let is_base =
        |base: &&str| ["lib.rs", "main.rs"].iter().any(|name| index.files.contains_key(&format!("{base}{name}")));
    folders(path).find(is_base).unwrap_or(folder(path)).to_string()
}

fn module_path(base: &str, path: &str) -> Vec<String> {
    let inner = path.strip_prefix(base).unwrap_or(path);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let mut names: Vec<String> = inner.split('/').map(str::to_string).collect();
    let is_folder = names.len() > 1 && names.last().is_some_and(|name| name == "mod");
    let is_root = matches!(inner, "lib" | "main");
    if is_folder || is_root {
        names.pop();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(files: &[&str], configs: &[(&str, &str)]) -> Arc<FileIndex> {
        let mut index = FileIndex::default();
        for (id, path) in files.iter().enumerate() {
            index.files.insert(path.to_string(), FileId(id as u32));
            index.paths.push(path.to_string());
        }
        for (path, text) in configs {
            index.configs.insert(path.to_string(), Arc::from(*text));
        }
        Arc::new(index)
    }

    const FILES: &[&str] = &[
        "app/src/main.rs",
        "app/src/web/mod.rs",
        "app/src/web/login.rs",
        "app/src/bin/job.rs",
        "tracking/src/lib.rs",
        "tracking/src/client.rs",
    ];

    const APP: &str = "[package]\nname = 'my-app'\n[dependencies]\ntracking = { workspace = true }\n\
        short = { package = 'long-name', version = '1' }\nserde-json = '1'\nasync-billing = '1'\n";

    const ROOT: &str = "[workspace]\nmembers = ['app', 'tracking']\n\
        [workspace.dependencies]\ntracking = { path = 'tracking', package = 'our-tracking' }\n";

    fn check(from: u32, specifier: &str, expected: Target) {
        let configs = [
            ("Cargo.toml", ROOT),
            ("app/Cargo.toml", APP),
            ("tracking/Cargo.toml", "[package]\nname = 'our-tracking'\n"),
        ];
        let crates = Crates::new(index(FILES, &configs));
        assert_eq!(crates.resolve(FileId(from), specifier), expected, "{specifier}");
    }

    fn module(file: u32, rest: &[&str]) -> Target {
        Target::Module(FileId(file), names(rest))
    }

    fn package(name: &str, rest: &[&str]) -> Target {
        Target::Package(name.into(), names(rest))
    }

    #[test]
    fn paths_of_the_own_crate() {
        check(0, "crate::web::login::send", module(2, &["send"]));
        check(2, "crate::config::KEY", module(0, &["config", "KEY"]));
        check(2, "super::helper", module(1, &["helper"]));
        check(2, "super::super::helper", module(0, &["helper"]));
        check(1, "self::login", module(2, &[]));
        check(1, "login::send", module(2, &["send"]));
        check(3, "self::local", module(3, &["local"]));
        check(0, "super::super::nothing", Target::Nowhere);
    }

    #[test]
    fn paths_of_other_crates() {
        check(0, "tracking::client::Client::new", module(5, &["Client", "new"]));
        check(0, "tracking::send", module(4, &["send"]));
        check(4, "crate::client", module(5, &[]));
        check(0, "short::a::Item", package("long_name", &["a", "Item"]));
        check(0, "serde_json::to_value", package("serde_json", &["to_value"]));
        check(0, "core::mem::drop", package("std", &["mem", "drop"]));
        check(0, "billing::Charge", package("billing", &["Charge"]));
        check(1, "from_a_glob::x", module(1, &["from_a_glob", "x"]));
    }

    #[test]
    fn files_without_a_manifest() {
        let crates = Crates::new(index(&["main.rs", "track.rs"], &[]));
        assert_eq!(crates.resolve(FileId(0), "crate::track::send"), module(1, &["send"]));
        assert_eq!(crates.resolve(FileId(1), "vendor::Client"), package("vendor", &["Client"]));
    }
}
