//! Where an import leads: a module of the project, from the folder of the file or from a root above it, or a package.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::Name;
use crate::lang::{FileIndex, Resolve, Target};
use crate::source::FileId;

/// The modules of a project.
#[derive(Debug)]
pub(super) struct Modules {
    index: Arc<FileIndex>,
    /// Every folder with Python files in it or below, with a `/` at its end; the root is empty.
    folders: FxHashSet<String>,
    /// The folders that hold a package or module of this name and are no package themselves, in order.
    roots: FxHashMap<String, Vec<String>>,
    /// The module of settings that the `manage.py` in a folder names, by folder.
    settings: BTreeMap<String, String>,
}

/// What a framework calls the settings of the project, whichever module has them.
const SETTINGS: &str = "django.conf.settings";

impl Modules {
    /// Looks at the project's files.
    pub(super) fn new(index: Arc<FileIndex>) -> Modules {
        let mut folders = FxHashSet::default();
        for path in index.paths.iter().filter(|path| path.ends_with(".py")) {
            for folder in folders_above(path) {
                if !folders.insert(folder.to_owned()) {
                    break;
                }
            }
        }
        folders.insert(String::new());
        let mut roots: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let is_package = |folder: &str| index.files.contains_key(&format!("{folder}__init__.py"));
        let mut sorted: Vec<&String> = folders.iter().collect();
        sorted.sort_unstable();
        for folder in sorted {
            let Some((above, name)) = parent(folder) else { continue };
            if is_package(folder) && !is_package(above) {
                roots.entry(name.to_owned()).or_default().push(above.to_owned());
            }
        }
        let settings = index.configs.iter().filter_map(|(path, text)| {
            let folder = path.strip_suffix("manage.py")?;
            Some((folder.to_owned(), settings_module(text)?))
        });
        let settings = settings.collect();
        Modules { index, folders, roots, settings }
    }

    fn file(&self, path: &str) -> Option<FileId> {
        self.index.files.get(path).copied()
    }

    fn is_package(&self, folder: &str) -> bool {
        self.file(&format!("{folder}__init__.py")).is_some()
    }

    /// The module that names lead to below a folder, and what of them is left.
    fn within(&self, folder: &str, names: &[&str]) -> Option<Target> {
        let mut folder = folder.to_owned();
        for (at, name) in names.iter().enumerate() {
            let left = &names[at..];
            let init = self.file(&format!("{folder}__init__.py")).filter(|_| at > 0);
            // What a package itself calls by that name comes before the module of that name.
            if left.len() == 1
                && let Some(init) = init
                && self.binds(&folder, name)
            {
                return Some(module(init, left));
            }
            let below = format!("{folder}{name}/");
            if self.folders.contains(&below) && (self.is_package(&below) || left.len() > 1) {
                folder = below;
                continue;
            }
            if let Some(file) = self.file(&format!("{folder}{name}.py")) {
                return Some(module(file, &left[1..]));
            }
            if self.folders.contains(&below) {
                folder = below;
                continue;
            }
            return match (init, at) {
                (Some(init), _) => Some(module(init, left)),
                (None, _) => None,
            };
        }
        self.file(&format!("{folder}__init__.py")).map(|init| module(init, &[]))
    }

    /// Whether the `__init__` of a folder gives a name a value of its own.
    fn binds(&self, folder: &str, name: &str) -> bool {
        let text = self.index.configs.get(&format!("{folder}__init__.py"));
        text.is_some_and(|text| binds(text, name))
    }

    /// An import with dots: from the folder of the file, or from one above it.
    fn relative(&self, from: &str, specifier: &str) -> Target {
        let level = specifier.bytes().take_while(|byte| *byte == b'.').count();
        let names: Vec<&str> = specifier[level..].split('.').filter(|name| !name.is_empty()).collect();
        let Some(folder) = folders_above(from).nth(level - 1) else {
            return Target::Nowhere;
        };
        if let [name] = names.as_slice()
            && let Some(init) = self.file(&format!("{folder}__init__.py"))
            && self.binds(folder, name)
            && self.index.paths.get(init.0 as usize).is_none_or(|path| path != from)
        {
            return module(init, &names);
        }
        if let Some(target) = self.within(folder, &names) {
            return target;
        }
        match self.file(&format!("{folder}__init__.py")) {
            Some(init) => module(init, &names),
            None => Target::Nowhere,
        }
    }

