//! Which files have which texts: one pass over the bytes of every file, for all texts at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rayon::prelude::*;

use crate::source::{FileId, Sources};

/// Texts to look for, each with the number of what it stands for.
pub(super) struct Needles {
    automaton: AhoCorasick,
    owners: Vec<usize>,
}

impl Needles {
    /// Prepares to look for texts; none when there is nothing to look for.
    pub(super) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, usize)>) -> Option<Needles> {
        let (texts, owners): (Vec<&str>, Vec<usize>) = texts.into_iter().unzip();
        if texts.is_empty() {
            return None;
        }
        let builder = || {
            let mut builder = AhoCorasick::builder();
            builder.match_kind(MatchKind::Standard);
            builder
        };
        // The large automaton is several times faster; where it cannot be built, the small one does.
        let automaton = builder().kind(Some(AhoCorasickKind::DFA)).build(&texts).or_else(|_| builder().build(&texts));
        Some(Needles { automaton: automaton.ok()?, owners })
    }

    /// The owners whose texts stand in each file as whole words, for the files that have any, in order.
    pub(super) fn hits(&self, sources: &Sources) -> Vec<(FileId, Vec<usize>)> {
        let files: Vec<FileId> = sources.ids().collect();
        let hits = files.into_par_iter().map(|file| (file, self.owners_in(&sources.get(file).text)));
        hits.filter(|(_, owners)| !owners.is_empty()).collect()
    }

    fn owners_in(&self, text: &str) -> Vec<usize> {
        let mut owners: Vec<usize> = Vec::new();
        let bytes = text.as_bytes();
        for found in self.automaton.find_overlapping_iter(bytes) {
            let owner = self.owners[found.pattern().as_usize()];
            if !owners.contains(&owner) && is_word(bytes, found.start(), found.end()) {
                owners.push(owner);
            }
        }
        owners.sort_unstable();
        owners
    }
}

/// Whether neither end of a match lies inside a longer name.
fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let joins =
        |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'$');
    let before = start > 0 && joins(start) && joins(start - 1);
    // `https://api.example.com${path}`
    let hole = bytes.get(end..end + 2) == Some(b"${");
    let after = joins(end - 1) && joins(end) && !hole;
    !before && !after
}
