//! The versions of packages that a project depends on: some lines of a vendor's file hold for some versions only.

use semver::Version;

use super::{Catalogue, ecosystem};
use crate::dependency::{Dependency, folded};

impl Catalogue {
    /// Notes the least versions that the project's lists ask for, and of several the newest.
    pub fn note_versions(&mut self, dependencies: &[Dependency]) {
        for dependency in dependencies {
            let Some(version) = &dependency.version else { continue };
            let package = folded(dependency.registry, &dependency.package);
            let known = self.versions.entry((dependency.registry.into(), package.into()));
            let known = known.or_insert_with(|| version.clone());
            if version > known {
                known.clone_from(version);
            }
        }
    }

    /// The version of a package that the project's code in a language gets, where that is known.
    pub(super) fn version_of(&self, language: &str, package: &str) -> Option<&Version> {
        let registries = &ecosystem::all().get(language)?.registries;
        registries.iter().find_map(|registry| {
            let name = folded(registry, package);
            self.versions.get(&(registry.clone(), name.into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dependency;
    use crate::source::{Source, Sources};

    #[test]
    fn the_newest_of_the_least_versions_counts() {
        let mut sources = Sources::default();
        let lists = [
            ("package.json", r#"{"dependencies": {"acme-node": "^4.2.0", "x": "workspace:*", "y": {"a": 1}}}"#),
            ("apps/web/package.json", r#"{"devDependencies": {"acme-node": ">=5.1 <6", "z": "latest"}}"#),
            ("Cargo.toml", "[dependencies]\nacme = { version = \"0.34\" }\n[workspace.dependencies]\ntime = \"1\"\n"),
            ("broken/package.json", "{"),
            ("requirements.txt", "Acme[x]==3.25.0; python_version < '4'\nrequests\nsix @ https://x.dev/six-1.zip\n"),
            ("pyproject.toml", "[project]\ndependencies = [\"acme_sdk >=1.2,<3\"]\n"),
            ("go.mod", "module m\nrequire example.com/a/v2 v2.3.1\n"),
            ("Gemfile", "gem 'acme', '~> 5.1'\ngem 'rails', require: 'x1'\n"),
            ("build.gradle", "implementation 'com.acme:sdk:1.4.0'\n"),
        ];
        let lists: Vec<_> = lists.iter().map(|(path, text)| sources.add(Source::new(*path, *text))).collect();
        let mut catalogue = Catalogue::default();
        catalogue.note_versions(&dependency::all(&sources, &lists));
        let known = |language, package| catalogue.version_of(language, package).map(ToString::to_string);
        for (language, package, version) in [
            ("js", "acme-node", "5.1.0"),
            ("rust", "acme", "0.34.0"),
            ("rust", "time", "1.0.0"),
            ("python", "acme", "3.25.0"),
            ("python", "acme-sdk", "1.2.0"),
            ("go", "example.com/a", "2.3.1"),
            ("ruby", "acme", "5.1.0"),
            ("java", "com.acme:sdk", "1.4.0"),
        ] {
            assert_eq!(known(language, package).as_deref(), Some(version), "{language} {package}");
        }
        for (language, package) in
            [("js", "x"), ("js", "acme"), ("python", "six"), ("python", "requests"), ("ruby", "rails")]
        {
            assert_eq!(known(language, package), None, "{language} {package}");
        }
    }
}
