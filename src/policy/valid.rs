//! Checks a manifest against the catalogue: names become the catalogue's own, paths and globs are well formed.

use std::collections::BTreeMap;

use super::data::data_classes;
use super::heading::{Names, headings, read_covered};
use super::raw::{Reader, Table};
use super::syntax::document;
use super::terms::{classes, glob, globs, pattern};
use super::wrapper;
use super::{At, Consent, List, Policy, Settings, Waiver, Wrapper};
use crate::catalogue::Catalogue;
use crate::finding::{Finding, Level};
use crate::ir::Name;
use crate::source::{FileId, Sources};

const SECTIONS: &[&str] = &["policy", "data", "consent", "vendor", "wrapper", "waiver", "lints", "files", "catalogue"];
const LEVELS: &[(&str, Level)] = &[("deny", Level::Deny), ("warn", Level::Warn), ("allow", Level::Allow)];

/// Reads and validates the whole manifest.
pub(super) fn policy(
    sources: &Sources,
    file: FileId,
    catalogue: &Catalogue,
    checks: &[&str],
) -> Result<Policy, Vec<Finding>> {
    let document = document(sources, file)?;
    let mut reader = Reader::new(file);
    let root = reader.root(&document, SECTIONS);
    let data = data_classes(&mut reader, &root, &catalogue.data);
    let consent = consent(&mut reader, &root);
    let (mut home, mut never) = (None, List::default());
    if let Some(table) = reader.table(&root, "policy", &["home", "never"]) {
        home = reader.text(&table, "home");
        never = classes(&mut reader, &table, "never", &data);
    }
    let mut names = Names::new(reader, catalogue, &data, &consent, &never);
    let headings = headings(&mut names, &root);
    let wrappers = wrapper::wrappers(&mut names, &root, sources);
    let waivers = waivers(&mut names, &root, checks);
    let mut reader = names.reader;
    let levels = levels(&mut reader, &root, checks);
    let settings = read_settings(&mut reader, &root);
    let errors = reader.finish();
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut covering: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
    for (index, heading) in headings.iter().enumerate() {
        for id in &heading.vendors.ids {
            covering.entry(id.clone()).or_default().push(index);
        }
    }
    let file = Some(file);
    Ok(Policy { file, home, never, data, consent, headings, covering, wrappers, waivers, levels, settings })
}

/// Reads `[files]` and `[catalogue]` alone.
pub(super) fn settings(sources: &Sources, file: FileId) -> Result<Settings, Vec<Finding>> {
    let document = document(sources, file)?;
    let mut reader = Reader::new(file);
    let root = reader.root(&document, &[]);
    let settings = read_settings(&mut reader, &root);
    match reader.finish() {
        errors if errors.is_empty() => Ok(settings),
        errors => Err(errors),
    }
}

/// Reads `[[wrapper]]` alone.
pub(super) fn wrappers(sources: &Sources, file: FileId, catalogue: &Catalogue) -> Vec<Wrapper> {
    let Ok(document) = document(sources, file) else { return Vec::new() };
    let mut reader = Reader::new(file);
    let root = reader.root(&document, &[]);
    let (consent, never) = (BTreeMap::new(), List::default());
    let mut names = Names::new(reader, catalogue, &catalogue.data, &consent, &never);
    read_covered(&mut names, &root);
    wrapper::wrappers(&mut names, &root, sources)
}

fn consent(reader: &mut Reader, root: &Table<'_>) -> BTreeMap<Name, Consent> {
    let mut conditions = BTreeMap::new();
    for (name, table) in reader.named(root, "consent", &["guards"]) {
        reader.require(&table, &["guards"]);
        let guards = reader.list(&table, "guards");
        conditions.insert(name.value, Consent { key: name.span, guards });
    }
    conditions
}

fn waivers(names: &mut Names<'_>, root: &Table<'_>, checks: &[&str]) -> Vec<Waiver> {
    let keys = ["check", "vendor", "field", "path", "reason", "until"];
    let tables = names.reader.array(root, "waiver", &keys);
    tables.iter().filter_map(|table| waiver(names, table, checks)).collect()
}

fn waiver(names: &mut Names<'_>, table: &Table<'_>, checks: &[&str]) -> Option<Waiver> {
    let reader = &mut names.reader;
    reader.require(table, &["check", "reason", "until"]);
    let check = reader.text(table, "check");
    let reason = reader.text(table, "reason");
    let until = reader.date(table, "until");
    let path = reader.text(table, "path");
    let field = reader.text(table, "field").and_then(|field| pattern(reader, &field));
    if let Some(path) = &path {
        glob(reader, path);
    }
    if let Some(check) = check.as_ref().filter(|check| !checks.contains(&&*check.value)) {
        reader.unknown(check.span, format!("unknown check `{}`", check.value), &check.value, checks);
    }
    let vendor = reader.text(table, "vendor");
    let vendor = vendor.and_then(|vendor| Some(At { value: names.vendors(&vendor)?, span: vendor.span }));
    Some(Waiver { span: table.span, check: check?, vendor, field, path, reason: reason?, until: until? })
}

fn levels(reader: &mut Reader, root: &Table<'_>, checks: &[&str]) -> BTreeMap<Name, At<Level>> {
    let mut levels = BTreeMap::new();
    let Some(table) = reader.table(root, "lints", &[]) else {
        return levels;
    };
    for key in table.keys() {
        if !checks.contains(&key.value) {
            reader.unknown(key.span, format!("unknown check `{}`", key.value), key.value, checks);
        }
        let Some(written) = reader.text(&table, key.value) else {
            continue;
        };
        match LEVELS.iter().find(|(name, _)| *name == &*written.value) {
            Some((_, level)) => {
                levels.insert(key.value.into(), At { value: *level, span: written.span });
            }
            None => {
                let known: Vec<&str> = LEVELS.iter().map(|(name, _)| *name).collect();
                let message = format!("unknown level `{}`", written.value);
                reader.unknown(written.span, message, &written.value, &known);
            }
        }
    }
    levels
}

fn read_settings(reader: &mut Reader, root: &Table<'_>) -> Settings {
    let mut settings = Settings::default();
    if let Some(table) = reader.table(root, "files", &["include", "exclude"]) {
        settings.include = globs(reader, &table, "include");
        settings.exclude = globs(reader, &table, "exclude");
    }
    if let Some(table) = reader.table(root, "catalogue", &["paths"]) {
        settings.catalogue = reader.list(&table, "paths");
    }
    settings
}
