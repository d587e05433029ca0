//! Which files are worth reading: tests, build results and installed packages are left out unless asked for.

use std::ops::Range;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::settings::Settings;
use super::{Error, Options, Reason, walk};

/// Files that test the application or show its components, relative to the scanned folder: an application may
/// itself lie in a folder of test fixtures.
const TESTS: &[&str] =
    &["**/*.{test,tests,spec,stories}.*", "**/*_test.*", "**/{__tests__,__mocks__,tests,test,e2e,cypress,benches}/**"];

/// Minified files by their name.
const MINIFIED: &[&str] = &["**/*.min.{js,mjs,cjs}"];

/// Folders of installed packages, wherever they are.
const DEPENDENCIES: &[&str] = &["node_modules", "bower_components"];

/// Folders of build results, where they lie in the scanned folder or beside the file of a package.
const OUTPUT: &[&str] = &["dist", "build", "out", "coverage", "target"];

/// The files that make a folder a package.
const PACKAGES: &[&str] = &["package.json", "Cargo.toml"];

/// Files that decide where imports lead.
const CONFIGS: &[&str] =
    &["package.json", "jsconfig.json", "Cargo.toml", "pnpm-workspace.yaml", "lerna.json", "__init__.py", "manage.py"];

/// Endings of code that belongs to no language that is read.
const UNREAD: &[&str] = &[
    "c", "cc", "cpp", "cs", "dart", "ex", "exs", "go", "groovy", "java", "kt", "kts", "m", "mm", "php", "rb", "scala",
    "swift",
];

/// What is chosen from a walk.
#[derive(Debug)]
pub(super) struct Selection {
    scanned: PathBuf,
    root: PathBuf,
    tests: GlobSet,
    minified: GlobSet,
    include: GlobSet,
    exclude: GlobSet,
}

/// Globs of the manifest that cannot be understood: where they are, and why.
pub(super) type Refused = Vec<(Range<usize>, String)>;

impl Selection {
    /// The built-in choice, changed by the manifest and the command line.
    pub(super) fn new(
        root: &Path,
        scanned: &Path,
        options: &Options,
        settings: &Settings,
    ) -> Result<(Selection, Refused), Error> {
        let mut refused = Refused::new();
        let mut build = |given: &[String], written: &[toml::Spanned<String>]| {
            let mut globs = GlobSetBuilder::new();
            for glob in written {
                match compile(glob.get_ref()) {
                    Ok(compiled) => {
                        globs.add(compiled);
                    }
                    Err(error) => {
                        let message = format!("this glob cannot be understood: {}", error.kind());
                        refused.push((glob.span(), message));
                    }
                }
            }
            for glob in given {
                globs.add(
                    compile(glob)
                        .map_err(|error| Error::Glob { glob: glob.clone(), reason: error.kind().to_string() })?,
                );
            }
            globs.build().map_err(|error| Error::Glob {
                glob: error.glob().unwrap_or_default().to_owned(),
                reason: error.kind().to_string(),
            })
        };
        let selection = Selection {
            scanned: scanned.to_path_buf(),
            root: root.to_path_buf(),
            tests: built_in(TESTS),
            minified: built_in(MINIFIED),
            include: build(&options.include, &settings.files.include)?,
            exclude: build(&options.exclude, &settings.files.exclude)?,
        };
        Ok((selection, refused))
    }

    /// Why the file at `path` is left out; `None` when it is read.
    pub(super) fn file(&self, path: &Path) -> Option<Reason> {
        let from_root = walk::relative(path, &self.root);
        if matches_within(&self.exclude, &from_root) {
            return Some(Reason::Excluded);
        }
        if matches_within(&self.include, &from_root) {
            return None;
        }
        let within = walk::relative(path, &self.scanned);
        if self.tests.is_match(&within) {
            return Some(Reason::Test);
        }
        if self.minified.is_match(&within) {
            return Some(Reason::Minified);
        }
        let mut folders = Path::new(&within).ancestors().skip(1);
        folders.any(|folder| self.is_output(&self.scanned.join(folder))).then_some(Reason::Output)
    }

    /// Why nothing in the folder at `path` is read; `None` when its files are looked at one by one.
    pub(super) fn folder(&self, path: &Path) -> Option<Reason> {
        let name = path.file_name()?.to_str()?;
        if DEPENDENCIES.contains(&name) {
            return Some(Reason::Dependencies);
        }
        if matches_within(&self.exclude, &walk::relative(path, &self.root)) {
            return Some(Reason::Excluded);
        }
        (self.include.is_empty() && self.is_output(path)).then_some(Reason::Output)
    }

    fn is_output(&self, folder: &Path) -> bool {
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
            return false;
        };
        if folder == self.scanned || !OUTPUT.contains(&name) {
            return false;
        }
        folder
            .parent()
            .is_some_and(|parent| parent == self.scanned || PACKAGES.iter().any(|file| parent.join(file).is_file()))
    }
}

/// Whether a file decides where imports lead.
pub(super) fn is_config(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    CONFIGS.contains(&name) || (name.starts_with("tsconfig") && name.ends_with(".json"))
}

/// The ending of a file that looks like code and is in no language that is read.
pub(super) fn unread_ending(path: &str) -> Option<&'static str> {
    let ending = path.rsplit('/').next()?.rsplit_once('.')?.1;
    UNREAD.iter().copied().find(|known| *known == ending)
}

/// Whether a glob matches the path or a folder that it is in.
fn matches_within(globs: &GlobSet, path: &str) -> bool {
    !globs.is_empty()
        && Path::new(path).ancestors().filter(|part| !part.as_os_str().is_empty()).any(|part| globs.is_match(part))
}

/// A glob without a `/` matches at any depth, as in `.gitignore`.
fn compile(glob: &str) -> Result<globset::Glob, globset::Error> {
    let glob = glob.trim_end_matches('/').trim_start_matches("./");
    let anywhere = match glob.strip_prefix('/') {
        Some(anchored) => anchored.to_owned(),
        None if glob.contains('/') => glob.to_owned(),
        None => format!("**/{glob}"),
    };
    GlobBuilder::new(&anywhere).literal_separator(true).build()
}

fn built_in(globs: &[&str]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(compile(glob).expect("the built-in globs are well-formed"));
    }
    set.build().expect("the built-in globs are well-formed")
}
