//! Reads TOML with every place kept: unknown keys and wrong values become problems, and the rest counts.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::ir::Name;
use crate::source::{FileId, Problem, Span};

/// A value with the bytes it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) bytes: Range<usize>,
}

/// Reads one file and notes what is wrong with it.
pub(super) struct Reader<'a> {
    file: FileId,
    text: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Reader<'a> {
        Reader { file, text, problems: Vec::new() }
    }

    /// The file's table: what could be parsed of it.
    pub(super) fn document(&mut self) -> DeTable<'a> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let message = error.message().lines().next().unwrap_or("it is not TOML");
            self.problem(error.span().unwrap_or(0..0), message.to_owned());
        }
        document.into_inner()
    }

    pub(super) fn problem(&mut self, bytes: Range<usize>, message: impl Into<String>) {
        self.problems.push(Problem {
            span: Span::new(self.file, bytes.start as u32, bytes.end as u32),
            message: message.into(),
        });
    }

    /// Reports keys that mean nothing here, with the known one they resemble.
    pub(super) fn known(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref();
            if known.contains(&&**name) {
                continue;
            }
            let message = match nearest(name, known) {
                Some(near) => format!("`{name}` is not a key; did you mean `{near}`?"),
                None => format!("`{name}` is not a key; the keys are {}", known.join(", ")),
            };
            self.problem(key.span(), message);
        }
    }

    /// The text under a key.
    pub(super) fn text(&mut self, table: &DeTable<'_>, key: &str) -> Option<At<Name>> {
        let value = table.get(key)?;
        self.as_text(value, key)
    }

    /// The text under a key that must be there.
    pub(super) fn needed(&mut self, table: &DeTable<'_>, key: &str) -> Option<At<Name>> {
        if table.get(key).is_none() {
            let first = table.keys().map(Spanned::span).min_by_key(|span| span.start);
            let bytes = first.unwrap_or(0..0);
            self.problem(bytes, format!("`{key}` is missing"));
        }
        self.text(table, key)
    }

    /// The list of texts under a key; one text is a list of one.
    pub(super) fn texts(&mut self, table: &DeTable<'_>, key: &str) -> Vec<At<Name>> {
        match table.get(key) {
            Some(value) => self.as_texts(value, key),
            None => Vec::new(),
        }
    }

    /// The same without the places.
    pub(super) fn names(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Name> {
        let texts = self.texts(table, key);
        texts.into_iter().map(|text| text.value).collect()
    }

    /// The boolean under a key.
    pub(super) fn flag(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.problem(value.span(), format!("`{key}` is `true` or `false`"));
        }
        flag
    }

    /// The text, number or boolean under a key, as a text.
    pub(super) fn scalar(&mut self, table: &DeTable<'_>, key: &str) -> Option<Name> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(flag.to_string().into()),
            DeValue::Integer(number) => Some(number.as_str().into()),
            DeValue::Float(number) => Some(number.as_str().into()),
            _ => self.as_text(value, key).map(|text| text.value),
        }
    }

    /// The table under a key.
    pub(super) fn table<'t, 'i>(&mut self, table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
        let value = table.get(key)?;
        self.as_table(value, key)
    }

    /// The tables of an array of tables.
    pub(super) fn tables<'t, 'i>(&mut self, table: &'t DeTable<'i>, key: &str) -> Vec<&'t DeTable<'i>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.problem(value.span(), format!("write `[[{key}]]`"));
            return Vec::new();
        };
        list.iter().filter_map(|item| self.as_table(item, key)).collect()
    }

    pub(super) fn as_table<'t, 'i>(&mut self, value: &'t Spanned<DeValue<'i>>, key: &str) -> Option<&'t DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.problem(value.span(), format!("`{key}` is a table"));
        }
        table
    }

    pub(super) fn as_text(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<At<Name>> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            _ => {
                self.problem(value.span(), format!("`{key}` is a text"));
                return None;
            }
        };
        Some(At { value: text.into(), bytes: value.span() })
    }

    pub(super) fn as_texts(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Vec<At<Name>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.as_text(item, key)).collect(),
            DeValue::String(_) => self.as_text(value, key).into_iter().collect(),
            _ => {
                self.problem(value.span(), format!("`{key}` is a list of texts"));
                Vec::new()
            }
        }
    }

    /// Reports what is wrong inside a text, at the byte `at` of it where the text is written without escapes.
    pub(super) fn problem_in(&mut self, text: &At<Name>, at: usize, message: &str) {
        let written = self.text.get(text.bytes.clone()).unwrap_or("");
        let column = text.value.get(..at).map_or(0, |before| before.chars().count()) + 1;
        let bytes = match written.get(1..1 + text.value.len()) {
            Some(inside) if *inside == *text.value => {
                let start = text.bytes.start + 1 + at;
                start..start + text.value[at..].chars().next().map_or(0, char::len_utf8)
            }
            _ => text.bytes.clone(),
        };
        self.problem(bytes, format!("column {column}: {message}"));
    }
}

/// The tables and values of a table in the order in which they are written.
pub(super) fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(At<Name>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let at = At { value: Name::from(&**key.get_ref()), bytes: key.span() };
            (at, value)
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.bytes.start);
    entries
}

/// The known name that `name` is most likely meant to be.
pub(crate) fn nearest<'a, S: AsRef<str>>(name: &str, known: &'a [S]) -> Option<&'a str> {
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(name, known.as_ref()), known.as_ref()))
        .filter(|(score, _)| *score > 0.82)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, known)| known)
}
