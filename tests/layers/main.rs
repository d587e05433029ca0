//! The layers: which module may name which, who touches the world outside, and what no code may know.
//!
//! The files are read as tokens, so that what stands in a macro counts too. Unit tests inside `src` are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use undisclosed::catalogue::Catalogue;
use undisclosed::lang::LANGUAGES;
use walkdir::WalkDir;

mod tokens;

use tokens::{Tokens, tokens};

/// Each top-level module, and those that it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("ir", &["source"]),
    ("lang", &["ir", "source"]),
    ("dependency", &["source"]),
    ("project", &["dependency", "lang", "source"]),
    ("flow", &["ir", "lang", "source"]),
    ("catalogue", &["dependency", "flow", "ir", "lang", "source"]),
    ("finding", &["ir", "source"]),
    ("search", &["catalogue", "dependency", "flow", "ir", "lang", "project", "source"]),
    ("wrapper", &["catalogue", "flow", "ir", "source"]),
    ("policy", &["catalogue", "dependency", "finding", "ir", "lang", "source"]),
    ("check", &["catalogue", "dependency", "finding", "ir", "policy", "source"]),
    ("report", &["catalogue", "finding", "ir", "project", "source", "wrapper"]),
];

/// What of `lang` the modules to the right of it may name: the seam, and no single language.
const SEAM: &[&str] = &["FileIndex", "LANGUAGES", "Language", "Resolve", "Target", "of_path", "sections"];

/// Packages that are named by their owners alone.
const OWNERS: &[(&str, &[&str])] = &[
    ("clap", &["src/bin/undisclosed/"]),
    ("mimalloc", &["src/bin/undisclosed/"]),
    ("codespan_reporting", &["src/report/"]),
    ("ignore", &["src/project/"]),
    ("walkdir", &["src/project/"]),
    ("roxmltree", &["src/dependency/"]),
    ("syn", &["src/lang/rust"]),
    ("proc_macro2", &["src/lang/rust"]),
    ("quote", &["src/lang/rust"]),
    ("oxc_allocator", &["src/lang/javascript"]),
    ("oxc_ast", &["src/lang/javascript"]),
    ("oxc_ast_visit", &["src/lang/javascript"]),
    ("oxc_parser", &["src/lang/javascript"]),
    ("oxc_resolver", &["src/lang/javascript"]),
    ("oxc_semantic", &["src/lang/javascript"]),
    ("oxc_span", &["src/lang/javascript"]),
    ("oxc_syntax", &["src/lang/javascript"]),
    ("html5gum", &["src/lang/markup"]),
    ("ruff_python_ast", &["src/lang/python"]),
    ("ruff_python_parser", &["src/lang/python"]),
    ("ruff_text_size", &["src/lang/python"]),
];

/// Languages whose files hold code of another: each names that one's front end.
const HOLDS: &[(&str, &str)] = &[("markup", "javascript")];

/// Names in the catalogue that are words of programming or of English: text in the code may use them as such.
const ORDINARY: &[&str] = &[
    // `import.meta` of the language.
    "meta",
];

/// A file of `src`.
struct File {
    /// From the root of the repository, with `/`.
    path: String,
    tokens: Tokens,
}

impl File {
    /// The top-level module it belongs to; `lib` and `bin` for the root and the binary.
    fn layer(&self) -> &str {
        let path = self.path.strip_prefix("src/").expect("only `src` is read");
        let first = path.split('/').next().unwrap_or(path);
        first.trim_end_matches(".rs")
    }

