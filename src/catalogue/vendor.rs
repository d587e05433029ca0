//! A third party as its file describes it: read from TOML, checked, and kept in a form that calls can be matched with.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::client::ClientPath;
use super::http::Endpoint;
use super::reader::{At, Reader, in_order, nearest};
use super::signature::parse::{Grammar, signature};
use super::signature::{Act, Signature};
use crate::ir::Name;
use crate::lang;

/// The keys of a vendor's file, by table; the languages' tables stand under `<language>`.
pub const KEYS: &[(&str, &[&str])] = &[
    ("", VENDOR),
    ("<language>", SECTION),
    ("http", HTTP),
    ("collects", COLLECTS),
    ("unless", UNLESS),
    ("regions", REGION),
    ("example", EXAMPLE),
];

const VENDOR: &[&str] = &[
    "id", "name", "aliases", "category", "home", "docs", "entity", "verified", "router", "hosts", "sources", "http",
    "collects", "regions", "example",
];
const SECTION: &[&str] = &["packages", "globals", "clients", "calls", "objects"];
const HTTP: &[&str] = &["ignore", "calls"];
const COLLECTS: &[&str] = &["when", "data", "unless", "source"];
const UNLESS: &[&str] = &["option", "is"];
const REGION: &[&str] = &["hosts", "options", "default"];
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
    /// Its hosts; `*.` is any number of labels.
    pub hosts: Vec<Name>,
    /// Its packages and calls, by language.
    pub sections: BTreeMap<Name, Section>,
    /// Keys and query parameters of its HTTP interface that are credentials or options.
    pub http_ignore: Vec<Name>,
    /// Requests of its HTTP interface whose parts are known.
    pub endpoints: Vec<Endpoint>,
    /// What it collects without a call.
    pub collects: Vec<Collects>,
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
    /// What calls are made on, in the order of the file.
    pub clients: Vec<Client>,
    /// Objects that a later call sends.
    pub objects: Vec<Object>,
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

/// What an SDK collects without a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Collects {
    /// The language and the client whose creation or load starts it (`js:browser`).
    pub when: Name,
    /// The data classes.
    pub data: Vec<Name>,
    /// The option, and its value as TOML writes it (`true`, `0`, a text), that turns it off.
    pub unless: Option<(Name, Name)>,
    /// Where the vendor says so.
    pub source: Name,
}

/// A region of a vendor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Region {
    /// Hosts that lie in it.
    pub hosts: Vec<Name>,
    /// Options of a client that choose a host.
    pub options: Vec<Name>,
    /// Whether data goes there when nothing is said.
    pub default: bool,
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
    /// Reads a vendor's file. None where it does not even say which vendor it is about.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Vendor> {
        let table = reader.document();
        let mut known = VENDOR.to_vec();
        known.extend(lang::sections().map(|language| language.name()));
        reader.known(&table, &known);
        let id = reader.needed(&table, "id")?.value;
        let name = reader.needed(&table, "name");
        let mut vendor = Vendor {
            name: name.map_or_else(|| id.clone(), |name| name.value),
            aliases: reader.names(&table, "aliases"),
            category: text_or_empty(reader, &table, "category"),
            home: text_or_empty(reader, &table, "home"),
            docs: text_or_empty(reader, &table, "docs"),
            entity: text_or_empty(reader, &table, "entity"),
            verified: reader.text(&table, "verified").map(|date| date.value),
            sources: reader.names(&table, "sources"),
            router: reader.flag(&table, "router").unwrap_or(false),
            hosts: hosts(reader, &table),
            id,
            ..Vendor::default()
        };
        for language in lang::sections() {
            if let Some(section) = reader.table(&table, language.name()) {
                let in_code = |package: &str| language.package_in_code(package);
                let section = Section::read(reader, section, &in_code);
                vendor.sections.insert(language.name().into(), section);
            }
        }
        vendor.read_http(reader, &table);
        vendor.read_collects(reader, &table);
        vendor.read_regions(reader, &table);
        vendor.read_examples(reader, &table);
        Some(vendor)
    }

    fn read_http(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        let Some(http) = reader.table(table, "http") else {
            return;
        };
        reader.known(http, HTTP);
        self.http_ignore = reader.names(http, "ignore");
        for line in reader.texts(http, "calls") {
            match Endpoint::parse(&line.value) {
                Ok(endpoint) => self.endpoints.push(endpoint),
                Err(error) => reader.problem_in(&line, error.at, &error.message),
            }
        }
    }

    fn read_collects(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        for collects in reader.tables(table, "collects") {
            reader.known(collects, COLLECTS);
            let unless = reader.table(collects, "unless").and_then(|unless| {
                reader.known(unless, UNLESS);
                let option = reader.needed(unless, "option")?.value;
                let value = reader.scalar(unless, "is").unwrap_or_else(|| "true".into());
                Some((option, value))
            });
            let Some(when) = reader.needed(collects, "when") else {
                continue;
            };
            if let Some((language, client)) = when.value.split_once(':') {
                let section = self.sections.get(language);
                let clients = section.map_or(&[][..], |section| &section.clients);
                if !clients.iter().any(|known| *known.name == *client) {
                    let message = format!("`{client}` is no client of `[{language}.clients]`");
                    reader.problem(when.bytes.clone(), message);
                }
            } else {
                reader.problem(when.bytes.clone(), "write `<language>:<client>`");
            }
            self.collects.push(Collects {
                when: when.value,
                data: reader.names(collects, "data"),
                unless,
                source: text_or_empty(reader, collects, "source"),
            });
        }
    }

    fn read_regions(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        let Some(regions) = reader.table(table, "regions") else {
            return;
        };
        for (name, value) in in_order(regions) {
            let Some(region) = reader.as_table(value, &name.value) else {
                continue;
            };
            reader.known(region, REGION);
            let region = Region {
                hosts: hosts(reader, region),
                options: reader.names(region, "options"),
                default: reader.flag(region, "default").unwrap_or(false),
            };
            self.regions.insert(name.value, region);
        }
    }

    fn read_examples(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        for example in reader.tables(table, "example") {
            reader.known(example, EXAMPLE);
            let (Some(lang), Some(code)) = (reader.needed(example, "lang"), reader.needed(example, "code")) else {
                continue;
            };
            let languages: Vec<&str> = lang::sections().map(|known| known.name()).collect();
            if !languages.contains(&&*lang.value) {
                let message = format!("the languages are {}", languages.join(", "));
                reader.problem(lang.bytes.clone(), message);
            }
            let vendor = reader.text(example, "vendor");
            self.examples.push(Example {
                lang: lang.value,
                code: code.value,
                fields: reader.names(example, "fields"),
                silent: reader.flag(example, "silent").unwrap_or(false),
                vendor: vendor.map_or_else(|| self.id.clone(), |vendor| vendor.value),
            });
        }
    }

    /// Its hosts and those of its regions.
    pub fn all_hosts(&self) -> impl Iterator<Item = &Name> {
        let regions = self.regions.values().flat_map(|region| &region.hosts);
        self.hosts.iter().chain(regions)
    }
}

