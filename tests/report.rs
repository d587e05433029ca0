//! Each format writes the same run as its golden file in `fixtures/report` says.
//!
//! `UPDATE=1 cargo test --test report` rewrites the golden files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use undisclosed::catalogue::{Catalogue, OpaquePart, Share, SharedField};
use undisclosed::finding::{Finding, Label, Level};
use undisclosed::project::{Reason, Skipped};
use undisclosed::report::{self, Run, inventory};
use undisclosed::source::{FileId, Problem, Source, Sources, Span};

const SENT: &str = "sent to Acme by this call";
const MANIFEST: &str = "[vendor.acme]\nfields = [\"user_id\", \"traits.plan\"]\n";
const CALL: &str =
    "export function report(id: string, traits: Traits) {\n\tacme.identify(id, {\n\t\t...traits,\n\t});\n}\n";
const SIGNUP: &str =
    "import { report } from './acme';\n\nreport(user.id, {\n  plan,\n  phone: user.phone, // «äöü»\n});\n";

struct World {
    sources: Sources,
    findings: Vec<Finding>,
    shares: Vec<Share>,
    problems: Vec<Problem>,
    skipped: Vec<Skipped>,
    unread: BTreeMap<String, usize>,
    catalogue: Catalogue,
}

impl World {
    fn new() -> World {
        let mut sources = Sources::default();
        let minified = format!("{}acme.track({{ email: user.email }}){}", "a();".repeat(900), ";b()".repeat(900));
        for (path, text) in [
            ("src/acme.ts", CALL),
            ("src/broken.ts", ""),
            ("src/long.js", &minified),
            ("src/signup.ts", SIGNUP),
            ("disclosure.toml", MANIFEST),
        ] {
            sources.add(Source::new(path, text));
        }
        World {
            findings: findings(&sources),
            shares: shares(&sources),
            problems: vec![
                Problem { span: at(&sources, 1, ""), message: "cannot be read: permission denied".into() },
                Problem { span: at(&sources, 3, "«äöü»"), message: "these bytes are not valid UTF-8".into() },
            ],
            skipped: vec![
                Skipped { path: "dist/".into(), reason: Reason::Output },
                Skipped { path: "src/a.test.ts".into(), reason: Reason::Test },
                Skipped { path: "src/b.test.ts".into(), reason: Reason::Test },
                Skipped { path: "src/data.ts".into(), reason: Reason::TooLarge },
            ],
            unread: BTreeMap::from([("py".to_owned(), 2), ("vue".to_owned(), 11)]),
            catalogue: Catalogue::default(),
            sources,
        }
    }

    fn run(&self) -> Run<'_> {
        Run {
            sources: &self.sources,
            findings: &self.findings,
            shares: &self.shares,
            problems: &self.problems,
            skipped: &self.skipped,
            files_read: 3,
            unread: &self.unread,
            catalogue: &self.catalogue,
            colour: false,
            verbose: false,
        }
    }
}

/// The first occurrence of a text in a file.
fn at(sources: &Sources, file: u32, text: &str) -> Span {
    let start = sources.get(FileId(file)).text.find(text).expect("the text occurs") as u32;
    Span::new(FileId(file), start, start + text.len() as u32)
}

fn label(span: Span, message: &str) -> Label {
    Label { span, message: message.into() }
}

fn finding(check: &'static str, level: Level, message: &str, labels: Vec<Label>) -> Finding {
    Finding { check, level, message: message.into(), labels, help: vec![], vendor: None, field: None }
}

/// The places of a finding in three files.
fn far(sources: &Sources) -> Vec<Label> {
    let call = at(sources, 0, "acme.identify(id, {\n\t\t...traits,\n\t})");
    vec![
        label(at(sources, 3, "phone: user.phone"), "enters the payload here"),
        label(at(sources, 3, "report(user.id, {\n  plan"), "handed on here"),
        label(call, SENT),
        label(at(sources, 4, "[\"user_id\", \"traits.plan\"]"), "what Acme may receive is declared here"),
    ]
}

