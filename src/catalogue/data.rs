//! Data classes: which field names, expressions and types are an e-mail address, a name, a credential.

use std::collections::BTreeMap;

use crate::ir::Name;

/// The data classes, by id.
#[derive(Clone, Debug, Default)]
pub struct DataClasses {
    /// Each class by its id.
    pub classes: BTreeMap<Name, DataClass>,
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
    /// The classes of a field's path or of a source expression (`user.email`, `props.traits["e-mail"]`), nearest
    /// first, each followed by the classes that include it.
    pub fn of_path(&self, _path: &str) -> Vec<Name> {
        unimplemented!()
    }

    /// The classes of a declared type, by its name.
    pub fn of_type(&self, _ty: &str) -> Vec<Name> {
        unimplemented!()
    }
}

/// The words of a name, in lower case: `userEmail`, `user_email` and `user-email` fold alike.
pub fn fold(_name: &str) -> String {
    unimplemented!()
}
