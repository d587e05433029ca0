//! Which elements hold scripts, and how those are written.

use super::tree::{Bytes, Element, Tree};
use crate::lang::javascript::document::{Dialect, Script};

/// Types of scripts that run. What has another type is data, or text for another program.
const TYPES: &[&str] = &[
    "",
    "module",
    "text/javascript",
    "application/javascript",
    "text/ecmascript",
    "application/x-javascript",
    "text/partytown",
    "text/typescript",
    "ts",
    "typescript",
];

/// The scripts of a document, in order.
pub(super) fn scripts(tree: &Tree, text: &str) -> Vec<Script> {
    tree.named(text, "script").filter_map(|element| script(element, text)).collect()
}

/// The script that an element holds.
pub(super) fn script(element: &Element, text: &str) -> Option<Script> {
    let (from, to) = element.content;
    if text[from..to].trim().is_empty() || !runs(element, text) {
        return None;
    }
    let is = |attribute: &str, values: &[&str]| element.text_of(text, attribute).is_some_and(|it| values.contains(&it));
    let dialect = if is("lang", &["ts", "tsx", "typescript"]) || is("type", &["text/typescript", "ts"]) {
        Dialect::TypeScript
    } else if is("type", &["module"]) {
        Dialect::Module
    } else {
        Dialect::Script
    };
    Some(Script { at: (from as u32, to as u32), dialect, is_apart: false })
}

/// Whether what an element holds is run, now or once the visitor agrees.
fn runs(element: &Element, text: &str) -> bool {
    let ty = element.text_of(text, "type").unwrap_or_default().trim().to_ascii_lowercase();
    // Consent managers change the type when the visitor agrees.
    let waits = ty == "text/plain"
        && element.attributes.iter().any(|attribute| {
            let name = text[attribute.name.0..attribute.name.1].to_ascii_lowercase();
            name.starts_with("data-")
        });
    waits || TYPES.contains(&ty.as_str())
}

/// Bytes as the common form counts them.
pub(super) fn bytes((from, to): Bytes) -> (u32, u32) {
    (from as u32, to as u32)
}
