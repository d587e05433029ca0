//! Data classes: which field names, expressions and types are an e-mail address, a name, a credential.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::reader::{Reader, in_order};
use crate::ir::Name;
use index::Index;

mod index;
mod steps;

/// The keys of a data class.
pub const KEYS: &[&str] = &["about", "fields", "types", "not", "parent", "personal"];

/// The data classes, by id.
#[derive(Clone, Debug, Default)]
pub struct DataClasses {
    classes: BTreeMap<Name, DataClass>,
    index: OnceLock<Index>,
}

/// A class of data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataClass {
    /// What it is, for people.
    pub about: Name,
    /// Names of fields, as patterns over folded words (`*_email`).
    pub fields: Vec<Name>,
    /// Names of declared types.
    pub types: Vec<Name>,
    /// Names that look like the class and are not.
    pub not: Vec<Name>,
    /// The class that includes this one.
    pub parent: Option<Name>,
    /// Whether it tells about a person by itself. Usage and technical data do not.
    pub personal: bool,
}

impl DataClasses {
    /// Each class by its id.
    pub fn classes(&self) -> &BTreeMap<Name, DataClass> {
        &self.classes
    }

    /// The classes, to be added to or changed.
    pub fn classes_mut(&mut self) -> &mut BTreeMap<Name, DataClass> {
        self.index = OnceLock::new();
        &mut self.classes
    }

    /// Adds a class; it takes the place of one with the same id.
    pub fn insert(&mut self, id: impl Into<Name>, class: DataClass) {
        self.classes.insert(id.into(), class);
        self.index = OnceLock::new();
    }

    /// The classes of a field's path or of a source expression (`user.email`, `props.traits["e-mail"]`), nearest
    /// first, each followed by the classes that include it.
    ///
    /// The last name counts; where it is a call that says nothing (`user.email.trim()`), the one before it.
    pub fn of_path(&self, path: &str) -> Vec<Name> {
        let index = self.index();
        let mut found = Vec::new();
        for operand in steps::operands(path) {
            for end in (1..=operand.len()).rev() {
                let names: Vec<String> = operand[..end].iter().map(|step| fold(&step.name)).collect();
                let classes = index.of_names(&names);
                if !classes.is_empty() {
                    found.extend(classes);
                    break;
                }
                if !operand[end - 1].is_call {
                    break;
                }
            }
        }
        self.with_parents(found)
    }

    /// The classes of a declared type, by its name.
    pub fn of_type(&self, ty: &str) -> Vec<Name> {
        self.with_parents(self.index().of_type(type_name(ty)).to_vec())
    }

    /// A class and the classes that include it, nearest first.
    pub fn with_parents(&self, classes: Vec<Name>) -> Vec<Name> {
        let mut all = Vec::new();
        for class in classes {
            let mut next = Some(&class);
            while let Some(id) = next {
                if all.contains(id) {
                    break;
                }
                all.push(id.clone());
                next = self.classes.get(id).and_then(|class| class.parent.as_ref());
            }
        }
        all
    }

    /// Adds the classes of a file.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>) {
        let table = reader.document();
        for (id, value) in in_order(&table) {
            let Some(class) = reader.as_table(value, &id.value) else {
                continue;
            };
            reader.known(class, KEYS);
            if self.classes.contains_key(&id.value) {
                reader.problem(id.bytes, format!("`{}` is described twice", id.value));
                continue;
            }
            let about = reader.needed(class, "about");
            let class = DataClass {
                about: about.map_or_else(|| Name::from(""), |about| about.value),
                fields: reader.names(class, "fields"),
                types: reader.names(class, "types"),
                not: reader.names(class, "not"),
                parent: reader.text(class, "parent").map(|parent| parent.value),
                personal: reader.flag(class, "personal").unwrap_or(true),
            };
            self.insert(id.value, class);
        }
    }

    /// Classes whose parents do not lead to a class without one, with what is wrong.
    pub fn contradictions(&self) -> Vec<(Name, String)> {
        let mut found = Vec::new();
        for (id, class) in &self.classes {
            let mut seen = vec![id];
            let mut next = class.parent.as_ref();
            while let Some(parent) = next {
                if seen.contains(&parent) {
                    found.push((id.clone(), format!("includes itself through `{parent}`")));
                    break;
                }
                seen.push(parent);
                let Some(class) = self.classes.get(parent) else {
                    found.push((id.clone(), format!("has a parent `{parent}` that is no class")));
                    break;
                };
                next = class.parent.as_ref();
            }
        }
        found
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.classes))
    }
}

/// The words of a name, in lower case: `userEmail`, `user_email` and `user-email` fold alike.
pub fn fold(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !words.is_empty() && !words.ends_with(' ') {
                words.push(' ');
            }
            continue;
        }
        let before = at.checked_sub(1).map(|before| chars[before]);
        let starts_word = c.is_uppercase()
            && before.is_some_and(|before| {
                let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
                before.is_lowercase() || before.is_numeric() || (before.is_uppercase() && next_is_lower)
            });
        if starts_word && !words.ends_with(' ') {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words.truncate(words.trim_end().len());
    words
}

/// The last name of a type without its generic arguments (`models::Email<'a>`).
fn type_name(ty: &str) -> &str {
    let ty = ty.split(['<', '[', '(']).next().unwrap_or(ty).trim();
    ty.rsplit(['.', ':', '&', ' ']).next().unwrap_or(ty)
}
