//! Where an import leads.

use std::sync::Arc;

use crate::lang::{FileIndex, Resolve, Target};
use crate::source::FileId;

/// The endings tried, in order, where a specifier has none.
const EXTENSIONS: [&str; 11] = [
    ".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".d.mts",
];

/// Resolves imports over the paths of a project.
pub(super) struct Resolver {
    index: Arc<FileIndex>,
}

impl Resolver {
    /// Prepares to resolve the imports of a project.
    pub(super) fn new(index: Arc<FileIndex>) -> Resolver {
        Resolver { index }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, from: FileId, specifier: &str) -> Target {
        if !specifier.starts_with('.') {
            return Target::Package(specifier.into(), Vec::new());
        }
        let Some(path) = self.index.paths.get(from.0 as usize) else {
            return Target::Nowhere;
        };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        match join(folder, specifier).and_then(|path| file_at(&self.index, &path)) {
            Some(file) => Target::Module(file, Vec::new()),
            None => Target::Nowhere,
        }
    }
}

/// A path relative to a folder, unless it leaves the project.
fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file that a path without regard to its ending means: itself, with an ending, or the index of a folder.
fn file_at(index: &FileIndex, path: &str) -> Option<FileId> {
    let find = |path: &str| index.files.get(path).copied();
    if let Some(file) = find(path) {
        return Some(file);
    }
    let written_as = [
        (".js", ".ts"),
        (".js", ".tsx"),
        (".jsx", ".tsx"),
        (".mjs", ".mts"),
        (".cjs", ".cts"),
    ];
    for (written, real) in written_as {
        let file = path.strip_suffix(written);
        if let Some(file) = file.and_then(|stem| find(&format!("{stem}{real}"))) {
            return Some(file);
        }
    }
    for extension in EXTENSIONS {
        if let Some(file) = find(&format!("{path}{extension}")) {
            return Some(file);
        }
    }
    let folder = if path.is_empty() {
        String::new()
    } else {
        format!("{path}/")
    };
    EXTENSIONS
        .iter()
        .find_map(|extension| find(&format!("{folder}index{extension}")))
}
