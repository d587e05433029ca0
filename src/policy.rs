//! `disclosure.toml`: what the project declares that it shares, with whom and under which conditions. Every entry
//! keeps its place, so that findings can point at it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::catalogue::data::DataClasses;
use crate::catalogue::signature::Signature;
use crate::finding::{Finding, Level};
use crate::ir::Name;
use crate::source::{FileId, Sources, Span};

use path::{FieldPath, FieldPattern};

pub mod classes;
mod contradiction;
mod data;
mod errors;
mod heading;
pub mod names;
pub mod origin;
pub mod path;
mod raw;
mod syntax;
mod terms;
mod valid;
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
    /// What vendors may receive, in the order of the manifest.
    pub headings: Vec<Heading>,
    /// The indices of the headings that cover each declared vendor, by the catalogue's id.
    covering: BTreeMap<Name, Vec<usize>>,
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

/// What one heading, `[vendor.<name>]`, says about the vendors that it covers. Several headings may cover a vendor: what
/// each permits is permitted, and what each promises holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// Its name in the table's header.
    pub key: Span,
    /// The vendors that it covers.
    pub vendors: Vendors,
    /// What it says that it covers, where its name does not say that.
    pub covers: List<Vendors>,
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
    pub routes: List<Vendors>,
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

/// The vendors that a name in the manifest stands for: one, those of a group, or those that a heading covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendors {
    /// The vendor's id, or the name of the group or heading.
    pub name: Name,
    /// The catalogue's ids.
    pub ids: BTreeSet<Name>,
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
    /// The vendors of which the finding has to be about one.
    pub vendor: Option<At<Vendors>>,
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
pub enum Declared<'a> {
    /// The vendor may receive everything.
    FullAccess,
    /// By an entry of `fields`, or of `data` where the field's name has that class.
    By {
        /// The heading that has the entry.
        heading: &'a Heading,
        /// The entry.
        span: Span,
    },
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

    /// The headings that cover a vendor, in the order of the manifest; none where it is not declared.
    pub fn covering(&self, vendor: &str) -> impl Iterator<Item = &Heading> + Clone {
        let indices = self.covering.get(vendor).map_or(&[][..], |indices| indices);
        indices.iter().map(|index| &self.headings[*index])
    }

    /// Whether a heading covers a vendor.
    pub fn is_declared(&self, vendor: &str) -> bool {
        self.covering.contains_key(vendor)
    }

    /// Whether a vendor may receive the field with this path.
    pub fn declares(&self, vendor: &str, path: &str) -> Declared<'_> {
        let headings = self.covering(vendor);
        if headings.clone().any(Heading::has_full_access) {
            return Declared::FullAccess;
        }
        let steps = FieldPath::of(path);
        for heading in headings.clone() {
            if let Some(field) = heading.fields.items.iter().find(|field| field.value.matches_path(&steps)) {
                return Declared::By { heading, span: field.span };
            }
        }
        let mut classes = None;
        for heading in headings.filter(|heading| !heading.data.items.is_empty()) {
            let classes = classes.get_or_insert_with(|| self.data.of_path(path));
            if let Some(class) = heading.data.items.iter().find(|class| classes.contains(&class.value)) {
                return Declared::By { heading, span: class.span };
            }
        }
        Declared::No
    }

    /// Whether a vendor may receive every field below `path`, whatever its name, and none is promised away.
    pub fn allows_all_below(&self, vendor: &str, path: &str) -> bool {
        let mut headings = self.covering(vendor);
        headings.clone().all(|heading| heading.never.items.is_empty())
            && headings.any(|heading| heading.allows_all_below(path))
    }
}

impl Heading {
    /// As it is written: `[vendor.segment]`.
    pub fn title(&self) -> String {
        format!("[vendor.{}]", write::key(&self.vendors.name))
    }

    /// Whether the vendors may receive everything.
    pub fn has_full_access(&self) -> bool {
        self.full_access.as_ref().is_some_and(|flag| flag.value)
    }

    /// Where the manifest says what the vendors may receive: its fields, else its data classes, else its name.
    pub fn place(&self) -> Span {
        self.fields.span.or(self.data.span).unwrap_or(self.key)
    }

    /// Whether `except` lifts the promise about a class: for the class itself, for one between it and the promised one,
    /// or for the path that has the class. `lineage` starts with the class.
    pub fn lifts(&self, promised: &Name, lineage: &[Name], path: Option<&str>) -> bool {
        let below = lineage.iter().take_while(|class| *class != promised);
        let narrower: Vec<&Name> = below.chain([promised]).collect();
        self.except.values().any(|exception| match exception {
            Exception::Class(class) => narrower.contains(&class),
            Exception::Field(pattern) => path.is_some_and(|path| pattern.matches_ending(path)),
        })
    }

    fn allows_all_below(&self, path: &str) -> bool {
        self.has_full_access() || self.fields.values().any(|field| field.covers_below(path))
    }
}

impl Vendors {
    /// One vendor, by its id.
    pub fn one(id: Name) -> Vendors {
        Vendors { ids: BTreeSet::from([id.clone()]), name: id }
    }

    /// What findings about them name: the vendor's id where it is one, else the group or heading.
    pub fn subject(&self) -> &Name {
        self.ids.first().filter(|_| self.ids.len() == 1).unwrap_or(&self.name)
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
