//! Findings for people, with the source they are about.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity};
use codespan_reporting::term::termcolor::{Ansi, Color, ColorSpec, NoColor, WriteColor};
use codespan_reporting::term::{self, Config};

use super::excerpt::Excerpt;
use super::place::{is_whole_file, place, plain};
use super::summary::{Summary, notes};
use super::{Report, Run};
use crate::finding::{Finding, Level};
use crate::source::Problem;

/// How many places of one finding are shown.
const LABELS: usize = 6;
/// How many problems are shown when not all are asked for.
const PROBLEMS: usize = 10;

/// The format.
pub(super) struct Human;

impl Report for Human {
    fn name(&self) -> &'static str {
        "human"
    }

    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        if run.colour { write(run, &mut Ansi::new(out)) } else { write(run, &mut NoColor::new(out)) }
    }
}

fn write(run: &Run, out: &mut dyn WriteColor) -> io::Result<()> {
    for finding in run.findings {
        write_finding(run, finding, out)?;
    }
    let shown = if run.verbose { run.problems.len() } else { run.problems.len().min(PROBLEMS) };
    for problem in &run.problems[..shown] {
        write_problem(run, problem, out)?;
    }
    if shown < run.problems.len() {
        let more = run.problems.len() - shown;
        heading(out, Color::Yellow, "warning")?;
        writeln!(out, ": {more} more problems; `--verbose` lists them")?;
    }
    if run.verbose {
        for skipped in run.skipped {
            heading(out, Color::Green, "skipped")?;
            writeln!(out, ": {} ({})", plain(&skipped.path), skipped.reason.key())?;
        }
    }
    for note in notes(run) {
        heading(out, Color::Green, "note")?;
        writeln!(out, ": {note}")?;
    }
    writeln!(out, "{}", Summary::new(run).line())
}

fn write_finding(run: &Run, finding: &Finding, out: &mut dyn WriteColor) -> io::Result<()> {
    let severity = match finding.level {
        Level::Allow => return Ok(()),
        Level::Warn => Severity::Warning,
        Level::Deny => Severity::Error,
    };
    let labels = &finding.labels[..finding.labels.len().min(LABELS)];
    let excerpt = Excerpt::new(run.sources, labels);
    let shown = labels.iter().zip(&excerpt.ranges).enumerate();
    let shown = shown.map(|(index, (label, range))| {
        let style = match index {
            0 => LabelStyle::Primary,
            _ => LabelStyle::Secondary,
        };
        Label::new(style, label.span.file, range.clone()).with_message(plain(&label.message))
    });
    let mut notes: Vec<_> = finding.labels[labels.len()..]
        .iter()
        .map(|label| {
            let place = place(run.sources, label.span);
            let message = plain(&label.message);
            format!("{}:{}:{}: {message}", place.file, place.line, place.column)
        })
        .collect();
    notes.extend(finding.help.iter().map(|help| format!("help: {}", plain_lines(help))));
    let diagnostic = Diagnostic::new(severity)
        .with_code(finding.check)
        .with_message(plain(&finding.message))
        .with_labels(shown.collect())
        .with_notes(notes);
    term::emit_to_write_style(out, &Config::default(), &excerpt, &diagnostic).map_err(io::Error::other)
}

fn write_problem(run: &Run, problem: &Problem, out: &mut dyn WriteColor) -> io::Result<()> {
    let place = place(run.sources, problem.span);
    heading(out, Color::Yellow, "warning")?;
    write!(out, ": {}", place.file)?;
    if !is_whole_file(problem) {
        write!(out, ":{}:{}", place.line, place.column)?;
    }
    writeln!(out, ": {}", plain(&problem.message))
}

fn heading(out: &mut dyn WriteColor, colour: Color, text: &str) -> io::Result<()> {
    out.set_color(ColorSpec::new().set_bold(true).set_fg(Some(colour)))?;
    write!(out, "{text}")?;
    out.reset()
}

/// A text of several lines without other control characters.
fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}
