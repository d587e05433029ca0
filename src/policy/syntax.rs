//! Parses the manifest as TOML, and says where it is none.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::DeTable;

use super::raw::Reader;
use super::write::key;
use crate::finding::Finding;
use crate::source::{FileId, Sources};

/// How a line starts that version control left behind.
const CONFLICT: &str = "<<<<<<< ";

/// Parses the text. Every line that is not valid is a finding.
pub(super) fn document(sources: &Sources, file: FileId) -> Result<Spanned<DeTable<'_>>, Vec<Finding>> {
    let text = &sources.get(file).text;
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(document);
    }
    let mut reader = Reader::new(file);
    if let Some(start) = conflict(text) {
        let place = reader.place(start..start + CONFLICT.trim_end().len());
        let help = vec!["merge the two versions, and remove the lines that mark them".into()];
        reader.error(place, "a conflict of two versions is not settled".into(), "it starts here", help);
        return Err(reader.finish());
    }
    let mut errors: Vec<_> =
        errors.into_iter().map(|error| (error.span().unwrap_or(text.len()..text.len()), error)).collect();
    errors.sort_by_key(|(range, _)| range.start);
    // What follows the first error of a line is a consequence of it.
    let mut lines = BTreeSet::new();
    for (range, error) in errors {
        let start = line_start(text, range.start);
        if !lines.insert(start) {
            continue;
        }
        let mut message = error.message().lines().collect::<Vec<_>>().join(", ");
        if message.is_empty() {
            message.push_str("malformed TOML");
        }
        let help = help(text[start..].lines().next().unwrap_or_default(), &message);
        reader.error(reader.place(range), format!("not valid TOML: {message}"), "here", help.into_iter().collect());
    }
    Err(reader.finish())
}

/// Where the first line starts that marks a conflict.
fn conflict(text: &str) -> Option<usize> {
    let mut starts = text.match_indices(CONFLICT).map(|(start, _)| start);
    starts.find(|start| line_start(text, *start) == *start)
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.rfind('\n').map_or(0, |end| end + 1)
}

/// What usually settles it.
fn help(line: &str, message: &str) -> Option<String> {
    if message.starts_with("duplicate key") {
        return Some("each heading and each key is written once: put the two together".into());
    }
    // `[vendor.Google Analytics]`
    let (section, name) = line.trim().strip_prefix('[')?.split(']').next()?.split_once('.')?;
    let is_bare = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    let needs_quotes = !name.contains(['"', '\'']) && !name.chars().all(is_bare);
    needs_quotes.then(|| format!("a name with a space or a sign is written in quotes: `[{section}.{}]`", key(name)))
}
