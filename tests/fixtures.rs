//! Runs the whole pipeline over the small projects in `fixtures/flow`, `fixtures/apps` and `fixtures/unknown` and compares
//! with their markers.
//!
//! A marker is a comment that starts with `~`, in any comment syntax (`//~`, `#~`, `{/*~ … */}`, `<!--~ … -->`):
//!
//! ```text
//! //~ check-id words…     a finding of that check starts on this line, and its text has all the words
//! //~^ check-id words…    the same for the line above (one ^ per line)
//! //~? check-id words…    a known miss: the test fails on the day it is found
//! ```
//!
//! `FIXTURE=script-tag cargo test --test fixtures` runs those that have the text in their path.
//!
//! Several markers on one line are separated by a further `//~`. Every marker needs a finding and every finding a
//! marker. In `fixtures/unknown` it is `host` or `package` in place of the check: what is sent here to a third party that
//! is in no catalogue, with its name and the fields.

use std::cmp::Reverse;
use std::fs;
use std::path::Path;

use undisclosed::catalogue::Catalogue;
use undisclosed::catalogue::unknown::{Kind, ThirdParty};
use undisclosed::finding::{Finding, Level};
use undisclosed::project::Project;
use undisclosed::source::Sources;
use undisclosed::{Options, analyse};
use walkdir::WalkDir;

const MANIFEST_PATH: &str = "disclosure.toml";

/// The manifest of a flow fixture that has none: each further field that Segment receives earns `undeclared-field`.
const MANIFEST: &str = r#"[vendor.segment]
purpose = "Product analytics"
fields = ["userId", "user", "user.userId", "anonymousId", "event", "ok", "properties.ok", "traits.ok"]

[lints]
stale-declaration = "allow"
"#;

#[test]
fn flow() {
    run(&languages("fixtures/flow"), &checked);
}

#[test]
fn apps() {
    run(&subfolders("fixtures/apps"), &checked);
}

#[test]
fn unknown() {
    let (catalogue, ..) = undisclosed::catalogue::embedded::load();
    run(&languages("fixtures/unknown"), &|files| third_parties(files, &catalogue));
}

/// The folders of all languages below the ways in a folder.
fn languages(folder: &str) -> Vec<String> {
    subfolders(folder).iter().flat_map(|way| subfolders(way)).collect()
}

/// What is found in the files of a project.
type Find<'a> = &'a dyn Fn(&mut Vec<(String, String)>) -> Vec<Found>;

/// Runs every fixture and fails once, with all that differs.
fn run(fixtures: &[String], find: Find) {
    assert!(!fixtures.is_empty(), "no fixture was found");
    let mut report = Vec::new();
    let wanted = std::env::var("FIXTURE").unwrap_or_default();
    for fixture in fixtures.iter().filter(|fixture| fixture.contains(&wanted)) {
        let differences = compare(fixture, find);
        if !differences.is_empty() {
            report.push(format!("{fixture}\n    {}", differences.join("\n    ")));
        }
    }
    let (failed, total) = (report.len(), fixtures.len());
    assert!(report.is_empty(), "{failed} of {total} fixtures differ from their markers\n\n{}\n", report.join("\n"));
}

/// What differs between the markers and the findings of one fixture, in the order of the files.
fn compare(fixture: &str, find: Find) -> Vec<String> {
    let mut files = read(fixture);
    let mut found = find(&mut files);
    let mut markers: Vec<Marker> = files.iter().flat_map(markers_of).collect();
    // The marker that says most chooses first, a known miss last: `email` leaves `email_verified` to its own marker.
    markers.sort_by_key(|marker| (marker.known_miss, Reverse(marker.words.concat().len())));

    let mut differences = Vec::new();
    for marker in markers {
        let fitting = found.iter().position(|found| marker.fits(found));
        if let Some(index) = fitting {
            found.remove(index);
        }
        match (fitting, marker.known_miss) {
            (None, false) => differences.push(marker.difference("no finding for")),
            (Some(_), true) => differences.push(marker.difference("the known miss is found, drop its `?`:")),
            (Some(_), false) | (None, true) => {}
        }
    }
    differences.extend(found.iter().map(Found::difference));
    differences.sort();
    differences.into_iter().map(|(path, line, text)| format!("{path}:{line}: {text}")).collect()
}

/// The findings in a project, with a manifest of its own or the one above.
fn checked(files: &mut Vec<(String, String)>) -> Vec<Found> {
    if !files.iter().any(|(path, _)| path == MANIFEST_PATH) {
        files.push((MANIFEST_PATH.to_owned(), MANIFEST.to_owned()));
        files.sort();
    }
    let (sources, findings) = undisclosed::check_text(files);
    let shown = findings.iter().filter(|finding| finding.level != Level::Allow);
    shown.map(|finding| Found::new(&sources, finding)).collect()
}

