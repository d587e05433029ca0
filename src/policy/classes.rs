//! Which data classes a shared field has: by its name, and by what its value was read from.

use crate::catalogue::data::DataClasses;
use crate::catalogue::{Share, SharedField};
use crate::ir::Name;
use crate::source::Sources;

use super::origin;

/// A data class that a field has, and what says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Carried {
    /// The class; never one that only includes another class found at the same place.
    pub class: Name,
    /// What the value was read from: an expression (`user.email`) or a declared type.
    pub from: String,
}

/// The classes that a field's value has although neither its name nor `declared` says so. What was obtained from the
/// vendor itself, and what tells nothing about a person, has none.
pub fn disguised(
    data: &DataClasses,
    sources: &Sources,
    share: &Share,
    field: &SharedField,
    declared: &[Name],
) -> Vec<Carried> {
    if field.obtained_from.as_ref() == Some(&share.vendor) {
        return Vec::new();
    }
    let named = data.of_key(&field.path);
    let mut carried = data.of_value(field, sources);
    let own_name = has_own_name(field, sources);
    carried.retain(|carried| {
        // `ok` of a `Profile` under the key `ok` is not disguised: it has the name that it has in its type.
        if own_name && field.ty.as_deref() == Some(&*carried.from) {
            return false;
        }
        let personal = data.classes().get(&carried.class).is_some_and(|class| class.personal);
        let lineage = data.lineage(&carried.class);
        let said = named.iter().any(|class| data.related(class, &carried.class));
        personal && !said && !lineage.iter().any(|class| declared.contains(class))
    });
    carried
}

/// Whether a field's key is the name that its value has where it was read.
fn has_own_name(field: &SharedField, sources: &Sources) -> bool {
    let last = |path: &str| {
        let name = path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]");
        name.replace(['_', '-'], "").to_lowercase()
    };
    field.from.is_some_and(|span| last(sources.slice(span)) == last(&field.path))
}

impl DataClasses {
    /// The classes of a field by its name, without those that only include another of them.
    pub fn of_key(&self, path: &str) -> Vec<Name> {
        self.nearest(self.of_path(path))
    }

    /// The classes of what a field's value was read from: the identifiers of the expression, and its declared type.
    pub fn of_value(&self, field: &SharedField, sources: &Sources) -> Vec<Carried> {
        let text = field.from.map_or("", |span| sources.slice(span));
        let mut carried = Vec::new();
        for candidates in origin::paths(text) {
            let classed = candidates.into_iter().map(|path| (self.of_key(&path), path));
            if let Some((classes, path)) = classed.into_iter().find(|(classes, _)| !classes.is_empty()) {
                carried.extend(classes.into_iter().map(|class| Carried { class, from: path.clone() }));
            }
        }
        if let Some(ty) = field.ty.as_deref().filter(|_| field.from.is_some()) {
            let classes = self.nearest(self.of_type(ty));
            carried.extend(classes.into_iter().map(|class| Carried { class, from: ty.into() }));
        }
        let mut seen = std::collections::BTreeSet::new();
        carried.retain(|carried| seen.insert(carried.class.clone()));
        carried
    }

    /// A class and the classes that include it, nearest first.
    pub fn lineage(&self, class: &Name) -> Vec<Name> {
        let mut lineage = vec![class.clone()];
        while let Some(parent) = lineage.last().and_then(|last| self.classes().get(last)?.parent.clone()) {
            if lineage.contains(&parent) {
                break;
            }
            lineage.push(parent);
        }
        lineage
    }

    /// Whether one of the two classes includes the other, or they are the same.
    pub fn related(&self, one: &Name, other: &Name) -> bool {
        self.lineage(one).contains(other) || self.lineage(other).contains(one)
    }

    fn nearest(&self, classes: Vec<Name>) -> Vec<Name> {
        let includes = |outer: &Name, inner: &Name| outer != inner && self.lineage(inner).contains(outer);
        let mut nearest: Vec<Name> = Vec::new();
        for class in &classes {
            if !nearest.contains(class) && !classes.iter().any(|other| includes(class, other)) {
                nearest.push(class.clone());
            }
        }
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::data::DataClass;

    #[test]
    fn a_lineage_ends_even_where_classes_include_each_other() {
        let mut data = DataClasses::default();
        for (id, parent) in [("a", "b"), ("b", "a"), ("c", "b")] {
            let class = DataClass { parent: Some(parent.into()), ..DataClass::default() };
            data.insert(id, class);
        }
        let lineage = data.lineage(&"c".into());
        assert_eq!(lineage, ["c".into(), "b".into(), "a".into()] as [Name; 3]);
        assert!(data.related(&"a".into(), &"c".into()));
    }
}
