//! What looks like a third party that no file describes: a request to a foreign host, and a client of a package that the
//! project depends on.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;
use super::data::fold;
use super::expand::{Expander, Place};
use super::no_vendor;
use super::request::requests;
use super::{Catalogue, Share, Vendor};
use crate::flow::{Argument, Outbound, OutboundKind, Path, Root, Shape, ShapeKind, Step, Targets, is_given};
use crate::ir::Name;
use crate::source::{FileId, Sources};

/// The data class of what a client of a service is made with.
const KEYS: &str = "credentials";

/// What looks like a third party.
#[derive(Clone, Debug, PartialEq)]
pub struct ThirdParty {
    /// Its host, or the package.
    pub name: Name,
    /// Which of the two it is.
    pub kind: Kind,
    /// What it may receive.
    pub shares: Vec<Share>,
}

/// How a third party is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// By a host.
    Host,
    /// By a package.
    Package,
}

/// What a search for unknown third parties looks at.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Packages that the project depends on and that no vendor's file names, as code writes them.
    pub packages: BTreeSet<Name>,
    /// Those of them that are told a key as a whole: their functions are those of a client.
    pub told: BTreeSet<Name>,
    /// Hosts of third parties that no vendor's file names; of those that are known in part, the end (`.acme.io`).
    pub hosts: BTreeSet<String>,
    /// The files that name one of the hosts or packages.
    pub files: BTreeSet<FileId>,
    /// Domains of the project itself.
    pub own: BTreeSet<String>,
}

impl Catalogue {
    /// What `flow` has to look for to find what is not known.
    pub fn unknown_targets(&self, search: &Search) -> Targets {
        let mut targets = self.targets();
        targets.packages = search.packages.iter().cloned().collect();
        targets.globals.clear();
        targets.wrappers.clear();
        targets.needles.clear();
        targets.names_only = true;
        targets.files = search.files.iter().copied().collect();
        // `https://${region}.acme.io`: a text that starts with the end of a host belongs to one.
        let text = |host: &String| if host.starts_with('.') { host.clone() } else { format!("//{host}") };
        targets.hosts = search.hosts.iter().map(|host| text(host).into()).collect();
        targets
    }

    /// Whether a host, or the end of one, is that of a third party of which nothing is known.
    pub fn is_stranger(&self, host: &str, own: &BTreeSet<String>) -> bool {
        let is_part =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let host = host.trim_start_matches('.');
        let top = host.rsplit('.').next().unwrap_or(host);
        let is_name = host.contains('.')
            && host.split('.').all(is_part)
            && top.len() > 1
            && top.chars().all(|c| c.is_ascii_alphabetic());
        let below = |domain: &String| {
            host.strip_suffix(&**domain).is_some_and(|rest| matches!(rest.chars().last(), None | Some('.')))
        };
        let known = || {
            let address = Address { host: host.to_owned(), path: String::new(), query: Vec::new() };
            self.vendor_of_host(&address).is_some()
        };
        is_name && !no_vendor::all().is_host(host) && !own.iter().any(below) && !known()
    }

    /// The third parties that calls may lead to, hosts first.
    pub fn third_parties(&self, search: &Search, outbounds: &[Outbound], sources: &Sources) -> Vec<ThirdParty> {
        let mut found: BTreeMap<(Kind, Name), Vec<Share>> = BTreeMap::new();
        for outbound in outbounds {
            let hosts = self.foreign_requests(search, outbound).into_iter().map(|share| (Kind::Host, share));
            let clients = self.client_call(search, outbound, sources).map(|share| (Kind::Package, share));
            for (kind, share) in hosts.chain(clients) {
                let shares = found.entry((kind, share.vendor.clone())).or_default();
                if !shares.contains(&share) {
                    shares.push(share);
                }
            }
        }
        found.into_iter().map(|((kind, name), shares)| ThirdParty { name, kind, shares }).collect()
    }

    /// The requests of a call to hosts that are no vendor's and not the project's own.
    fn foreign_requests(&self, search: &Search, outbound: &Outbound) -> Vec<Share> {
        let library = self.libraries.get(outbound.language);
        let Some((line, request)) = library.and_then(|library| requests(library, outbound).into_iter().next()) else {
            return Vec::new();
        };
        let mut shares: Vec<Share> = Vec::new();
        for address in request.addresses() {
            let Some(name) = self.stranger(&address, search) else { continue };
            let vendor = Vendor { id: name, ..Vendor::default() };
            let share = match line.is_load {
                true => Expander::new(self, &vendor, outbound).map(|load| load.finish(outbound, "load".to_owned())),
                false => self.request_share(&vendor, &address, &request, outbound),
            };
            let tells = |share: &Share| !line.is_resource || !share.fields.is_empty();
            shares.extend(share.filter(tells));
        }
        shares
    }

