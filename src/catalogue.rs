//! The vendors: which calls hand data to which third party, and what each argument means. [`Outbound`] in,
//! [`Share`] out. The facts are data under `rules/`.
//!
//! [`Outbound`]: crate::flow::Outbound

use std::collections::BTreeMap;

use crate::flow::model::Models;
use crate::flow::{Outbound, Targets};
use crate::ir::Name;
use crate::source::{Problem, Source, Sources, Span};

pub mod data;

/// All vendors, data classes and library models: the embedded ones and the user's own.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Vendors by id.
    pub vendors: BTreeMap<Name, Vendor>,
    /// Data classes.
    pub data: data::DataClasses,
}

/// A third party.
#[derive(Clone, Debug, PartialEq)]
pub struct Vendor {
    /// The name in manifests and reports.
    pub id: Name,
    /// The name in messages.
    pub name: Name,
    /// Other names that a manifest may use.
    pub aliases: Vec<Name>,
    /// What kind of service it is.
    pub category: Name,
    /// Its home page.
    pub home: Name,
    /// Where its SDKs are documented.
    pub docs: Name,
    /// The legal entity and the country of its seat.
    pub entity: Name,
    /// When its calls were last compared with the published SDKs; absent when they were not.
    pub verified: Option<Name>,
    /// Whether it passes what it receives on to others.
    pub router: bool,
    /// Its hosts; `*.` is any number of labels.
    pub hosts: Vec<Name>,
}

impl Catalogue {
    /// The rules embedded in the program.
    pub fn embedded() -> Catalogue {
        unimplemented!()
    }

    /// Adds the user's own vendor files; what is wrong in one is a problem at its place and the rest of the file counts.
    pub fn add(&mut self, _files: &[(crate::source::FileId, &Source)]) -> Vec<Problem> {
        unimplemented!()
    }

    /// The vendor with this id or alias.
    pub fn vendor(&self, name: &str) -> Option<&Vendor> {
        self.vendors.get(name).or_else(|| {
            self.vendors
                .values()
                .find(|vendor| vendor.aliases.iter().any(|alias| &**alias == name))
        })
    }

    /// What `flow` has to look for.
    pub fn targets(&self) -> Targets {
        unimplemented!()
    }

    /// The library models of a language.
    pub fn models(&self, _language: &str) -> Models {
        unimplemented!()
    }

    /// What a call hands to which vendors. `sources` is where texts and hosts are read from.
    pub fn shares(&self, _outbound: &Outbound, _sources: &Sources) -> Vec<Share> {
        unimplemented!()
    }
}

/// Data handed to a vendor by one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The vendor's id.
    pub vendor: Name,
    /// The call as the catalogue names it (`track`, `customers.create`, `POST /v1/track`).
    pub api: String,
    /// The event's name, where it is known.
    pub event: Option<String>,
    /// The vendor call first, then each call outwards to the one that supplies data.
    pub chain: Vec<Span>,
    /// What the vendor receives.
    pub fields: Vec<SharedField>,
    /// What could not be seen.
    pub opaque: Vec<OpaquePart>,
    /// Whether the project calls the outermost function of the chain: what that leaves open is then supplied,
    /// and reported, at those callers.
    pub called: bool,
}

/// A field that a vendor receives.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedField {
    /// Its path as the vendor sees it (`traits.email`, `items[].sku`).
    pub path: String,
    /// Where the outermost place that supplies it writes its key or value.
    pub at: Span,
    /// The index in [`Share::chain`] of that place.
    pub hop: usize,
    /// The expression its value was read from, where it has one.
    pub from: Option<Span>,
    /// The name of that expression's declared type, where one is known.
    pub ty: Option<Name>,
    /// The vendor that the value was obtained from, where that is so.
    pub obtained_from: Option<Name>,
    /// Whether a caller supplies the value: the field is then reported there.
    pub hole: bool,
}

/// A part of a payload that could not be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct OpaquePart {
    /// The path below which fields may be missing; empty for the whole payload.
    pub path: String,
    /// Where the unknown value stands.
    pub at: Span,
    /// The index in [`Share::chain`] of that place.
    pub hop: usize,
    /// Why, as one lower-case clause.
    pub reason: Name,
    /// The smallest change that would settle it, as an action.
    pub hint: Option<Name>,
    /// Whether a caller supplies it: it is then reported there, if it is unknown there too.
    pub hole: bool,
}
