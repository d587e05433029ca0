//! Lists that are XML.

use roxmltree::{Document, Node};

use super::{Found, Purpose};

/// `pom.xml`.
pub(super) fn pom(text: &str) -> Vec<Found> {
    let Ok(document) = Document::parse(text) else {
        return Vec::new();
    };
    let asks = |node: &Node<'_, '_>| {
        node.has_tag_name_of("dependency") && !node.ancestors().any(|above| above.has_tag_name_of("plugin"))
    };
    let found = document.descendants().filter(asks).filter_map(|node| {
        let part = |name| node.children().find(|child: &Node<'_, '_>| child.has_tag_name_of(name));
        let text = |name| part(name).and_then(|part| part.text()).map(str::trim);
        let (group, artifact) = (text("groupId")?, part("artifactId")?);
        let is_managed = node.ancestors().any(|above| above.has_tag_name_of("dependencyManagement"));
        let purpose = match text("scope") {
            _ if is_managed => Purpose::Constrain,
            Some("test" | "provided") => Purpose::Develop,
            _ => Purpose::Run,
        };
        let package = format!("{group}:{}", artifact.text()?.trim());
        Some(Found::new(package, artifact.range(), purpose).in_version(text("version")))
    });
    found.collect()
}

/// `*.csproj` and `packages.config`.
pub(super) fn project(text: &str) -> Vec<Found> {
    let Ok(document) = Document::parse(text) else {
        return Vec::new();
    };
    let found = document.descendants().filter_map(|node| {
        let package = match node.tag_name().name() {
            "PackageReference" => node.attribute("Include")?,
            "package" => node.attribute("id")?,
            _ => return None,
        };
        // What stays private to the build does not run with the application.
        let is_private = node.attribute("PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
        let purpose = if is_private { Purpose::Develop } else { Purpose::Run };
        let range = node.attribute("Version").or(node.attribute("version"));
        Some(Found::new(package, node.range(), purpose).in_version(range))
    });
    found.collect()
}

trait Named {
    /// Whether an element has this name in any namespace.
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}
