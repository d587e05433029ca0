//! Reads a vendor's file.

use toml::de::DeTable;

use super::{COLLECTS, Collects, EXAMPLE, Example, HTTP, REGION, Region, Section, UNLESS, VENDOR, Vendor, section};
use crate::catalogue::ecosystem;
use crate::catalogue::http::Endpoint;
use crate::catalogue::reader::{Reader, in_order};
use crate::ir::Name;

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
        let shared = section::shared(reader, &table);
        for id in ecosystems.keys() {
            if let Some(section) = reader.table(&table, id) {
                let in_code = |package: &str| ecosystem::in_code(id, package);
                let section = Section::read(reader, section, &in_code, &shared);
                vendor.sections.insert(id.clone(), section);
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
            if !ecosystem::all().contains_key(&lang.value) {
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
