//! A vendor that a project describes itself works like a built-in one, in every language that is read.

use undisclosed::lang;
use undisclosed::project::Project;
use undisclosed::{catalogue_of, check_text};

const POLICY: &str = "[catalogue]\npaths = [\"our/vendors\"]\n\n[vendor.acme]\nfields = [\"properties.plan\"]\n";

const ACME: &str = r#"
id = "acme"
name = "Acme"
hosts = ["api.acme.dev"]
[shared]
track = ["track(event: event, properties: payload(properties))"]
[js]
packages = ["acme"]
[js.clients]
client = ["acme:Client()"]
[js.calls]
client = ["use track"]
[rust]
packages = ["acme"]
[rust.clients]
client = ["acme:Client.new()"]
[rust.calls]
client = ["use track"]
[python]
packages = ["acme"]
[python.clients]
client = ["acme:Client()"]
[python.calls]
client = ["use track"]
"#;

/// By language, a file that shares `plan` and `email` with Acme, and one that shares them with a look-alike.
const PROGRAMS: &[(&str, &str, &str, &str)] = &[
    (
        "js",
        "a.ts",
        "import { Client } from 'acme'\nexport const f = (user) => new Client().track('E', { plan: 'x', email: user.email })\n",
        "import { Client } from './acme'\nexport const f = (user) => new Client().track('E', { plan: 'x', email: user.email })\n",
    ),
    (
        "rust",
        "a.rs",
        "use acme::Client;\nuse serde_json::json;\npub fn f(user: User) { Client::new().track(\"E\", json!({ \"plan\": \"x\", \"email\": user.email })); }\n",
        "use crate::acme::Client;\nuse serde_json::json;\npub fn f(user: User) { Client::new().track(\"E\", json!({ \"plan\": \"x\", \"email\": user.email })); }\n",
    ),
    (
        "python",
        "a.py",
        "from acme import Client\n\ndef f(user):\n    Client().track(\"E\", {\"plan\": \"x\", \"email\": user.email})\n",
        "from .acme import Client\n\ndef f(user):\n    Client().track(\"E\", {\"plan\": \"x\", \"email\": user.email})\n",
    ),
];

fn files(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = [("disclosure.toml", POLICY), ("our/vendors/acme.toml", ACME)];
    own.iter().chain(more).map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

#[test]
fn it_works_like_a_built_in_one_in_every_language() {
    for language in lang::sections() {
        let name = language.name();
        let Some((_, path, found, silent)) = PROGRAMS.iter().find(|(known, ..)| *known == name) else {
            panic!("`PROGRAMS` has no program in `{name}`");
        };
        let messages = |text| {
            let (_, findings) = check_text(&files(&[(path, text)]));
            findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(messages(found), ["`properties.email` goes to Acme but is not declared"], "{name}");
        assert_eq!(messages(silent), ["Acme is declared but nothing is shared with it"], "{name}");
    }
}

#[test]
fn its_hosts_and_packages_count() {
    let request = "export const f = (user) => fetch('https://api.acme.dev/v1', { method: 'POST', body: \
                   JSON.stringify({ email: user.email }) })\n";
    let (_, findings) = check_text(&files(&[("a.ts", request)]));
    let messages: Vec<_> = findings.iter().map(|finding| &*finding.message).collect();
    assert!(messages.contains(&"`email` goes to Acme but is not declared"), "{messages:?}");
    let undeclared = [
        ("disclosure.toml".to_owned(), "[catalogue]\npaths = [\"our/vendors/acme.toml\"]\n".to_owned()),
        ("our/vendors/acme.toml".to_owned(), ACME.to_owned()),
        ("Cargo.toml".to_owned(), "[dependencies]\nacme = \"1\"\n".to_owned()),
    ];
    let (sources, findings) = check_text(&undeclared);
    assert_eq!(findings.len(), 1);
    assert_eq!(sources.get(findings[0].labels[0].span.file).path, "Cargo.toml");
}

#[test]
fn one_with_the_id_of_a_built_in_one_takes_its_place() {
    let own = "id = \"segment\"\nname = \"Our Segment\"\n";
    let files = [
        ("disclosure.toml".to_owned(), "[catalogue]\npaths = [\"segment.toml\"]\n".to_owned()),
        ("segment.toml".to_owned(), own.to_owned()),
    ];
    let (catalogue, problems) = catalogue_of(&Project::from_texts(&files));
    assert_eq!(problems, []);
    let vendor = catalogue.vendor("segment").expect("it is known");
    assert_eq!((&*vendor.name, vendor.sections.len()), ("Our Segment", 0));
}

#[test]
fn what_is_wrong_in_its_file_is_said_there_and_the_rest_counts() {
    let broken = ACME.replace("payload(properties)", "payloat(properties)").replace("[python.calls]", "[python.kalls]");
    let files = [
        ("disclosure.toml".to_owned(), POLICY.to_owned()),
        ("our/vendors/acme.toml".to_owned(), broken),
        ("our/vendors/torn.toml".to_owned(), "id = \"torn\"\nname = \n".to_owned()),
    ];
    let project = Project::from_texts(&files);
    let (catalogue, problems) = catalogue_of(&project);
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| {
            let (line, column) = project.sources.line_column(problem.span);
            let path = &project.sources.get(problem.span.file).path;
            format!("{path}:{line}:{column} {}", problem.message)
        })
        .collect();
    let expected = [
        "our/vendors/acme.toml:6:43 column 33: `payloat` is not a role; did you mean `payload`?",
        "our/vendors/acme.toml:23:9 `kalls` is not a key; did you mean `calls`?",
    ];
    assert_eq!(shown[..2], expected);
    assert!(shown[2..].iter().any(|line| line.starts_with("our/vendors/torn.toml:2:")), "{shown:?}");
    assert!(catalogue.vendor("acme").is_some() && catalogue.vendor("torn").is_some());
}
