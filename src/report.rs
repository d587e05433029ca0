//! What a run found, written for people or for programs: one file per format, and the table of formats.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::catalogue::{Catalogue, Share};
use crate::finding::Finding;
use crate::project::Skipped;
use crate::source::{Problem, Sources};

mod excerpt;
mod human;
pub mod inventory;
mod json;
mod place;
pub mod summary;
pub mod vendors;
pub mod wrappers;

/// Every format of a run's findings.
pub static REPORTS: &[&dyn Report] = &[&human::Human, &json::Json];

/// A format.
pub trait Report: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// Writes a run.
    ///
    /// # Errors
    ///
    /// Only those of `out`.
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()>;
}

/// What a run found, and how it is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The texts that all places are in.
    pub sources: &'a Sources,
    /// What the policy says about the shares, and about itself, in order.
    pub findings: &'a [Finding],
    /// What is shared, in order.
    pub shares: &'a [Share],
    /// What could not be read or understood, in order.
    pub problems: &'a [Problem],
    /// What was left out on purpose, in order.
    pub skipped: &'a [Skipped],
    /// How many code files were read.
    pub files_read: usize,
    /// How many files are in no language that is read, by ending.
    pub unread: &'a BTreeMap<String, usize>,
    /// Where vendors' names come from.
    pub catalogue: &'a Catalogue,
    /// Whether to colour.
    pub colour: bool,
    /// Whether to list what is otherwise only counted.
    pub verbose: bool,
}

/// The format with this name.
pub fn by_name(name: &str) -> Option<&'static dyn Report> {
    REPORTS.iter().copied().find(|report| report.name() == name)
}
