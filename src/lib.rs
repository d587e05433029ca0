//! Finds what an application shares with third parties, and what of that its policy manifest does not declare.
//!
//! ```text
//! project ─► Source ─► Module ─► Program ─► Outbound ─► Share ─► Finding ─► text
//!   walk       lang      link      flow     catalogue    check     report
//! ```

pub mod project;
pub mod source;

pub mod ir;
pub mod lang;

pub mod flow;

pub mod catalogue;
pub mod finding;
pub mod report;

/// How a project is analysed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Lowers every file, not only those that can matter. The result is the same.
    pub every_file: bool,
}

/// What a project shares.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The shares, in the order of their places.
    pub shares: Vec<catalogue::Share>,
    /// What could not be lowered.
    pub problems: Vec<source::Problem>,
    /// How many files were lowered.
    pub files_lowered: usize,
}

/// Finds what a project shares with the vendors of a catalogue.
pub fn analyse(
    _project: &project::Project,
    _catalogue: &catalogue::Catalogue,
    _options: &Options,
) -> Analysis {
    Analysis::default()
}
