//! A third party as its file describes it: read from TOML, checked, and kept in a form that calls can be matched with.

use std::collections::BTreeMap;

use super::client::ClientPath;
use super::http::Endpoint;
use super::signature::Signature;
use crate::ir::Name;

pub use facts::{Collects, Consent, ConsentState, Mask, Reads, Region, Setting, SettingKind, Test, Trigger};

mod facts;
mod read;
mod section;

/// The keys of a vendor's file, by table; the languages' tables stand under `<language>`.
pub const KEYS: &[(&str, &[&str])] = &[
    ("", VENDOR),
    ("<language>", SECTION),
    ("names", NAMES),
    ("http", HTTP),
    ("collects", facts::COLLECTS),
    ("masks", facts::MASKS),
    ("consent", facts::CONSENT),
    ("reads", facts::READS),
    ("regions", facts::REGION),
    ("setting", facts::SETTING),
    ("example", EXAMPLE),
];

const VENDOR: &[&str] = &[
    "id", "name", "aliases", "groups", "category", "home", "docs", "entity", "verified", "router", "expects", "hosts",
    "env", "files", "sources", "http", "shared", "collects", "masks", "consent", "reads", "routes", "regions",
    "example",
];
const SECTION: &[&str] = &["packages", "globals", "verified", "unconfirmed", "names", "clients", "calls", "objects"];
const NAMES: &[&str] = &["members", "keys", "capitals"];
const HTTP: &[&str] = &["ignore", "calls"];
const EXAMPLE: &[&str] = &["lang", "code", "fields", "silent", "vendor"];

/// A third party.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vendor {
    /// The name in manifests and reports.
    pub id: Name,
    /// The name in messages.
    pub name: Name,
    /// Other names that a manifest may use.
    pub aliases: Vec<Name>,
    /// Headings under which a disclosure may name it together with others.
    pub groups: Vec<Name>,
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
    /// The packages that its calls were compared with.
    pub sources: Vec<Name>,
    /// Whether it passes what it receives on to others.
    pub router: bool,
    /// Data classes that it is made to receive, although others must not: passwords, of an identity provider.
    pub expects: Vec<Name>,
    /// Its hosts; `*.` is any number of labels, any other `*` a part of one.
    pub hosts: Vec<Name>,
    /// Variables of the environment that configure it.
    pub env: Vec<Name>,
    /// Files of a project that configure it.
    pub files: Vec<Name>,
    /// Its packages and calls, by language.
    pub sections: BTreeMap<Name, Section>,
    /// Keys and query parameters of its HTTP interface that are credentials or options.
    pub http_ignore: Vec<Name>,
    /// Requests of its HTTP interface whose parts are known.
    pub endpoints: Vec<Endpoint>,
    /// What it collects without a call.
    pub collects: Vec<Collects>,
    /// What keeps data back.
    pub masks: Vec<Mask>,
    /// How it is told whether the user agreed.
    pub consent: Vec<Consent>,
    /// What data of its users is read from it.
    pub reads: Vec<Reads>,
    /// What it calls the vendors that it passes data on to, and their ids.
    pub routes: BTreeMap<Name, Name>,
    /// Its regions, by name.
    pub regions: BTreeMap<Name, Region>,
    /// Programs that share data with it, or look as if they did.
    pub examples: Vec<Example>,
}

/// A vendor's packages and calls in one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// What the project's own list of packages names.
    pub packages: Vec<Name>,
    /// Globals that a script tag defines.
    pub globals: Vec<Name>,
    /// When its calls were last compared with the published SDKs.
    pub verified: Verified,
    /// Calls that no source confirms, by name.
    pub unconfirmed: Vec<Name>,
    /// What calls are made on, in the order of the file.
    pub clients: Vec<Client>,
    /// Objects that a later call sends.
    pub objects: Vec<Object>,
}

/// When the calls of a section were last compared with the published SDKs.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Verified {
    /// When those of the file were.
    #[default]
    WithTheFile,
    /// On this day.
    On(Name),
    /// They were not.
    Not,
}

/// Something that calls are made on.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Its name in the file.
    pub name: Name,
    /// Where it comes from.
    pub paths: Vec<ClientPath>,
    /// Its calls, the narrower first.
    pub calls: Vec<Signature>,
}

/// An object that carries a payload to a later call.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// What makes it, or its class.
    pub path: ClientPath,
    /// What its constructor and its methods put into it.
    pub calls: Vec<Signature>,
}

/// A program that documents and tests a vendor's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its language.
    pub lang: Name,
    /// Its text.
    pub code: Name,
    /// Exactly the paths that the vendor receives.
    pub fields: Vec<Name>,
    /// Whether nothing may be reported.
    pub silent: bool,
    /// The vendor that receives them.
    pub vendor: Name,
}

impl Vendor {
    /// Its hosts and those of its regions.
    pub fn all_hosts(&self) -> impl Iterator<Item = &Name> {
        let regions = self.regions.values().flat_map(|region| &region.hosts);
        self.hosts.iter().chain(regions)
    }

    /// When the calls of one of its sections were last compared with the published SDKs; absent when they were not.
    pub fn verified_in(&self, language: &str) -> Option<&Name> {
        match &self.sections.get(language)?.verified {
            Verified::WithTheFile => self.verified.as_ref(),
            Verified::On(date) => Some(date),
            Verified::Not => None,
        }
    }
}

impl Section {
    /// How many calls it describes.
    pub fn calls(&self) -> usize {
        self.clients.iter().map(|client| client.calls.len()).sum()
    }
}
