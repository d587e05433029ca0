//! Findings for programs, as docs/json.md describes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::place::{self, is_whole_file};
use super::summary::Summary;
use super::{Report, Run};
use crate::finding::{Finding, Level};
use crate::source::{Sources, Span};

/// The version of the format: it grows when a reader could break.
pub(super) const VERSION: u32 = 1;

/// The format.
pub(super) struct Json;

impl Report for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &Document::new(run))?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<FindingDto<'a>>,
    problems: Vec<ProblemDto<'a>>,
    skipped: Vec<SkippedDto<'a>>,
    summary: SummaryDto<'a>,
}

#[derive(Serialize)]
struct FindingDto<'a> {
    check: &'a str,
    level: &'static str,
    message: &'a str,
    vendor: Option<&'a str>,
    field: Option<&'a str>,
    labels: Vec<LabelDto<'a>>,
    help: &'a [String],
}

#[derive(Serialize)]
struct LabelDto<'a> {
    #[serde(flatten)]
    place: PlaceDto,
    message: &'a str,
}

#[derive(Serialize)]
struct ProblemDto<'a> {
    #[serde(flatten)]
    place: PlaceDto,
    /// Whether nothing of the file is known.
    whole_file: bool,
    message: &'a str,
}

#[derive(Serialize)]
struct SkippedDto<'a> {
    path: &'a str,
    reason: &'static str,
}

#[derive(Serialize)]
struct SummaryDto<'a> {
    errors: usize,
    warnings: usize,
    files_read: usize,
    files_with_problems: usize,
    skipped: BTreeMap<&'static str, usize>,
    unread: &'a BTreeMap<String, usize>,
    shares: usize,
    vendors: usize,
}

/// Where something is, counted from one.
#[derive(Serialize)]
struct PlaceDto {
    file: String,
    line: usize,
    column: usize,
    end: EndDto,
}

/// One past the last character.
#[derive(Serialize)]
struct EndDto {
    line: usize,
    column: usize,
}

impl<'a> Document<'a> {
    fn new(run: &'a Run<'a>) -> Document<'a> {
        let reported = run.findings.iter();
        let reported = reported.filter_map(|finding| FindingDto::new(run.sources, finding));
        Document {
            version: VERSION,
            findings: reported.collect(),
            problems: run
                .problems
                .iter()
                .map(|problem| ProblemDto {
                    place: PlaceDto::new(run.sources, problem.span),
                    whole_file: is_whole_file(problem),
                    message: &problem.message,
                })
                .collect(),
            skipped: run
                .skipped
                .iter()
                .map(|skipped| SkippedDto { path: &skipped.path, reason: skipped.reason.key() })
                .collect(),
            summary: SummaryDto::new(run),
        }
    }
}

impl<'a> FindingDto<'a> {
    fn new(sources: &Sources, finding: &'a Finding) -> Option<FindingDto<'a>> {
        let level = match finding.level {
            Level::Allow => return None,
            Level::Warn => "warning",
            Level::Deny => "error",
        };
        let labels = finding
            .labels
            .iter()
            .map(|label| LabelDto { place: PlaceDto::new(sources, label.span), message: &label.message });
        Some(FindingDto {
            check: finding.check,
            level,
            message: &finding.message,
            vendor: finding.vendor.as_deref(),
            field: finding.field.as_deref(),
            labels: labels.collect(),
            help: &finding.help,
        })
    }
}

impl<'a> SummaryDto<'a> {
    fn new(run: &'a Run<'a>) -> SummaryDto<'a> {
        let summary = Summary::new(run);
        let skipped = summary.skipped.iter();
        SummaryDto {
            errors: summary.errors,
            warnings: summary.warnings,
            files_read: summary.files_read,
            files_with_problems: summary.files_with_problems,
            skipped: skipped.map(|(why, number)| (why.key(), *number)).collect(),
            unread: run.unread,
            shares: summary.shares,
            vendors: summary.vendors,
        }
    }
}

impl PlaceDto {
    fn new(sources: &Sources, span: Span) -> PlaceDto {
        let place = place::place(sources, span);
        PlaceDto {
            file: place.file,
            line: place.line,
            column: place.column,
            end: EndDto { line: place.end_line, column: place.end_column },
        }
    }
}
