//! What `flow` has to look for, from what the vendors' files name.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Catalogue;
use super::client::{ClientPath, ClientStep};
use super::http::known_part;
use crate::flow::{Root, Targets, is_given};
use crate::ir::Name;
use crate::lang;

impl Catalogue {
    /// What `flow` has to look for. The needles only choose the files that are lowered first: a file without any of
    /// its language cannot name a vendor, a file with one need not.
    pub fn targets(&self) -> Targets {
        let mut packages = BTreeSet::new();
        let mut globals = BTreeSet::new();
        let mut hosts = BTreeSet::new();
        let mut needles: BTreeMap<&'static str, BTreeSet<Name>> = BTreeMap::new();
        for vendor in self.vendors.values() {
            hosts.extend(vendor.all_hosts().map(|host| Name::from(known_part(host))));
            for language in lang::sections() {
                let Some(section) = vendor.sections.get(language.name()) else {
                    continue;
                };
                let needles = needles.entry(language.name()).or_default();
                needles.extend(section.globals.iter().cloned());
                let clients = section.clients.iter().flat_map(|client| &client.paths);
                let objects = section.objects.iter().map(|object| &object.path);
                let mut named: BTreeSet<Name> =
                    section.packages.iter().map(|package| root_of(&language.package_in_code(package))).collect();
                globals.extend(section.globals.iter().cloned());
                for path in clients.chain(objects) {
                    match &path.root {
                        Root::Package(package) => named.insert(package.clone()),
                        Root::Global(global) => {
                            // An element is in every page.
                            if !global.starts_with('<') {
                                needles.insert(global.clone());
                            }
                            globals.insert(global.clone())
                        }
                    };
                }
                for package in named {
                    let texts = language.package_needles(&package);
                    needles.extend(texts.into_iter().map(Name::from));
                    packages.insert(package);
                }
            }
        }
        for language in lang::sections() {
            needles.entry(language.name()).or_default().extend(hosts.iter().cloned());
        }
        packages.extend(self.wrappers.keys().cloned());
        let (carrier_packages, carrier_globals) = self.carriers();
        Targets {
            carrier_packages,
            carrier_globals,
            packages: packages.into_iter().collect(),
            globals: globals.into_iter().collect(),
            hosts: hosts.into_iter().collect(),
            makers: self.makers(),
            givers: self.givers(),
            client_types: self.client_types(),
            calls: self.call_names(),
            wrappers: self.wrappers.clone(),
            needles: needles.into_iter().map(|(language, texts)| (language, texts.into_iter().collect())).collect(),
            files: Vec::new(),
            names_only: false,
        }
    }

    /// The last names of the lines of all vendors, by what they start at.
    fn call_names(&self) -> FxHashMap<Name, Option<FxHashSet<Name>>> {
        let mut all: FxHashMap<Name, Option<FxHashSet<Name>>> = FxHashMap::default();
        for section in self.vendors.values().flat_map(|vendor| vendor.sections.values()) {
            for client in &section.clients {
                for path in &client.paths {
                    let (Root::Package(root) | Root::Global(root)) = &path.root;
                    let names = all.entry(root.clone()).or_insert_with(|| Some(FxHashSet::default()));
                    for line in &client.calls {
                        match (line.last_name().or_else(|| path.end_name()), &mut *names) {
                            (Some(name), Some(names)) => {
                                names.insert(name);
                            }
                            _ => *names = None,
                        }
                    }
                }
            }
            for object in &section.objects {
                let (Root::Package(root) | Root::Global(root)) = &object.path.root;
                all.insert(root.clone(), None);
            }
        }
        all
    }

    /// The classes whose instances are clients.
    fn client_types(&self) -> FxHashSet<Name> {
        let sections = self.vendors.values().flat_map(|vendor| vendor.sections.values());
        let clients = sections.flat_map(|section| &section.clients).flat_map(|client| &client.paths);
        let senders = self.libraries.values().flat_map(|library| &library.requests).map(|request| &request.path);
        clients.chain(senders).flat_map(ClientPath::classes).collect()
    }

    /// The packages and globals whose functions send requests.
    fn carriers(&self) -> (FxHashSet<Name>, FxHashSet<Name>) {
        let (mut packages, mut globals) = (FxHashSet::default(), FxHashSet::default());
        for request in self.libraries.values().flat_map(|library| &library.requests) {
            match &request.path.root {
                Root::Package(package) => packages.insert(package.clone()),
                Root::Global(global) => globals.insert(global.clone()),
            };
        }
        (packages, globals)
    }

    /// The packages and globals that give a client to functions that they are handed.
    fn givers(&self) -> FxHashSet<Name> {
        let sections = self.vendors.values().flat_map(|vendor| vendor.sections.values());
        let paths = sections.flat_map(|section| &section.clients).flat_map(|client| &client.paths);
        let given = |step: &ClientStep| matches!(step, ClientStep::Member(name) if is_given(name));
        let givers = paths.filter(|path| path.steps.iter().any(given)).map(|path| match &path.root {
            Root::Package(name) | Root::Global(name) => name.clone(),
        });
        givers.collect()
    }

    /// What makes a client when it is called, where no line says what it is given.
    fn makers(&self) -> FxHashSet<Name> {
        let sections = || self.vendors.values().flat_map(|vendor| vendor.sections.values());
        let clients = sections().flat_map(|section| &section.clients).flat_map(|client| &client.paths);
        let mut makers: FxHashSet<Name> = clients.flat_map(ClientPath::makers).collect();
        for object in sections().flat_map(|section| &section.objects) {
            for maker in object.path.makers() {
                makers.remove(&maker);
            }
        }
        for client in sections().flat_map(|section| &section.clients) {
            for path in &client.paths {
                let said = client.calls.iter().flat_map(|line| line.called(&path.called()));
                said.for_each(|call| {
                    makers.remove(&*call);
                });
            }
        }
        makers
    }
}

/// The package that code imports, without the member of it that a name may go on with.
fn root_of(package: &str) -> Name {
    package.split(':').next().unwrap_or(package).into()
}
