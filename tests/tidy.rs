//! The house is tidy: headers and sizes of files, and folders, tables and pages that agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use undisclosed::catalogue::embedded;
use undisclosed::check;
use undisclosed::lang::{LANGUAGES, of_path};
use undisclosed::policy::MANIFEST;
use undisclosed::report::REPORTS;
use walkdir::WalkDir;

/// The longest that a file of code may be.
const MOST_LINES: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below a folder, relative to the root, in order.
fn below(folder: &str) -> Vec<String> {
    let entries = WalkDir::new(root().join(folder)).sort_by_file_name().into_iter();
    let files = entries.map(|entry| entry.expect("the repository can be walked"));
    let files = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let relative = |path: PathBuf| path.strip_prefix(root()).expect("it lies in the repository").to_path_buf();
    files.map(|path| relative(path).to_string_lossy().replace('\\', "/")).collect()
}

/// The names in a folder, without endings: of its files and of the folders that have no file beside them.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
    let stem = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    names.map(|name| stem(&name.to_string_lossy())).collect()
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_of_code_says_what_it_is_for_and_is_short() {
    let code = ["src", "tests"].into_iter().flat_map(below).chain(["build.rs".to_owned()]);
    let mut wrong = Vec::new();
    for path in code.filter(|path| path.ends_with(".rs")) {
        let text = read(&path);
        if !text.starts_with("//! ") {
            wrong.push(format!("{path}: the first line does not say what the file is for"));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{path}: {lines} lines"));
        }
        if path.ends_with("/mod.rs") {
            wrong.push(format!("{path}: `foo.rs` stands beside `foo/`"));
        }
    }
    none(&wrong);
}

#[test]
fn checks_have_a_file_a_row_and_a_page() {
    let rows: BTreeSet<String> = set(check::ids());
    let files: BTreeSet<String> = names("src/check").into_iter().map(|name| name.replace('_', "-")).collect();
    let mut pages = names("rules/checks");
    assert!(pages.remove(MANIFEST), "a manifest that cannot be used has a page, although no check finds it");
    assert_eq!(rows, files, "rows of `CHECKS` and files of `src/check`");
    assert_eq!(rows, pages, "rows of `CHECKS` and pages in `rules/checks`");
}

#[test]
fn languages_have_a_file_a_row_a_model_and_golden_files() {
    let modules = names("src/lang");
    assert_eq!(modules.len(), LANGUAGES.len(), "rows of `LANGUAGES` and files of `src/lang`: {modules:?}");
    assert_eq!(names("fixtures/lower"), modules, "each language has golden files");
    let rows = set(LANGUAGES.iter().map(|language| language.name()));
    let models = set(embedded::folder("models").map(|(name, _)| name));
    assert_eq!(rows, models, "each language has a library model");
    for language in LANGUAGES {
        for extension in language.extensions() {
            let found = of_path(&format!("a.{extension}")).map(|language| language.name());
            assert_eq!(found, Some(language.name()), "two languages claim `.{extension}`");
        }
    }
}

#[test]
fn formats_have_a_file_and_a_row() {
    let files = names("src/report");
    for report in REPORTS {
        assert!(files.contains(report.name()), "`src/report/{}.rs` is missing", report.name());
    }
}

#[test]
fn golden_files_have_their_source() {
    let files = below("fixtures/lower");
    let stems = |golden: bool| -> BTreeSet<String> {
        let files = files.iter().filter(|path| path.ends_with(".ir") == golden);
        files.filter_map(|path| Some(path.rsplit_once('.')?.0.to_owned())).collect()
    };
    assert_eq!(stems(true), stems(false), "golden files and sources");
}

#[test]
fn fixtures_are_read_by_a_test() {
    let folders = names("fixtures");
    assert_eq!(folders, set(["apps", "flow", "lower", "policy", "report", "unknown"]));
    let config =
        ["disclosure.toml", "package.json", "tsconfig.json", "Cargo.toml", "pyproject.toml", "requirements.txt"];
    let mut stray = Vec::new();
    for path in ["flow", "apps", "unknown"].iter().flat_map(|folder| below(&format!("fixtures/{folder}"))) {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let depth = path.split('/').count();
        let code = of_path(name).is_some() || name.ends_with(".json") || config.contains(&name);
        let placed = depth >= if path.starts_with("fixtures/flow") { 5 } else { 4 };
        if !code || !placed {
            stray.push(format!("{path}: no test reads this"));
        }
    }
    stray.extend(below("fixtures/policy").into_iter().filter(|path| !path.ends_with(".toml")));
    none(&stray);
}

#[test]
fn flow_fixtures_name_their_language() {
    let extensions = LANGUAGES.iter().flat_map(|language| language.extensions().iter().copied());
    let languages: Vec<&str> = LANGUAGES.iter().map(|language| language.name()).chain(extensions).collect();
    let mut wrong = Vec::new();
    for path in below("fixtures/flow") {
        let language = path.split('/').nth(3).unwrap_or_default();
        if !languages.iter().any(|known| language == *known || language.starts_with(&format!("{known}-"))) {
            wrong.push(format!("{path}: `{language}` is no language"));
        }
    }
    none(&wrong);
}

#[test]
fn the_changelog_has_this_version() {
    let heading = format!("## {}", env!("CARGO_PKG_VERSION"));
    let changelog = read("CHANGELOG.md");
    assert!(changelog.lines().any(|line| line.starts_with(&heading)), "`{heading}` is missing");
}

#[test]
fn the_readme_tells_the_truth() {
    let readme = read("README.md");
    let manifest = read("Cargo.toml");
    for line in readme.lines().filter(|line| line.starts_with("cargo ")) {
        if let Some((_, rest)) = line.split_once("--profile ") {
            let profile = rest.split_whitespace().next().unwrap_or_default();
            assert!(manifest.contains(&format!("[profile.{profile}]")), "{line}: there is no such profile");
        }
        if let Some((_, path)) = line.split_once(" check ") {
            assert!(root().join(path.trim()).exists(), "{line}: there is no such folder");
        }
    }
    for name in ["first run", "tests"] {
        let marker = format!("<!-- {name} -->");
        assert_eq!(readme.matches(&marker).count(), 1, "`.ci/run` looks for one command after {marker}");
    }
    let rust = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let rust = rust.expect("the oldest compiler is stated").trim_matches('"');
    assert!(readme.contains(&format!("Rust {rust}")), "README.md names another compiler than Cargo.toml");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "rules/README.md"];
    let docs = below("docs");
    let mut broken = Vec::new();
    for page in pages.into_iter().chain(docs.iter().map(String::as_str).filter(|path| path.ends_with(".md"))) {
        let text = read(page);
        let folder = Path::new(page).parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or(link);
            let inside = !target.is_empty() && !target.contains("://");
            if inside && !root().join(folder).join(target).exists() {
                broken.push(format!("{page}: `{link}` leads nowhere"));
            }
        }
    }
    none(&broken);
}
