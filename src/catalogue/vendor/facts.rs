//! What a vendor's file says besides its calls: what is collected, kept back, agreed to, read, and where it is kept.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Vendor;
use super::read::hosts;
use crate::catalogue::reader::{At, Reader, in_order};
use crate::catalogue::signature::Condition;
use crate::catalogue::signature::parse::condition;
use crate::ir::Name;

pub(super) const COLLECTS: &[&str] = &["when", "data", "versions", "if", "unless", "source"];
pub(super) const MASKS: &[&str] = &["when", "data", "by", "source"];
pub(super) const CONSENT: &[&str] = &["when", "by", "state", "source"];
pub(super) const READS: &[&str] = &["when", "data", "source"];
pub(super) const REGION: &[&str] = &["hosts", "options", "by", "default"];
pub(super) const SETTING: &[&str] =
    &["option", "hook", "call", "attribute", "class", "env", "credential", "resource", "is", "is-not"];

/// The kinds of settings, by the key that names one.
const KINDS: &[(&str, SettingKind)] = &[
    ("option", SettingKind::Option),
    ("hook", SettingKind::Hook),
    ("call", SettingKind::Call),
    ("attribute", SettingKind::Attribute),
    ("class", SettingKind::Class),
    ("env", SettingKind::Env),
    ("credential", SettingKind::Credential),
    ("resource", SettingKind::Resource),
];

const STATES: &[(&str, ConsentState)] =
    &[("granted", ConsentState::Granted), ("denied", ConsentState::Denied), ("asked", ConsentState::Asked)];

/// What starts something.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// Loading a script or a picture from one of the vendor's hosts.
    Load,
    /// Importing a package.
    Import {
        /// The language.
        language: Name,
        /// The package.
        package: Name,
    },
    /// Making or loading a client, or one of its calls.
    Client {
        /// The language.
        language: Name,
        /// The client's name in the file.
        client: Name,
        /// The call.
        call: Option<Name>,
    },
}

/// Something that a project says to a vendor's software, or about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What it is.
    pub kind: SettingKind,
    /// Its name: the path of an option, a call, a resource with its attribute, the pattern of a credential.
    pub name: Name,
    /// What it has to be.
    pub test: Test,
}

/// What a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// An option of the call that starts what the setting is about.
    Option,
    /// An option that is a function, which may change what is sent.
    Hook,
    /// A call of the same client.
    Call,
    /// An attribute of an element of the page.
    Attribute,
    /// A style class of an element of the page.
    Class,
    /// A variable of the environment.
    Env,
    /// The text of the key or address that the client is made with; `*` is any text.
    Credential,
    /// An attribute of a resource in an infrastructure file (`bucket.location`).
    Resource,
}

/// What a setting has to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// There, and not `false`.
    Given,
    /// This text, number or boolean; `*` is any text.
    Is(Name),
    /// There, and not this.
    IsNot(Name),
}

/// What an SDK collects without a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Collects {
    /// What starts it.
    pub when: Trigger,
    /// The data classes.
    pub data: Vec<Name>,
    /// The versions that do.
    pub versions: Option<Condition>,
    /// What turns it on: one of these; without any, it is on.
    pub only_if: Vec<Setting>,
    /// What turns it off: one of these.
    pub unless: Vec<Setting>,
    /// Where the vendor says so.
    pub source: Name,
}

/// What keeps data back that would be collected or sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// What it applies to; absent where it is all of the vendor's.
    pub when: Option<Trigger>,
    /// The data classes.
    pub data: Vec<Name>,
    /// How: one of these.
    pub by: Vec<Setting>,
    /// Where the vendor says so.
    pub source: Name,
}

/// How a vendor is told whether the user agreed.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// What it applies to; absent where it is all of the vendor's.
    pub when: Option<Trigger>,
    /// How: one of these.
    pub by: Vec<Setting>,
    /// What it then knows.
    pub state: ConsentState,
    /// Where the vendor says so.
    pub source: Name,
}

/// What a vendor is told of the user's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentState {
    /// The user agreed.
    Granted,
    /// The user did not agree, or no longer.
    Denied,
    /// Nothing is collected until the user agreed.
    Asked,
}

/// Data that is read from the vendor.
#[derive(Clone, Debug, PartialEq)]
pub struct Reads {
    /// The call whose result it is, or the client that holds it.
    pub when: Trigger,
    /// The data classes.
    pub data: Vec<Name>,
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
    /// What else chooses it.
    pub by: Vec<Setting>,
    /// Whether data goes there when nothing is said.
    pub default: bool,
}

