//! Finds the manifest, and what of it decides which files are read.
//!
//! Only `[files]` and `[catalogue]` matter here, and a manifest with mistakes must not keep the code from being
//! read: what cannot be understood counts as absent, and reading the policy says what is wrong.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::{Error, MANIFEST, read};

/// A manifest's file.
#[derive(Debug)]
pub(super) struct Manifest {
    /// Where it is, in full.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) text: Arc<str>,
    /// What is wrong with part of it.
    pub(super) problem: Option<(Range<usize>, String)>,
}

/// What a manifest says about the files to read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    pub(super) files: Files,
    pub(super) catalogue: Catalogue,
}

/// `[files]`: globs, relative to the manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Files {
    pub(super) include: Vec<Spanned<String>>,
    pub(super) exclude: Vec<Spanned<String>>,
}

/// `[catalogue]`: the user's own vendor files, or folders of them, relative to the manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Catalogue {
    pub(super) paths: Vec<Spanned<String>>,
}

impl Manifest {
    /// The folder that its globs and paths are relative to.
    pub(super) fn folder(&self) -> PathBuf {
        self.path.parent().map(Path::to_path_buf).unwrap_or_default()
    }

    /// What it says about the files to read.
    pub(super) fn settings(&self) -> Settings {
        Settings::parse(&self.text)
    }
}

impl Settings {
    /// The settings in a manifest's text; none where it cannot be understood.
    pub(super) fn parse(text: &str) -> Settings {
        toml::from_str(text).unwrap_or_default()
    }
}

/// Reads the manifest at `path`.
pub(super) fn read(path: &Path) -> Result<Manifest, Error> {
    let unreadable = |error: std::io::Error| Error::Read { path: path.to_path_buf(), reason: read::reason(&error) };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let full = std::fs::canonicalize(path).map_err(unreadable)?;
    let (text, problem) = read::decode(bytes);
    Ok(Manifest { path: full, text, problem })
}

/// Looks for a manifest in `folder` and those above it, as far as the repository reaches.
pub(super) fn discover(folder: &Path) -> Result<Option<Manifest>, Error> {
    let repository = folder.ancestors().find(|above| above.join(".git").exists());
    for above in folder.ancestors() {
        let path = above.join(MANIFEST);
        // A folder of this name, or a link to nothing, cannot be read: that is said.
        if path.symlink_metadata().is_ok() {
            return read(&path).map(Some);
        }
        if Some(above) == repository {
            break;
        }
    }
    Ok(None)
}
