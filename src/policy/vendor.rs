//! Reads the `[vendor.<id>]` tables of a manifest.

use std::collections::BTreeMap;

use super::path::FieldPattern;
use super::raw::Table;
use super::terms::{class_named, classes, globs, pattern, patterns};
use super::valid::Names;
use super::{At, Exception, List, VendorEntry};
use crate::ir::Name;

const KEYS: &[&str] = &[
    "purpose",
    "reason",
    "data",
    "fields",
    "never",
    "except",
    "full-access",
    "routes",
    "consent",
    "paths",
    "regions",
    "retain",
    "transfer",
];

/// Every declared vendor.
pub(super) fn vendors(names: &mut Names<'_>, root: &Table<'_>) -> BTreeMap<Name, VendorEntry> {
    let mut vendors: BTreeMap<Name, VendorEntry> = BTreeMap::new();
    for (name, table) in names.reader.named(root, "vendor", KEYS) {
        let id = names.vendor(&name);
        let entry = entry(names, &table, id.clone().unwrap_or_else(|| name.value.clone()), name.span);
        let Some(id) = id else { continue };
        if let Some(first) = vendors.get(&id) {
            let message = format!("`{}` is `{id}`, which has an entry already", name.value);
            names.reader.twice(name.span, first.key, message);
            continue;
        }
        contradictions(names, &entry);
        vendors.insert(id, entry);
    }
    vendors
}

fn entry(names: &mut Names<'_>, table: &Table<'_>, id: Name, key: crate::source::Span) -> VendorEntry {
    let reader = &mut names.reader;
    let consent = reader.text(table, "consent");
    let routes = reader.list(table, "routes");
    let mut entry = VendorEntry {
        id,
        key,
        purpose: reader.text(table, "purpose"),
        reason: reader.text(table, "reason"),
        data: classes(reader, table, "data", names.data),
        fields: patterns(reader, table, "fields"),
        never: classes(reader, table, "never", names.data),
        except: List::default(),
        full_access: reader.flag(table, "full-access"),
        routes: List::default(),
        consent: None,
        paths: globs(reader, table, "paths"),
        regions: reader.list(table, "regions"),
        retain: reader.flag(table, "retain"),
        transfer: reader.text(table, "transfer"),
    };
    entry.except = exceptions(names, table, &entry);
    entry.routes = self::routes(names, routes);
    entry.consent = consent.filter(|consent| known_condition(names, consent));
    entry
}

/// `except`: data classes, or else field paths.
fn exceptions(names: &mut Names<'_>, table: &Table<'_>, entry: &VendorEntry) -> List<Exception> {
    let written = names.reader.list(table, "except");
    if let Some(span) = written.span.filter(|_| entry.never.span.is_none()) {
        let message = format!("`except` in `{}` is an exception to nothing", table.name);
        let help = vec!["add the data classes that it is an exception to as `never`".into()];
        names.reader.error(span, message, "there is no `never` beside it", help);
    }
    let mut items = Vec::new();
    for item in written.items {
        let value = match class_named(names.data, &item.value) {
            Some(class) => Some(Exception::Class(class)),
            None => pattern(&mut names.reader, &item).map(|pattern: At<FieldPattern>| Exception::Field(pattern.value)),
        };
        items.extend(value.map(|value| At { value, span: item.span }));
    }
    List { span: written.span, items }
}

fn routes(names: &mut Names<'_>, written: List<Name>) -> List<Name> {
    let mut items: Vec<At<Name>> = Vec::new();
    for item in written.items {
        let Some(value) = names.vendor(&item) else {
            continue;
        };
        match items.iter().find(|other| other.value == value) {
            Some(first) => {
                names.reader.twice(item.span, first.span, format!("`{value}` is listed twice in `routes`"));
            }
            None => items.push(At { value, span: item.span }),
        }
    }
    List { span: written.span, items }
}

fn known_condition(names: &mut Names<'_>, consent: &At<Name>) -> bool {
    if names.consent.contains_key(&consent.value) {
        return true;
    }
    let known: Vec<&str> = names.consent.keys().map(|name| &**name).collect();
    let message = format!("unknown condition `{}`", consent.value);
    names.reader.unknown(consent.span, message, &consent.value, &known);
    names.reader.help(&format!("declare it as `[consent.{}]` with its `guards`", consent.value));
    false
}

/// Data that is declared and promised away by the same manifest.
fn contradictions(names: &mut Names<'_>, entry: &VendorEntry) {
    for class in &entry.data.items {
        let lineage = names.data.lineage(&class.value);
        let excepted =
            |except: &At<Exception>| matches!(&except.value, Exception::Class(class) if lineage.contains(class));
        let own = entry.never.items.iter().filter(|_| !entry.except.items.iter().any(excepted));
        for never in names.never.items.iter().chain(own) {
            if lineage.contains(&never.value) {
                let message =
                    format!("`{}` is declared for `{}` and promised never to be shared", class.value, entry.id);
                names.reader.error(class.span, message, "declared here", vec!["remove one of the two".into()]);
                names.reader.also(never.span, "promised here");
            }
        }
    }
}
