//! The pages of the checks are true: each example on a page of `rules/checks` earns exactly the findings that are
//! marked in it.

use std::path::Path;

use undisclosed::check;
use undisclosed::finding::Finding;
use undisclosed::policy::MANIFEST;
use undisclosed::source::Sources;

/// A mark in an example: `//~ check-id words`, or `#~` in TOML; each `^` means one line further up.
struct Mark {
    path: String,
    line: usize,
    /// `//~?`: a known miss, which must not be found.
    miss: bool,
    check: String,
    words: Vec<String>,
}

/// The files of a page: fenced blocks whose opening says `file=<path>`.
fn files(page: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            open = match info.split_once("file=") {
                Some((_, path)) => {
                    files.push((path.trim().to_string(), String::new()));
                    true
                }
                None => false,
            };
        } else if let Some((_, text)) = files.last_mut().filter(|_| open) {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

fn marks(files: &[(String, String)]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (path, text) in files {
        let sign = if path.ends_with(".toml") { "#~" } else { "//~" };
        for (index, line) in text.lines().enumerate() {
            for mark in line.split(sign).skip(1) {
                let rest = mark.trim_start_matches('^');
                let above = mark.len() - rest.len();
                let miss = rest.starts_with('?');
                let mut words = rest.trim_start_matches('?').split_whitespace().map(String::from);
                let check = words.next().expect("a mark names its check");
                marks.push(Mark { path: path.clone(), line: index + 1 - above, miss, check, words: words.collect() });
            }
        }
    }
    marks
}

fn earns(mark: &Mark, finding: &Finding, sources: &Sources) -> bool {
    let place = finding.labels[0].span;
    let said = format!("{} {}", finding.message, finding.help.join(" "));
    sources.get(place.file).path == mark.path
        && sources.line_column(place).0 == mark.line
        && finding.check == mark.check
        && mark.words.iter().all(|word| said.contains(word))
}

fn disagreements(id: &str, page: &str) -> Vec<String> {
    let files = files(page);
    let (sources, mut findings) = undisclosed::check_text(&files);
    let mut wrong = Vec::new();
    let marks = marks(&files);
    if !marks.iter().any(|mark| mark.check == id && !mark.miss) {
        wrong.push(format!("{id}: no example earns it"));
    }
    for mark in &marks {
        let found = findings.iter().position(|finding| earns(mark, finding, &sources));
        match (found, mark.miss) {
            (Some(found), false) => drop(findings.remove(found)),
            (None, false) => wrong.push(format!("{id}: {}:{}: not found: {}", mark.path, mark.line, mark.check)),
            (Some(_), true) => wrong.push(format!("{id}: {}:{}: no longer a miss", mark.path, mark.line)),
            (None, true) => {}
        }
    }
    wrong.extend(findings.iter().map(|finding| {
        let place = finding.labels[0].span;
        let (line, _) = sources.line_column(place);
        let path = &sources.get(place.file).path;
        format!("{id}: {path}:{line}: no mark for {}: {}", finding.check, finding.message)
    }));
    wrong
}

#[test]
fn each_page_earns_what_it_marks() {
    let ids = check::ids().into_iter().chain([MANIFEST]);
    let wrong: Vec<String> =
        ids.flat_map(|id| disagreements(id, check::page(id).expect("each check has a page"))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_and_checks_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/checks");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<String> = names.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let mut ids: Vec<String> = check::ids().into_iter().chain([MANIFEST]).map(String::from).collect();
    pages.sort();
    ids.sort();
    assert_eq!(pages, ids);
}
