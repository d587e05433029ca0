//! Every embedded rule is well-formed, and `rules/README.md` says what may stand in one.

use std::collections::{BTreeMap, BTreeSet};

use undisclosed::catalogue::{data, ecosystem, embedded, freshness, library, no_vendor, vendor};
use undisclosed::ir::Name;
use undisclosed::lang::LANGUAGES;
use undisclosed::policy::path::fold;

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
fn a_name_means_one_vendor_or_one_group() {
    let (catalogue, ..) = embedded::load();
    // As a manifest spells them: `LinkedIn` is `linked-in`.
    let joined = |name: &str| fold(name).replace('_', "");
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (id, vendor) in &catalogue.vendors {
        let names: BTreeSet<String> =
            [id, &vendor.name].into_iter().chain(&vendor.aliases).map(|name| joined(name)).collect();
        for name in names {
            if let Some(other) = owners.insert(name.clone(), id) {
                wrong.push(format!("`{name}` is both {other} and {id}"));
            }
        }
    }
    let groups: BTreeSet<&Name> = catalogue.vendors.values().flat_map(|vendor| &vendor.groups).collect();
    let mut spelled: BTreeMap<String, &Name> = BTreeMap::new();
    for group in groups {
        if let Some(other) = spelled.insert(joined(group), group) {
            wrong.push(format!("the groups `{group}` and `{other}` are the same"));
        }
        // A heading with a vendor's name covers that vendor: it has to be the one that the group is named after.
        if let Some(owner) = owners.get(&joined(group))
            && !catalogue.vendors[*owner].groups.contains(group)
        {
            wrong.push(format!("`{group}` is a group and {owner}, which is not in it"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_alias_says_what_its_vendors_name_does_not() {
    let (catalogue, ..) = embedded::load();
    let mut needless = Vec::new();
    for (id, vendor) in &catalogue.vendors {
        let known = |name: &Name| name == id || *name == vendor.name;
        needless.extend(vendor.aliases.iter().filter(|alias| known(alias)).map(|alias| format!("{id}: `{alias}`")));
        let aliases: BTreeSet<&Name> = vendor.aliases.iter().collect();
        assert_eq!(aliases.len(), vendor.aliases.len(), "{id} lists an alias twice");
    }
    assert!(needless.is_empty(), "\n{}", needless.join("\n"));
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
    let tables = tables.chain(no_vendor::KEYS);
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
fn hosts_of_no_vendor_are_none_of_the_vendors() {
    let (catalogue, ..) = embedded::load();
    let hosts = catalogue.vendors.values().flat_map(|vendor| &vendor.hosts);
    let both: Vec<&Name> = hosts.filter(|host| no_vendor::all().is_host(host)).collect();
    assert!(both.is_empty(), "rules/no-vendors.toml has these, too: {both:?}");
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
