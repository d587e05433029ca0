//! Walks the scanned folder and reads what is worth reading, on all processors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use walkdir::WalkDir;

use super::read::{self, Outcome};
use super::select::{self, Selection};
use super::{Reason, Skipped};
use crate::dependency;

/// The file that leaves files out of the analysis alone, with the rules of `.gitignore`.
const IGNORE_FILE: &str = ".undisclosedignore";

/// What a walk found, in no particular order.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Code files.
    pub(super) code: Vec<(String, Outcome)>,
    /// Files that decide where imports lead.
    pub(super) configs: Vec<(String, Outcome)>,
    /// Files that say what the project depends on.
    pub(super) lists: Vec<(String, Arc<str>)>,
    /// Other files and folders that could not be read.
    pub(super) failed: Vec<(String, String)>,
    /// What was left out before it was read.
    pub(super) skipped: Vec<Skipped>,
    /// How many files are in no language that is read, by ending.
    pub(super) unread: BTreeMap<String, usize>,
}

impl Walked {
    /// Files a file by its path.
    pub(super) fn take(&mut self, path: &str, outcome: Outcome) {
        if let (true, Outcome::Text(text, _)) = (dependency::is_list(path), &outcome) {
            self.lists.push((path.to_owned(), Arc::clone(text)));
        }
        if crate::lang::of_path(path).is_some() {
            self.code.push((path.to_owned(), outcome));
            // Of a template that is also a program, only the markup is read.
            if let Some(ending) = select::unread_ending(path) {
                *self.unread.entry(ending.to_owned()).or_default() += 1;
            }
        } else if select::is_config(path) {
            self.configs.push((path.to_owned(), outcome));
        } else if let Some(ending) = select::unread_ending(path) {
            *self.unread.entry(ending.to_owned()).or_default() += 1;
        }
    }

    fn fail(&mut self, path: String, message: impl Into<String>) {
        self.failed.push((path, message.into()));
    }
}

/// Reads the files below `scanned`; paths are relative to `root`.
pub(super) fn walk(scanned: &Path, root: &Path, selection: Selection) -> Walked {
    let walked = Arc::new(Mutex::new(Walked::default()));
    let walker =
        Walker { scanned: scanned.to_path_buf(), root: root.to_path_buf(), selection, walked: Arc::clone(&walked) };
    let walker = Arc::new(walker);
    let filter = Arc::clone(&walker);
    let in_repository = scanned.ancestors().any(|above| above.join(".git").exists());
    // What the machine's own git settings ignore must not change the result.
    WalkBuilder::new(scanned)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .parents(in_repository)
        .add_custom_ignore_filename(IGNORE_FILE)
        .filter_entry(move |entry| filter.enters(entry))
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                match entry {
                    Ok(entry) => walker.visit(&entry),
                    Err(error) => walker.failed(&error),
                }
                WalkState::Continue
            })
        });
    std::mem::take(&mut *walked.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Reads the one file at `scanned`, whatever the built-in choice says of it.
pub(super) fn single(scanned: &Path, root: &Path) -> Walked {
    let mut walked = Walked::default();
    let path = relative(scanned, root);
    if crate::lang::of_path(&path).is_some() {
        walked.take(&path, read::read(scanned));
    } else {
        walked.fail(path, "is in no language that is read");
    }
    walked
}

/// The `.toml` files in a folder and below it, in the order of their paths, or the one file that `path` is.
pub(super) fn toml_files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry?;
        let named = entry.path().extension().is_some_and(|ending| ending == "toml");
        if entry.file_type().is_file() && (named || entry.depth() == 0) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// The path from `root`, with `/` between its parts. Parts that are not text lose what is not.
pub(super) fn relative(path: &Path, root: &Path) -> String {
    let Ok(below) = path.strip_prefix(root) else {
        return path.to_string_lossy().into_owned();
    };
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

struct Walker {
    scanned: PathBuf,
    root: PathBuf,
    selection: Selection,
    walked: Arc<Mutex<Walked>>,
}

impl Walker {
    /// Whether the walk goes on into an entry.
    fn enters(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        let Some(reason) = self.selection.folder(entry.path()) else {
            return true;
        };
        let path = relative(entry.path(), &self.root) + "/";
        self.record(|walked| walked.skipped.push(Skipped { path, reason }));
        false
    }

    fn visit(&self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else {
            return;
        };
        let path = relative(entry.path(), &self.root);
        if kind.is_symlink() {
            self.link(entry.path(), path);
        } else if !kind.is_dir() {
            self.file(entry.path(), path);
        }
    }

    fn file(&self, full: &Path, path: String) {
        let is_code = crate::lang::of_path(&path).is_some();
        let is_read = is_code || select::is_config(&path) || dependency::is_list(&path);
        if !is_read && select::unread_ending(&path).is_none() {
            return;
        }
        if let Some(reason) = self.selection.file(full) {
            if is_code {
                self.record(|walked| walked.skipped.push(Skipped { path, reason }));
            }
            return;
        }
        let outcome = if is_read { read::read(full) } else { Outcome::Text("".into(), None) };
        self.record(|walked| walked.take(&path, outcome));
    }

    /// Links are not followed: what they lead to inside the scanned folder is read at its own path.
    fn link(&self, full: &Path, path: String) {
        let is_code = crate::lang::of_path(&path).is_some();
        let target = match std::fs::canonicalize(full) {
            Ok(target) => target,
            Err(error) => {
                // A link without an ending may have stood for a folder of code.
                if is_code || full.extension().is_none() {
                    let reason = read::reason(&error);
                    let message = format!("is a symbolic link that leads nowhere: {reason}");
                    self.record(|walked| walked.fail(path, message));
                }
                return;
            }
        };
        let is_folder = target.is_dir();
        if !target.starts_with(&self.scanned) && (is_code || is_folder) {
            let path = if is_folder { path + "/" } else { path };
            let reason = Reason::Outside;
            self.record(|walked| walked.skipped.push(Skipped { path, reason }));
        }
    }

    fn failed(&self, error: &ignore::Error) {
        let path = path_of(error).map_or_else(String::new, |path| relative(path, &self.root));
        let reason = error.io_error().map_or_else(|| error.to_string(), read::reason);
        self.record(|walked| walked.fail(path, format!("cannot be read: {reason}")));
    }

    fn record(&self, with: impl FnOnce(&mut Walked)) {
        with(&mut self.walked.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.first().and_then(path_of),
        ignore::Error::Io(_)
        | ignore::Error::Glob { .. }
        | ignore::Error::UnrecognizedFileType(_)
        | ignore::Error::InvalidDefinition => None,
    }
}
