//! Manifests, good and bad: each file of `fixtures/policy` says in `#~` comments what is wrong with it.

use std::path::Path;

use undisclosed::catalogue::Catalogue;
use undisclosed::catalogue::data::DataClass;
use undisclosed::finding::Finding;
use undisclosed::policy;
use undisclosed::source::{Source, Sources};

const CHECKS: &[&str] = &["undeclared-field", "opaque-payload", "stale-declaration"];

/// A few vendors and data classes, so that no fixture depends on the facts under `rules/`.
fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    let vendors = [
        ("segment", "Segment", "twilio-segment", "twilio"),
        ("twilio", "Twilio", "twilio-messaging", "twilio"),
        ("customer-io", "Customer.io", "customerio", ""),
        ("linkedin-insight", "LinkedIn Insight Tag", "linkedin", ""),
        ("google-cloud", "Google Cloud", "gcp", "google"),
        ("google-translate", "Google Translate", "cloud-translation", "google"),
        ("logrocket", "LogRocket", "log-rocket", ""),
    ];
    let mut sources = Sources::default();
    for (id, name, alias, group) in vendors {
        let groups = if group.is_empty() { String::new() } else { format!("groups = [\"{group}\"]\n") };
        let text = format!(
            "id = \"{id}\"\nname = \"{name}\"\naliases = [\"{alias}\"]\n{groups}category = \"analytics\"\n\
             home = \"https://{id}.example\"\ndocs = \"https://{id}.example/docs\"\nentity = \"{name} Ltd., UK\"\n"
        );
        sources.add(Source::new(format!("vendors/{id}.toml"), text));
    }
    let files: Vec<_> = sources.ids().map(|file| (file, sources.get(file))).collect();
    assert_eq!(catalogue.add(&files), []);
    let classes = [
        ("contact", ""),
        ("email", "contact"),
        ("phone", "contact"),
        ("name", ""),
        ("page-view", ""),
        ("product-usage", ""),
        ("credentials", ""),
    ];
    for (id, parent) in classes {
        let class = DataClass {
            fields: vec![id.into()],
            parent: Some(parent).filter(|parent| !parent.is_empty()).map(Into::into),
            personal: true,
            ..DataClass::default()
        };
        catalogue.data.insert(id, class);
    }
    catalogue
}

/// The lines and words that a fixture expects: `#~ words` on the line, `#~^ words` one line below it.
fn expected(text: &str) -> Vec<(usize, String)> {
    let mut expected = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for mark in line.split("#~").skip(1) {
            let words = mark.trim_start_matches('^');
            let above = mark.len() - words.len();
            expected.push((index + 1 - above, words.trim().to_string()));
        }
    }
    expected
}

/// Everything a finding says, in one text.
fn words(finding: &Finding) -> String {
    let labels: Vec<&str> = finding.labels.iter().map(|label| &*label.message).collect();
    format!("{} ({}) {}", finding.message, labels.join("; "), finding.help.join("; "))
}

/// What is wrong in one fixture: marks without a finding, and findings without a mark.
fn disagreements(path: &Path, catalogue: &Catalogue) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a fixture is a readable text");
    let mut sources = Sources::default();
    let file = sources.add(Source::new("disclosure.toml", &*text));
    let findings = policy::parse(&sources, file, catalogue, CHECKS).err().unwrap_or_default();
    let mut marks = expected(&text);
    let mut wrong = Vec::new();
    for finding in &findings {
        assert_eq!(finding.check, policy::MANIFEST);
        for label in &finding.labels {
            assert!(label.span.end as usize <= text.len() && label.span.start <= label.span.end);
        }
        let (line, _) = sources.line_column(finding.labels[0].span);
        let said = words(finding);
        let mark = marks.iter().position(|(at, words)| *at == line && words.split(' ').all(|word| said.contains(word)));
        match mark {
            Some(mark) => drop(marks.remove(mark)),
            None => wrong.push(format!("{}:{line}: no mark for: {said}", path.display())),
        }
    }
    wrong.extend(marks.iter().map(|(line, words)| format!("{}:{line}: not found: {words}", path.display())));
    wrong
}

