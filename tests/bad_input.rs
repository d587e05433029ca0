//! Nothing that can be found on a disk makes a run fail, panic or pass over in silence.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use undisclosed::project::{Error, Options, Project, Reason};

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("folders can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

fn open(path: &Path) -> Project {
    Project::open(path, &Options::default()).expect("the project can be opened")
}

/// Each problem as `path:line:column: message`.
fn problems(project: &Project) -> Vec<String> {
    let problems = project.problems.iter();
    problems
        .map(|problem| {
            let (line, column) = project.sources.line_column(problem.span);
            let path = &project.sources.get(problem.span.file).path;
            format!("{path}:{line}:{column}: {}", problem.message)
        })
        .collect()
}

/// Each path that was left out, with the reason.
fn skipped(project: &Project) -> Vec<(&str, Reason)> {
    let skipped = project.skipped.iter();
    skipped.map(|one| (one.path.as_str(), one.reason)).collect()
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_undisclosed"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the command can be run")
}

/// Runs a check with an empty manifest; returns the problems it reports.
fn check(files: &[(&str, &[u8])]) -> Vec<serde_json::Value> {
    let folder = folder(files);
    fs::write(folder.path().join("disclosure.toml"), "").expect("a manifest can be written");
    let output = run(folder.path(), &["check", "--format", "json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    document["problems"].as_array().expect("problems are a list").clone()
}

#[test]
fn broken_syntax_is_a_problem() {
    let problems = check(&[
        ("a.ts", b"import posthog from 'posthog-js';\nexport const a = {{{ ]"),
        ("b.rs", b"use posthog_rs::Client;\nfn a( { ]"),
        ("c.py", b"import posthog\ndef a( { ]"),
        ("d.py", b"import posthog\nprint 'Python 2', posthog\n"),
    ]);
    let files: Vec<_> = problems.iter().map(|problem| &problem["file"]).collect();
    let all = ["a.ts", "b.rs", "c.py", "d.py"];
    assert!(all.iter().all(|file| files.contains(&&(*file).into())), "{problems:?}");
}

#[test]
fn deep_nesting_does_not_overflow() {
    let open = "[".repeat(100_000);
    let close = "]".repeat(100_000);
    let wrapped = |text: String| {
        let bytes = text.as_bytes().chunks(80);
        bytes.collect::<Vec<_>>().join(&b"\n"[..])
    };
    let nested = wrapped(format!("{open}1{close}"));
    let js = [b"import posthog from 'posthog-js';\nposthog.capture('x',".as_slice(), &nested, b")"].concat();
    let rust = [b"fn f() { posthog_rs::capture(".as_slice(), &nested, b"); }"].concat();
    let calls = wrapped("f(".repeat(50_000)).to_vec();
    let blocks = [b"import 'posthog-js';\n".as_slice(), &wrapped("{".repeat(100_000))].concat();
    let chain = ["import p from 'posthog-js';\np", &"\n.then(a)".repeat(50_000)].concat();
    let sum = ["import p from 'posthog-js';\np.capture(''", &"\n+ 'a'".repeat(50_000), ")"].concat();
    check(&[
        ("nested.js", &js),
        ("nested.rs", &rust),
        ("calls.ts", &[b"import 'posthog-js';\n".as_slice(), &calls].concat()),
        ("blocks.ts", &blocks),
        ("chain.ts", chain.as_bytes()),
        ("sum.ts", sum.as_bytes()),
    ]);
}

#[test]
fn deep_nesting_of_python_does_not_overflow() {
    let file = |code: String| format!("import posthog\n{code}");
    let blocks: String = (0..1_000).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect();
    let files = [
        ("nested.py", file(format!("posthog.capture({}1{})", "[".repeat(100_000), "]".repeat(100_000)))),
        ("some.py", file(format!("posthog.capture({}1{})", "[".repeat(300), "]".repeat(300)))),
        ("calls.py", file("f(".repeat(50_000))),
        ("blocks.py", file(format!("{blocks}{}a()\n", " ".repeat(1_000)))),
        ("chain.py", file(format!("p = posthog{}", ".then(a)".repeat(50_000)))),
        ("members.py", file(format!("p = posthog{}", ".then".repeat(4_000)))),
        ("sum.py", file(format!("posthog.capture('a'{})", " + 'a'".repeat(50_000)))),
        ("terms.py", file(format!("posthog.capture(a{})", " + a".repeat(4_000)))),
        ("not.py", file(format!("a = {} b", "not ".repeat(50_000)))),
        ("some_not.py", file(format!("a = {} b", "not ".repeat(5_000)))),
        ("lambdas.py", file(format!("a = {} b", "lambda: ".repeat(4_000)))),
        ("power.py", file(format!("a = b{}", " ** b".repeat(4_000)))),
        ("choices.py", file(format!("a = {} b", "a if b else ".repeat(2_000)))),
        ("strings.py", file(format!("a = {}b{}", "f'{".repeat(2_000), "}'".repeat(2_000)))),
        ("elif.py", file(format!("if a:\n  b()\n{}", "elif a:\n  b()\n".repeat(5_000)))),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    check(&files);
}

#[test]
fn odd_texts_are_read() {
    check(&[
        ("empty.ts", b""),
        ("empty.rs", b""),
        ("mark.ts", b"\xEF\xBB\xBFexport {}"),
        ("blank.tsx", b"\n\r\n\t \x0c"),
        ("carriage.js", b"import 'posthog-js'\rposthog.capture('a')\r"),
        ("shebang.mjs", b"#!/usr/bin/env node\nimport 'posthog-js'"),
        ("control.js", b"// \x1b[2J posthog-js \x07\n"),
    ]);
}

#[test]
fn a_binary_file_is_left_out() {
    let folder = folder(&[("video.ts", b"G\x40\0\x10\0"), ("late.ts", b"export {}")]);
    let project = open(folder.path());
    assert_eq!(skipped(&project), [("video.ts", Reason::Binary)]);
    assert_eq!(project.files_read, 1);
}

#[test]
fn bad_utf8_is_a_problem_and_the_rest_is_read() {
    let folder = folder(&[("a.ts", b"export const a = 1;\nconst name = '\xE4';\nexport const b = 2;\n")]);
    let project = open(folder.path());
    assert_eq!(problems(&project), ["a.ts:2:15: these bytes are not valid UTF-8"]);
    assert_eq!(project.files_read, 1);
    let source = project.sources.get(project.index.files["a.ts"]);
    assert!(source.text.contains("export const b"));
}

#[test]
fn a_line_of_100_megabytes_is_left_out() {
    let (huge, long) = (vec![b'a'; 100_000_000], b"f();".repeat(50_000));
    let folder = folder(&[("huge.js", &huge), ("long.js", &long), ("text.js", &huge[..200_000])]);
    let project = open(folder.path());
    let expected = [("huge.js", Reason::TooLarge), ("long.js", Reason::Minified)];
    assert_eq!(skipped(&project), expected);
    assert_eq!(project.files_read, 1);
}

#[test]
#[cfg(unix)]
fn links_are_not_followed_and_broken_ones_are_problems() {
    use std::os::unix::fs::symlink;
    let elsewhere = folder(&[("a.ts", b"")]);
    let folder = folder(&[("src/a.ts", b"")]);
    let at = |path: &str| folder.path().join(path);
    let link = |target: &Path, path: &str| symlink(target, at(path)).expect("a link can be made");
    link(Path::new("missing.ts"), "src/dangling.ts");
    link(Path::new("itself"), "src/itself");
    link(Path::new(".."), "src/above");
    link(elsewhere.path(), "outside");
    link(Path::new("missing.png"), "image.png");
    let project = open(folder.path());
    assert_eq!(project.index.paths, ["src/a.ts", "src/dangling.ts"].map(str::to_owned)[..1]);
    let problems = problems(&project);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("src/dangling.ts:1:1: is a symbolic link that leads nowhere"));
    assert!(problems[1].starts_with("src/itself:1:1: is a symbolic link that leads nowhere"));
    assert_eq!(skipped(&project), [("outside/", Reason::Outside)]);
}

#[test]
#[cfg(unix)]
fn unreadable_files_and_folders_are_problems() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("secret.ts", b""), ("private/a.ts", b"")]);
    let locked = ["secret.ts", "private"].map(|path| folder.path().join(path));
    let set = |mode| {
        for path in &locked {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the mode can be set");
        }
    };
    set(0o000);
    // The superuser can read everything.
    let readable = fs::read(&locked[0]).is_ok();
    let project = open(folder.path());
    set(0o755);
    let expected =
        ["private:1:1: cannot be read: permission denied", "secret.ts:1:1: cannot be read: permission denied"];
    let mut problems = problems(&project);
    problems.sort();
    assert!(readable || problems == expected, "{problems:?}");
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_left_out() {
    let folder = folder(&[("folder.ts/inner.ts", b"")]);
    let pipe = folder.path().join("pipe.ts");
    let made = Command::new("mkfifo").arg(&pipe).status();
    let project = open(folder.path());
    assert_eq!(project.index.paths, ["folder.ts/inner.ts"]);
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(skipped(&project), [("pipe.ts", Reason::Outside)]);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_no_text_are_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    let name = OsStr::from_bytes(b"n\xE4me \x1b[2J.ts");
    fs::write(folder.path().join(name), "export {}").expect("the file can be written");
    let project = open(folder.path());
    assert_eq!(project.files_read, 1);
    let output = run(folder.path(), &["check", "--verbose"]);
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[test]
fn a_malformed_manifest_is_said_where_it_is_wrong() {
    for manifest in ["[vendor.posthog\n", "[vendor]\nposthog = 3\n", "what = 1\n", "\u{0}", "[files]\nexclude = 3\n"] {
        let folder = folder(&[("a.ts", b""), ("disclosure.toml", manifest.as_bytes())]);
        let output = run(folder.path(), &["check"]);
        assert_eq!(output.status.code(), Some(2), "{manifest:?}");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("disclosure.toml:"), "{manifest:?}: {said}");
    }
}

