//! Reads the `[data.<class>]` tables of a manifest: the organisation's own data classes.

use super::At;
use super::raw::{Reader, Table};
use super::terms::{class_named, patterns};
use crate::catalogue::data::{DataClass, DataClasses};
use crate::ir::Name;

/// The catalogue's data classes with those of `[data.<class>]`; one that exists is added to.
pub(super) fn data_classes(reader: &mut Reader, root: &Table<'_>, known: &DataClasses) -> DataClasses {
    let mut data = known.clone();
    let mut parents = Vec::new();
    for (name, table) in reader.named(root, "data", &["about", "fields", "types", "not", "parent"]) {
        let id = class_named(&data, &name.value).unwrap_or_else(|| name.value.clone());
        let about = reader.text(&table, "about");
        let parent = reader.text(&table, "parent");
        let fields = patterns(reader, &table, "fields");
        let not = patterns(reader, &table, "not");
        let types = reader.list(&table, "types");
        if parent.is_some() && known.classes().contains_key(&id) {
            let message = format!("`{id}` is a data class of the catalogue, which says what includes it");
            reader.error(name.span, message, "has a parent already", vec!["remove `parent`".into()]);
            continue;
        }
        let class = data
            .classes_mut()
            .entry(id.clone())
            .or_insert_with(|| DataClass { personal: true, ..DataClass::default() });
        class.fields.extend(fields.values().map(|field| field.text.clone()));
        class.not.extend(not.values().map(|field| field.text.clone()));
        class.types.extend(types.values().cloned());
        class.about = about.map_or(class.about.clone(), |about| about.value);
        parents.extend(parent.map(|parent| (id, parent)));
    }
    for (id, parent) in parents {
        set_parent(reader, &mut data, &id, &parent);
    }
    data
}

fn set_parent(reader: &mut Reader, data: &mut DataClasses, id: &Name, parent: &At<Name>) {
    match class_named(data, &parent.value) {
        None => {
            let names: Vec<&str> = data.classes().keys().map(|id| &**id).collect();
            let message = format!("unknown data class `{}`", parent.value);
            reader.unknown(parent.span, message, &parent.value, &names);
        }
        Some(named) if data.lineage(&named).contains(id) => {
            let message = format!("`{id}` would include itself");
            let help = vec!["remove `parent`, or name another class".into()];
            reader.error(parent.span, message, "includes this class or is it", help);
        }
        Some(named) => {
            let class = data.classes_mut().get_mut(id).expect("every class with a parent has been entered");
            class.parent = Some(named);
        }
    }
}
