//! What the lists of a project say that it depends on: `package.json`, `Cargo.toml`, `requirements.txt` and their like.
//!
//! A list says what is asked for by name. A lock file counts only where no list of its kind lies beside it: what it
//! holds besides is there because other packages ask for it, and says nothing about what the project itself does.

use std::collections::BTreeSet;
use std::ops::Range;

use semver::Version;

use crate::source::{FileId, Sources, Span};

mod json;
mod line;
mod tables;
mod xml;

/// A package that a project depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// Where it is named.
    pub span: Span,
    /// Where it is published.
    pub registry: &'static str,
    /// Its name there.
    pub package: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The least version that is asked for, where the list says one.
    pub version: Option<Version>,
}

/// What a package is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The application runs with it.
    Run,
    /// It builds or tests the application, describes types, or is provided by others: it does not run with it.
    Develop,
    /// It is not asked for: the list says which version others get who ask for it.
    Constrain,
}

/// A package as a parser finds it.
#[derive(Debug)]
struct Found {
    package: String,
    at: Range<usize>,
    purpose: Purpose,
    version: Option<Version>,
}

impl Found {
    fn new(package: impl Into<String>, at: Range<usize>, purpose: Purpose) -> Found {
        Found { package: package.into(), at, purpose, version: None }
    }

    /// With the range of versions as the list writes it.
    fn in_version(mut self, range: Option<&str>) -> Found {
        self.version = range.and_then(least);
        self
    }
}

/// A kind of list.
struct Format {
    /// Where its packages are published.
    registry: &'static str,
    /// The names of its files; `*` is any text.
    names: &'static [&'static str],
    /// Whether it says what was installed, and not what was asked for.
    is_lock: bool,
    read: fn(&str) -> Vec<Found>,
}

const NPM: &str = "npm";
const CRATES: &str = "crates";
const PYPI: &str = "pypi";
const GO: &str = "go-modules";
const MAVEN: &str = "maven";
const RUBYGEMS: &str = "rubygems";
const PACKAGIST: &str = "packagist";
const NUGET: &str = "nuget";
const SWIFT: &str = "swift-packages";
const COCOAPODS: &str = "cocoapods";

/// Every kind of list.
const FORMATS: &[Format] = &[
    list(NPM, &["package.json"], json::package),
    lock(NPM, &["package-lock.json", "npm-shrinkwrap.json"], json::package_lock),
    list(CRATES, &["Cargo.toml"], tables::cargo),
    lock(CRATES, &["Cargo.lock"], tables::packages),
    list(PYPI, &["pyproject.toml"], tables::pyproject),
    list(PYPI, &["Pipfile"], tables::pipfile),
    list(
        PYPI,
        &["requirements*.txt", "requirements*.in", "requirements/*.txt", "requirements/*.in"],
        line::requirements,
    ),
    lock(PYPI, &["poetry.lock", "uv.lock", "pdm.lock"], tables::packages),
    lock(PYPI, &["Pipfile.lock"], json::pipfile_lock),
    list(GO, &["go.mod"], line::go_mod),
    list(RUBYGEMS, &["Gemfile", "gems.rb", "*.gemspec"], line::gems),
    lock(RUBYGEMS, &["Gemfile.lock"], line::gem_lock),
    list(PACKAGIST, &["composer.json"], json::composer),
    lock(PACKAGIST, &["composer.lock"], json::composer_lock),
    list(MAVEN, &["pom.xml"], xml::pom),
    list(MAVEN, &["build.gradle", "build.gradle.kts"], line::gradle),
    list(MAVEN, &["libs.versions.toml"], tables::version_catalog),
    list(NUGET, &["*.csproj", "*.fsproj", "*.vbproj", "packages.config"], xml::project),
    list(COCOAPODS, &["Podfile"], line::pods),
    list(SWIFT, &["Package.swift"], line::swift_package),
];