    /// The host of a third party of which nothing is known: of one that is known in part, `*` and its end.
    fn stranger(&self, address: &Address<'_>, search: &Search) -> Option<Name> {
        let Some(known) = address.known_end() else {
            return self.is_stranger(&address.host, &search.own).then(|| address.host.as_str().into());
        };
        let is_one = known.starts_with('.') && self.is_stranger(known, &search.own);
        (is_one && self.vendor_of_host(address).is_none()).then(|| format!("*{known}").into())
    }

    /// A call on a client that was made with a key, which hands over a record.
    fn client_call(&self, search: &Search, outbound: &Outbound, sources: &Sources) -> Option<Share> {
        let Root::Package(package) = &outbound.path.root else {
            return None;
        };
        let known = search.packages.contains(package) && outbound.kind == OutboundKind::Call;
        let is_local =
            matches!(outbound.path.steps.last(), Some(Step::Member(name)) if no_vendor::all().is_local(name));
        let is_client = || has_client(&outbound.path, &|args| self.has_key(args, sources));
        let made = known && !is_local && (search.told.contains(package) || is_client());
        if !made {
            return None;
        }
        let vendor = Vendor { id: package.clone(), ..Vendor::default() };
        let mut expander = Expander::new(self, &vendor, outbound)?;
        for arg in &outbound.args {
            match &arg.name {
                Some(name) => expander.named(&Place::at(&**name), &arg.shape),
                None if has_record(&arg.shape) => expander.whole(&Place::at(""), &arg.shape),
                None => {}
            }
        }
        let members = outbound.path.steps.iter().rev().map_while(|step| match step {
            Step::Member(name) => Some(&**name),
            Step::Element | Step::Call(_) => None,
        });
        let mut members: Vec<&str> = members.collect();
        members.reverse();
        let share = expander.finish(outbound, members.join("."));
        (!share.fields.is_empty()).then_some(share)
    }

    /// Whether one of the arguments is a key, or a record with one.
    fn has_key(&self, args: &[Argument], sources: &Sources) -> bool {
        args.iter().any(|arg| {
            let named = arg.name.as_ref().is_some_and(|name| self.is_key(name));
            let listed = match &arg.shape.kind {
                ShapeKind::Record(record) => record.fields.iter().any(|field| self.is_key(&field.name)),
                _ => false,
            };
            let read = arg.shape.origin.as_ref().map(|origin| sources.slice(origin.span));
            // Of what a library computes (`env::var("MAILER_API_KEY")`) only the function is known.
            named || listed || arg.shape.kind == ShapeKind::Scalar || read.is_some_and(|read| self.names_key(read))
        })
    }

    /// Whether a name in an expression is one of something that gives access: `env::var("MAILER_API_KEY").unwrap()`.
    fn names_key(&self, expression: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        expression.split(|c| !is_part(c)).any(|name| self.is_key(name))
    }

    /// Whether a name ends like one of something that gives access (`MAILER_API_KEY`).
    pub fn is_key(&self, name: &str) -> bool {
        let words = fold(name);
        let words: Vec<&str> = words.split(' ').collect();
        (0..words.len()).any(|start| {
            let classes = self.data.of_path(&words[start..].join("_"));
            classes.iter().any(|class| &**class == KEYS)
        })
    }
}

/// Whether a client is made on the way, by a call with such arguments. What a function is given that was handed over is
/// none: a framework gives the application's own things to its handlers.
fn has_client(path: &Path, test: &dyn Fn(&[Argument]) -> bool) -> bool {
    let given = |step: &Step| matches!(step, Step::Member(name) if is_given(name));
    !path.steps.iter().any(given)
        && path.steps.iter().any(|step| match step {
            Step::Call(args) => test(args),
            Step::Member(_) | Step::Element => false,
        })
}

fn has_record(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Record(record) => !record.fields.is_empty(),
        ShapeKind::OneOf(all) => all.iter().any(has_record),
        _ => false,
    }
}
