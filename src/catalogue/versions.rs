//! The versions of packages that a project depends on: some lines of a vendor's file hold for some versions only.

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;

use super::Catalogue;
use crate::ir::Name;
use crate::lang::FileIndex;

/// The tables of `package.json` and `Cargo.toml` that name dependencies. A dependency is a version or a table.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    dependencies: BTreeMap<String, Dependency>,
    #[serde(rename = "devDependencies", alias = "dev-dependencies")]
    dev_dependencies: BTreeMap<String, Dependency>,
    #[serde(rename = "peerDependencies")]
    peer_dependencies: BTreeMap<String, Dependency>,
    workspace: Workspace,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Workspace {
    dependencies: BTreeMap<String, Dependency>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Dependency {
    Version(String),
    Table { version: Option<String> },
    Other(serde::de::IgnoredAny),
}

impl Catalogue {
    /// Notes the versions that the project's manifests ask for: the least that a range allows, and of several the
    /// newest. What cannot be read says nothing.
    pub fn note_versions(&mut self, index: &FileIndex) {
        let mut paths: Vec<&String> = index.configs.keys().collect();
        paths.sort_unstable();
        for path in paths {
            let text = &index.configs[path];
            let manifest: Option<Manifest> = match path.rsplit('/').next() {
                Some("package.json") => serde_json::from_str(text.trim_start_matches('\u{feff}')).ok(),
                Some("Cargo.toml") => toml::from_str(text).ok(),
                _ => None,
            };
            let Some(manifest) = manifest else { continue };
            let tables = [
                manifest.dependencies,
                manifest.dev_dependencies,
                manifest.peer_dependencies,
                manifest.workspace.dependencies,
            ];
            for (package, dependency) in tables.into_iter().flatten() {
                if let Some(version) = dependency.least() {
                    self.note_version(package.into(), version);
                }
            }
        }
    }

    fn note_version(&mut self, package: Name, version: Version) {
        let known = self.versions.entry(package).or_insert_with(|| version.clone());
        if version > *known {
            *known = version;
        }
    }
}

impl Dependency {
    /// The least version that a range such as `^5.1`, `>=4 <6` or `1.2` allows.
    fn least(&self) -> Option<Version> {
        let (Dependency::Version(range) | Dependency::Table { version: Some(range) }) = self else { return None };
        let digits = range.find(|char: char| char.is_ascii_digit())?;
        let version: String = range[digits..].chars().take_while(|char| char.is_ascii_digit() || *char == '.').collect();
        let mut parts = version.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        Some(Version::new(next(), next(), next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_the_least_versions_counts() {
        let mut index = FileIndex::default();
        let mut config = |path: &str, text: &str| index.configs.insert(path.into(), text.into());
        config("package.json", r#"{"dependencies": {"posthog-node": "^4.2.0", "x": "workspace:*", "y": {"a": 1}}}"#);
        config("apps/web/package.json", r#"{"devDependencies": {"posthog-node": ">=5.1 <6", "z": "latest"}}"#);
        config("Cargo.toml", "[dependencies]\nsentry = { version = \"0.34\", features = [] }\n[workspace]\nmembers = []");
        config("broken/package.json", "{");
        let mut catalogue = Catalogue::default();
        catalogue.note_versions(&index);
        let versions: Vec<String> = catalogue.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        assert_eq!(versions, ["posthog-node 5.1.0", "sentry 0.34.0"]);
    }
}
