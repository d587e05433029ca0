//! Languages: how a file becomes a [`Module`], and where an import leads. One folder and one row of [`LANGUAGES`] each.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::ir::{Module, Name};
use crate::source::FileId;

pub mod javascript;
pub mod markup;
pub mod python;
pub mod rust;

/// Every language that is read.
pub static LANGUAGES: &[&dyn Language] = &[&javascript::JavaScript, &markup::Markup, &python::Python, &rust::Rust];

/// A language: all that the rest of the program asks of it.
pub trait Language: Sync {
    /// The name of its sections in the catalogue (`js`, `rust`).
    fn name(&self) -> &'static str;

    /// The endings of its files, without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// A package's name as code writes it, where the project's list of packages spells it differently. Where the name
    /// is that of a member of a package, the member's path follows after a `:`.
    fn package_in_code(&self, package: &str) -> String {
        package.to_owned()
    }

    /// Texts one of which every file that uses a package contains, given the package's name in code.
    fn package_needles(&self, package: &str) -> Vec<String> {
        vec![package.to_owned()]
    }

    /// Whether a caller may give an argument by the name of the parameter.
    fn by_name(&self) -> bool {
        false
    }

    /// What a line starts with that is a comment. What is not named only costs time.
    fn comment_starts(&self) -> &'static [&'static str];

    /// Lowers a file. Never fails and never panics: what could not be followed is opaque, what could not be
    /// parsed is a problem of the module.
    fn lower(&self, file: FileId, path: &str, text: &str) -> Module;

    /// Whether a file may export again what it imports (`export … from`, `pub use`). True only costs time.
    fn passes_on(&self, text: &str) -> bool {
        let _ = text;
        true
    }

    /// Prepares to resolve the imports of a project.
    fn resolver(&self, index: Arc<FileIndex>) -> Box<dyn Resolve>;
}

/// Where imports lead, in one project.
pub trait Resolve: Sync + Send {
    /// Where `specifier`, written in `from`, leads.
    fn resolve(&self, from: FileId, specifier: &str) -> Target;
}

/// Where an import leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the project, and the names still to be looked up in it (`crate::a::b::Name` leads to the
    /// file of `a::b` and leaves `Name`).
    Module(FileId, Vec<Name>),
    /// A package that is not part of the project, and the names still to be looked up in it. A JavaScript
    /// package is its whole specifier (`acme-js/react`); a Rust one its crate.
    Package(Name, Vec<Name>),
    /// Nothing that could be found.
    Nowhere,
}

/// The paths of the project, and the text of the few files that decide where imports lead (`package.json`,
/// `tsconfig.json`, `Cargo.toml`).
#[derive(Debug, Default)]
pub struct FileIndex {
    /// Each file by its path, relative to the root, with `/` between its parts.
    pub files: FxHashMap<String, FileId>,
    /// Each path by file.
    pub paths: Vec<String>,
    /// The text of the configuration files, by path.
    pub configs: FxHashMap<String, Arc<str>>,
}

/// The languages that have a section of the catalogue and models of their own, each once: the first of those that share
/// a name.
pub fn sections() -> impl Iterator<Item = &'static dyn Language> {
    let is_first = |(at, language): &(usize, &'static dyn Language)| {
        !LANGUAGES[..*at].iter().any(|before| before.name() == language.name())
    };
    LANGUAGES.iter().copied().enumerate().filter(is_first).map(|(_, language)| language)
}

/// The language of a path, by its ending.
pub fn of_path(path: &str) -> Option<&'static dyn Language> {
    let extension = path.rsplit_once('.')?.1;
    LANGUAGES.iter().copied().find(|language| language.extensions().contains(&extension))
}
