//! Reads a vendor's file.

use toml::de::DeTable;

use super::{EXAMPLE, Example, HTTP, Section, VENDOR, Vendor, section};
use crate::catalogue::ecosystem;
use crate::catalogue::http::{Endpoint, known_part};
use crate::catalogue::reader::Reader;
use crate::ir::Name;
use crate::lang;

impl Vendor {
    /// Reads a vendor's file. None where it does not even say which vendor it is about.
    pub(in crate::catalogue) fn read(reader: &mut Reader<'_>) -> Option<Vendor> {
        let table = reader.document();
        let ecosystems = ecosystem::all();
        let known: Vec<&str> = VENDOR.iter().copied().chain(ecosystems.keys().map(|id| &**id)).collect();
        reader.known(&table, &known);
        let id = reader.needed(&table, "id")?.value;
        let name = reader.needed(&table, "name");
        let mut vendor = Vendor {
            name: name.map_or_else(|| id.clone(), |name| name.value),
            aliases: reader.names(&table, "aliases"),
            groups: reader.names(&table, "groups"),
            category: text_or_empty(reader, &table, "category"),
            home: text_or_empty(reader, &table, "home"),
            docs: text_or_empty(reader, &table, "docs"),
            entity: text_or_empty(reader, &table, "entity"),
            verified: reader.text(&table, "verified").map(|date| date.value),
            sources: reader.names(&table, "sources"),
            router: reader.flag(&table, "router").unwrap_or(false),
            expects: reader.names(&table, "expects"),
            hosts: hosts(reader, &table),
            env: reader.names(&table, "env"),
            files: reader.names(&table, "files"),
            id,
            ..Vendor::default()
        };
        let shared = section::shared(reader, &table);
        for id in ecosystems.keys() {
            if let Some(section) = reader.table(&table, id) {
                let in_code = |package: &str| ecosystem::in_code(id, package);
                let section = Section::read(reader, section, &in_code, &shared);
                vendor.sections.insert(id.clone(), section);
            }
        }
        vendor.read_http(reader, &table);
        vendor.read_facts(reader, &table);
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

    fn read_examples(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        for example in reader.tables(table, "example") {
            reader.known(example, EXAMPLE);
            let (Some(lang), Some(code)) = (reader.needed(example, "lang"), reader.needed(example, "code")) else {
                continue;
            };
            // An example may be in a language that has no section of its own: `html`.
            let is_ending = lang::of_path(&format!("example.{}", lang.value)).is_some();
            if !ecosystem::all().contains_key(&lang.value) && !is_ending {
                let known: Vec<&str> = ecosystem::all().keys().map(|id| &**id).collect();
                let message = format!("the languages are {}", known.join(", "));
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
}

pub(super) fn hosts(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Name> {
    let mut hosts = Vec::new();
    for host in reader.texts(table, "hosts") {
        let labels = host.value.strip_prefix("*.").unwrap_or(&host.value);
        let is_label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-*".contains(c);
        let known = known_part(labels).split('.').filter(|label| !label.is_empty()).count();
        if known < 2 && labels.contains('*') {
            reader.problem(host.bytes.clone(), "a host ends with a domain in which no `*` stands");
        } else if labels.is_empty() || !labels.chars().all(is_label) {
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