const fn list(registry: &'static str, names: &'static [&'static str], read: fn(&str) -> Vec<Found>) -> Format {
    Format { registry, names, is_lock: false, read }
}

const fn lock(registry: &'static str, names: &'static [&'static str], read: fn(&str) -> Vec<Found>) -> Format {
    Format { registry, names, is_lock: true, read }
}

/// Whether a file says what a project depends on.
pub fn is_list(path: &str) -> bool {
    format(path).is_some()
}

/// Whether a file says what was installed, and one of these says what was asked for.
pub fn is_needless(path: &str, others: &[&str]) -> bool {
    let Some(found) = format(path).filter(|format| format.is_lock) else {
        return false;
    };
    others.iter().any(|other| {
        folder(other) == folder(path)
            && format(other).is_some_and(|other| !other.is_lock && other.registry == found.registry)
    })
}

/// What these files say that the project depends on, in the order of their places.
pub fn all(sources: &Sources, lists: &[FileId]) -> Vec<Dependency> {
    let mut all = Vec::new();
    for file in lists {
        let source = sources.get(*file);
        let Some(format) = format(&source.path) else {
            continue;
        };
        all.extend((format.read)(&source.text).into_iter().map(|found| Dependency {
            span: Span::new(*file, found.at.start as u32, found.at.end as u32),
            registry: format.registry,
            package: found.package,
            // `requirements-dev.txt`
            purpose: found.purpose.max(purpose_of(name(&source.path))),
            version: found.version,
        }));
    }
    all.sort();
    all
}

/// What a project's lists say of the project itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The names of the packages that it consists of.
    pub names: BTreeSet<String>,
    /// The addresses of its home.
    pub homes: BTreeSet<String>,
}

impl Own {
    fn note(&mut self, key: &str, text: &str) {
        match &*key.to_ascii_lowercase() {
            "name" => self.names.insert(text.to_owned()),
            "homepage" => self.homes.insert(text.to_owned()),
            _ => false,
        };
    }
}

/// What these files say of the project itself.
pub fn own(sources: &Sources, lists: &[FileId]) -> Own {
    let mut own = Own::default();
    for file in lists {
        let source = sources.get(*file);
        match format(&source.path).filter(|format| !format.is_lock).and(source.path.rsplit('.').next()) {
            Some("json") => json::own(&source.text, &mut own),
            Some("toml") => tables::own(&source.text, &mut own),
            _ => {}
        }
    }
    own
}

/// A package's name in the one spelling in which names of a registry are compared.
pub fn folded(registry: &str, package: &str) -> String {
    match registry {
        PYPI => {
            let small = package.to_lowercase().replace(['_', '.'], "-");
            small.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
        }
        CRATES => package.replace('_', "-"),
        GO => match package.rsplit_once("/v") {
            Some((path, version)) if !version.is_empty() && version.chars().all(|c| c.is_ascii_digit()) => path.into(),
            _ => package.into(),
        },
        NUGET | PACKAGIST | SWIFT => package.to_lowercase(),
        // `Pod/Part` is a part of a pod.
        COCOAPODS => package.split('/').next().unwrap_or(package).to_owned(),
        _ => package.to_owned(),
    }
}

fn format(path: &str) -> Option<&'static Format> {
    let name = name(path);
    let with_folder = path.rsplitn(3, '/').take(2).collect::<Vec<_>>();
    let with_folder: Vec<&str> = with_folder.into_iter().rev().collect();
    let with_folder = with_folder.join("/");
    FORMATS.iter().find(|format| {
        format.names.iter().any(|pattern| fits(pattern, if pattern.contains('/') { &with_folder } else { name }))
    })
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The least version that a range such as `^5.1`, `>=4 <6` or `v1.2.3` allows: the first that it names.
fn least(range: &str) -> Option<Version> {
    let start = range.find(|char: char| char.is_ascii_digit())?;
    let numbers = range[start..].split(|char: char| !char.is_ascii_digit() && char != '.').next()?;
    let mut parts = numbers.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    Some(Version::new(next(), next(), next()))
}

/// What a group of dependencies is for, by its name.
fn purpose_of(group: &str) -> Purpose {
    let small = group.to_lowercase();
    let develops = ["dev", "test", "lint", "doc", "typ", "format", "debug"];
    match develops.iter().any(|word| small.contains(word)) {
        true => Purpose::Develop,
        false => Purpose::Run,
    }
}
