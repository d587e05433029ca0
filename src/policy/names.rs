//! The vendors that a name in the manifest stands for.

use std::collections::BTreeSet;

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

/// What the catalogue knows by a name, however it is spelled. A vendor's id comes first, then its name, an alias, and
/// a group last.
pub fn named<'a>(catalogue: &'a Catalogue, written: &str) -> Option<Named<'a>> {
    if let Some(vendor) = catalogue.vendor(written) {
        return Some(Named::Vendor(vendor));
    }
    let is_meant = |name: &Name| same(name, written);
    let all = || catalogue.vendors.values();
    let vendor = all().find(|vendor| is_meant(&vendor.id));
    let vendor = vendor.or_else(|| all().find(|vendor| is_meant(&vendor.name)));
    if let Some(vendor) = vendor.or_else(|| all().find(|vendor| vendor.aliases.iter().any(is_meant))) {
        return Some(Named::Vendor(vendor));
    }
    let group = all().flat_map(|vendor| &vendor.groups).find(|group| is_meant(group))?;
    Some(Named::Group(group, members(catalogue, group)))
}

/// The vendors of a group, in the order of their ids.
pub fn members<'a>(catalogue: &'a Catalogue, group: &str) -> Vec<&'a Vendor> {
    let all = catalogue.vendors.values();
    all.filter(|vendor| vendor.groups.iter().any(|name| same(name, group))).collect()
}

/// Whether two names are the same, however they are spelled: `LinkedIn` is `linkedin`, `New Relic` is `new-relic`.
pub fn same(one: &str, other: &str) -> bool {
    let joined = |name: &str| fold(name).replace('_', "");
    joined(one) == joined(other)
}

impl Names<'_> {
    /// The vendors that a name stands for: the vendor of this name, else those of the heading, else those of the group.
    pub(super) fn vendors(&mut self, written: &At<Name>) -> Option<Vendors> {
        if let Some(Named::Vendor(vendor)) = named(self.catalogue, &written.value) {
            return Some(Vendors::one(vendor.id.clone()));
        }
        let heading = self.headings.iter().find(|heading| same(&heading.name, &written.value)).cloned();
        heading.or_else(|| self.in_catalogue(written))
    }

    /// The vendors that the catalogue knows by a name.
    pub(super) fn in_catalogue(&mut self, written: &At<Name>) -> Option<Vendors> {
        match named(self.catalogue, &written.value) {
            Some(Named::Vendor(vendor)) => Some(Vendors::one(vendor.id.clone())),
            Some(Named::Group(name, vendors)) => {
                let ids = vendors.into_iter().map(|vendor| vendor.id.clone()).collect();
                Some(Vendors { name: name.clone(), ids })
            }
            None => {
                self.unknown_vendor(written);
                None
            }
        }
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

    fn unknown_vendor(&mut self, written: &At<Name>) {
        let vendors = self.catalogue.vendors.values();
        let known = vendors.flat_map(|vendor| [&vendor.id].into_iter().chain(&vendor.aliases).chain(&vendor.groups));
        let headings = self.headings.iter().map(|heading| &heading.name);
        let known: BTreeSet<&str> = known.chain(headings).map(|name| &**name).collect();
        let known: Vec<&str> = known.into_iter().filter(|name| **name != *written.value).collect();
        let message = format!("unknown vendor `{}`", written.value);
        self.reader.unknown(written.span, message, &written.value, &known);
        self.reader.help("a vendor that the catalogue lacks is added as a file named by `[catalogue] paths`");
    }
}