/// What a project sends to third parties that are not in the catalogue.
fn third_parties(files: &[(String, String)], catalogue: &Catalogue) -> Vec<Found> {
    let project = Project::from_texts(files);
    let options = Options { unknown: true, ..Options::default() };
    let parties = analyse(&project, catalogue, &options).third_parties.unwrap_or_default();
    parties.iter().flat_map(|party| Found::of_party(&project.sources, party)).collect()
}

/// Where something differs (path and line), and how.
type Difference = (String, usize, String);

/// An expectation in a comment.
struct Marker {
    path: String,
    /// The line it speaks of, from one.
    line: usize,
    check: String,
    words: Vec<String>,
    known_miss: bool,
}

impl Marker {
    fn fits(&self, found: &Found) -> bool {
        self.path == found.path
            && self.line == found.line
            && self.check == found.check
            && self.words.iter().all(|word| found.text.contains(word.as_str()))
    }

    fn difference(&self, what: &str) -> Difference {
        let text = format!("{what} {} {}", self.check, self.words.join(" "));
        (self.path.clone(), self.line, text.trim_end().to_owned())
    }
}

/// A finding where its primary label stands.
struct Found {
    path: String,
    line: usize,
    check: &'static str,
    message: String,
    /// The message, the labels and the help: what the words of a marker are looked up in.
    text: String,
}

impl Found {
    fn new(sources: &Sources, finding: &Finding) -> Found {
        let primary = finding.labels.first().map(|label| label.span);
        let place = primary.map(|span| {
            let path = sources.get(span.file).path.clone();
            (path, sources.line_column(span).0)
        });
        let (path, line) = place.unwrap_or_else(|| ("no place".to_owned(), 0));
        let labels = finding.labels.iter().map(|label| label.message.as_str());
        let help = finding.help.iter().map(String::as_str);
        let parts: Vec<&str> = [finding.message.as_str()].into_iter().chain(labels).chain(help).collect();
        Found { path, line, check: finding.check, message: finding.message.clone(), text: parts.join("\n") }
    }

    fn of_party(sources: &Sources, party: &ThirdParty) -> Vec<Found> {
        let check = match party.kind {
            Kind::Host => "host",
            Kind::Package => "package",
        };
        let found = party.shares.iter().map(|share| {
            let path = sources.get(share.chain[0].file).path.clone();
            let fields: Vec<String> = share.fields.iter().map(|field| field.path.clone()).collect();
            let message = format!("{} {} [{}]", party.name, share.api, fields.join(", "));
            let line = sources.line_column(share.chain[0]).0;
            Found { path, line, check, text: message.clone(), message }
        });
        found.collect()
    }

    fn difference(&self) -> Difference {
        let text = format!("no marker for {}: {}", self.check, self.message);
        (self.path.clone(), self.line, text)
    }
}

/// The markers of a file.
fn markers_of((path, text): &(String, String)) -> Vec<Marker> {
    let mut markers = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for leader in ["//~", "#~", "/*~", "<!--~"] {
            for comment in line.split(leader).skip(1) {
                markers.push(marker(path, index + 1, comment));
            }
        }
    }
    markers
}

/// The marker that a comment's text, after its `~`, states.
fn marker(path: &str, line: usize, comment: &str) -> Marker {
    let end = ["*/", "-->", "\""].iter().filter_map(|end| comment.find(end)).min();
    let comment = &comment[..end.unwrap_or(comment.len())];
    let signs = comment.len() - comment.trim_start_matches(['^', '?']).len();
    let (signs, words) = comment.split_at(signs);
    let mut words = words.split_whitespace().map(str::to_owned);
    let up = signs.matches('^').count();
    assert!(up < line, "{path}:{line}: the marker points above the file");
    Marker {
        path: path.to_owned(),
        line: line - up,
        check: words.next().unwrap_or_else(|| panic!("{path}:{line}: the marker names no check")),
        words: words.collect(),
        known_miss: signs.contains('?'),
    }
}

/// The files of a fixture, by their paths within it.
fn read(fixture: &str) -> Vec<(String, String)> {
    let walk = WalkDir::new(fixture).sort_by_file_name();
    let entries = walk.into_iter().map(|entry| entry.expect("a fixture is readable"));
    let mut files: Vec<(String, String)> = entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(fixture).expect("it lies in the fixture");
            let text = fs::read_to_string(entry.path()).expect("a fixture is text");
            (path.to_string_lossy().replace('\\', "/"), text)
        })
        .collect();
    files.sort();
    files
}

/// The folders in a folder, sorted.
fn subfolders(folder: &str) -> Vec<String> {
    let walk = WalkDir::new(Path::new(folder)).min_depth(1).max_depth(1).sort_by_file_name();
    walk.into_iter()
        .map(|entry| entry.expect("a folder of fixtures is readable"))
        .filter(|entry| entry.file_type().is_dir())
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .collect()
}
