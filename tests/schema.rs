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

fn properties(table: &Value) -> BTreeSet<&str> {
    table["properties"].as_object().into_iter().flat_map(|keys| keys.keys()).map(String::as_str).collect()
}

fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
