//! Reads the section of a vendor's file that is about one language.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Client, NAMES, Object, SECTION, Section, Verified};
use crate::catalogue::client::ClientPath;
use crate::catalogue::naming::{CASES, Case, Naming};
use crate::catalogue::reader::{At, Reader, in_order, nearest};
use crate::catalogue::signature::parse::{Grammar, signature};
use crate::catalogue::signature::{Act, Signature};
use crate::ir::Name;

/// What a line starts with that stands for lines of `[shared]`.
const USE: &str = "use ";

/// The lines that sections of several languages use, by name.
pub(super) type Shared = BTreeMap<Name, Vec<Signature>>;

/// How the lines of a section are read.
struct Lines<'a> {
    shared: &'a Shared,
    /// How the section spells the lines that it uses.
    naming: Naming,
}

impl Section {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        in_code: &dyn Fn(&str) -> String,
        shared: &Shared,
    ) -> Section {
        reader.known(table, SECTION);
        let mut section = Section {
            packages: reader.names(table, "packages"),
            globals: reader.names(table, "globals"),
            verified: verified(reader, table),
            ..Section::default()
        };
        let lines = Lines { shared, naming: naming(reader, table) };
        if let Some(clients) = reader.table(table, "clients") {
            for (name, value) in in_order(clients) {
                let texts = reader.as_texts(value, &name.value);
                let paths = texts.iter().filter_map(|text| client_path(reader, text, in_code)).collect();
                section.clients.push(Client { name: name.value, paths, calls: Vec::new() });
            }
        }
        section.read_calls(reader, table, &lines);
        if let Some(objects) = reader.table(table, "objects") {
            for (key, value) in in_order(objects) {
                if let Some(path) = client_path(reader, &key, in_code) {
                    let calls = lines.read(reader, value, &key, true);
                    section.objects.push(Object { path, calls });
                }
            }
        }
        section.read_unconfirmed(reader, table);
        section
    }

    fn read_calls(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>, lines: &Lines<'_>) {
        let Some(calls) = reader.table(table, "calls") else {
            return;
        };
        for (key, value) in in_order(calls) {
            let found = lines.read(reader, value, &key, false);
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

    fn read_unconfirmed(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        let calls = self.clients.iter().flat_map(|client| &client.calls);
        let calls = calls.chain(self.objects.iter().flat_map(|object| &object.calls));
        let names: Vec<String> = calls.map(Signature::name).collect();
        for name in reader.texts(table, "unconfirmed") {
            if !names.iter().any(|known| **known == *name.value) {
                reader.problem(name.bytes.clone(), format!("`{}` is no call of this section", name.value));
            }
            self.unconfirmed.push(name.value);
        }
    }
}

impl Lines<'_> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        value: &Spanned<DeValue<'_>>,
        key: &At<Name>,
        literals: bool,
    ) -> Vec<Signature> {
        let mut found = Vec::new();
        for line in reader.as_texts(value, &key.value) {
            let used = match line.value.strip_prefix(USE) {
                Some(name) => self.used(reader, &line, name.trim()),
                None => parsed(reader, &line).into_iter().collect(),
            };
            if !literals && used.iter().any(|line| matches!(line.act, Act::Literal(_))) {
                reader.problem_in(&line, 0, "only an object can be a record: expected `(` or `=`");
                continue;
            }
            found.extend(used);
        }
        found
    }

    /// The shared lines of a name, as this language spells them.
    fn used(&self, reader: &mut Reader<'_>, line: &At<Name>, name: &str) -> Vec<Signature> {
        if let Some(lines) = self.shared.get(name) {
            return lines.iter().map(|line| self.naming.spell(line)).collect();
        }
        let names: Vec<&Name> = self.shared.keys().collect();
        let near = nearest(name, &names).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        reader.problem_in(line, USE.len(), &format!("`[shared]` has no `{name}`{near}"));
        Vec::new()
    }
}

/// The lines under `[shared]`.
pub(super) fn shared(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Shared {
    let Some(shared) = reader.table(table, "shared") else {
        return Shared::new();
    };
    let mut found = Shared::new();
    for (name, value) in in_order(shared) {
        let texts = reader.as_texts(value, &name.value);
        let lines = texts.iter().filter_map(|line| parsed(reader, line)).collect();
        found.insert(name.value, lines);
    }
    found
}

fn parsed(reader: &mut Reader<'_>, line: &At<Name>) -> Option<Signature> {
    match signature(&line.value, Grammar::Call) {
        Ok(signature) => Some(signature),
        Err(error) => {
            reader.problem_in(line, error.at, &error.message);
            None
        }
    }
}

fn naming(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Naming {
    let Some(value) = table.get("names") else {
        return Naming::default();
    };
    if value.get_ref().as_str().is_some() {
        let case = case(reader, table, "names");
        return Naming { members: case, keys: case, capitals: Vec::new() };
    }
    let Some(names) = reader.as_table(value, "names") else {
        return Naming::default();
    };
    reader.known(names, NAMES);
    Naming {
        members: case(reader, names, "members"),
        keys: case(reader, names, "keys"),
        capitals: reader.names(names, "capitals"),
    }
}

fn case(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> Option<Case> {
    let text = reader.text(table, key)?;
    let found = CASES.iter().find(|(name, _)| **name == *text.value);
    if found.is_none() {
        let known: Vec<&str> = CASES.iter().map(|(name, _)| *name).collect();
        reader.problem(text.bytes, format!("the spellings are {}", known.join(", ")));
    }
    found.map(|(_, case)| *case)
}

/// `verified = 2026-08-21` or `verified = false`.
fn verified(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Verified {
    match table.get("verified").map(|value| value.get_ref()) {
        None => Verified::WithTheFile,
        Some(DeValue::Boolean(false)) => Verified::Not,
        Some(_) => reader.text(table, "verified").map_or(Verified::Not, |date| Verified::On(date.value)),
    }
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
