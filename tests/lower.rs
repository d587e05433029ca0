//! Each source in `fixtures/lower` lowers to the module whose text form lies beside it.
//!
//! `UPDATE=1 cargo test --test lower` rewrites the text forms.

use std::fs;
use std::path::Path;

use undisclosed::ir::text::text;
use undisclosed::lang::of_path;
use undisclosed::source::FileId;
use walkdir::WalkDir;

#[test]
fn every_fixture_lowers_to_its_text_form() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lower");
    let update = std::env::var_os("UPDATE").is_some();
    let mut count = 0;
    let mut stale = Vec::new();
    for entry in WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.expect("the fixtures can be walked");
        let path = entry.path().display().to_string();
        let Some(language) = of_path(&path).filter(|_| entry.file_type().is_file()) else {
            continue;
        };
        count += 1;
        let source = fs::read_to_string(entry.path()).expect("a fixture can be read");
        let actual = text(&language.lower(FileId(0), &path, &source));
        let golden = entry.path().with_extension("ir");
        if update {
            fs::write(&golden, actual).expect("a text form can be written");
            continue;
        }
        let expected = fs::read_to_string(&golden).unwrap_or("(no such file)".to_string());
        if expected != actual {
            stale.push(difference(&golden, &expected, &actual));
        }
    }
    assert!(count > 0, "no fixture in {}", root.display());
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

/// The first line that differs.
fn difference(golden: &Path, expected: &str, actual: &str) -> String {
    let mut lines = expected.lines().zip(actual.lines()).enumerate();
    let shorter = expected.lines().count().min(actual.lines().count());
    let index = lines.find(|(_, (expected, actual))| expected != actual).map_or(shorter, |(index, _)| index);
    format!(
        "{}:{}:\n  expected: {}\n  actual:   {}",
        golden.display(),
        index + 1,
        expected.lines().nth(index).unwrap_or("(nothing)"),
        actual.lines().nth(index).unwrap_or("(nothing)"),
    )
}