impl Section {
    fn read(reader: &mut Reader<'_>, table: &DeTable<'_>, in_code: &dyn Fn(&str) -> String) -> Section {
        reader.known(table, SECTION);
        let mut section = Section {
            packages: reader.names(table, "packages"),
            globals: reader.names(table, "globals"),
            ..Section::default()
        };
        if let Some(clients) = reader.table(table, "clients") {
            for (name, value) in in_order(clients) {
                let texts = reader.as_texts(value, &name.value);
                let paths = texts.iter().filter_map(|text| client_path(reader, text, in_code)).collect();
                section.clients.push(Client { name: name.value, paths, calls: Vec::new() });
            }
        }
        section.read_calls(reader, table);
        if let Some(objects) = reader.table(table, "objects") {
            for (key, value) in in_order(objects) {
                if let Some(path) = client_path(reader, &key, in_code) {
                    let calls = lines(reader, value, &key, true);
                    section.objects.push(Object { path, calls });
                }
            }
        }
        section
    }

    fn read_calls(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        let Some(calls) = reader.table(table, "calls") else {
            return;
        };
        for (key, value) in in_order(calls) {
            let found = lines(reader, value, &key, false);
            let names: Vec<Name> = self.clients.iter().map(|c| c.name.clone()).collect();
            match self.clients.iter_mut().find(|c| c.name == key.value) {
                Some(client) => client.calls = found,
                None => {
                    let near =
                        nearest(&key.value, &names).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                    let message = format!("`{}` is not one of the clients{near}", key.value);
                    reader.problem(key.bytes, message);
                }
            }
        }
    }
}

fn lines(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>, key: &At<Name>, literals: bool) -> Vec<Signature> {
    let mut found = Vec::new();
    for line in reader.as_texts(value, &key.value) {
        match signature(&line.value, Grammar::Call) {
            Ok(signature) if !literals && matches!(signature.act, Act::Literal(_)) => {
                reader.problem_in(&line, 0, "only an object can be a record: expected `(` or `=`");
            }
            Ok(signature) => found.push(signature),
            Err(error) => reader.problem_in(&line, error.at, &error.message),
        }
    }
    found
}

fn client_path(reader: &mut Reader<'_>, text: &At<Name>, in_code: &dyn Fn(&str) -> String) -> Option<ClientPath> {
    match ClientPath::parse(&text.value, in_code) {
        Ok(path) => Some(path),
        Err(message) => {
            reader.problem(text.bytes.clone(), message);
            None
        }
    }
}

fn hosts(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Name> {
    let mut hosts = Vec::new();
    for host in reader.texts(table, "hosts") {
        let labels = host.value.strip_prefix("*.").unwrap_or(&host.value);
        let is_label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if labels.is_empty() || !labels.chars().all(is_label) {
            let message = "a host is written in lower case, without a scheme or a path; `*.` may stand first";
            reader.problem(host.bytes.clone(), message);
        } else {
            hosts.push(host.value);
        }
    }
    hosts
}

fn text_or_empty(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> Name {
    let text = reader.text(table, key);
    text.map_or_else(|| Name::from(""), |text| text.value)
}
