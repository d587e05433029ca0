//! Where a span is, as every format says it.

use serde::Serialize;

use crate::source::{Problem, Sources, Span};

/// A span's file, line and columns, counted from one; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    /// One past the last character.
    pub(super) end_column: usize,
}

/// The place of a span.
pub(super) fn place(sources: &Sources, span: Span) -> Place {
    let (line, column) = sources.line_column(span);
    let end = Span::new(span.file, span.end.max(span.start), span.end);
    let (end_line, end_column) = sources.line_column(end);
    Place { file: plain(&sources.get(span.file).path), line, column, end_line, end_column }
}

/// Where a span starts, for programs.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Start {
    file: String,
    line: usize,
    column: usize,
}

impl Start {
    pub(super) fn new(sources: &Sources, span: Span) -> Start {
        let Place { file, line, column, .. } = place(sources, span);
        Start { file, line, column }
    }
}

/// Whether a problem is about its whole file.
pub(super) fn is_whole_file(problem: &Problem) -> bool {
    problem.span.start == 0 && problem.span.end == 0
}

/// A text without control characters, which could otherwise steer the reader's terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(plain_char).collect()
}

/// A character that cannot steer a terminal or turn the direction of the text around.
pub(super) fn plain_char(char: char) -> char {
    match char {
        '\t' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        _ if char.is_control() => char::REPLACEMENT_CHARACTER,
        _ => char,
    }
}

/// One line of at most `most` characters: runs of blanks become one.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(most) {
        Some((at, _)) => plain(&words[..at]) + "…",
        None => plain(&words),
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