fn findings(sources: &Sources) -> Vec<Finding> {
    let near = vec![
        label(at(sources, 2, "email: user.email"), "enters the payload here"),
        label(at(sources, 2, "acme.track({ email: user.email })"), SENT),
    ];
    let many = vec![label(at(sources, 0, "...traits"), "its fields are not known"); 8];
    let stale = vec![label(at(sources, 4, "acme"), "declared here")];
    vec![
        Finding {
            help: vec![
                "remove the field, or declare it: add \"traits.phone\" to `fields`".into(),
                "say why in `reason`".into(),
            ],
            vendor: Some("acme".into()),
            field: Some("traits.phone".into()),
            ..finding("undeclared-field", Level::Deny, "`traits.phone` goes to Acme but is not declared", far(sources))
        },
        finding("undeclared-field", Level::Deny, "`email` goes to Acme but is not declared", near),
        Finding {
            help: vec!["declare the type of `traits`".into()],
            ..finding("opaque-payload", Level::Warn, "part of what goes to Acme is not known", many)
        },
        finding("stale-declaration", Level::Allow, "nothing uses this", stale),
    ]
}

fn shares(sources: &Sources) -> Vec<Share> {
    let call = at(sources, 0, "acme.identify(id, {\n\t\t...traits,\n\t})");
    let caller = at(sources, 3, "report(user.id, {\n  plan,\n  phone: user.phone, // «äöü»\n})");
    let field = |path: &str, at: Span, from: Option<Span>, hop: usize| SharedField {
        path: path.into(),
        at,
        hop,
        from,
        ty: None,
        obtained_from: None,
        returned: false,
        hole: false,
    };
    let fields = vec![
        field("user_id", at(sources, 3, "user.id"), Some(at(sources, 3, "user.id")), 1),
        field("traits.phone", at(sources, 3, "phone: user.phone"), Some(at(sources, 3, "user.phone")), 1),
    ];
    let hole = OpaquePart {
        path: "traits".into(),
        at: at(sources, 0, "...traits"),
        hop: 0,
        reason: "its fields are not known".into(),
        hint: None,
        hole: true,
        beyond_type: false,
    };
    let share = |chain: Vec<Span>, fields, opaque, called| Share {
        vendor: "acme".into(),
        api: "identify".into(),
        event: None,
        chain,
        fields,
        opaque,
        called,
    };
    vec![
        share(vec![call], vec![], vec![hole.clone()], true),
        share(vec![call, caller], fields, vec![OpaquePart { hole: false, ..hole }], false),
    ]
}

fn golden(name: &str, actual: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, actual).expect("a golden file can be written");
        return;
    }
    let expected = fs::read(&path).unwrap_or_default();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(actual), text(&expected), "{} is stale", path.display());
}

fn written(name: &str, run: &Run) -> Vec<u8> {
    let mut out = Vec::new();
    let report = report::by_name(name).expect("the format exists");
    report.write(run, &mut out).expect("memory can be written");
    out
}

#[test]
fn human() {
    golden("human.txt", &written("human", &World::new().run()));
}

#[test]
fn human_in_colour_with_everything() {
    let world = World::new();
    let run = Run { colour: true, verbose: true, ..world.run() };
    golden("colour.txt", &written("human", &run));
}

#[test]
fn human_without_findings() {
    let world = World::new();
    let run = Run { findings: &[], problems: &[], skipped: &[], unread: &BTreeMap::new(), ..world.run() };
    golden("clean.txt", &written("human", &run));
}

#[test]
fn json() {
    let out = written("json", &World::new().run());
    let value: serde_json::Value = serde_json::from_slice(&out).expect("it is JSON");
    assert_eq!(value["version"], 1);
    golden("findings.json", &out);
}

#[test]
fn inventory_table() {
    let mut out = Vec::new();
    inventory::table(&World::new().run(), None, &mut out).expect("memory can be written");
    golden("inventory.txt", &out);
}

#[test]
fn inventory_json() {
    let mut out = Vec::new();
    inventory::json(&World::new().run(), None, &mut out).expect("memory can be written");
    golden("inventory.json", &out);
}

#[test]
fn no_finding_fills_more_than_a_screen() {
    let out = written("human", &World::new().run());
    let text = String::from_utf8(out).expect("it is text");
    for finding in text.split("error[") {
        assert!(finding.lines().count() < 40, "{finding}");
    }
    assert!(text.lines().all(|line| line.chars().count() < 200), "{text}");
}
