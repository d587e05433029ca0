//! The vendors that a name in the manifest stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::heading::Names;
use super::path::fold;
use super::{At, Vendors};
use crate::catalogue::{Catalogue, Vendor};
use crate::ir::Name;

/// What the catalogue knows by a name.
#[derive(Clone, Debug)]
pub enum Named<'a> {
    /// The vendor with this id, name or alias.
    Vendor(&'a Vendor),
    /// The group of this name, and its vendors in the order of their ids.
    Group(&'a Name, Vec<&'a Vendor>),
}

/// What the catalogue knows by each name, however it is spelled.
#[derive(Debug, Default)]
pub struct Known<'a> {
    names: BTreeMap<String, Named<'a>>,
}

impl<'a> Known<'a> {
    /// Every name of the catalogue. A vendor's id comes first, then its name, an alias, and a group last.
    pub fn new(catalogue: &'a Catalogue) -> Known<'a> {
        let mut names = BTreeMap::new();
        let mut add = |name: &str, named: Named<'a>| {
            names.entry(joined(name)).or_insert(named);
        };
        let all = || catalogue.vendors.values();
        all().for_each(|vendor| add(&vendor.id, Named::Vendor(vendor)));
        all().for_each(|vendor| add(&vendor.name, Named::Vendor(vendor)));
        for (vendor, alias) in all().flat_map(|vendor| vendor.aliases.iter().map(move |alias| (vendor, alias))) {
            add(alias, Named::Vendor(vendor));
        }
        for group in all().flat_map(|vendor| &vendor.groups).collect::<BTreeSet<_>>() {
            add(group, Named::Group(group, members(catalogue, group)));
        }
        Known { names }
    }

    /// What is known by a name.
    pub fn named(&self, written: &str) -> Option<&Named<'a>> {
        self.names.get(&joined(written))
    }

    /// The groups that have a name of their own, with their vendors.
    pub fn groups(&self) -> impl Iterator<Item = (&'a Name, &[&'a Vendor])> {
        self.names.values().filter_map(|named| match named {
            Named::Group(name, vendors) => Some((*name, &vendors[..])),
            Named::Vendor(_) => None,
        })
    }
}

/// The vendors of a group, in the order of their ids.
pub fn members<'a>(catalogue: &'a Catalogue, group: &str) -> Vec<&'a Vendor> {
    let all = catalogue.vendors.values();
    all.filter(|vendor| vendor.groups.iter().any(|name| same(name, group))).collect()
}

/// Whether two names are the same, however they are spelled: `LinkedIn` is `linkedin`, `New Relic` is `new-relic`.
pub fn same(one: &str, other: &str) -> bool {
    joined(one) == joined(other)
}

/// A name without what makes no difference.
pub(super) fn joined(name: &str) -> String {
    fold(name).replace('_', "")
}

impl Names<'_> {
    /// The vendors that a name stands for: the vendor of this name, else those of the heading, else those of the group.
    pub(super) fn vendors(&mut self, written: &At<Name>) -> Option<Vendors> {
        if let Some(Named::Vendor(vendor)) = self.known.named(&written.value) {
            return Some(Vendors::one(vendor.id.clone()));
        }
        let heading = self.headings.get(&joined(&written.value)).cloned();
        heading.or_else(|| self.in_catalogue(written))
    }

    /// The vendors that the catalogue knows by a name.
    pub(super) fn in_catalogue(&mut self, written: &At<Name>) -> Option<Vendors> {
        let found = self.by_name(&written.value);
        if found.is_none() {
            self.unknown_vendor(written, None);
        }
        found
    }

    /// The vendors that the catalogue knows by a name, if it knows it.
    pub(super) fn by_name(&self, written: &str) -> Option<Vendors> {
        Some(match self.known.named(written)? {
            Named::Vendor(vendor) => Vendors::one(vendor.id.clone()),
            Named::Group(name, vendors) => {
                let ids = vendors.iter().map(|vendor| vendor.id.clone()).collect();
                Vendors { name: (*name).clone(), ids }
            }
        })
    }

    /// The one vendor that a name stands for.
    pub(super) fn vendor(&mut self, written: &At<Name>) -> Option<Name> {
        let vendors = self.vendors(written)?;
        if vendors.ids.len() > 1 {
            let ids: Vec<String> = vendors.ids.iter().map(|id| format!("`{id}`")).collect();
            let message = format!("`{}` stands for several vendors", written.value);
            let help = vec![format!("name the one that is meant: {}", ids.join(", "))];
            self.reader.error(written.span, message, "not one vendor", help);
            return None;
        }
        vendors.ids.into_iter().next()
    }

    /// Notes a name that stands for nothing, with the nearest of those that do.
    pub(super) fn unknown_vendor(&mut self, written: &At<Name>, help: Option<&str>) {
        let vendors = self.catalogue.vendors.values();
        let known = vendors.flat_map(|vendor| [&vendor.id].into_iter().chain(&vendor.aliases).chain(&vendor.groups));
        let headings = self.headings.values().map(|heading| &heading.name);
        let known: BTreeSet<&str> = known.chain(headings).map(|name| &**name).collect();
        let known: Vec<&str> = known.into_iter().collect();
        let message = format!("unknown vendor `{}`", written.value);
        self.reader.unknown(written.span, message, &written.value, &known);
        help.into_iter().for_each(|help| self.reader.help(help));
        self.reader.help("a vendor that the catalogue lacks is added as a file named by `[catalogue] paths`");
    }
}
