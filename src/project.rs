//! Finds and reads the files of a project: the only reader of the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::lang::FileIndex;
use crate::source::{FileId, Problem, Source, Sources, Span};

mod assemble;
mod read;
mod select;
mod settings;
mod walk;

/// The name of a policy manifest.
pub const MANIFEST: &str = "disclosure.toml";

/// Everything that was read, and what was not.
#[derive(Debug, Default)]
pub struct Project {
    /// The folder that paths are relative to: the manifest's where it lies above the scanned path, else the
    /// scanned path itself.
    pub root: PathBuf,
    /// The code files in the order of their paths, then the lists of dependencies, the manifest, and the user's
    /// catalogue files.
    pub sources: Sources,
    /// Where the code files are, and the configuration that decides where imports lead.
    pub index: Arc<FileIndex>,
    /// What could not be read, or only in part.
    pub problems: Vec<Problem>,
    /// What was left out on purpose, in the order of the paths.
    pub skipped: Vec<Skipped>,
    /// The files that say what the project depends on.
    pub lists: Vec<FileId>,
    /// The policy manifest, where there is one.
    pub manifest: Option<FileId>,
    /// The vendor files that the manifest names in `[catalogue] paths`.
    pub catalogue: Vec<FileId>,
    /// How many code files were read, in full or in part.
    pub files_read: usize,
    /// How many files there are by ending, of those endings that look like code and belong to no language
    /// that is read.
    pub unread: BTreeMap<String, usize>,
}

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The manifest; absent to look for [`MANIFEST`] in the scanned folder and those above it.
    pub manifest: Option<PathBuf>,
    /// Globs of files to read although they are tests or build results.
    pub include: Vec<String>,
    /// Globs of files to leave out.
    pub exclude: Vec<String>,
}

/// A file or folder that was left out on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The path relative to the root; a folder's ends with `/`.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

/// Why something was left out. The order is that of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It tests the application, or shows its components.
    Test,
    /// `[files] exclude` or the command line leaves it out.
    Excluded,
    /// It is larger than what is written by hand.
    TooLarge,
    /// It is minified or bundled: made by a program from files that are read.
    Minified,
    /// It is not text.
    Binary,
    /// It is a folder of build results beside a package's own files.
    Output,
    /// It is a folder of installed packages.
    Dependencies,
    /// It is a symbolic link that leads out of the project, or no regular file.
    Outside,
}

impl Reason {
    /// Every reason, in the order of the summary.
    pub const ALL: [Reason; 8] = [
        Reason::Test,
        Reason::Excluded,
        Reason::TooLarge,
        Reason::Minified,
        Reason::Binary,
        Reason::Output,
        Reason::Dependencies,
        Reason::Outside,
    ];

    /// The key in machine-readable reports.
    pub fn key(self) -> &'static str {
        match self {
            Reason::Test => "test",
            Reason::Excluded => "excluded",
            Reason::TooLarge => "too-large",
            Reason::Minified => "minified",
            Reason::Binary => "binary",
            Reason::Output => "build-folder",
            Reason::Dependencies => "dependency-folder",
            Reason::Outside => "outside",
        }
    }
}

/// Why a project could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing at the path.
    #[error("cannot read `{}`: {reason}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A glob on the command line cannot be understood.
    #[error("cannot understand the glob `{glob}`: {reason}")]
    Glob {
        /// The glob.
        glob: String,
        /// Where it goes wrong.
        reason: String,
    },
}

