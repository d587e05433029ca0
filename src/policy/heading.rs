//! Reads the `[vendor.<name>]` tables of a manifest: headings, each for one vendor or for several.

use std::collections::{BTreeMap, BTreeSet};

use super::contradiction::contradictions;
use super::names::{Known, Named, joined};
use super::path::FieldPattern;
use super::raw::{Reader, Table};
use super::terms::{class_named, classes, globs, pattern, patterns};
use super::{At, Consent, Exception, Heading, List, Vendors};
use crate::catalogue::Catalogue;
use crate::catalogue::data::DataClasses;
use crate::ir::Name;
use crate::source::Span;

const KEYS: &[&str] = &[
    "covers",
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

/// What the names in a manifest may refer to.
pub(super) struct Names<'a> {
    pub(super) reader: Reader,
    pub(super) catalogue: &'a Catalogue,
    pub(super) data: &'a DataClasses,
    pub(super) consent: &'a BTreeMap<Name, Consent>,
    /// The classes that go to no vendor.
    pub(super) never: &'a List<Name>,
    /// What the catalogue knows by each name.
    pub(super) known: Known<'a>,
    /// What the headings cover, by their names without what makes no difference.
    pub(super) headings: BTreeMap<String, Vendors>,
}

impl<'a> Names<'a> {
    /// Before the headings are read.
    pub(super) fn new(
        reader: Reader,
        catalogue: &'a Catalogue,
        data: &'a DataClasses,
        consent: &'a BTreeMap<Name, Consent>,
        never: &'a List<Name>,
    ) -> Names<'a> {
        Names { reader, catalogue, data, consent, never, known: Known::new(catalogue), headings: BTreeMap::new() }
    }
}

/// Every heading, in the order of the manifest.
pub(super) fn headings(names: &mut Names<'_>, root: &Table<'_>) -> Vec<Heading> {
    let tables = names.reader.named(root, "vendor", KEYS);
    // What each covers is read first: `routes` may name any of them.
    let covered = covered(names, &tables);
    let mut headings = Vec::new();
    for ((name, table), (vendors, covers)) in tables.iter().zip(covered) {
        headings.push(heading(names, name, table, vendors, covers));
    }
    contradictions(names, &headings);
    headings
}

/// Reads what the headings cover, without the rest of them.
pub(super) fn read_covered(names: &mut Names<'_>, root: &Table<'_>) {
    let tables = names.reader.named(root, "vendor", KEYS);
    covered(names, &tables);
}

/// What each heading covers, and what it says about that.
fn covered(names: &mut Names<'_>, tables: &[(At<Name>, Table<'_>)]) -> Vec<(Vendors, List<Vendors>)> {
    let mut all: Vec<(Vendors, List<Vendors>)> = Vec::new();
    let mut seen: BTreeMap<String, &At<Name>> = BTreeMap::new();
    for (name, table) in tables {
        let first = *seen.entry(joined(&name.value)).or_insert(name);
        if first.span != name.span {
            let message = format!("`{}` is `{}`, which is a heading already", name.value, first.value);
            names.reader.twice(name.span, first.span, message);
        }
        let written = names.reader.list(table, "covers");
        if let Some(span) = written.span.filter(|_| written.items.is_empty()) {
            let help = vec!["list the vendors that it covers, or remove it".into()];
            names.reader.error(span, format!("`covers` in `{}` is empty", table.name), "nothing is listed here", help);
        }
        let covers = vendors_of(names, written, "covers", Names::in_catalogue);
        let ids = match table.has("covers") {
            true => listed(names, name, &covers),
            false => by_name(names, name),
        };
        all.push((Vendors { name: name.value.clone(), ids }, covers));
    }
    names.headings = all.iter().map(|(vendors, _)| (joined(&vendors.name), vendors.clone())).collect();
    all
}