    /// What leads into the settings of the project that a file belongs to.
    fn project_settings(&self, from: FileId, path: &str, names: &str) -> Option<Target> {
        let rest = names.strip_prefix('.').unwrap_or(names);
        let above = folders_above(path).find_map(|folder| self.settings.get_key_value(folder));
        let (folder, settings) = above.or_else(|| self.settings.iter().next())?;
        let manage = format!("{folder}manage.py");
        match self.absolute(from, &manage, settings) {
            Target::Module(file, names) if names.is_empty() => {
                Some(module(file, &rest.split('.').filter(|name| !name.is_empty()).collect::<Vec<_>>()))
            }
            _ => None,
        }
    }

    /// An import without dots: from a root above the file, from any root, or from outside the project.
    fn absolute(&self, from: FileId, path: &str, specifier: &str) -> Target {
        let names: Vec<&str> = specifier.split('.').collect();
        let Some((first, rest)) = names.split_first() else {
            return Target::Nowhere;
        };
        let is_other = |target: &Target| !matches!(target, Target::Module(file, _) if *file == from);
        for folder in folders_above(path).filter(|folder| !self.is_package(folder)) {
            for root in [folder.to_owned(), format!("{folder}src/")] {
                if let Some(target) = self.within(&root, &names).filter(is_other) {
                    return target;
                }
            }
        }
        let elsewhere = self.roots.get(*first).map(Vec::as_slice).unwrap_or_default();
        let found = elsewhere.iter().find_map(|root| self.within(root, &names).filter(is_other));
        match found {
            Some(target) if !rest.is_empty() => target,
            _ => Target::Package((*first).into(), rest.iter().map(|name| Name::from(*name)).collect()),
        }
    }
}

impl Resolve for Modules {
    fn resolve(&self, from: FileId, specifier: &str) -> Target {
        let Some(path) = self.index.paths.get(from.0 as usize) else {
            return Target::Nowhere;
        };
        match specifier.strip_prefix("*.") {
            // `from a import *; send()`: the file itself says where its names come from.
            Some(name) => module(from, &[name]),
            None if specifier.starts_with('.') => self.relative(path, specifier),
            None if let Some(rest) = specifier.strip_prefix(SETTINGS)
                && let Some(target) = self.project_settings(from, path, rest) =>
            {
                target
            }
            None => self.absolute(from, path, specifier),
        }
    }
}

fn module(file: FileId, rest: &[&str]) -> Target {
    Target::Module(file, rest.iter().map(|name| Name::from(*name)).collect())
}

/// The folders above a path, the nearest first, each with the `/` at its end.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    let folder = |path: &str| path.rfind('/').map_or(0, |slash| slash + 1);
    let nearest = &path[..folder(path)];
    std::iter::successors(Some(nearest), move |above| {
        let above = above.strip_suffix('/')?;
        Some(&path[..folder(above)])
    })
}

/// The module that `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")` names.
fn settings_module(text: &str) -> Option<String> {
    let (_, after) = text.split_once("DJANGO_SETTINGS_MODULE")?;
    let mut quoted = after.split(['"', '\'']).skip(1);
    let name = quoted.find(|part| part.contains(|char: char| char.is_alphanumeric()))?;
    let is_path = name.chars().all(|char| char.is_alphanumeric() || matches!(char, '.' | '_'));
    is_path.then(|| name.to_owned())
}

/// The folder above a folder, and its name.
fn parent(folder: &str) -> Option<(&str, &str)> {
    let inner = folder.strip_suffix('/')?;
    let start = inner.rfind('/').map_or(0, |slash| slash + 1);
    Some((&inner[..start], &inner[start..]))
}

/// Whether a text binds a name: by a definition, an assignment or an import of it.
fn binds(text: &str, name: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(name).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + name.len()..]);
        if before.ends_with(|char: char| is_part(char) || char == '.') || after.starts_with(is_part) {
            return false;
        }
        let after = after.trim_start_matches([' ', '\t']);
        let is_start = before.is_empty() || before.ends_with('\n');
        let before = before.trim_end();
        let is_named = ["import", "as", "def", "class", ",", "("].iter().any(|word| before.ends_with(word));
        is_start && after.starts_with(['=', ':']) || is_named
    })
}
