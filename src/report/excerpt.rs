//! The lines that one finding shows, clipped so that a finding never fills more than a screen.
//!
//! The labels of a finding touch few lines. Those are copied, cut to a window around their labels, and offered
//! to the renderer under their own line numbers; every label ends where its first line ends.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use super::place::{plain, plain_char};
use crate::finding::Label;
use crate::source::{FileId, Sources};

/// How many characters of a line are shown.
const WIDTH: usize = 120;
/// How many of them stand before the label that decides the window.
const BEFORE: usize = 40;

/// The copied lines of every file that a finding touches.
#[derive(Debug)]
pub(super) struct Excerpt {
    files: BTreeMap<FileId, Copied>,
    /// Where each label is in the copy of its file, in the order of the labels.
    pub(super) ranges: Vec<Range<usize>>,
}

#[derive(Debug, Default)]
struct Copied {
    name: String,
    text: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Counted from zero.
    index: usize,
    /// Where it is in the copy.
    range: Range<usize>,
    /// How many characters of the line are cut off before the window, less the mark that says so.
    cut: usize,
}

impl Excerpt {
    /// Copies what the labels touch.
    pub(super) fn new(sources: &Sources, labels: &[Label]) -> Excerpt {
        let mut spans: BTreeMap<FileId, BTreeMap<usize, Vec<Range<usize>>>> = BTreeMap::new();
        let bounded: Vec<_> = labels.iter().map(|label| bound(sources, label)).collect();
        for (label, (index, range)) in labels.iter().zip(&bounded) {
            let lines = spans.entry(label.span.file).or_default();
            lines.entry(*index).or_default().push(range.clone());
        }
        let mut ranges = vec![0..0; labels.len()];
        let mut files = BTreeMap::new();
        for (file, mut lines) in spans {
            fill_gaps(&mut lines);
            let mut copied = Copied { name: plain(&sources.get(file).path), ..Copied::default() };
            for (index, within) in lines {
                let shown = copied.push(line_text(sources, file, index), index, &within);
                let here = labels.iter().zip(&bounded).enumerate();
                for (at, (label, (line, range))) in here {
                    if label.span.file == file && *line == index {
                        ranges[at] = shown(range);
                    }
                }
            }
            files.insert(file, copied);
        }
        Excerpt { files, ranges }
    }

    fn copied(&self, file: FileId) -> Result<&Copied, Error> {
        self.files.get(&file).ok_or(Error::FileMissing)
    }

    fn line(&self, file: FileId, index: usize) -> Result<&Line, Error> {
        let lines = &self.copied(file)?.lines;
        lines
            .iter()
            .find(|line| line.index == index)
            .ok_or(Error::LineTooLarge { given: index, max: lines.last().map_or(0, |line| line.index) })
    }
}

impl Copied {
    /// Copies a line; returns where a range of it is in the copy.
    fn push(
        &mut self,
        text: &str,
        index: usize,
        labels: &[Range<usize>],
    ) -> impl Fn(&Range<usize>) -> Range<usize> + use<> {
        let first = labels.iter().map(|label| label.start).min().unwrap_or(0);
        let length = text.chars().count();
        let cut = if length <= WIDTH { 0 } else { first.saturating_sub(BEFORE).min(length - WIDTH) };
        let start = self.text.len();
        let mark = if cut > 0 { "…" } else { "" };
        self.text.push_str(mark);
        // Where each shown character starts in the copy, and where the last one ends.
        let mut starts = Vec::with_capacity(WIDTH + 1);
        for char in text.chars().skip(cut).take(WIDTH) {
            starts.push(self.text.len());
            self.text.push(plain_char(char));
        }
        starts.push(self.text.len());
        if length > cut + WIDTH {
            self.text.push('…');
        }
        self.lines.push(Line { index, range: start..self.text.len(), cut: cut.saturating_sub(mark.chars().count()) });
        self.text.push('\n');
        move |label| {
            let at = |column: usize| starts[column.saturating_sub(cut).min(starts.len() - 1)];
            at(label.start)..at(label.end)
        }
    }
}

