//! Finds the classes of a name quickly: plain names by hash, names with `*` one after the other.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{DataClass, fold};
use crate::ir::Name;

/// The classes' names, prepared.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Folded names, the steps of longer ones joined with dots.
    exact: FxHashMap<String, Vec<Name>>,
    /// Names with `*`.
    patterns: Vec<(Pattern, Name)>,
    /// Names that are not of a class.
    not: FxHashMap<Name, Vec<Pattern>>,
    types: FxHashMap<Name, Vec<Name>>,
    /// The number of steps of the longest name.
    longest: usize,
}

/// A name with `*`: each step as folded words, of which `*` is any number.
#[derive(Clone, Debug, PartialEq)]
struct Pattern {
    steps: Vec<Vec<String>>,
    /// How many words it names: the more, the nearer.
    words: usize,
}

impl Index {
    pub(super) fn new(classes: &BTreeMap<Name, DataClass>) -> Index {
        let mut index = Index::default();
        for (id, class) in classes {
            for name in &class.fields {
                let pattern = Pattern::new(name);
                index.longest = index.longest.max(pattern.steps.len());
                if name.contains('*') {
                    index.patterns.push((pattern, id.clone()));
                } else {
                    index.exact.entry(pattern.text()).or_default().push(id.clone());
                }
            }
            let not = class.not.iter().map(|name| Pattern::new(name)).collect();
            index.not.insert(id.clone(), not);
            for ty in &class.types {
                index.types.entry(ty.clone()).or_default().push(id.clone());
            }
        }
        index.patterns.sort_by_key(|(pattern, _)| std::cmp::Reverse((pattern.steps.len(), pattern.words)));
        index
    }

    /// The classes of a path, by its folded steps, nearest first.
    pub(super) fn of_names(&self, names: &[String]) -> Vec<Name> {
        let mut found: Vec<Name> = Vec::new();
        let mut add = |class: &Name| {
            let excluded = self.not.get(class).is_some_and(|not| not.iter().any(|pattern| pattern.matches_end(names)));
            if !excluded && !found.contains(class) {
                found.push(class.clone());
            }
        };
        for length in (1..=self.longest.min(names.len())).rev() {
            let ending = names[names.len() - length..].join(".");
            self.exact.get(&ending).into_iter().flatten().for_each(&mut add);
        }
        for (pattern, class) in &self.patterns {
            if pattern.matches_end(names) {
                add(class);
            }
        }
        found
    }

    pub(super) fn of_type(&self, ty: &str) -> &[Name] {
        self.types.get(ty).map_or(&[], Vec::as_slice)
    }
}

impl Pattern {
    fn new(name: &str) -> Pattern {
        let steps: Vec<Vec<String>> = name.split('.').map(words).collect();
        let words = steps.iter().flatten().filter(|word| *word != "*").count();
        Pattern { steps, words }
    }

    fn text(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(|words| words.join(" ")).collect();
        steps.join(".")
    }

    fn matches_end(&self, names: &[String]) -> bool {
        self.steps.len() <= names.len()
            && self.steps.iter().rev().zip(names.iter().rev()).all(|(step, name)| {
                let found: Vec<&str> = name.split(' ').collect();
                words_match(step, &found)
            })
    }
}

/// The folded words of one step of a name, with `*` as a word of its own.
fn words(step: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in step.split('*').enumerate() {
        if at > 0 {
            words.push("*".to_owned());
        }
        words.extend(fold(part).split_whitespace().map(str::to_owned));
    }
    words
}

fn words_match(pattern: &[String], words: &[&str]) -> bool {
    match pattern.split_first() {
        None => words.is_empty(),
        Some((first, rest)) if first == "*" => (0..=words.len()).any(|skipped| words_match(rest, &words[skipped..])),
        Some((first, rest)) => words.split_first().is_some_and(|(word, left)| first == word && words_match(rest, left)),
    }
}
