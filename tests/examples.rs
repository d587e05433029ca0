//! Every example of a vendor's file shares exactly the fields that it says, and a silent one shares nothing.
//!
//! Others may receive something too: two vendors can read the same global.

use std::collections::BTreeSet;
use std::io::Write;

use undisclosed::catalogue::vendor::Example;
use undisclosed::catalogue::{Catalogue, Share, ecosystem};
use undisclosed::lang::{LANGUAGES, of_path};

#[test]
fn examples_share_what_they_say() {
    let catalogue = Catalogue::embedded();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut not_run = 0;
    for (id, vendor) in &catalogue.vendors {
        for (number, example) in vendor.examples.iter().enumerate() {
            count += 1;
            // The signatures of a language that is not read are checked when they are parsed.
            let Some(path) = file_of(&example.lang) else {
                not_run += 1;
                continue;
            };
            let shares = undisclosed::analyse_text(&[(path, example.code.to_string())], &catalogue);
            if let Err(message) = compare(example, &shares) {
                let number = number + 1;
                wrong.push(format!("rules/vendors/{id}.toml, example {number}: {message}"));
            }
        }
    }
    let summary = format!("{} of {count} examples are wrong, {not_run} not run", wrong.len());
    // Shown with `--nocapture`.
    writeln!(std::io::stdout(), "{summary}").expect("standard output is open");
    assert!(wrong.is_empty(), "\n{}\n{summary}", wrong.join("\n"));
}

/// A file of the language, or with the ending that the example is for; the ending that allows the most of it. None where the language is not read.
fn file_of(language: &str) -> Option<String> {
    let Some(named) = LANGUAGES.iter().find(|known| known.name() == language) else {
        // `php` is a language of its own, of which the markup is read; `html` is no other's.
        let path = format!("example.{language}");
        return of_path(&path).filter(|_| !ecosystem::all().contains_key(language)).map(|_| path);
    };
    let extensions = named.extensions();
    let widest = extensions.iter().find(|extension| **extension == "tsx");
    Some(format!("example.{}", widest.unwrap_or(&extensions[0])))
}

fn compare(example: &Example, shares: &[Share]) -> Result<(), String> {
    let found: BTreeSet<&str> = shares
        .iter()
        .filter(|share| share.vendor == example.vendor)
        .flat_map(|share| &share.fields)
        .map(|field| &*field.path)
        .collect();
    let expected: BTreeSet<&str> = example.fields.iter().map(|field| &**field).collect();
    let receivers: BTreeSet<&str> = shares.iter().map(|share| &*share.vendor).collect();
    let mut complaints = Vec::new();
    if example.silent && !receivers.is_empty() {
        complaints.push(format!("shares with {receivers:?}"));
    } else if !example.silent && !receivers.contains(&*example.vendor) {
        complaints.push(format!("shares with {receivers:?} only"));
    } else if !example.silent && found != expected {
        let missing: Vec<_> = expected.difference(&found).collect();
        let surplus: Vec<_> = found.difference(&expected).collect();
        complaints.push(format!("missing {missing:?}, surplus {surplus:?}"));
    }
    let opaque: BTreeSet<String> = shares
        .iter()
        .flat_map(|share| &share.opaque)
        .map(|part| format!("`{}` ({})", part.path, part.reason))
        .collect();
    if !complaints.is_empty() && !opaque.is_empty() {
        complaints.push(format!("opaque: {opaque:?}"));
    }
    match complaints.is_empty() {
        true => Ok(()),
        false => Err(complaints.join("; ")),
    }
}
