//! Paths of the project, and the file that a path without an ending means.

use crate::lang::FileIndex;
use crate::source::FileId;

/// The endings tried, in order, where a path has none. Code comes before its declarations.
const EXTENSIONS: [&str; 17] = [
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".web.ts",
    ".web.tsx",
    ".native.ts",
    ".native.tsx",
    ".ios.tsx",
    ".vue",
    ".svelte",
    ".d.ts",
    ".d.mts",
];

/// The endings of compiled files, with those that the source may have.
const COMPILED: [(&str, &str); 6] =
    [(".js", ".ts"), (".js", ".tsx"), (".js", ".jsx"), (".jsx", ".tsx"), (".mjs", ".mts"), (".cjs", ".cts")];

/// Whether a specifier is relative to the file that names it.
pub(super) fn is_relative(specifier: &str) -> bool {
    matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../")
}

/// The folder of a path; empty for the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A folder and the folders around it, outwards, to the root.
pub(super) fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| parent(folder)))
}

/// A path relative to a folder, unless it leaves the project.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
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

/// The file that a path relative to a folder means.
pub(super) fn file_from(index: &FileIndex, folder: &str, relative: &str) -> Option<FileId> {
    file_at(index, &join(folder, relative)?)
}

/// The file that a path means: itself, its source, with an ending, or the index of a folder.
pub(super) fn file_at(index: &FileIndex, path: &str) -> Option<FileId> {
    let find = |path: &str| index.files.get(path).copied();
    let source = || {
        COMPILED.iter().find_map(|(compiled, source)| {
            let stem = path.strip_suffix(compiled)?;
            find(&format!("{stem}{source}"))
        })
    };
    find(path)
        .or_else(source)
        .or_else(|| with_extension(index, path))
        .or_else(|| with_extension(index, &join(path, "index")?))
}

fn with_extension(index: &FileIndex, stem: &str) -> Option<FileId> {
    EXTENSIONS.iter().find_map(|extension| index.files.get(&format!("{stem}{extension}")).copied())
}

/// A path without the ending of a code file.
pub(super) fn stem(path: &str) -> &str {
    let endings = [".d.ts", ".d.mts", ".d.cts", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
    endings.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path)
}

/// Matches a text against a pattern with at most one `*`, and answers what the `*` stands for.
pub(super) fn capture<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    match pattern.split_once('*') {
        Some((start, end)) => {
            let rest = text.strip_prefix(start)?;
            rest.strip_suffix(end)
        }
        None => (pattern == text).then_some(""),
    }
}