impl<'a> Files<'a> for Excerpt {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, file: FileId) -> Result<&'a str, Error> {
        Ok(&self.copied(file)?.name)
    }

    fn source(&'a self, file: FileId) -> Result<&'a str, Error> {
        Ok(&self.copied(file)?.text)
    }

    fn line_index(&'a self, file: FileId, byte: usize) -> Result<usize, Error> {
        let copied = self.copied(file)?;
        let after = copied.lines.partition_point(|line| line.range.start <= byte);
        let line = after.checked_sub(1).and_then(|at| copied.lines.get(at));
        line.map(|line| line.index).ok_or(Error::IndexTooLarge { given: byte, max: copied.text.len() })
    }

    fn line_range(&'a self, file: FileId, index: usize) -> Result<Range<usize>, Error> {
        Ok(self.line(file, index)?.range.clone())
    }

    fn column_number(&'a self, file: FileId, index: usize, byte: usize) -> Result<usize, Error> {
        let line = self.line(file, index)?;
        let before = &self.copied(file)?.text[line.range.start..byte];
        Ok(line.cut + before.chars().count() + 1)
    }
}

/// The first line of a label, and the characters of it that the label covers.
fn bound(sources: &Sources, label: &Label) -> (usize, Range<usize>) {
    let source = sources.get(label.span.file);
    let index = source.line_index(label.span.start);
    let text = line_text(sources, label.span.file, index);
    let line_start = source.line_starts()[index];
    let column = |byte: u32| {
        let byte = byte.saturating_sub(line_start) as usize;
        text.char_indices().take_while(|(at, _)| *at < byte).count()
    };
    let start = column(label.span.start);
    (index, start..column(label.span.end).max(start))
}

/// A line without its end.
fn line_text(sources: &Sources, file: FileId, index: usize) -> &str {
    let source = sources.get(file);
    let starts = source.line_starts();
    let start = starts.get(index).map_or(source.text.len(), |at| *at as usize);
    let end = starts.get(index + 1).map_or(source.text.len(), |at| *at as usize);
    source.text[start..end].trim_end_matches(['\n', '\r'])
}

/// The renderer shows a single line between two shown ones.
fn fill_gaps(lines: &mut BTreeMap<usize, Vec<Range<usize>>>) {
    let indices: Vec<_> = lines.keys().copied().collect();
    for pair in indices.windows(2) {
        if pair[1] - pair[0] == 2 {
            lines.entry(pair[0] + 1).or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    fn shown(text: &str, span: (u32, u32)) -> (String, String, usize) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.ts", text));
        let label = Label { span: Span::new(file, span.0, span.1), message: String::new() };
        let excerpt = Excerpt::new(&sources, &[label]);
        let range = excerpt.ranges[0].clone();
        let text = excerpt.source(file).expect("the file is copied");
        let index = excerpt.line_index(file, range.start).expect("a line");
        let column = excerpt.column_number(file, index, range.start);
        let column = column.expect("a column");
        (text.to_owned(), text[range].to_owned(), column)
    }

    #[test]
    fn a_label_ends_with_its_first_line() {
        let (text, label, column) = shown("a\r\nf({\n  b\n})\n", (3, 12));
        assert_eq!((&*text, &*label, column), ("f({\n", "f({", 1));
    }

    #[test]
    fn a_long_line_is_a_window() {
        let line = format!("{}email{}", "ä".repeat(5_000), "b".repeat(5_000));
        let (text, label, column) = shown(&line, (10_000, 10_005));
        assert_eq!((&*label, column), ("email", 5_001));
        assert_eq!(text.chars().count(), WIDTH + 3);
    }

    #[test]
    fn no_character_steers_the_terminal() {
        let (text, label, _) = shown("\u{1b}[2Jx\u{202e}y\n", (4, 5));
        assert_eq!((&*text, &*label), ("\u{FFFD}[2Jx\u{FFFD}y\n", "x"));
    }

    #[test]
    fn spans_outside_their_file_are_shown_at_its_end() {
        assert_eq!(shown("ab", (7, 9)), ("ab\n".to_owned(), String::new(), 3));
        assert_eq!(shown("", (0, 0)), ("\n".to_owned(), String::new(), 1));
    }
}
