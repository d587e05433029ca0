//! Reads the manifest's TOML as typed values that keep their place, and collects what is wrong on the way.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::write::key as written;
use super::{At, List};
use crate::finding::Finding;
use crate::ir::Name;
use crate::source::{FileId, Span};

/// A value of the manifest, with its place.
type Value<'a> = &'a Spanned<DeValue<'a>>;

/// Collects findings about the manifest.
pub(super) struct Reader {
    pub(super) file: FileId,
    pub(super) errors: Vec<Finding>,
}

/// An opened table: a set of keys with their values.
pub(super) struct Table<'a> {
    /// Its name in messages: `[vendor.acme]`.
    pub(super) name: String,
    /// Where it is written.
    pub(super) span: Span,
    entries: BTreeMap<&'a str, (Span, Value<'a>)>,
}

impl Reader {
    pub(super) fn new(file: FileId) -> Reader {
        Reader { file, errors: Vec::new() }
    }

    /// Opens the document.
    pub(super) fn root<'a>(&mut self, document: &'a Spanned<DeTable<'a>>, accepted: &[&str]) -> Table<'a> {
        let span = self.place(document.span());
        self.open(document.get_ref(), span, "the manifest".into(), accepted)
    }

    /// Opens the table under `key`, if there is one.
    pub(super) fn table<'a>(&mut self, parent: &Table<'a>, key: &str, accepted: &[&str]) -> Option<Table<'a>> {
        let (span, value) = *parent.entries.get(key)?;
        self.as_table(value, span, format!("[{key}]"), accepted)
    }

    /// Opens every table under `key` whose name the user chooses: `[vendor.<id>]`.
    pub(super) fn named<'a>(&mut self, parent: &Table<'a>, key: &str, accepted: &[&str]) -> Vec<(At<Name>, Table<'a>)> {
        let Some((span, value)) = parent.entries.get(key).copied() else {
            return Vec::new();
        };
        let DeValue::Table(children) = value.get_ref() else {
            self.wrong_type(span, key, &parent.name, "a table", value);
            self.help(&format!("each is written with its name: `[{key}.<name>]`"));
            return Vec::new();
        };
        let mut named = Vec::new();
        for (name, child) in children {
            let place = self.place(name.span());
            let title = format!("[{key}.{}]", written(name.get_ref()));
            if name.get_ref().trim().is_empty() {
                self.error(place, format!("`{title}` has no name"), "nothing is written here", Vec::new());
                continue;
            }
            let name = At { value: Name::from(&**name.get_ref()), span: place };
            if let Some(table) = self.as_table(child, place, title, accepted) {
                named.push((name, table));
            }
        }
        named.sort_by_key(|(name, _)| name.span);
        named
    }

    /// Opens every table of the array of tables under `key`: `[[waiver]]`.
    pub(super) fn array<'a>(&mut self, parent: &Table<'a>, key: &str, accepted: &[&str]) -> Vec<Table<'a>> {
        let Some((span, value)) = parent.entries.get(key).copied() else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("`{key}` is written `[[{key}]]`, once for each entry");
            self.error(span, message, "not an array of tables", Vec::new());
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            let place = self.place(item.span());
            tables.extend(self.as_table(item, place, format!("[[{key}]]"), accepted));
        }
        tables
    }

    fn as_table<'a>(&mut self, value: Value<'a>, span: Span, name: String, accepted: &[&str]) -> Option<Table<'a>> {
        match value.get_ref() {
            DeValue::Table(map) => Some(self.open(map, span, name, accepted)),
            other => {
                let message = format!("`{name}` must be a table, not {}", kind(other));
                let is_tables =
                    matches!(other, DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()));
                let help = is_tables.then(|| format!("write it once, with single brackets: `{name}`"));
                self.error(span, message, "not a table", help.into_iter().collect());
                None
            }
        }
    }

    fn open<'a>(&mut self, map: &'a DeTable<'a>, span: Span, name: String, accepted: &[&str]) -> Table<'a> {
        let mut entries = BTreeMap::new();
        for (key, value) in map {
            let place = self.place(key.span());
            let key: &str = key.get_ref();
            if accepted.is_empty() || accepted.contains(&key) {
                entries.insert(key, (place, value));
            } else {
                let is_table = matches!(value.get_ref(), DeValue::Table(_));
                self.unknown(place, format!("unknown key `{key}` in {}", quoted(&name)), key, accepted);
                match name.split_once('.').filter(|_| is_table) {
                    // `[vendor.customer.io]`
                    Some((section, start)) => {
                        let whole = written(&format!("{}.{key}", start.trim_end_matches(']')));
                        self.help(&format!("a name with a dot is written in quotes: `{section}.{whole}]`"));
                    }
                    // `[acme]`
                    None if is_table && !name.starts_with('[') => {
                        self.help(&format!("if it is a vendor, its heading is `[vendor.{}]`", written(key)));
                    }
                    None => {}
                }
            }
        }
        Table { name, span, entries }
    }

    /// The text under `key`.
    pub(super) fn text(&mut self, table: &Table<'_>, key: &str) -> Option<At<Name>> {
        let (_, value) = *table.entries.get(key)?;
        let span = self.place(value.span());
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(At { value: (&**text).into(), span }),
            DeValue::String(_) => {
                let message = format!("`{key}` in {} is empty", quoted(&table.name));
                self.error(span, message, "nothing is written here", Vec::new());
                None
            }
            _ => {
                self.wrong_type(span, key, &table.name, "a string", value);
                None
            }
        }
    }

    /// The truth value under `key`.
    pub(super) fn flag(&mut self, table: &Table<'_>, key: &str) -> Option<At<bool>> {
        let (_, value) = *table.entries.get(key)?;
        let span = self.place(value.span());
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(At { value: *flag, span }),
            _ => {
                self.wrong_type(span, key, &table.name, "true or false", value);
                None
            }
        }
    }

    /// The day under `key`.
    pub(super) fn date(&mut self, table: &Table<'_>, key: &str) -> Option<At<Date>> {
        let (_, value) = *table.entries.get(key)?;
        let span = self.place(value.span());
        let day = match value.get_ref() {
            DeValue::Datetime(stamp) if stamp.time.is_none() => stamp.date,
            _ => None,
        };
        let day = day.and_then(|day| Date::new(day.year as i16, day.month as i8, day.day as i8).ok());
        if day.is_none() {
            self.wrong_type(span, key, &table.name, "a date, such as 2027-01-31 without quotes", value);
        }
        day.map(|value| At { value, span })
    }

    /// The texts under `key`; one that is listed twice is an error.
    pub(super) fn list(&mut self, table: &Table<'_>, key: &str) -> List<Name> {
        let Some((_, value)) = table.entries.get(key).copied() else {
            return List::default();
        };
        let span = self.place(value.span());
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(span, key, &table.name, "an array of strings", value);
            return List::default();
        };
        let mut list = List { span: Some(span), items: Vec::new() };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for item in items.iter() {
            let place = self.place(item.span());
            let DeValue::String(text) = item.get_ref() else {
                let (name, kind) = (quoted(&table.name), kind(item.get_ref()));
                let message = format!("each entry of `{key}` in {name} must be a string, not {kind}");
                self.error(place, message, "of the wrong type", Vec::new());
                continue;
            };
            if text.trim().is_empty() {
                let message = format!("an entry of `{key}` in {} is empty", quoted(&table.name));
                self.error(place, message, "nothing is written here", Vec::new());
                continue;
            }
            match seen.get(&**text) {
                Some(first) => self.twice(place, *first, format!("`{text}` is listed twice in `{key}`")),
                None => {
                    seen.insert(&**text, place);
                    list.items.push(At { value: (&**text).into(), span: place });
                }
            }
        }
        list
    }

    /// Notes the keys that a table lacks, and the lists among them that are empty.
    pub(super) fn require(&mut self, table: &Table<'_>, keys: &[&str]) {
        for key in keys {
            let Some((_, value)) = table.entries.get(key) else {
                let message = format!("{} lacks `{key}`", quoted(&table.name));
                self.error(table.span, message, "belongs here", vec![format!("add `{key}`")]);
                continue;
            };
            if value.get_ref().as_array().is_some_and(|items| items.is_empty()) {
                let message = format!("`{key}` in {} is empty", quoted(&table.name));
                self.error(self.place(value.span()), message, "nothing is listed here", Vec::new());
            }
        }
    }

    fn wrong_type(&mut self, span: Span, key: &str, table: &str, wanted: &str, value: Value<'_>) {
        let message = format!("`{key}` in {} must be {wanted}, not {}", quoted(table), kind(value.get_ref()));
        self.error(span, message, "of the wrong type", Vec::new());
    }

    pub(super) fn place(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start as u32, range.end as u32)
    }
}

impl Table<'_> {
    /// Whether something is written under `key`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The keys, with their places, in the order of the text.
    pub(super) fn keys(&self) -> Vec<At<&str>> {
        let mut keys: Vec<_> = self.entries.iter().map(|(key, (span, _))| At { value: *key, span: *span }).collect();
        keys.sort_by_key(|key| key.span);
        keys
    }
}

/// `[policy]` in backticks; `the manifest` as it is.
fn quoted(table: &str) -> String {
    match table.starts_with('[') {
        true => format!("`{table}`"),
        false => table.into(),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