#[test]
fn each_manifest_earns_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/policy");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 20, "only {} fixtures", paths.len());
    let catalogue = catalogue();
    let wrong: Vec<String> = paths.iter().flat_map(|path| disagreements(path, &catalogue)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn settings_are_read_from_a_manifest_that_is_wrong_elsewhere() {
    let mut sources = Sources::default();
    let text = "[vendor.nobody]\n[files]\nexclude = [\"dist/**\"]\n[catalogue]\npaths = [\"privacy\"]\n";
    let file = sources.add(Source::new("disclosure.toml", text));
    let settings = policy::settings(&sources, file).unwrap();
    assert_eq!(settings.exclude.values().map(|glob| &**glob).collect::<Vec<_>>(), ["dist/**"]);
    assert_eq!(settings.catalogue.values().map(|path| &**path).collect::<Vec<_>>(), ["privacy"]);
}

#[test]
fn names_become_the_catalogues_own() {
    let mut sources = Sources::default();
    let text = "[vendor.GCP]\n[vendor.\"Customer.io\"]\ndata = [\"PageView\"]\n";
    let file = sources.add(Source::new("disclosure.toml", text));
    let policy = policy::parse(&sources, file, &catalogue(), CHECKS).unwrap();
    let covered = |index: usize| policy.headings[index].vendors.ids.iter().map(|id| &**id).collect::<Vec<_>>();
    assert_eq!((covered(0), covered(1)), (vec!["google-cloud"], vec!["customer-io"]));
    let data = &policy.headings[1].data;
    assert_eq!(data.values().map(|id| &**id).collect::<Vec<_>>(), ["page-view"]);
    assert_eq!(sources.slice(policy.headings[0].key), "GCP");
    assert_eq!(sources.slice(data.items[0].span), "\"PageView\"");
}

#[test]
fn a_heading_covers_a_vendor_a_group_or_what_it_lists() {
    let mut sources = Sources::default();
    let text = r#"
[vendor.Google]
[vendor.twilio]
[vendor."Log Rocket"]
[vendor."Mail & messages"]
covers = ["twilio", "Segment", "google"]
[vendor.segment]
routes = ["google", "Mail & messages", "linkedin"]
[[waiver]]
check = "stale-declaration"
vendor = "mail & messages"
reason = "PRIV-3"
until = 2030-01-01
"#;
    let file = sources.add(Source::new("disclosure.toml", text));
    let policy = policy::parse(&sources, file, &catalogue(), CHECKS).unwrap();
    let ids = |vendors: &policy::Vendors| vendors.ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let covered: Vec<_> = policy.headings.iter().map(|heading| ids(&heading.vendors)).collect();
    let family = ["google-cloud", "google-translate", "segment", "twilio"].map(String::from).to_vec();
    // A vendor's own name comes before the group of that name.
    assert_eq!(
        covered,
        [
            vec!["google-cloud".to_owned(), "google-translate".to_owned()],
            vec!["twilio".to_owned()],
            vec!["logrocket".to_owned()],
            family.clone(),
            vec!["segment".to_owned()],
        ]
    );
    let routes: Vec<_> = policy.headings[4].routes.values().map(ids).collect();
    assert_eq!(routes, [covered[0].clone(), family.clone(), vec!["linkedin-insight".to_owned()]]);
    let waived = policy.waivers[0].vendor.as_ref().unwrap();
    assert_eq!((ids(&waived.value), &*waived.value.name), (family, "Mail & messages"));
    let titles: Vec<String> = policy.covering("segment").map(policy::Heading::title).collect();
    assert_eq!(titles, ["[vendor.\"Mail & messages\"]", "[vendor.segment]"]);
}

#[test]
fn a_conflict_of_versions_is_said_once() {
    let (open, middle, close) = ("<".repeat(7), "=".repeat(7), ">".repeat(7));
    let entry = "[vendor.segment]\nfields = [\"user_id\"]\n";
    let text = format!("[policy]\n{open} HEAD\n{entry}{middle}\n{entry}{close} main\n");
    let mut sources = Sources::default();
    let file = sources.add(Source::new("disclosure.toml", text));
    let findings = policy::parse(&sources, file, &catalogue(), CHECKS).unwrap_err();
    let said: Vec<_> =
        findings.iter().map(|finding| (sources.line_column(finding.labels[0].span).0, &*finding.message)).collect();
    assert_eq!(said, [(2, "a conflict of two versions is not settled")]);
}

#[test]
fn line_ends_make_no_difference() {
    let text = "[vendor.segment]\nfields = [\n  \"user_id\",\n]\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("disclosure.toml", text));
        let policy = policy::parse(&sources, file, &catalogue(), CHECKS).unwrap();
        let field = &policy.headings[0].fields.items[0];
        assert_eq!((sources.line_column(field.span), sources.slice(field.span)), ((3, 3), "\"user_id\""));
    }
}

#[test]
fn no_text_makes_it_panic() {
    let catalogue = catalogue();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/policy");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        // Every beginning of a manifest is a manifest that somebody is typing.
        for (end, _) in text.char_indices() {
            let mut sources = Sources::default();
            let file = sources.add(Source::new("disclosure.toml", &text[..end]));
            let _ = policy::parse(&sources, file, &catalogue, CHECKS);
        }
    }
    let deep = format!("[policy]\nnever = {}", "[".repeat(20_000));
    let tables = format!("[{}]\n", vec!["a"; 20_000].join("."));
    for text in [deep, tables, "\u{feff}[policy]\n".into(), "\0".into()] {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("disclosure.toml", text));
        let _ = policy::parse(&sources, file, &catalogue, CHECKS);
    }
}
