//! The words of a manifest: data classes, field paths, globs.

use std::collections::BTreeMap;

use super::path::{FieldPattern, fold};
use super::raw::{Reader, Table};
use super::{At, List};
use crate::catalogue::data::DataClasses;
use crate::ir::Name;

/// The data classes listed under `key`, by their ids.
pub(super) fn classes(reader: &mut Reader, table: &Table<'_>, key: &str, data: &DataClasses) -> List<Name> {
    let written = reader.list(table, key);
    let mut items: Vec<At<Name>> = Vec::new();
    for item in written.items {
        let Some(class) = class_named(data, &item.value) else {
            let known: Vec<&str> = data.classes().keys().map(|id| &**id).collect();
            let message = format!("unknown data class `{}`", item.value);
            reader.unknown(item.span, message, &item.value, &known);
            continue;
        };
        match items.iter().find(|other| other.value == class) {
            Some(first) => reader.twice(item.span, first.span, format!("`{class}` is listed twice in `{key}`")),
            None => items.push(At { value: class, span: item.span }),
        }
    }
    List { span: written.span, items }
}

/// The id of a data class.
pub(super) fn class_named(data: &DataClasses, written: &str) -> Option<Name> {
    let exact = data.classes().get_key_value(written);
    let folded = || data.classes().iter().find(|(id, _)| fold(id) == fold(written));
    exact.or_else(folded).map(|(id, _)| id.clone())
}

/// The field paths listed under `key`.
pub(super) fn patterns(reader: &mut Reader, table: &Table<'_>, key: &str) -> List<FieldPattern> {
    let written = reader.list(table, key);
    let mut items: Vec<At<FieldPattern>> = Vec::new();
    let mut seen: BTreeMap<String, At<Name>> = BTreeMap::new();
    for item in written.items {
        let Some(pattern) = pattern(reader, &item) else {
            continue;
        };
        match seen.get(&pattern.value.folded()) {
            Some(first) => {
                let message = format!("`{}` is `{}`, which `{key}` lists already", item.value, first.value);
                reader.twice(item.span, first.span, message);
            }
            None => {
                seen.insert(pattern.value.folded(), item);
                items.push(pattern);
            }
        }
    }
    List { span: written.span, items }
}

/// One field path.
pub(super) fn pattern(reader: &mut Reader, written: &At<Name>) -> Option<At<FieldPattern>> {
    match FieldPattern::parse(&written.value) {
        Ok(value) => Some(At { value, span: written.span }),
        Err(reason) => {
            let message = format!("malformed field path `{}`: {reason}", written.value);
            reader.error(written.span, message, "not a field path", Vec::new());
            None
        }
    }
}

/// The globs listed under `key`.
pub(super) fn globs(reader: &mut Reader, table: &Table<'_>, key: &str) -> List<Name> {
    let list = reader.list(table, key);
    for item in &list.items {
        glob(reader, item);
    }
    list
}

/// Notes a malformed glob.
pub(super) fn glob(reader: &mut Reader, written: &At<Name>) {
    if let Err(error) = globset::Glob::new(&written.value) {
        let message = format!("malformed glob `{}`: {}", written.value, error.kind());
        reader.error(written.span, message, "not a glob", Vec::new());
    }
}
