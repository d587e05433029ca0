//! What the policy says about a share, or about itself: plain data for `report`.

use crate::source::Span;

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The check that found it (`undeclared-field`).
    pub check: &'static str,
    /// How serious it is.
    pub level: Level,
    /// What is wrong, as one lower-case clause that makes sense alone.
    pub message: String,
    /// The places, the primary one first.
    pub labels: Vec<Label>,
    /// What to do, as actions.
    pub help: Vec<String>,
    /// The vendor's id, where it is about one.
    pub vendor: Option<String>,
    /// The field's path or the entry in the manifest, where it is about one.
    pub field: Option<String>,
}

/// A place with what it has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// Why, as one lower-case clause.
    pub message: String,
}

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and the command fails.
    Deny,
}
