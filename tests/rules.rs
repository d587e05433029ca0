//! Every embedded rule is well-formed, and `rules/README.md` says what may stand in one.

use std::collections::{BTreeMap, BTreeSet};

use undisclosed::catalogue::{data, ecosystem, embedded, freshness, library, vendor};
use undisclosed::lang::LANGUAGES;

#[test]
fn every_file_is_read_without_a_problem() {
    let (_, sources, problems) = embedded::load();
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| {
            let (line, column) = sources.line_column(problem.span);
            let path = &sources.get(problem.span.file).path;
            format!("rules/{path}:{line}:{column}: {}", problem.message)
        })
        .collect();
    assert!(shown.is_empty(), "\n{}", shown.join("\n"));
}

#[test]
fn a_vendor_is_named_like_its_file() {
    let (catalogue, ..) = embedded::load();
    let files: BTreeSet<&str> = embedded::folder("vendors").map(|(name, _)| name).collect();
    let ids: BTreeSet<&str> = catalogue.vendors.keys().map(|id| &**id).collect();
    assert_eq!(files, ids);
}

#[test]
fn a_name_means_one_vendor() {
    let (catalogue, ..) = embedded::load();
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (id, vendor) in &catalogue.vendors {
        for name in std::iter::once(id).chain(&vendor.aliases) {
            if let Some(other) = owners.insert(name, id) {
                panic!("`{name}` is both {other} and {id}");
            }
        }
    }
}

#[test]
fn a_vendor_says_what_it_is() {
    let (catalogue, ..) = embedded::load();
    let mut missing = Vec::new();
    for (id, vendor) in &catalogue.vendors {
        let facts = [
            ("category", &vendor.category),
            ("home", &vendor.home),
            ("docs", &vendor.docs),
            ("entity", &vendor.entity),
        ];
        for (key, value) in facts {
            if value.is_empty() {
                missing.push(format!("rules/vendors/{id}.toml: `{key}` is missing"));
            }
        }
        let collected = vendor.collects.iter().flat_map(|collects| &collects.data);
        let masked = vendor.masks.iter().flat_map(|mask| &mask.data);
        let read = vendor.reads.iter().flat_map(|reads| &reads.data);
        for class in collected.chain(masked).chain(read).chain(&vendor.expects) {
            if !catalogue.data.classes().contains_key(class) {
                missing.push(format!("rules/vendors/{id}.toml: no data class `{class}`"));
            }
        }
        for receiver in vendor.routes.values().filter(|receiver| catalogue.vendor(receiver).is_none()) {
            missing.push(format!("rules/vendors/{id}.toml: no vendor `{receiver}`"));
        }
        for group in vendor.groups.iter().filter(|group| catalogue.vendor(group).is_some()) {
            missing.push(format!("rules/vendors/{id}.toml: the group `{group}` is a vendor"));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn a_vendor_has_examples_in_each_of_its_languages_and_a_silent_one() {
    let (catalogue, ..) = embedded::load();
    let mut missing = Vec::new();
    for (id, vendor) in &catalogue.vendors {
        for language in vendor.sections.keys() {
            let has_one = vendor.examples.iter().any(|example| example.lang == *language && !example.silent);
            if !has_one {
                missing.push(format!("rules/vendors/{id}.toml: no example in `{language}`"));
            }
        }
        if !vendor.examples.iter().any(|example| example.silent) {
            missing.push(format!("rules/vendors/{id}.toml: no silent example"));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn every_key_is_documented() {
    let readme = include_str!("../rules/README.md");
    let tables = vendor::KEYS.iter().chain(library::KEYS);
    let keys = tables.flat_map(|(_, keys)| keys.iter()).chain(data::KEYS).chain(ecosystem::KEYS).chain(freshness::KEYS);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for key in keys {
        let found = readme.match_indices(key).any(|(at, _)| {
            let before = readme[..at].chars().next_back();
            let after = readme[at + key.len()..].trim_start();
            !before.is_some_and(is_name) && (after.starts_with(['=', ']', '`', '.']))
        });
        assert!(found, "rules/README.md does not say what `{key}` is");
    }
}

#[test]
fn a_models_file_is_named_like_its_language() {
    for (name, _) in embedded::folder("models") {
        assert!(
            LANGUAGES.iter().any(|language| language.name() == name),
            "rules/models/{name}.toml is for no language"
        );
    }
}

#[test]
fn every_language_has_its_packages_listed() {
    for language in LANGUAGES {
        assert!(ecosystem::all().contains_key(language.name()), "rules/ecosystems.toml: no `{}`", language.name());
    }
}

#[test]
fn what_was_verified_is_a_package_of_a_known_registry() {
    let registries: BTreeSet<&str> =
        ecosystem::all().values().flat_map(|ecosystem| &ecosystem.registries).map(|name| &**name).collect();
    for package in freshness::packages() {
        assert!(registries.contains(&*package.registry), "rules/verified.toml: no registry `{}`", package.registry);
        assert!(
            package.verified.is_some() || package.newest.is_some() || package.checked.is_some(),
            "rules/verified.toml: nothing is said of `{}`",
            package.name
        );
    }
    assert!(freshness::packages().len() > 30);
}
