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
        ("segment", "Segment", "twilio-segment"),
        ("customer-io", "Customer.io", "customerio"),
        ("linkedin-insight", "LinkedIn Insight Tag", "linkedin"),
        ("google-cloud", "Google Cloud", "gcp"),
        ("logrocket", "LogRocket", "log-rocket"),
    ];
    let mut sources = Sources::default();
    for (id, name, alias) in vendors {
        let text = format!(
            "id = \"{id}\"\nname = \"{name}\"\naliases = [\"{alias}\"]\ncategory = \"analytics\"\n\
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
    assert_eq!(policy.vendors.keys().map(|id| &**id).collect::<Vec<_>>(), ["customer-io", "google-cloud"]);
    let data = &policy.vendors["customer-io"].data;
    assert_eq!(data.values().map(|id| &**id).collect::<Vec<_>>(), ["page-view"]);
    assert_eq!(sources.slice(policy.vendors["google-cloud"].key), "GCP");
    assert_eq!(sources.slice(data.items[0].span), "\"PageView\"");
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
