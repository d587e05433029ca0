//! Vendors and checks as the command lists and explains them.

use super::{folder, run};

#[test]
fn checks_and_vendors_are_explained() {
    let folder = folder(&[]);
    let (code, out, _) = run(folder.path(), &["explain", "undeclared-field"]);
    assert!(code == 0 && out.contains("undeclared-field"), "{out}");
    let (code, out, _) = run(folder.path(), &["explain", "posthog"]);
    assert!(code == 0 && out.contains("PostHog") && out.contains("posthog-js"), "{out}");
    let (code, _, err) = run(folder.path(), &["explain", "posthoc"]);
    assert!(code == 2 && err.contains("posthog"), "{err}");
    let (code, out, _) = run(folder.path(), &["vendors"]);
    assert_eq!(code, 0);
    assert!(out.lines().any(|line| line.starts_with("posthog ")), "{out}");
}

#[test]
fn groups_are_listed_and_explained() {
    let folder = folder(&[]);
    let (_, out, _) = run(folder.path(), &["vendors"]);
    assert!(out.lines().any(|line| line == "contentsquare: heap, hotjar"), "{out}");
    assert!(!out.contains("twilio:"), "the name of a vendor stands for that vendor alone: {out}");
    let (code, out, _) = run(folder.path(), &["explain", "Contentsquare"]);
    assert_eq!(code, 0);
    assert!(out.contains("a group of vendors") && out.lines().any(|line| line.starts_with("hotjar ")), "{out}");
    let (_, out, _) = run(folder.path(), &["explain", "twilio"]);
    assert!(out.starts_with("# Twilio (twilio)") && out.contains("twilio (with segment, sendgrid)"), "{out}");
    let (code, _, err) = run(folder.path(), &["explain", "contentsqare"]);
    assert!(code == 2 && err.contains("did you mean `contentsquare`?"), "{err}");
}

#[test]
fn a_vendor_of_the_project_is_listed_and_explained() {
    let vendor = "id = \"acme\"\nname = \"Acme\"\ngroups = [\"acme-family\"]\n[js]\npackages = [\"acme\"]\n[js.clients]\n\
                  sdk = [\"acme\"]\n[js.calls]\nsdk = [\"track(event: event, properties?: payload)\"]\n\
                  [[collects]]\nwhen = \"js:sdk.init\"\ndata = [\"page-view\"]\nversions = \"acme>=2\"\n\
                  if = { option = \"pages\", is = true }\nunless = { hook = \"before\" }\n\
                  [[masks]]\ndata = [\"session-replay\"]\nby = [{ class = \"mask\" }, { attribute = \"data-mask\" }]\n\
                  [[consent]]\nstate = \"denied\"\nby = { call = \"optOut\" }\n\
                  [[reads]]\nwhen = \"js:sdk.getUser\"\ndata = [\"email\"]\n[routes]\n\"Beta\" = \"posthog\"\n\
                  [regions]\neu = { hosts = [\"eu.acme.dev\"], by = { env = \"ACME\", is = \"eu*\" }, default = true }\n";
    let manifest = "[catalogue]\npaths = [\"own\"]\n";
    let folder = folder(&[("disclosure.toml", manifest), ("own/acme.toml", vendor)]);
    let (code, out, _) = run(folder.path(), &["explain", "acme"]);
    assert_eq!(code, 0);
    for line in [
        "  js: sdk.init (acme >=2): page-view, if `pages` is true, unless the function `before`",
        "  session-replay: by the class `mask` or the attribute `data-mask`",
        "  denied: by the call `optOut`",
        "  js: sdk.getUser: email",
        "  Beta: posthog",
        "  eu: where nothing is said; eu.acme.dev; the variable `ACME` is eu*",
    ] {
        assert!(out.lines().any(|other| other == line), "{line}\n\n{out}");
    }
    let (_, out, _) = run(folder.path(), &["vendors"]);
    let row = out.lines().find(|line| line.starts_with("acme ")).expect("it is listed");
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["acme", "Acme", "js", "1", "no", "js"]);
}

#[test]
fn vendors_are_listed_for_programs() {
    let folder = folder(&[]);
    let (code, out, _) = run(folder.path(), &["vendors", "--format", "json"]);
    assert_eq!(code, 0);
    let document: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(document["version"], 1);
    let vendors = document["vendors"].as_array().expect("it lists vendors");
    assert!(vendors.len() > 70, "{}", vendors.len());
    let segment = vendors.iter().find(|vendor| vendor["id"] == "segment").expect("it is known");
    let clients = segment["languages"]["js"]["clients"].as_array().expect("it has clients");
    let calls = clients.iter().flat_map(|client| client["calls"].as_array().expect("it has calls"));
    let identify = calls.filter(|call| call["steps"][0]["member"] == "identify");
    let names: Vec<_> = identify.flat_map(|call| call["call"]["parameters"].as_array()).flatten().collect();
    let traits = names.iter().find(|param| param["name"] == "traits").expect("it takes traits");
    assert_eq!((&traits["role"], &traits["path"]), (&"payload".into(), &"traits".into()));
}

#[test]
fn stale_packages_are_listed() {
    let folder = folder(&[]);
    let (code, out, _) = run(folder.path(), &["vendors", "--stale"]);
    assert_eq!(code, 0);
    assert!(out.contains("packages have a newer major version"), "{out}");
}
