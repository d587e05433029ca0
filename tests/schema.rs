//! The schema for editors has the keys that the program reads, no more and no fewer.

use std::collections::BTreeSet;

use serde_json::Value;
use undisclosed::catalogue::{ecosystem, vendor};

#[test]
fn the_schema_of_a_vendor_has_the_keys_that_are_read() {
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/vendor.json")).expect("it is JSON");
    let languages: BTreeSet<&str> = ecosystem::all().keys().map(|id| &**id).collect();
    let mut wrong = Vec::new();
    for (table, keys) in vendor::KEYS {
        let place = match *table {
            "" => &schema,
            "<language>" => &schema["$defs"]["section"],
            name => &schema["$defs"][name],
        };
        let mut found: BTreeSet<&str> = properties(place);
        if table.is_empty() {
            wrong.extend(languages.difference(&found).map(|language| format!("no section `{language}`")));
            found.retain(|key| !languages.contains(key));
        }
        let read: BTreeSet<&str> = keys.iter().copied().collect();
        wrong.extend(found.difference(&read).map(|key| format!("`{table}`: `{key}` is not read")));
        wrong.extend(read.difference(&found).map(|key| format!("`{table}`: `{key}` is missing")));
        if place["additionalProperties"] != Value::Bool(false) {
            wrong.push(format!("`{table}` allows other keys"));
        }
    }
    let examples: BTreeSet<&str> = texts(&schema["$defs"]["example"]["properties"]["lang"]["enum"]);
    assert_eq!(examples, languages);
    assert!(wrong.is_empty(), "docs/schema/vendor.json:\n{}", wrong.join("\n"));
}

#[test]
fn every_key_says_what_it_is() {
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/vendor.json")).expect("it is JSON");
    let tables = schema["$defs"].as_object().into_iter().flat_map(|tables| tables.values());
    for table in std::iter::once(&schema).chain(tables) {
        for (key, about) in table["properties"].as_object().into_iter().flatten() {
            assert!(about["description"].is_string(), "docs/schema/vendor.json does not say what `{key}` is");
        }
    }
}

#[test]
fn the_schema_of_the_manifest_has_the_keys_that_are_documented() {
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/manifest.json")).expect("it is JSON");
    let mut table = None;
    let mut documented: BTreeSet<(&str, &str)> = BTreeSet::new();
    for line in include_str!("../docs/manifest.md").lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let name = heading.trim_matches(['`', '[', ']']).split('.').next().unwrap_or(heading);
            table = heading.starts_with('`').then_some(name);
            assert!(table.is_none_or(|name| schema["properties"][name].is_object()), "no `{heading}`");
        }
        let key = line.strip_prefix("| `").and_then(|row| row.split_once('`'));
        documented.extend(table.zip(key.map(|(key, _)| key)));
    }
    let tables = schema["$defs"].as_object().expect("it has tables");
    let found: BTreeSet<(&str, &str)> =
        tables.iter().flat_map(|(name, table)| properties(table).into_iter().map(move |key| (&**name, key))).collect();
    documented.retain(|(table, _)| tables.contains_key(*table));
    // A path of a field is documented below its vendor.
    documented.retain(|(_, key)| !key.contains(['.', '[', '*']));
    assert_eq!(found, documented);
    // What the manifest may say is all in this fixture.
    let everything: toml::Table = include_str!("../fixtures/policy/good-everything.toml").parse().expect("it is TOML");
    for name in everything.keys() {
        assert!(schema["properties"][name].is_object(), "no `{name}`");
    }
}

fn properties(table: &Value) -> BTreeSet<&str> {
    table["properties"].as_object().into_iter().flat_map(|keys| keys.keys()).map(String::as_str).collect()
}

fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