impl Vendor {
    pub(super) fn read_facts(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        for collects in reader.tables(table, "collects") {
            reader.known(collects, COLLECTS);
            let Some(when) = self.needed_trigger(reader, collects) else { continue };
            self.collects.push(Collects {
                when,
                data: reader.names(collects, "data"),
                versions: versions(reader, collects),
                only_if: settings(reader, collects, "if"),
                unless: settings(reader, collects, "unless"),
                source: source(reader, collects),
            });
        }
        for mask in reader.tables(table, "masks") {
            reader.known(mask, MASKS);
            let when = self.trigger(reader, mask);
            let (data, by) = (reader.names(mask, "data"), needed_settings(reader, mask));
            self.masks.push(Mask { when, data, by, source: source(reader, mask) });
        }
        for consent in reader.tables(table, "consent") {
            reader.known(consent, CONSENT);
            let when = self.trigger(reader, consent);
            let by = needed_settings(reader, consent);
            let Some(state) = state(reader, consent) else { continue };
            self.consent.push(Consent { when, by, state, source: source(reader, consent) });
        }
        for reads in reader.tables(table, "reads") {
            reader.known(reads, READS);
            let Some(when) = self.needed_trigger(reader, reads) else { continue };
            self.reads.push(Reads { when, data: reader.names(reads, "data"), source: source(reader, reads) });
        }
        self.read_routes(reader, table);
        self.read_regions(reader, table);
    }

    fn read_routes(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) {
        let Some(routes) = reader.table(table, "routes") else {
            return;
        };
        for (name, value) in in_order(routes) {
            if let Some(vendor) = reader.as_text(value, &name.value) {
                self.routes.insert(name.value, vendor.value);
            }
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
                by: settings(reader, region, "by"),
                default: reader.flag(region, "default").unwrap_or(false),
            };
            self.regions.insert(name.value, region);
        }
    }

    fn needed_trigger(&self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<Trigger> {
        let when = reader.needed(table, "when")?;
        self.parsed_trigger(reader, &when)
    }

    fn trigger(&self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<Trigger> {
        let when = reader.text(table, "when")?;
        self.parsed_trigger(reader, &when)
    }

    /// `load`, `<language>:import <package>`, `<language>:<client>` or `<language>:<client>.<call>`.
    fn parsed_trigger(&self, reader: &mut Reader<'_>, when: &At<Name>) -> Option<Trigger> {
        if &*when.value == "load" {
            return Some(Trigger::Load);
        }
        let Some((language, rest)) = when.value.split_once(':') else {
            let message = "write `<language>:<client>`, `<language>:<client>.<call>`, `<language>:import <package>` \
                           or `load`";
            reader.problem(when.bytes.clone(), message);
            return None;
        };
        let section = self.sections.get(language);
        if let Some(package) = rest.strip_prefix("import ") {
            return Some(Trigger::Import { language: language.into(), package: package.trim().into() });
        }
        let (client, call) = match rest.split_once('.') {
            Some((client, call)) => (client, Some(Name::from(call))),
            None => (rest, None),
        };
        let clients = section.map_or(&[][..], |section| &section.clients);
        if !clients.iter().any(|known| *known.name == *client) {
            let message = format!("`{client}` is no client of `[{language}.clients]`");
            reader.problem(when.bytes.clone(), message);
        }
        Some(Trigger::Client { language: language.into(), client: client.into(), call })
    }
}

fn source(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Name {
    reader.text(table, "source").map_or_else(|| Name::from(""), |source| source.value)
}

/// `versions = "package>=5"`.
fn versions(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<Condition> {
    let text = reader.text(table, "versions")?;
    match condition(&text.value) {
        Ok(condition) => Some(condition),
        Err(error) => {
            reader.problem_in(&text, error.at, &error.message);
            None
        }
    }
}

fn state(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<ConsentState> {
    let text = reader.needed(table, "state")?;
    let found = STATES.iter().find(|(name, _)| **name == *text.value);
    if found.is_none() {
        reader.problem(text.bytes, "the state is `granted`, `denied` or `asked`");
    }
    found.map(|(_, state)| *state)
}

fn needed_settings(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Setting> {
    let found = settings(reader, table, "by");
    if !table.contains_key("by") {
        let bytes = table.keys().map(Spanned::span).min_by_key(|span| span.start);
        reader.problem(bytes.unwrap_or(0..0), "`by` is missing");
    }
    found
}

/// One setting, or a list of them.
fn settings(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> Vec<Setting> {
    let Some(value) = table.get(key) else {
        return Vec::new();
    };
    match value.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|item| setting(reader, item, key)).collect(),
        _ => setting(reader, value, key).into_iter().collect(),
    }
}

/// `{ option = "autocapture", is = false }`.
fn setting(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>, key: &str) -> Option<Setting> {
    let table = reader.as_table(value, key)?;
    reader.known(table, SETTING);
    let mut named: Vec<(SettingKind, At<Name>)> = Vec::new();
    for (name, kind) in KINDS {
        named.extend(reader.text(table, name).map(|text| (*kind, text)));
    }
    if named.len() != 1 {
        let kinds: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        reader.problem(value.span(), format!("a setting is one of {}", kinds.join(", ")));
    }
    let (kind, name) = named.into_iter().next()?;
    let is = reader.scalar(table, "is").map(Test::Is);
    let is_not = reader.scalar(table, "is-not").map(Test::IsNot);
    Some(Setting { kind, name: name.value, test: is.or(is_not).unwrap_or(Test::Given) })
}