impl Project {
    /// Reads the files at and below `path`, a folder or a single file.
    ///
    /// # Errors
    ///
    /// Only what leaves nothing to work with is an error: a path or manifest that cannot be read, or a glob in
    /// `options` that cannot be understood. Anything about a single file is one of [`Project::problems`].
    pub fn open(path: &Path, options: &Options) -> Result<Project, Error> {
        let unreadable = |error: std::io::Error| Error::Read { path: path.to_path_buf(), reason: read::reason(&error) };
        let scanned = std::fs::canonicalize(path).map_err(unreadable)?;
        let is_file = std::fs::metadata(&scanned).map_err(unreadable)?.is_file();
        let folder = match scanned.parent() {
            Some(parent) if is_file => parent,
            _ => &scanned,
        };
        let manifest = match &options.manifest {
            Some(path) => Some(settings::read(path)?),
            None => settings::discover(folder)?,
        };
        let root = root(folder, manifest.as_ref());
        let settings = manifest.as_ref().map(settings::Manifest::settings).unwrap_or_default();
        let (selection, refused) = select::Selection::new(&root, folder, options, &settings)?;
        let walked = if is_file { walk::single(&scanned, &root) } else { walk::walk(&scanned, &root, selection) };
        let mut project = assemble::assemble(walked);
        project.root = root;
        if let Some(manifest) = manifest {
            project.add_manifest(manifest, &settings, refused);
        }
        project.problems.sort();
        Ok(project)
    }

    /// A project of texts by path, for tests. A text named [`MANIFEST`] is the manifest.
    pub fn from_texts(files: &[(String, String)]) -> Project {
        let mut walked = walk::Walked::default();
        for (path, text) in files {
            walked.take(path, read::Outcome::Text(text.as_str().into(), None));
        }
        let mut project = assemble::assemble(walked);
        let Some((_, text)) = files.iter().find(|(path, _)| path == MANIFEST) else {
            return project;
        };
        let file = project.sources.add(Source::new(MANIFEST, text.as_str()));
        project.manifest = Some(file);
        for entry in &settings::Settings::parse(text).catalogue.paths {
            let folder = entry.get_ref().trim_end_matches('/');
            let mut within: Vec<_> = files
                .iter()
                .filter(|(path, _)| {
                    path == folder
                        || path
                            .strip_prefix(folder)
                            .is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".toml"))
                })
                .collect();
            within.sort();
            for (path, text) in within {
                let file = project.sources.add(Source::new(path.as_str(), text.as_str()));
                project.catalogue.push(file);
            }
        }
        project
    }

    fn add_manifest(
        &mut self,
        manifest: settings::Manifest,
        settings: &settings::Settings,
        refused: Vec<(std::ops::Range<usize>, String)>,
    ) {
        let folder = manifest.folder();
        let path = walk::relative(&manifest.path, &self.root);
        let file = self.sources.add(Source::new(path, manifest.text));
        self.manifest = Some(file);
        self.problems.extend(
            manifest.problem.map(|(range, message)| Problem {
                span: Span::new(file, range.start as u32, range.end as u32),
                message,
            }),
        );
        self.problems.extend(
            refused.into_iter().map(|(range, message)| Problem {
                span: Span::new(file, range.start as u32, range.end as u32),
                message,
            }),
        );
        for entry in &settings.catalogue.paths {
            self.add_catalogue(file, &folder, entry);
        }
    }

    fn add_catalogue(&mut self, manifest: FileId, folder: &Path, entry: &toml::Spanned<String>) {
        let named = entry.span();
        let files = match walk::toml_files(&folder.join(entry.get_ref())) {
            Ok(files) => files,
            Err(error) => {
                self.problems.push(Problem {
                    span: Span::new(manifest, named.start as u32, named.end as u32),
                    message: format!("cannot be read: {}", read::reason(&error)),
                });
                return;
            }
        };
        for path in files {
            let relative = walk::relative(&path, &self.root);
            let file = assemble::add(self, relative, read::read(&path));
            self.catalogue.extend(file);
        }
    }
}

/// The manifest's folder where the scanned one lies in it, else the scanned one.
fn root(folder: &Path, manifest: Option<&settings::Manifest>) -> PathBuf {
    manifest
        .map(settings::Manifest::folder)
        .filter(|above| folder.starts_with(above))
        .unwrap_or_else(|| folder.to_path_buf())
}
