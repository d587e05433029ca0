//! The words that specifiers and texts name modules, and what is in them, by.

use crate::lang::LANGUAGES;

/// Whether texts are a module's path, with dots between its names, and the name of something in it.
pub(super) fn names_member<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_alphanumeric() || char == '_');
    let (mut path, mut name) = (false, false);
    for text in texts {
        name |= is_name(text);
        path |= text.contains('.') && text.split('.').all(is_name);
    }
    path && name
}

/// The name of a module in a specifier: the last part that is not `index`, an ending or the folder of all sources.
pub(super) fn stem(specifier: &str) -> &str {
    let is_ending = |part: &str| LANGUAGES.iter().any(|language| language.extensions().contains(&part));
    let parts = specifier.rsplit(['/', ':', '.']).filter(|part| !part.is_empty() && !is_ending(part));
    let mut parts = parts.filter(|part| !matches!(*part, "index" | "mod" | "lib" | "main" | "src"));
    parts.next().unwrap_or(specifier)
}