/// The vendors that a heading covers by its name.
fn by_name(names: &mut Names<'_>, name: &At<Name>) -> BTreeSet<Name> {
    match names.by_name(&name.value) {
        Some(vendors) => vendors.ids,
        None => {
            let help = "a heading with a name of your own lists its vendors: `covers = [\"…\"]`";
            names.unknown_vendor(name, Some(help));
            BTreeSet::new()
        }
    }
}

/// The vendors that a heading lists. One that is named like a vendor cannot leave that out.
fn listed(names: &mut Names<'_>, name: &At<Name>, covers: &List<Vendors>) -> BTreeSet<Name> {
    let ids: BTreeSet<Name> = covers.values().flat_map(|vendors| vendors.ids.iter().cloned()).collect();
    if let Some(Named::Vendor(vendor)) = names.known.named(&name.value)
        && !ids.contains(&vendor.id)
        && let Some(first) = covers.items.first()
    {
        let message = format!("`{}` is a vendor that `covers` leaves out", name.value);
        let help = vec![format!("add {:?} to `covers`, or give the heading another name", &*vendor.id)];
        names.reader.error(name.span, message, "covers other vendors", help);
        names.reader.also(covers.span.unwrap_or(first.span), "listed here");
    }
    ids
}

fn heading(
    names: &mut Names<'_>,
    name: &At<Name>,
    table: &Table<'_>,
    vendors: Vendors,
    covers: List<Vendors>,
) -> Heading {
    let reader = &mut names.reader;
    let consent = reader.text(table, "consent");
    let routes = reader.list(table, "routes");
    let mut heading = Heading {
        key: name.span,
        vendors,
        covers,
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
    heading.except = exceptions(names, table, &heading);
    heading.routes = vendors_of(names, routes, "routes", Names::vendors);
    heading.consent = consent.filter(|consent| known_condition(names, consent));
    heading
}

/// `except`: data classes, or else field paths.
fn exceptions(names: &mut Names<'_>, table: &Table<'_>, heading: &Heading) -> List<Exception> {
    let written = names.reader.list(table, "except");
    if let Some(span) = written.span.filter(|_| heading.never.span.is_none()) {
        let message = format!("`except` in `{}` is an exception to nothing", table.name);
        let help = vec!["add the data classes that it is an exception to as `never`".into()];
        names.reader.error(span, message, "there is no `never` beside it", help);
    }
    let mut items = Vec::new();
    for item in written.items {
        let value = match class_named(names.data, &item.value) {
            Some(class) => {
                lifts_nothing(names, heading, &class, item.span);
                Some(Exception::Class(class))
            }
            None => pattern(&mut names.reader, &item).map(|pattern: At<FieldPattern>| Exception::Field(pattern.value)),
        };
        items.extend(value.map(|value| At { value, span: item.span }));
    }
    List { span: written.span, items }
}

/// Notes an exception for a class that no promise of the heading includes.
fn lifts_nothing(names: &mut Names<'_>, heading: &Heading, class: &Name, span: Span) {
    let lineage = names.data.lineage(class);
    if let Some(never) = heading.never.span.filter(|_| !heading.never.values().any(|never| lineage.contains(never))) {
        let message = format!("`{class}` is an exception to nothing");
        let help = vec!["remove it, or add the class that it is an exception to".into()];
        names.reader.error(span, message, "no class that is promised includes it", help);
        names.reader.also(never, "promised here");
    }
}

/// The vendors listed under a key; to list the same twice is an error.
fn vendors_of<'n>(
    names: &mut Names<'n>,
    written: List<Name>,
    key: &str,
    find: impl Fn(&mut Names<'n>, &At<Name>) -> Option<Vendors>,
) -> List<Vendors> {
    let mut items: Vec<At<Vendors>> = Vec::new();
    for item in written.items {
        let Some(value) = find(names, &item) else {
            continue;
        };
        match items.iter().find(|other| other.value.ids == value.ids) {
            Some(first) => {
                names.reader.twice(item.span, first.span, format!("`{}` is listed twice in `{key}`", value.name));
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
