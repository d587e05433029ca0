//! Writes a manifest that declares exactly what the code shares.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::disguised;
use super::path::{FieldPattern, fold};
use crate::catalogue::{Catalogue, Share, SharedField};
use crate::dependency::{Dependency, Purpose};
use crate::ir::Name;
use crate::source::Sources;

const HEAD: &str = "\
# What this project shares with third parties. `undisclosed check` fails when the code shares more.
# This is a draft of what the code shares: read it, and remove what should not be shared.
";

/// The width up to which a list is written in one line.
const WIDTH: usize = 100;

/// What a drafted entry says about one vendor.
#[derive(Default)]
struct Draft {
    /// Field paths by their folded form.
    fields: BTreeMap<String, Name>,
    /// Classes that values have although their field's name does not say so.
    data: BTreeSet<Name>,
    /// What could not be seen.
    opaque: BTreeSet<String>,
    /// The places that ask for its packages, where no call was found.
    packages: BTreeSet<String>,
}

/// The manifest under which a check of these shares finds nothing but what could not be seen.
pub fn draft(shares: &[Share], dependencies: &[Dependency], catalogue: &Catalogue, sources: &Sources) -> String {
    let mut vendors: BTreeMap<&Name, Draft> = BTreeMap::new();
    for share in shares {
        collect(vendors.entry(&share.vendor).or_default(), share, catalogue, sources);
    }
    let owners = catalogue.owners();
    let called: BTreeSet<&Name> = vendors.keys().copied().collect();
    for dependency in dependencies.iter().filter(|dependency| dependency.purpose == Purpose::Run) {
        let owners = owners.of(dependency);
        if let Some(owner) = owners.first().filter(|_| !owners.iter().any(|owner| called.contains(&owner.id))) {
            let (line, _) = sources.line_column(dependency.span);
            let file = &sources.get(dependency.span.file).path;
            let place = one_line(&format!("no call was found: {file}:{line} depends on {}", dependency.package));
            vendors.entry(&owner.id).or_default().packages.insert(place);
        }
    }
    let mut text = String::from(HEAD);
    for (vendor, draft) in &vendors {
        text.push('\n');
        entry(&mut text, vendor, draft, catalogue);
    }
    text
}

fn collect(draft: &mut Draft, share: &Share, catalogue: &Catalogue, sources: &Sources) {
    let is_new = |field: &&SharedField| !(field.returned && field.obtained_from.as_ref() == Some(&share.vendor));
    for field in share.fields.iter().filter(|field| !(share.called && field.hole)).filter(is_new) {
        let pattern = FieldPattern::of_path(&field.path).text;
        let folded = pattern.split('.').map(fold).collect::<Vec<_>>().join(".");
        let first = draft.fields.entry(folded).or_insert_with(|| pattern.clone());
        // The spelling does not depend on the order of the shares.
        if pattern < *first {
            *first = pattern;
        }
        let carried = disguised(&catalogue.data, sources, share, field, &[]);
        draft.data.extend(carried.into_iter().map(|carried| carried.class));
    }
    for part in share.opaque.iter().filter(|part| !(share.called && part.hole)) {
        let what = match &*part.path {
            "" => "the payload",
            path => path,
        };
        let (line, _) = sources.line_column(part.at);
        let file = &sources.get(part.at.file).path;
        draft.opaque.insert(one_line(&format!("not known: {what} at {file}:{line}: {}", part.reason)));
    }
}

fn entry(text: &mut String, vendor: &str, draft: &Draft, catalogue: &Catalogue) {
    let known = catalogue.vendor(vendor);
    text.push_str(&format!("[vendor.{}]\n", key(vendor)));
    if let Some(vendor) = known.filter(|vendor| !vendor.category.is_empty()) {
        text.push_str(&format!("purpose = {}\n", quote(&vendor.category)));
    }
    if !draft.data.is_empty() {
        list(text, "data", draft.data.iter());
    }
    // A field that `data` declares by its class is not declared a second time: to remove either is to forbid it.
    let by_class = |path: &Name| catalogue.data.of_path(path).iter().any(|class| draft.data.contains(class));
    let fields: Vec<&Name> = draft.fields.values().filter(|path| !by_class(path)).collect();
    if !fields.is_empty() {
        list(text, "fields", fields.into_iter());
    }
    for line in draft.packages.iter().chain(&draft.opaque) {
        text.push_str(&format!("# {line}\n"));
    }
}

/// `key = ["a", "b"]`, one entry per line where that is too wide.
fn list<'a>(text: &mut String, key: &str, items: impl Iterator<Item = &'a Name>) {
    let items: Vec<String> = items.map(|item| quote(item)).collect();
    let line = format!("{key} = [{}]\n", items.join(", "));
    if line.len() <= WIDTH {
        return text.push_str(&line);
    }
    text.push_str(&format!("{key} = [\n"));
    for item in items {
        text.push_str(&format!("  {item},\n"));
    }
    text.push_str("]\n");
}

/// A text as a TOML value, on one line.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            char if char.is_control() => quoted.push_str(&format!("\\u{:04X}", char as u32)),
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// A name as a TOML key.
pub(super) fn key(name: &str) -> String {
    let bare = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    match !name.is_empty() && name.chars().all(bare) {
        true => name.into(),
        false => quote(name),
    }
}

/// A comment cannot hold control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
