//! What a project's lists say that it depends on: for each kind of list what is evidence of a vendor, and what is not.

use undisclosed::source::{Source, Sources};
use undisclosed::{check_text, dependency};

const POLICY: (&str, &str) = ("disclosure.toml", "[catalogue]\npaths = [\"vendors\"]\n");

/// A vendor with a package in every registry.
const ACME: (&str, &str) = (
    "vendors/acme.toml",
    r#"
id = "acme"
name = "Acme"
[js]
packages = ["@acme/sdk"]
[js.clients]
sdk = ["@acme/sdk"]
[js.calls]
sdk = ["track(event: event, properties?: payload)"]
[rust]
packages = ["acme-sdk"]
[python]
packages = ["acme-sdk"]
[go]
packages = ["example.com/acme/sdk/v3"]
[java]
packages = ["com.acme:sdk"]
[ruby]
packages = ["acme-sdk"]
[php]
packages = ["acme/sdk"]
[csharp]
packages = ["Acme.Sdk"]
[swift]
packages = ["github.com/acme/sdk-swift", "AcmeSdk"]
"#,
);

/// Checks that a project with a list earns these warnings, each written as `path:line package`.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let files: Vec<(String, String)> =
        [POLICY, ACME].iter().chain(files).map(|(path, text)| (path.to_string(), text.to_string())).collect();
    let (sources, findings) = check_text(&files);
    let found: Vec<String> = findings
        .iter()
        .filter(|finding| finding.message.contains("is a package of"))
        .map(|finding| {
            let span = finding.labels[0].span;
            let package = finding.message.split('`').nth(1).unwrap_or_default();
            format!("{}:{} {package}", sources.get(span.file).path, sources.line_column(span).0)
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn package_json() {
    let text = r#"{
  "name": "@acme/sdk",
  "scripts": { "dependencies": "@acme/sdk" },
  "devDependencies": { "@acme/sdk": "1" },
  "peerDependencies": { "@acme/sdk": "1" },
  "dependencies": {
    "@acme/sdk-utils": "1",
    "@acme/sdk": "^1.2.0"
  },
  "optionalDependencies": { "other": "npm:@acme/sdk@2" }
}"#;
    check(&[("web/package.json", text)], &["web/package.json:8 @acme/sdk", "web/package.json:10 @acme/sdk"]);
    check(&[("package.json", r#"{"devDependencies": {"@acme/sdk": "1"}}"#)], &[]);
    check(&[("package.json", r#"{"dependencies": {"@types/acme": "1"}"#)], &[]);
}

#[test]
fn a_lock_counts_where_no_list_lies_beside_it() {
    let lock = r#"{"packages": {"": {"name": "app"}, "node_modules/a": {}, "node_modules/a/node_modules/@acme/sdk": {},
      "node_modules/b/node_modules/@acme/sdk": {"dev": true}}}"#;
    check(&[("package-lock.json", lock)], &["package-lock.json:1 @acme/sdk"]);
    check(&[("package-lock.json", lock), ("package.json", "{}")], &[]);
    check(&[("package-lock.json", lock), ("web/package.json", "{}")], &["package-lock.json:1 @acme/sdk"]);
    let lock = "[[package]]\nname = \"app\"\n[[package]]\nname = \"acme_sdk\"\nsource = \"registry\"\n";
    check(&[("Cargo.lock", lock)], &["Cargo.lock:4 acme_sdk"]);
    let lock =
        "GEM\n  remote: x\n  specs:\n    acme-sdk (1.0)\n      acme-sdk-core (1.0)\n\nDEPENDENCIES\n  acme-sdk\n";
    check(&[("Gemfile.lock", lock)], &["Gemfile.lock:4 acme-sdk"]);
    let lock = r#"{"packages": [{"name": "acme/sdk"}], "packages-dev": [{"name": "acme/sdk"}]}"#;
    check(&[("composer.lock", lock)], &["composer.lock:1 acme/sdk"]);
    check(&[("Pipfile.lock", r#"{"default": {"acme-sdk": {}}, "develop": {}}"#)], &["Pipfile.lock:1 acme-sdk"]);
}

#[test]
fn cargo_toml() {
    let text = "[dependencies]\nacme-sdk-core = \"1\"\nother = { package = \"acme_sdk\", version = \"1\" }\n\
                [dev-dependencies]\nacme-sdk = \"1\"\n[build-dependencies]\nacme-sdk = \"1\"\n\
                [target.'cfg(unix)'.dependencies]\nacme-sdk = \"1\"\n[workspace.dependencies]\nacme-sdk = \"1\"\n";
    check(&[("Cargo.toml", text)], &["Cargo.toml:3 acme_sdk", "Cargo.toml:9 acme-sdk"]);
}

#[test]
fn requirements() {
    let text = "# acme-sdk\n-r other.txt\nacme-sdk-core==1\nAcme_SDK[http]>=2 ; python_version < \"4\"\n";
    check(&[("requirements.txt", text)], &["requirements.txt:4 Acme_SDK"]);
    check(&[("requirements/base.txt", "acme.sdk\n")], &["requirements/base.txt:1 acme.sdk"]);
    let egg = "-e git+https://example.com/acme.git#egg=acme-sdk\n";
    check(&[("requirements-prod.txt", egg)], &["requirements-prod.txt:1 acme-sdk"]);
    check(&[("requirements-dev.txt", "acme-sdk\n"), ("notes.txt", "acme-sdk\n")], &[]);
}

#[test]
fn pyproject_and_pipfile() {
    let text = "[project]\nname = \"acme-sdk\"\ndependencies = [\n  \"acme-sdk-core\",\n  \"acme-sdk>=2\",\n]\n\
                [project.optional-dependencies]\ntest = [\"acme-sdk\"]\nmail = [\"acme-sdk\"]\n\
                [dependency-groups]\ndev = [\"acme-sdk\"]\n";
    check(&[("pyproject.toml", text)], &["pyproject.toml:5 acme-sdk", "pyproject.toml:9 acme-sdk"]);
    let text = "[tool.poetry.dependencies]\npython = \"^3\"\nacme-sdk = \"^1\"\n\
                [tool.poetry.group.dev.dependencies]\nacme-sdk = \"1\"\n\
                [tool.poetry.group.web.dependencies]\nacme_sdk = \"1\"\n";
    check(&[("pyproject.toml", text)], &["pyproject.toml:3 acme-sdk", "pyproject.toml:7 acme_sdk"]);
    check(&[("Pipfile", "[packages]\nacme-sdk = \"*\"\n[dev-packages]\nacme-sdk = \"*\"\n")], &["Pipfile:2 acme-sdk"]);
}

#[test]
fn go_mod() {
    let text = "module example.com/acme/sdk/v3\n\nrequire (\n\texample.com/acme/sdk/v4 v4.0.0\n\
                \texample.com/acme/sdk v1.0.0 // indirect\n\texample.com/acme/sdkextra v1.0.0\n)\n\
                replace example.com/acme/sdk => ../sdk\n";
    check(&[("go.mod", text)], &["go.mod:4 example.com/acme/sdk/v4"]);
    check(&[("go.mod", "require example.com/acme/sdk v1.0.0\n")], &["go.mod:1 example.com/acme/sdk"]);
}

#[test]
fn gems() {
    let text = "source 'https://example.com'\n# gem 'acme-sdk'\ngem 'acme-sdk-core'\ngem \"acme-sdk\", '~> 1'\n\
                group :development, :test do\n  gem 'acme-sdk'\nend\ngem 'acme-sdk', group: :test\n";
    check(&[("Gemfile", text)], &["Gemfile:4 acme-sdk"]);
    let text = "spec.add_dependency 'acme-sdk', '1'\nspec.add_development_dependency 'acme-sdk'\n";
    check(&[("a.gemspec", text)], &["a.gemspec:1 acme-sdk"]);
}

#[test]
fn composer_json() {
    let text = "{\"name\": \"acme/sdk\",\n\"require\": {\"php\": \"8\", \"acme/sdk\": \"1\"},\n\
                \"require-dev\": {\"acme/sdk\": \"1\"}}";
    check(&[("composer.json", text)], &["composer.json:2 acme/sdk"]);
}

#[test]
fn maven_and_gradle() {
    let text = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n<groupId>com.acme</groupId><artifactId>sdk</artifactId>\n\
                <dependencyManagement><dependencies><dependency><groupId>com.acme</groupId><artifactId>sdk</artifactId></dependency></dependencies></dependencyManagement>\n\
                <dependencies>\n<dependency><groupId>com.acme</groupId><artifactId>sdk</artifactId></dependency>\n\
                <dependency><groupId>com.acme</groupId><artifactId>sdk</artifactId><scope>test</scope></dependency>\n\
                <dependency><groupId>org.acme</groupId><artifactId>sdk</artifactId></dependency>\n</dependencies></project>";
    check(&[("pom.xml", text)], &["pom.xml:5 com.acme:sdk"]);
    check(&[("pom.xml", "<project><dependencies><dependency>")], &[]);
    let text = "dependencies {\n  // implementation 'com.acme:sdk:1'\n  implementation 'com.acme:sdk:1.0'\n\
                  testImplementation 'com.acme:sdk:1.0'\n  api group: 'com.acme', name: 'sdk', version: '1'\n\
                  implementation project(':sdk')\n}\n";
    check(&[("build.gradle", text)], &["build.gradle:3 com.acme:sdk", "build.gradle:5 com.acme:sdk"]);
    let text =
        "dependencies {\n    implementation(\"com.acme:sdk:1.0\")\n    debugImplementation(\"com.acme:sdk:1\")\n}\n";
    check(&[("app/build.gradle.kts", text)], &["app/build.gradle.kts:2 com.acme:sdk"]);
    let text = "[versions]\nacme = \"1\"\n[libraries]\nacme = { module = \"com.acme:sdk\", version.ref = \"acme\" }\n\
                core = { group = \"com.acme\", name = \"core\" }\n";
    check(&[("gradle/libs.versions.toml", text)], &["gradle/libs.versions.toml:4 com.acme:sdk"]);
}

#[test]
fn nuget() {
    let text = "<Project>\n<ItemGroup>\n<PackageReference Include=\"acme.sdk\" Version=\"1\" />\n\
                <PackageReference Include=\"Acme.Sdk\" PrivateAssets=\"all\" />\n\
                <PackageReference Include=\"Acme.Sdk.Core\" />\n<ProjectReference Include=\"Acme.Sdk\" />\n\
                </ItemGroup>\n</Project>";
    check(&[("app/App.csproj", text)], &["app/App.csproj:3 acme.sdk"]);
    check(&[("packages.config", "<packages><package id=\"Acme.Sdk\" /></packages>")], &["packages.config:1 Acme.Sdk"]);
}

#[test]
fn pods_and_swift_packages() {
    let text = "target 'App' do\n  # pod 'AcmeSdk'\n  pod 'AcmeSdk/Core', '~> 1'\n  pod 'AcmeSdkOther'\n\
                \n  target 'AppTests' do\n    pod 'AcmeSdk'\n  end\nend\n";
    check(&[("ios/Podfile", text)], &["ios/Podfile:3 AcmeSdk/Core"]);
    let text = "let package = Package(dependencies: [\n  // .package(url: \"https://github.com/acme/sdk-swift\", from: \"1\"),\n  \
                .package(url: \"https://github.com/Acme/sdk-swift.git\", from: \"1\"),\n  \
                .package(url: \"https://github.com/acme/sdk-swift-extra\", from: \"1\")])\n";
    check(&[("Package.swift", text)], &["Package.swift:3 github.com/Acme/sdk-swift"]);
}

#[test]
fn what_a_list_says_of_the_project_itself() {
    let mut sources = Sources::default();
    let lists = [
        ("package.json", r#"{"name": "@acme/web", "homepage": "https://acme.io", "author": {"name": "Ada"}}"#),
        (
            "Cargo.toml",
            "[package]\nname = \"acme-core\"\nhomepage = \"https://core.acme.io\"\n[dependencies]\nname = \"1\"\n",
        ),
        ("pyproject.toml", "[project]\nname = \"acme\"\n[project.urls]\nHomepage = \"https://py.acme.io\"\n"),
        ("package-lock.json", r#"{"name": "locked"}"#),
        ("broken/package.json", "{"),
    ];
    let lists: Vec<_> = lists.iter().map(|(path, text)| sources.add(Source::new(*path, *text))).collect();
    let own = dependency::own(&sources, &lists);
    assert_eq!(own.names.into_iter().collect::<Vec<_>>(), ["@acme/web", "acme", "acme-core"]);
    let homes = ["https://acme.io", "https://core.acme.io", "https://py.acme.io"];
    assert_eq!(own.homes.into_iter().collect::<Vec<_>>(), homes);
}

#[test]
fn a_dependency_is_a_warning_until_a_call_is_found() {
    use undisclosed::finding::Level;
    let list = ("package.json", r#"{"dependencies": {"@acme/sdk": "1"}}"#);
    let call = ("a.ts", "import acme from '@acme/sdk'\nacme.track('E', { plan })\n");
    let levels = |files: &[(&str, &str)]| {
        let files: Vec<_> = files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
        check_text(&files).1.iter().map(|finding| (finding.check, finding.level)).collect::<Vec<_>>()
    };
    assert_eq!(levels(&[POLICY, ACME, list]), [("undeclared-vendor", Level::Warn)]);
    let both = [("undeclared-vendor", Level::Deny), ("undeclared-vendor", Level::Deny)];
    assert_eq!(levels(&[POLICY, ACME, list, call]), both);
    // What is declared and depended on is neither undeclared nor stale.
    let declared = ("disclosure.toml", "[catalogue]\npaths = [\"vendors\"]\n[vendor.acme]\npurpose = \"x\"\n");
    assert_eq!(levels(&[declared, ACME, list]), []);
    assert_eq!(levels(&[declared, ACME]), [("stale-declaration", Level::Warn)]);
}
