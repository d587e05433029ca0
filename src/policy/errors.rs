//! Says what is wrong with a manifest, at its place.

use super::MANIFEST;
use super::path::fold;
use super::raw::Reader;
use crate::finding::{Finding, Label, Level};
use crate::source::Span;

impl Reader {
    /// Everything that was wrong, in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.errors.sort_by(|a, b| {
            let key = |finding: &Finding| finding.labels.first().map(|label| label.span);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.errors
    }

    /// Notes an error.
    pub(super) fn error(&mut self, span: Span, message: String, label: &str, help: Vec<String>) {
        let label = Label { span, message: label.into() };
        self.errors.push(Finding {
            check: MANIFEST,
            level: Level::Deny,
            message,
            labels: vec![label],
            help,
            vendor: None,
            field: None,
        });
    }

    /// Notes that something is written twice.
    pub(super) fn twice(&mut self, span: Span, first: Span, message: String) {
        self.error(span, message, "again here", vec!["remove one of the two".into()]);
        self.also(first, "first here");
    }

    /// Adds a place to the last error.
    pub(super) fn also(&mut self, span: Span, message: &str) {
        if let Some(finding) = self.errors.last_mut() {
            finding.labels.push(Label { span, message: message.into() });
        }
    }

    /// Adds a help to the last error.
    pub(super) fn help(&mut self, help: &str) {
        if let Some(finding) = self.errors.last_mut() {
            finding.help.push(help.into());
        }
    }

    /// Notes a name that is none of `known`, with the nearest of them.
    pub(super) fn unknown(&mut self, span: Span, message: String, name: &str, known: &[&str]) {
        let mut help = Vec::new();
        let near = nearest(name, known);
        if let Some(best) = near.first() {
            help.push(format!("did you mean `{best}`?"));
        }
        let quote = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match known.len() {
            0 => {}
            1..=60 => help.push(format!("accepted: {}", quote(known))),
            _ if near.len() > 1 => help.push(format!("names like it: {}", quote(&near))),
            _ => {}
        }
        self.error(span, message, "not known", help);
    }
}

/// The names most like `name`, best first; at most five.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let wanted = fold(name);
    let mut near: Vec<_> = known
        .iter()
        .map(|known| (strsim::jaro_winkler(&wanted, &fold(known)), *known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(5).map(|(_, known)| known).collect()
}
