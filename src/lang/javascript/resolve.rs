//! Where an import leads: a file beside, a path that the configuration maps, a package of the workspace, or a package
//! from outside.

use std::sync::Arc;

use crate::lang::{FileIndex, Resolve, Target};
use crate::source::FileId;

mod json;
mod package;
mod path;
mod tsconfig;

use package::Packages;
use tsconfig::Configs;

/// Resolves imports over the paths of a project. It reads its configuration once, from the index.
pub(super) struct Resolver {
    index: Arc<FileIndex>,
    packages: Packages,
    configs: Configs,
}

impl Resolver {
    /// Prepares to resolve the imports of a project.
    pub(super) fn new(index: Arc<FileIndex>) -> Resolver {
        let packages = Packages::new(&index);
        let configs = Configs::new(&index, &packages);
        Resolver { index, packages, configs }
    }

    /// The file of the project that a specifier in a folder means.
    fn file(&self, folder: &str, specifier: &str) -> Found {
        if path::is_relative(specifier) {
            return Found::or_missing(path::file_from(&self.index, folder, specifier));
        }
        if let Some(rooted) = specifier.strip_prefix('/') {
            let package = self.packages.around(folder);
            let roots = [package.unwrap_or(""), ""];
            let mut files = roots.iter();
            let file = files.find_map(|root| path::file_from(&self.index, root, rooted));
            return Found::or_missing(file);
        }
        let mapped = self
            .packages
            .private_import(&self.index, folder, specifier)
            .or_else(|| self.configs.mapped(&self.index, folder, specifier))
            .or_else(|| self.customary(folder, specifier));
        if let Some(file) = mapped {
            return Found::File(file);
        }
        match self.packages.named(folder, specifier) {
            Some((package, rest)) => Found::or_missing(self.packages.file(&self.index, package, rest)),
            None if is_alias(specifier) => Found::Missing,
            None => Found::Package,
        }
    }

    /// `@/x` and `~/x` mean the package's sources wherever a bundler's configuration, which is not read, says so.
    fn customary(&self, folder: &str, specifier: &str) -> Option<FileId> {
        let rest = is_alias(specifier).then(|| &specifier[2..])?;
        let package = self.packages.around(folder).unwrap_or("");
        ["src", "app", ""].iter().find_map(|sources| {
            let root = path::join(package, sources)?;
            path::file_from(&self.index, &root, rest)
        })
    }
}

impl Resolve for Resolver {
    fn resolve(&self, from: FileId, specifier: &str) -> Target {
        let Some(importer) = self.index.paths.get(from.0 as usize) else {
            return Target::Nowhere;
        };
        // Bundlers take options after the path: `./icon.svg?url`.
        let plain = specifier.split('?').next().unwrap_or(specifier);
        match self.file(path::parent(importer), plain) {
            Found::File(file) => Target::Module(file, Vec::new()),
            Found::Missing => Target::Nowhere,
            Found::Package => Target::Package(package::external(specifier).into(), Vec::new()),
        }
    }
}

/// Whether a specifier cannot name a package.
fn is_alias(specifier: &str) -> bool {
    specifier.starts_with("@/") || specifier.starts_with("~/")
}

/// What a specifier means.
enum Found {
    File(FileId),
    /// Something of the project that is not among its files.
    Missing,
    /// A package from outside.
    Package,
}

impl Found {
    fn or_missing(file: Option<FileId>) -> Found {
        match file {
            Some(file) => Found::File(file),
            None => Found::Missing,
        }
    }
}
