//! The command as its users meet it: arguments, output and exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

mod vendors;

const CODE: &str = "\
import posthog from 'posthog-js';

export function signedUp(user: { id: string; email: string }) {
  posthog.capture('signed_up', { plan: 'free', email: user.email });
}
";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("folders can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_undisclosed"));
    command.args(args).current_dir(folder).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    said(command(folder, args).output().expect("the command can be run"))
}

fn said(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    let code = output.status.code().expect("the command was not killed");
    (code, text(output.stdout), text(output.stderr))
}

#[test]
fn help_is_complete_and_short() {
    let folder = folder(&[]);
    for args in [
        &["--help"][..],
        &["check", "--help"],
        &["init", "--help"],
        &["inventory", "--help"],
        &["wrappers", "--help"],
        &["explain", "--help"],
        &["vendors", "--help"],
    ] {
        let (code, out, err) = run(folder.path(), args);
        assert_eq!((code, &*err), (0, ""), "{args:?}");
        assert!(out.contains("Usage: undisclosed"), "{out}");
        assert!(out.lines().count() < 45, "{out}");
    }
    let (code, out, _) = run(folder.path(), &["--version"]);
    assert_eq!((code, out), (0, format!("undisclosed {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn bad_arguments_cannot_run() {
    let folder = folder(&[]);
    for args in [
        &[][..],
        &["chekc"],
        &["check", "--format", "yaml"],
        &["check", "--deny", "everything"],
        &["check", "--exclude", "a["],
        &["check", "--manifest", "missing.toml"],
        &["explain"],
        &["explain", "no-such-thing"],
    ] {
        let (code, out, err) = run(folder.path(), args);
        assert_eq!((code, &*out), (2, ""), "{args:?}");
        assert!(!err.is_empty(), "{args:?}");
    }
}

#[test]
fn a_check_without_a_manifest_names_the_way_out() {
    let folder = folder(&[("a.ts", CODE), (".git/HEAD", "")]);
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, &*out), (2, ""));
    assert!(err.contains("no disclosure.toml") && err.contains("undisclosed init"), "{err}");
}

#[test]
fn a_check_fails_on_findings_only() {
    let folder = folder(&[("a.ts", CODE), ("disclosure.toml", "")]);
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, &*err), (1, ""), "{out}");
    assert!(out.contains("error[undeclared-") && out.contains("a.ts:4:"), "{out}");
    let declared = "[vendor.posthog]\nfields = [\"properties.**\", \"**\"]\n";
    fs::write(folder.path().join("disclosure.toml"), declared).expect("the manifest can be written");
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, &*err), (0, ""), "{out}");
}

