//! A run in numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use super::place::{self, count};
use crate::finding::Level;
use crate::project::Reason;

/// How much of everything there was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Findings that make the command fail.
    pub errors: usize,
    /// Findings that do not.
    pub warnings: usize,
    /// Code files that were read.
    pub files_read: usize,
    /// Files and folders that were left out, by reason.
    pub skipped: BTreeMap<Reason, usize>,
    /// Files with something that could not be read or understood.
    pub files_with_problems: usize,
    /// Calls that hand data to a vendor.
    pub shares: usize,
    /// Vendors that receive data.
    pub vendors: usize,
}

impl Summary {
    /// The numbers of a run.
    pub fn new(run: &Run) -> Summary {
        let of_level = |level| run.findings.iter().filter(|f| f.level == level).count();
        let mut skipped = BTreeMap::new();
        for one in run.skipped {
            *skipped.entry(one.reason).or_insert(0) += 1;
        }
        let broken: BTreeSet<_> = run.problems.iter().map(|p| p.span.file).collect();
        let vendors: BTreeSet<_> = run.shares.iter().map(|share| &share.vendor).collect();
        Summary {
            errors: of_level(Level::Deny),
            warnings: of_level(Level::Warn),
            files_read: run.files_read,
            skipped,
            files_with_problems: broken.len(),
            shares: run.shares.len(),
            vendors: vendors.len(),
        }
    }

    /// The numbers in one line.
    pub fn line(&self) -> String {
        format!(
            "{} · {} read{} · {} with {}",
            self.verdict(),
            count(self.files_read, "file"),
            self.left_out(),
            count(self.shares, "share"),
            count(self.vendors, "vendor"),
        )
    }

    fn verdict(&self) -> String {
        match (self.errors, self.warnings) {
            (0, 0) => "no findings".to_owned(),
            (errors, 0) => count(errors, "error"),
            (0, warnings) => count(warnings, "warning"),
            (errors, warnings) => count(errors, "error") + ", " + &count(warnings, "warning"),
        }
    }

    fn left_out(&self) -> String {
        let total: usize = self.skipped.values().sum();
        if total == 0 {
            return String::new();
        }
        let reasons: Vec<_> = self.skipped.iter().map(|(reason, number)| phrase(*reason, *number)).collect();
        format!(", {total} skipped ({})", reasons.join(", "))
    }
}

/// What the reader must know about what was not seen.
pub fn notes(run: &Run) -> Vec<String> {
    let mut notes = Vec::new();
    let problems = Summary::new(run).files_with_problems;
    if problems > 0 {
        let (what, they) = match problems {
            1 => ("1 file".to_owned(), "it shares"),
            more => (format!("{more} files"), "they share"),
        };
        notes.push(format!("{what} could only partly be read; what {they} there is not known"));
    }
    let unread: usize = run.unread.values().sum();
    if unread > 0 {
        let mut endings: Vec<_> = run.unread.iter().collect();
        endings.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
        let endings: Vec<_> =
            endings.iter().map(|(ending, number)| format!("{number} .{}", place::plain(ending))).collect();
        notes.push(format!("{} in languages that are not read: {}", count(unread, "file"), endings.join(", ")));
    }
    notes
}

fn phrase(reason: Reason, number: usize) -> String {
    match reason {
        Reason::Test => count(number, "test"),
        Reason::Excluded => format!("{number} excluded"),
        Reason::TooLarge => format!("{number} too large"),
        Reason::Minified => format!("{number} minified"),
        Reason::Binary => format!("{number} binary"),
        Reason::Output => count(number, "build folder"),
        Reason::Dependencies => count(number, "dependency folder"),
        Reason::Outside => format!("{number} outside the project"),
    }
}
