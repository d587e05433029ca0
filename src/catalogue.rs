//! The vendors: which calls hand data to which third party, and what each argument means. [`Outbound`] in,
//! [`Share`] out. The facts are data under `rules/`.
//!
//! [`Outbound`]: crate::flow::Outbound

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::dependency::{Dependency, folded};
use crate::flow::model::Models;
use crate::flow::{Outbound, Root};
use crate::ir::Name;
use crate::lang;
use crate::source::{FileId, Problem, Source, Sources, Span};
use client::ClientPath;
use reader::Reader;
use signature::Signature;
use vendor::Client;

pub use vendor::Vendor;

pub mod client;
pub mod data;
pub mod ecosystem;
pub mod embedded;
pub mod freshness;
pub mod http;
pub mod library;
pub mod naming;
pub mod no_vendor;
pub mod signature;
pub mod unknown;
pub mod vendor;

mod address;
mod assign;
mod expand;
mod leaf;
mod matcher;
mod object;
mod reader;
mod request;
mod targets;
mod versions;

/// All vendors, data classes and library models: the embedded ones and the user's own.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Vendors by id.
    pub vendors: BTreeMap<Name, Vendor>,
    /// Data classes.
    pub data: data::DataClasses,
    /// The libraries of each language.
    pub libraries: BTreeMap<Name, library::Library>,
    /// The versions of packages that the project depends on, where they are known, by registry and name: some lines
    /// hold for some only.
    pub versions: BTreeMap<(Name, Name), Version>,
    /// Files of the project whose functions stand for a vendor's calls, with the names of those functions.
    pub wrappers: BTreeMap<Name, BTreeSet<Name>>,
}

impl Catalogue {
    /// The rules embedded in the program.
    pub fn embedded() -> Catalogue {
        embedded::load().0
    }

    /// Adds the user's own vendor files; what is wrong in one is a problem at its place and the rest of the file
    /// counts. A file with the id of a known vendor takes its place.
    pub fn add(&mut self, files: &[(FileId, &Source)]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (file, source) in files {
            let mut reader = Reader::new(*file, &source.text);
            self.read_vendor(&mut reader);
            problems.append(&mut reader.problems);
        }
        problems
    }

    /// Adds functions that hand what they are given to a vendor: those of a file of the project, or of a package.
    pub fn add_wrapper(&mut self, vendor: &str, module: &Name, calls: &[Signature]) {
        let Some(vendor) = self.vendors.get_mut(vendor) else { return };
        let own = lang::of_path(module).is_some();
        for language in lang::sections() {
            let root = if own { module.clone() } else { language.package_in_code(module).into() };
            let path = ClientPath { root: Root::Package(root), steps: Vec::new() };
            let client = Client { name: "wrapper".into(), paths: vec![path], calls: calls.to_vec() };
            vendor.sections.entry(language.name().into()).or_default().clients.push(client);
        }
        if own {
            let names = self.wrappers.entry(module.clone()).or_default();
            names.extend(calls.iter().map(|call| Name::from(call.name())));
        }
    }

    /// Adds library models of a language.
    pub fn add_models(&mut self, language: &str, file: FileId, source: &Source) -> Vec<Problem> {
        let mut reader = Reader::new(file, &source.text);
        self.read_library(&mut reader, language);
        reader.problems
    }

    /// The vendor with this id or alias.
    pub fn vendor(&self, name: &str) -> Option<&Vendor> {
        self.vendors
            .get(name)
            .or_else(|| self.vendors.values().find(|vendor| vendor.aliases.iter().any(|alias| &**alias == name)))
    }

    /// Whose package each is that the vendors publish.
    pub fn owners(&self) -> Owners<'_> {
        let mut owners = Owners::default();
        for vendor in self.vendors.values() {
            for (language, section) in &vendor.sections {
                let registries = ecosystem::all().get(language).map(|ecosystem| &ecosystem.registries);
                for registry in registries.into_iter().flatten() {
                    for package in &section.packages {
                        let known = owners.vendors.entry((registry.clone(), folded(registry, package))).or_default();
                        if !known.iter().any(|other| other.id == vendor.id) {
                            known.push(vendor);
                        }
                    }
                }
            }
        }
        owners
    }

    /// The library models of a language.
    pub fn models(&self, language: &str) -> Models {
        let library = self.libraries.get(language);
        library.map_or_else(Models::default, |library| library.models.clone())
    }

    /// What a call hands to which vendors: those whose own call it is, or whose hosts it sends a request to.
    pub fn shares(&self, outbound: &Outbound, _sources: &Sources) -> Vec<Share> {
        let mut shares = self.call_shares(outbound);
        shares.extend(self.request_shares(outbound));
        shares
    }
}

/// The vendors of packages, by registry and folded name.
#[derive(Debug, Default)]
pub struct Owners<'a> {
    vendors: BTreeMap<(Name, String), Vec<&'a Vendor>>,
}

impl<'a> Owners<'a> {
    /// The vendors whose package this is, in the order of their ids.
    pub fn of(&self, dependency: &Dependency) -> &[&'a Vendor] {
        self.named(dependency.registry, &dependency.package)
    }

    /// The vendors of the package of this name.
    pub fn named(&self, registry: &str, package: &str) -> &[&'a Vendor] {
        self.vendors.get(&(registry.into(), folded(registry, package))).map_or(&[], |vendors| vendors)
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

/// A field that a vendor receives. A path occurs once for each expression that its value may come from.
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
    /// Whether it was read from what a call of that vendor's returned (`customer.id`): it tells the vendor nothing new.
    pub returned: bool,
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
    /// Whether it is only what the value may have beyond the fields that its declared type names.
    pub beyond_type: bool,
}
