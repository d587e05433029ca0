//! `disclosure.toml`: what the project declares that it shares, with whom and under which conditions. Every entry
//! keeps its place, so that findings can point at it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::catalogue::data::DataClasses;
use crate::catalogue::signature::Signature;
use crate::finding::{Finding, Level};
use crate::ir::Name;
use crate::source::{FileId, Sources, Span};

use path::{FieldPath, FieldPattern};

pub mod classes;
mod data;
mod errors;
pub mod origin;
pub mod path;
mod raw;
mod terms;
mod valid;
mod vendor;
mod wrapper;
pub mod write;

/// The check named by findings about a manifest that cannot be used as it is.
pub const MANIFEST: &str = "manifest";

/// A validated manifest: every vendor, class and path in it is known and well formed.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The manifest; absent where the project has none.
    pub file: Option<FileId>,
    /// The region that needs no transfer mechanism.
    pub home: Option<At<Name>>,
    /// Data classes that go to no vendor.
    pub never: List<Name>,
    /// The data classes: the catalogue's with the organisation's own.
    pub data: DataClasses,
    /// Conditions that may guard a call.
    pub consent: BTreeMap<Name, Consent>,
    /// The declared vendors, by the catalogue's id.
    pub vendors: BTreeMap<Name, VendorEntry>,
    /// Dated exceptions, in the order of the manifest.
    pub waivers: Vec<Waiver>,
    /// Functions that hand data to a vendor in a way that the code does not show.
    pub wrappers: Vec<Wrapper>,
    /// The levels that replace a check's own.
    pub levels: BTreeMap<Name, At<Level>>,
    /// What is needed before the project is read.
    pub settings: Settings,
}

/// What a manifest says about which files to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Globs of files to read although they would be passed over.
    pub include: List<Name>,
    /// Globs of files to pass over.
    pub exclude: List<Name>,
    /// Folders or files with the organisation's own vendors, relative to the manifest.
    pub catalogue: List<Name>,
}

/// What one vendor may receive.
#[derive(Clone, Debug, PartialEq)]
pub struct VendorEntry {
    /// The catalogue's id.
    pub id: Name,
    /// Its name in the table's header.
    pub key: Span,
    /// What it is used for, in the organisation's words.
    pub purpose: Option<At<Name>>,
    /// Why it is allowed: a contract, a ticket.
    pub reason: Option<At<Name>>,
    /// Data classes it may receive.
    pub data: List<Name>,
    /// Payload fields it may receive.
    pub fields: List<FieldPattern>,
    /// Data classes promised not to be shared with it.
    pub never: List<Name>,
    /// Exceptions to `never`.
    pub except: List<Exception>,
    /// Whether it may receive everything.
    pub full_access: Option<At<bool>>,
    /// The vendors that may receive what it receives.
    pub routes: List<Name>,
    /// The condition that has to guard its calls.
    pub consent: Option<At<Name>>,
    /// Globs of the files that may use it.
    pub paths: List<Name>,
    /// The regions in which it may keep data.
    pub regions: List<Name>,
    /// Whether what is read from it may be stored.
    pub retain: Option<At<bool>>,
    /// The legal ground of a transfer out of the home region.
    pub transfer: Option<At<Name>>,
}

/// An exception to `never`.
#[derive(Clone, Debug, PartialEq)]
pub enum Exception {
    /// Data of this class.
    Class(Name),
    /// A field, or an expression that a value is read from, that ends with this path.
    Field(FieldPattern),
}

/// A named condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// Its name in the table's header.
    pub key: Span,
    /// Expressions of which one has to guard the call.
    pub guards: List<Name>,
}

/// A dated exception.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// Where it is written.
    pub span: Span,
    /// The check whose findings it takes away.
    pub check: At<Name>,
    /// The vendor that the finding has to be about.
    pub vendor: Option<At<Name>>,
    /// The field that the finding has to be about.
    pub field: Option<At<FieldPattern>>,
    /// A glob of the file in which the finding has to be.
    pub path: Option<At<Name>>,
    /// Why.
    pub reason: At<Name>,
    /// The last day on which it holds.
    pub until: At<Date>,
}

