//! Each example in `docs/catalogue.md` is what it says: the file is read, and the calls are these shares.

use undisclosed::catalogue::Catalogue;
use undisclosed::source::{FileId, Source, Sources};

use crate::notation::outbound;
use crate::{shown, vendors};

/// One entry of the page: its heading, the files of its vendors, and its rows of calls.
#[derive(Default)]
struct Entry {
    heading: String,
    files: Vec<String>,
    rows: Vec<String>,
}

#[test]
fn every_shape_is_expressed() {
    let mut wrong = Vec::new();
    let entries = entries(include_str!("../../docs/catalogue.md"));
    for entry in &entries {
        let catalogue = catalogue(entry, &mut wrong);
        for row in &entry.rows {
            let (call, expected) = row.split_once("=>").expect("a row has a `=>`");
            let shares = catalogue.shares(&outbound(call), &Sources::default());
            let found: Vec<String> = shares.iter().map(shown).collect();
            let found = found.join("; ");
            if found.trim() != expected.trim() {
                wrong.push(format!("{}: {}\n    is {found}", entry.heading, row.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let count = |letter| entries.iter().filter(|entry| entry.heading.starts_with(letter)).count();
    assert_eq!([count('A'), count('B'), count('C')], [28, 18, 14]);
}

/// The catalogue of one entry.
fn catalogue(entry: &Entry, wrong: &mut Vec<String>) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let models = Source::new("models.toml", vendors::MODELS);
    assert_eq!(catalogue.add_models("js", FileId(0), &models), []);
    for file in &entry.files {
        let named = file.lines().any(|line| line.starts_with("id = "));
        let head = if named { "" } else { "id = \"acme\"\nname = \"Acme\"\n" };
        let source = Source::new("vendor.toml", format!("{head}{file}"));
        for problem in catalogue.add(&[(FileId(0), &source)]) {
            wrong.push(format!("{}: {}", entry.heading, problem.message));
        }
    }
    catalogue
}

fn entries(page: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut block = None;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            entries.push(Entry { heading: heading.to_owned(), ..Entry::default() });
            continue;
        }
        let Some(entry) = entries.last_mut() else { continue };
        match (line.strip_prefix("```"), block) {
            (Some("toml"), None) => {
                entry.files.push(String::new());
                block = Some("toml");
            }
            (Some("calls"), None) => block = Some("calls"),
            (Some(_), _) => block = None,
            (None, Some("toml")) => entry.files.last_mut().expect("a block is open").extend([line, "\n"]),
            (None, Some(_)) if !line.trim().is_empty() => entry.rows.push(line.to_owned()),
            (None, _) => {}
        }
    }
    entries
}