    /// The names of the modules it is in.
    fn modules(&self) -> usize {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        if path == "lib" { 0 } else { path.split('/').count() }
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = WalkDir::new(root.join("src")).sort_by_file_name().into_iter();
    let paths = entries.map(|entry| entry.expect("the code can be walked").into_path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let files = files.map(|path| {
        let text = std::fs::read_to_string(&path).expect("the code can be read");
        let inside = path.strip_prefix(root).expect("it lies in the repository");
        File { path: inside.to_string_lossy().replace('\\', "/"), tokens: tokens(&text) }
    });
    files.collect()
}

fn none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn modules_name_only_what_lies_before_them() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut breaches = Vec::new();
    for file in files().iter().filter(|file| !["lib", "bin"].contains(&file.layer())) {
        let layer = file.layer();
        let Some(allowed) = allowed.get(layer) else {
            breaches.push(format!("{}: `{layer}` has no row in `ARROWS`", file.path));
            continue;
        };
        for path in file.tokens.crate_paths(file.modules()) {
            let named = &*path[0];
            if named == layer {
                continue;
            }
            if !allowed.contains(&named) {
                breaches.push(format!("{}: `{layer}` names `{named}`", file.path));
            }
            if named == "lang" && path.get(1).is_some_and(|name| !SEAM.contains(&&**name)) {
                breaches.push(format!("{}: `{}` is no part of the seam", file.path, path.join("::")));
            }
        }
    }
    none(&breaches);
}

#[test]
fn languages_do_not_know_each_other() {
    let mut breaches = Vec::new();
    for file in files() {
        let Some(inside) = file.path.strip_prefix("src/lang/") else {
            continue;
        };
        let language = inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs");
        for path in file.tokens.crate_paths(file.modules()) {
            let held = |name: &str| HOLDS.contains(&(language, name));
            let own = path.get(1).is_none_or(|name| *name == language || held(name) || SEAM.contains(&&**name));
            if path[0] == "lang" && !own {
                breaches.push(format!("{}: names `{}`", file.path, path.join("::")));
            }
        }
    }
    none(&breaches);
}

#[test]
fn only_the_project_and_the_binary_touch_the_world() {
    let mut breaches = Vec::new();
    for file in files() {
        let outside = ["project", "bin"].contains(&file.layer());
        for path in file.tokens.paths_from("std") {
            let module = path.first().map(String::as_str);
            let world = ["fs", "env", "process", "time"];
            if module == Some("net") || !outside && module.is_some_and(|module| world.contains(&module)) {
                breaches.push(format!("{}: uses `std::{}`", file.path, path.join("::")));
            }
        }
        if file.layer() != "bin" && file.tokens.has_path_to("now") {
            breaches.push(format!("{}: looks at the clock", file.path));
        }
    }
    none(&breaches);
}

#[test]
fn packages_are_named_by_their_owners() {
    let mut breaches = Vec::new();
    for file in files() {
        for (package, owners) in OWNERS {
            let owned = owners.iter().any(|owner| file.path.starts_with(owner) || file.path == with_ending(owner));
            if !owned && !file.tokens.paths_from(package).is_empty() {
                breaches.push(format!("{}: names the package `{package}`", file.path));
            }
        }
    }
    none(&breaches);
}

/// `src/project/` is also `src/project.rs`.
fn with_ending(folder: &str) -> String {
    format!("{}.rs", folder.trim_end_matches('/'))
}

#[test]
fn findings_the_common_form_and_flow_are_no_format() {
    let core = |file: &File| ["finding", "ir", "flow"].contains(&file.layer());
    let files = files();
    let formats = files.iter().filter(|file| core(file) && file.tokens.has_ident("Serialize"));
    none(&formats.map(|file| format!("{}: is serialised", file.path)).collect::<Vec<_>>());
}

#[test]
fn no_text_outside_the_languages_names_one() {
    let names: Vec<&str> = LANGUAGES.iter().map(|language| language.name()).collect();
    let mut breaches = Vec::new();
    for file in files().iter().filter(|file| file.layer() != "lang") {
        for text in file.tokens.texts.iter().filter(|text| names.contains(&text.as_str())) {
            breaches.push(format!("{}: {text:?} is a language", file.path));
        }
    }
    none(&breaches);
}

#[test]
fn no_text_names_a_vendor() {
    let names = vendor_names();
    let mut breaches = Vec::new();
    for file in files() {
        for text in &file.tokens.texts {
            let folded = text.to_lowercase();
            for name in names.iter().filter(|name| has_word(&folded, name)) {
                breaches.push(format!("{}: {text:?} names `{name}`", file.path));
            }
        }
    }
    none(&breaches);
}

#[test]
fn names_are_whole_words() {
    assert!(has_word("cannot load posthog-js.", "posthog-js"));
    assert!(!has_word("a closed list", "close"));
    assert!(vendor_names().contains("posthog-js"));
}

#[test]
fn ordinary_words_are_names_in_the_catalogue() {
    let all = all_vendor_names();
    let stale: Vec<String> = ORDINARY.iter().filter(|word| !all.contains(**word)).map(|word| (*word).into()).collect();
    none(&stale);
}

fn vendor_names() -> BTreeSet<String> {
    let mut names = all_vendor_names();
    names.retain(|name| !ORDINARY.contains(&name.as_str()));
    names
}

/// The ids, names, hosts, packages and globals of every vendor, in small letters.
fn all_vendor_names() -> BTreeSet<String> {
    let catalogue = Catalogue::embedded();
    let mut names = BTreeSet::new();
    for (id, vendor) in &catalogue.vendors {
        let sections = vendor.sections.values();
        let code = sections.flat_map(|section| section.packages.iter().chain(&section.globals));
        let own = [id, &vendor.name].into_iter().chain(&vendor.aliases).chain(&vendor.hosts);
        names.extend(own.chain(code).map(|name| name.trim_start_matches("*.").to_lowercase()));
    }
    names
}

/// Whether a text has a name that is not part of a longer word.
fn has_word(text: &str, name: &str) -> bool {
    let inside = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    text.match_indices(name).any(|(start, _)| {
        let before = start.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        !inside(before) && !inside(text.as_bytes().get(start + name.len()))
    })
}