/// Functions of one module that hand what they are given to a vendor, whatever their code shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrapper {
    /// Where it is written.
    pub span: Span,
    /// The file of the project, or the package, that has them.
    pub module: At<Name>,
    /// The vendor, by the catalogue's id.
    pub vendor: At<Name>,
    /// What each is given, in the catalogue's form.
    pub calls: Vec<Signature>,
    /// Why the code does not show it.
    pub reason: Option<At<Name>>,
}

/// A value with its place in the manifest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

/// A list with its place in the manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct List<T> {
    /// Where the list is written; absent where it is not.
    pub span: Option<Span>,
    /// Its entries.
    pub items: Vec<At<T>>,
}

/// Whether a vendor may receive a field, and by which declaration.
#[derive(Clone, Debug, PartialEq)]
pub enum Declared {
    /// The vendor may receive everything.
    FullAccess,
    /// By this path in `fields`.
    Field(Name),
    /// By this class in `data`, which the field's name has.
    Data(Name),
    /// Not at all.
    No,
}

/// Reads a manifest. `checks` are the names that `[lints]` and `[[waiver]]` may use.
///
/// The error is everything that is wrong with it, in the order of its text: findings of the check [`MANIFEST`].
pub fn parse(sources: &Sources, file: FileId, catalogue: &Catalogue, checks: &[&str]) -> Result<Policy, Vec<Finding>> {
    valid::policy(sources, file, catalogue, checks)
}

/// Reads the part of a manifest that is needed to find the project's files and the organisation's own vendors. What
/// is wrong in other parts is left to [`parse`].
pub fn settings(sources: &Sources, file: FileId) -> Result<Settings, Vec<Finding>> {
    valid::settings(sources, file)
}

/// Reads the wrappers that a manifest declares, which decide what the code is found to share. What is wrong with them
/// is left to [`parse`].
pub fn wrappers(sources: &Sources, file: FileId, catalogue: &Catalogue) -> Vec<Wrapper> {
    valid::wrappers(sources, file, catalogue)
}

impl Policy {
    /// The policy of a project without a manifest: nothing is declared.
    pub fn absent(catalogue: &Catalogue) -> Policy {
        Policy { data: catalogue.data.clone(), ..Policy::default() }
    }

    /// Whether a vendor may receive the field with this path.
    pub fn declares(&self, vendor: &str, path: &str) -> Declared {
        let Some(entry) = self.vendors.get(vendor) else {
            return Declared::No;
        };
        if entry.has_full_access() {
            return Declared::FullAccess;
        }
        let steps = FieldPath::of(path);
        if let Some(field) = entry.fields.items.iter().find(|field| field.value.matches_path(&steps)) {
            return Declared::Field(field.value.text.clone());
        }
        if entry.data.items.is_empty() {
            return Declared::No;
        }
        let classes = self.data.of_path(path);
        match entry.data.items.iter().find(|class| classes.contains(&class.value)) {
            Some(class) => Declared::Data(class.value.clone()),
            None => Declared::No,
        }
    }
}

impl VendorEntry {
    /// Whether the vendor may receive everything.
    pub fn has_full_access(&self) -> bool {
        self.full_access.as_ref().is_some_and(|flag| flag.value)
    }

    /// Where the manifest says what the vendor may receive: its fields, else its data classes, else its name.
    pub fn place(&self) -> Span {
        self.fields.span.or(self.data.span).unwrap_or(self.key)
    }

    /// Whether every field below `path` is declared, whatever its name, and none is promised away.
    pub fn allows_all_below(&self, path: &str) -> bool {
        let covers = |field: &At<FieldPattern>| field.value.covers_below(path);
        self.never.items.is_empty() && (self.has_full_access() || self.fields.items.iter().any(covers))
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List { span: None, items: Vec::new() }
    }
}

impl<T> List<T> {
    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|item| &item.value)
    }
}