#[test]
fn a_manifest_that_is_no_file_is_said_to_be_one() {
    let folder = folder(&[("a.ts", b""), ("disclosure.toml/a", b"")]);
    for args in [&["check"][..], &["check", "--manifest", "disclosure.toml"]] {
        let output = run(folder.path(), args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("disclosure.toml`: is a directory"), "{said}");
    }
}

#[test]
fn globs_and_catalogue_paths_that_lead_nowhere_are_problems() {
    let manifest = b"[files]\nexclude = [\"a[\"]\n[catalogue]\npaths = [\"vendors\"]\n";
    let folder = folder(&[("a.ts", b""), ("disclosure.toml", manifest)]);
    let problems = problems(&open(folder.path()));
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("disclosure.toml:2:12: this glob cannot be understood"));
    assert_eq!(problems[1], "disclosure.toml:4:10: cannot be read: no such file or folder");
}

#[test]
fn an_empty_project_is_clean() {
    assert!(check(&[]).is_empty());
}

#[test]
fn a_path_that_does_not_exist_is_an_error() {
    let folder = folder(&[]);
    let missing = Project::open(&folder.path().join("missing"), &Options::default());
    assert!(matches!(missing, Err(Error::Read { .. })));
    let output = run(folder.path(), &["check", "missing"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "error: cannot read `missing`: no such file or folder\n");
}

#[test]
fn a_file_as_path_is_read_alone() {
    let folder = folder(&[("tests/a.test.ts", b"export {}"), ("tests/b.ts", b""), ("notes.md", b"")]);
    let project = open(&folder.path().join("tests/a.test.ts"));
    assert_eq!(project.index.paths, ["a.test.ts"]);
    let other = open(&folder.path().join("notes.md"));
    assert_eq!(problems(&other), ["notes.md:1:1: is in no language that is read"]);
}