#[test]
fn warnings_fail_only_when_denied() {
    let declared = "[vendor.posthog]\ndata = [\"email\"]\n";
    let folder = folder(&[("a.ts", "export {};\n"), ("disclosure.toml", declared)]);
    let (code, out, _) = run(folder.path(), &["check"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("warning[stale-declaration]"), "{out}");
    let (code, _, _) = run(folder.path(), &["check", "--deny", "warnings"]);
    assert_eq!(code, 1);
}

#[test]
fn json_is_json_and_says_the_same() {
    let folder = folder(&[("a.ts", CODE), ("disclosure.toml", "")]);
    let (code, out, _) = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(code, 1);
    let document: serde_json::Value = serde_json::from_str(&out).expect("the output is JSON");
    assert_eq!(document["version"], 1);
    assert_eq!(document["findings"][0]["labels"][0]["file"], "a.ts");
    assert_eq!(document["summary"]["files_read"], 1);
}

#[test]
fn the_inventory_lists_fields_with_their_places() {
    let folder = folder(&[("a.ts", CODE)]);
    let (code, out, _) = run(folder.path(), &["inventory"]);
    assert_eq!(code, 0);
    assert!(out.contains("(posthog)") && out.contains("email") && out.contains("a.ts:4"), "{out}");
    let (code, out, _) = run(folder.path(), &["inventory", "--format", "json"]);
    assert_eq!(code, 0);
    let document: serde_json::Value = serde_json::from_str(&out).expect("the output is JSON");
    let share = &document["shares"][0];
    assert_eq!(share["vendor"], "posthog");
    assert_eq!(share["call"]["line"], 4);
    assert_eq!(share["event"], "signed_up");
    let fields = share["fields"].as_array().expect("fields are a list");
    let email = fields.iter().find(|field| field["from"] == "user.email");
    assert_eq!(email.expect("the address is found")["at"]["line"], 4);
}

#[test]
fn init_declares_what_is_only_depended_on() {
    let list = r#"{"dependencies": {"posthog-js": "1", "resend": "6"}}"#;
    let folder = folder(&[("a.ts", CODE), ("package.json", list)]);
    let (code, out, _) = run(folder.path(), &["init", "--print"]);
    assert_eq!(code, 0);
    let resend = "[vendor.resend]\npurpose = \"email\"\n# no call was found: package.json:1 depends on resend\n";
    assert!(out.contains(resend), "{out}");
    run(folder.path(), &["init"]);
    let (code, out, _) = run(folder.path(), &["check", "--deny", "warnings"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn wrappers_are_listed_with_their_parameters_and_callers() {
    let wrapper = "import posthog from 'posthog-js'\n\nexport class Analytics {\n  send(event: string, { plan }: any, \
                   extra: any) {\n    posthog.capture(event, { plan, ...extra })\n  }\n}\n\nexport function version() \
                   {\n  posthog.capture('version', { version: 1 })\n}\n";
    let caller = "import { Analytics, version } from './analytics'\n\nconst analytics = new Analytics()\nversion()\n\
                  export const a = () => analytics.send('a', { plan: 'free' }, { seats: 1 })\n\
                  export const b = () => analytics.send('b', { plan: 'paid' }, {})\n";
    let folder = folder(&[("analytics.ts", wrapper), ("caller.ts", caller)]);
    let (code, out, _) = run(folder.path(), &["wrappers"]);
    assert_eq!(code, 0);
    for line in [
        "Analytics.send  analytics.ts:4",
        "  hands to PostHog: capture",
        "  plan → properties.plan",
        "  extra → **",
        "  2 callers: caller.ts:5, caller.ts:6",
        "1 wrapper · 2 files read",
    ] {
        assert!(out.lines().any(|other| other == line), "{line}\n\n{out}");
    }
    let (code, out, _) = run(folder.path(), &["wrappers", "--format", "json"]);
    assert_eq!(code, 0);
    let document: serde_json::Value = serde_json::from_str(&out).expect("the output is JSON");
    assert_eq!(document["wrappers"][0]["function"], "Analytics.send");
    assert_eq!(document["wrappers"][0]["callers"][1]["line"], 6);
    assert_eq!(document["wrappers"].as_array().map(Vec::len), Some(1));
}

#[test]
fn init_drafts_a_manifest_that_passes() {
    let folder = folder(&[("src/a.ts", CODE)]);
    let manifest = folder.path().join("disclosure.toml");
    let (code, printed, _) = run(folder.path(), &["init", "--print"]);
    assert_eq!(code, 0);
    assert!(printed.contains("[vendor.posthog]") && !manifest.exists(), "{printed}");
    let (code, out, err) = run(folder.path(), &["init"]);
    assert_eq!((code, &*out), (0, ""), "{err}");
    assert_eq!(fs::read_to_string(&manifest).expect("it is written"), printed);
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!(code, 0, "{out}{err}");
    fs::write(&manifest, "mine").expect("the manifest can be written");
    let (code, _, err) = run(folder.path(), &["init"]);
    assert!(code == 2 && err.contains("--force"), "{err}");
    assert_eq!(fs::read_to_string(&manifest).expect("it is there"), "mine");
    let (code, _, _) = run(folder.path(), &["init", "--force"]);
    assert_eq!(code, 0);
    assert_eq!(fs::read_to_string(&manifest).expect("it is there"), printed);
}

#[test]
fn colours_are_for_terminals_or_when_forced() {
    let folder = folder(&[("a.ts", CODE), ("disclosure.toml", "")]);
    let coloured = |variables: &[(&str, &str)]| {
        let mut command = command(folder.path(), &["check"]);
        command.envs(variables.iter().copied());
        let output = command.output().expect("the command can be run");
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = folder(&[("a.ts", CODE), ("disclosure.toml", "")]);
    let mut child = command(folder.path(), &["vendors"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command can be run");
    drop(child.stdout.take());
    let (code, _, err) = said(child.wait_with_output().expect("the command ends"));
    assert_eq!((code, &*err), (0, ""));
}

#[test]
fn two_runs_write_the_same_bytes() {
    let code = (0..40).map(|at| (format!("src/{at}.ts"), CODE.replace("plan", &format!("plan{at}"))));
    let code: Vec<_> = code.collect();
    let mut files: Vec<_> = code.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("disclosure.toml", ""));
    let folder = folder(&files);
    for args in [&["check"][..], &["check", "--format", "json"], &["inventory"], &["init", "--print"]] {
        let first = run(folder.path(), args);
        let mut single = command(folder.path(), args);
        single.env("RAYON_NUM_THREADS", "1");
        assert_eq!(first, said(single.output().expect("the command can be run")), "{args:?}");
        let every: Vec<_> = args.iter().copied().chain(["--every-file"]).collect();
        assert_eq!(first, run(folder.path(), &every), "{args:?}");
    }
}

#[test]
fn files_are_chosen_by_the_manifest_and_the_arguments() {
    let manifest = "[files]\ninclude = [\"kept/tests/**\"]\nexclude = [\"legacy\", \"*.gen.ts\"]\n";
    let folder = folder(&[
        ("disclosure.toml", manifest),
        (".gitignore", "ignored\n"),
        (".undisclosedignore", "sandbox/\n"),
        ("src/a.ts", ""),
        ("src/a.test.ts", ""),
        ("src/tests/b.ts", ""),
        ("src/build/step.ts", ""),
        ("kept/tests/c.ts", ""),
        ("src/d.gen.ts", ""),
        ("src/legacy/e.ts", ""),
        ("ignored/f.ts", ""),
        ("sandbox/g.ts", ""),
        ("node_modules/x/index.js", ""),
        ("dist/h.js", ""),
        ("src/i.min.js", ""),
        ("src/view.scala", ""),
    ]);
    let paths = |args: &[&str]| {
        let args: Vec<_> = ["check", "--format", "json"].iter().chain(args).copied().collect();
        let (_, out, _) = run(folder.path(), &args);
        let document: serde_json::Value = serde_json::from_str(&out).expect("the output is JSON");
        let read = document["summary"]["files_read"].as_u64().expect("a number");
        let skipped = document["skipped"].as_array().expect("a list").iter();
        let skipped = skipped.map(|one| one["path"].as_str().expect("a path").to_owned());
        (read, skipped.collect::<Vec<_>>())
    };
    let (read, skipped) = paths(&[]);
    assert_eq!(read, 3);
    let expected = [
        "dist/h.js",
        "node_modules/",
        "src/a.test.ts",
        "src/d.gen.ts",
        "src/i.min.js",
        "src/legacy/",
        "src/tests/b.ts",
    ];
    assert_eq!(skipped, expected);
    let (read, _) = paths(&["--include", "src/tests/**", "--exclude", "src/build"]);
    assert_eq!(read, 3);
}

#[test]
fn an_application_may_lie_in_a_folder_of_tests() {
    let folder = folder(&[("tests/fixtures/app/a.ts", ""), ("tests/fixtures/app/disclosure.toml", "")]);
    let (code, out, _) = run(folder.path(), &["check", "tests/fixtures/app"]);
    assert_eq!(code, 0);
    assert!(out.contains("1 file read"), "{out}");
}

#[test]
fn what_is_not_known_is_listed_only_when_asked_for() {
    let code = "import { Mailer } from 'lettermint'\nimport { pick } from 'littletools'\n\
                const mailer = new Mailer({ apiKey: process.env.KEY })\n\
                export async function f(user) {\n  await mailer.send({ to: user.email, plan: 'x' })\n  \
                pick({ to: user.email })\n  \
                await fetch('https://api.unheard.io/v1', { method: 'POST', body: JSON.stringify({ email: user.email }) })\n  \
                await fetch('https://api.own.dev/v1', { method: 'POST', body: JSON.stringify({ email: user.email }) })\n  \
                await fetch('http://localhost:3000', { method: 'POST', body: JSON.stringify({ email: user.email }) })\n  \
                await fetch('/own', { method: 'POST', body: JSON.stringify({ email: user.email }) })\n}\n";
    let list =
        "{\"homepage\": \"https://www.own.dev/x\",\n\"dependencies\": {\"lettermint\": \"1\", \"littletools\": \"1\"}}";
    let folder = folder(&[("a.ts", code), ("package.json", list)]);
    let (_, out, _) = run(folder.path(), &["inventory", "--unknown"]);
    for text in ["api.unheard.io (host)", "lettermint (package)", "  email", "  to"] {
        assert!(out.contains(text), "{text}\n\n{out}");
    }
    for text in ["own.dev", "localhost", "littletools"] {
        assert!(!out.contains(text), "{text}\n\n{out}");
    }
    let json = |args: &[&str]| -> serde_json::Value {
        let (_, out, _) = run(folder.path(), args);
        serde_json::from_str(&out).expect("the output is JSON")
    };
    let asked = json(&["inventory", "--unknown", "--format", "json"]);
    assert_eq!(asked["shares"].as_array().map(Vec::len), Some(0));
    let parties = asked["third_parties"].as_array().expect("they were asked for");
    let names: Vec<_> = parties.iter().map(|party| (party["name"].as_str(), party["kind"].as_str())).collect();
    assert_eq!(names, [(Some("api.unheard.io"), Some("host")), (Some("lettermint"), Some("package"))]);
    assert!(json(&["inventory", "--format", "json"]).get("third_parties").is_none());
}

#[test]
fn what_only_the_search_for_the_unknown_reads_may_be_broken() {
    let folder = folder(&[("broken.ts", "export const send = (user => fetch('https://api.unheard.io/v1', {\n")]);
    let partly = "1 file could only partly be read";
    assert!(!run(folder.path(), &["inventory"]).1.contains(partly));
    assert!(run(folder.path(), &["inventory", "--unknown"]).1.contains(partly));
}
