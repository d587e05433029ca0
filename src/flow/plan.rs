//! What one round of the search knows before it starts: the same for every unit that is evaluated in it.

use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Path;
use super::value::ClassRef;
use crate::ir::{FuncId, Name};
use crate::source::FileId;

/// An `impl` or extension of a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExtensionRef {
    pub(super) file: FileId,
    pub(super) index: usize,
}

/// What one round knows before it starts: the same for every unit that is evaluated in it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) active: FxHashSet<FileId>,
    /// The files that have a word for a vendor or for what leads to one: the active ones, unless every file is.
    pub(super) relevant: FxHashSet<FileId>,
    pub(super) warm: FxHashSet<(FileId, FuncId)>,
    /// Functions that leave a payload open to their callers.
    pub(super) open: FxHashSet<(FileId, FuncId)>,
    /// Units that return something that leads to a vendor.
    pub(super) gives: FxHashSet<(FileId, FuncId)>,
    /// The names of what was found to lead to a vendor.
    pub(super) names: FxHashSet<Name>,
    /// Classes with such a method.
    pub(super) open_classes: FxHashSet<ClassRef>,
    /// Classes that give a field of their instances a vendor's address: what they inherit may send there.
    pub(super) addressed: FxHashSet<ClassRef>,
    pub(super) extensions: FxHashMap<ClassRef, Vec<ExtensionRef>>,
    pub(super) implementers: FxHashMap<ClassRef, Vec<ClassRef>>,
    /// Classes that extend a client's, with what they extend.
    pub(super) clients: FxHashMap<ClassRef, Path>,
    /// The units that write a global, by its name.
    pub(super) globals: FxHashMap<Name, Vec<(FileId, FuncId)>>,
    /// The units that may provide a value under a key.
    pub(super) suppliers: Vec<(FileId, FuncId)>,
    /// Units that may provide a context.
    pub(super) providers: Vec<(FileId, FuncId)>,
    pub(super) hosts: Option<AhoCorasick>,
}

impl Plan {
    /// Whether the file was found to matter.
    pub(super) fn relevant(&self, file: FileId) -> bool {
        self.relevant.contains(&file) && self.active.contains(&file)
    }

    /// Whether a call of this unit may lead to a vendor.
    pub(super) fn warm(&self, file: FileId, unit: FuncId) -> bool {
        self.warm.contains(&(file, unit))
    }

    /// Whether a text names a vendor's host.
    pub(super) fn names_host(&self, text: &str) -> bool {
        text.len() > 3 && self.hosts.as_ref().is_some_and(|hosts| hosts.is_match(text))
    }

    pub(super) fn extensions(&self, class: ClassRef) -> &[ExtensionRef] {
        self.extensions.get(&class).map(Vec::as_slice).unwrap_or_default()
    }

    /// The classes that extend or implement a class.
    pub(super) fn implementers(&self, class: ClassRef) -> Vec<ClassRef> {
        self.implementers.get(&class).cloned().unwrap_or_default()
    }
}
