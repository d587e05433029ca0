//! Which line of which vendor describes a call.

use semver::Version;

use super::assign::{Assigned, Fit, Role, assign, fits, flatten};
use super::expand::{Expander, Place};
use super::signature::{Act, Pattern, Signature, Step as Wanted};
use super::vendor::{Client, Section};
use super::{Catalogue, Share, Vendor};
use crate::flow::{Outbound, OutboundKind, Path, Root, Shape, ShapeKind, Step};
use crate::ir::Name;

/// What each call of a line is given.
type Parts<'a> = Vec<Vec<Assigned<'a>>>;

/// A client that a path starts with: its steps end at `steps`.
struct Start<'a> {
    client: &'a Client,
    last_name: &'a str,
    steps: usize,
    /// How many calls on the way are told apart by their arguments.
    decided: usize,
}

/// How surely a call is a vendor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It may be.
    Loose,
    /// A line of its file describes it.
    Exact,
    /// The line names the beginning or the end of a text, as those of an account's id.
    Told,
}

impl Catalogue {
    /// The shares of a call on a vendor's own client. Where vendors have a client in common, the call is theirs whose
    /// lines fit exactly, if there are any, and among them theirs whose lines say how a text has to start or end.
    pub(super) fn call_shares(&self, outbound: &Outbound) -> Vec<Share> {
        let shares = self.vendors.values().filter_map(|vendor| {
            let section = vendor.sections.get(outbound.language)?;
            self.call_share(vendor, section, outbound)
        });
        let shares: Vec<(Rank, Share)> = shares.collect();
        let most = shares.iter().map(|(rank, _)| *rank).max();
        let kept = shares.into_iter().filter(|(rank, _)| Some(*rank) == most);
        kept.map(|(_, share)| share).collect()
    }

    fn call_share(&self, vendor: &Vendor, section: &Section, outbound: &Outbound) -> Option<(Rank, Share)> {
        let starts = starts(section, &outbound.path);
        [Fit::Exact, Fit::Loose].into_iter().find_map(|fit| {
            let mut best: Option<(usize, &Start<'_>, &Signature, Parts<'_>)> = None;
            for start in &starts {
                for line in self.lines(outbound.language, &start.client.calls) {
                    let Some(parts) = line_parts(line, outbound, start.steps, fit) else {
                        continue;
                    };
                    let known = known_parts(&parts);
                    let is_guess = is_guess(&parts);
                    if best.as_ref().is_none_or(|(most, ..)| known > *most) {
                        best = Some((known, start, line, parts));
                    }
                    // The first line that fits is taken, unless it fits only because a value is not known.
                    if !is_guess {
                        break;
                    }
                }
                if best.as_ref().is_some_and(|(.., parts)| !is_guess(parts)) {
                    break;
                }
            }
            let (_, start, line, parts) = best?;
            let rank = match fit {
                Fit::Loose => Rank::Loose,
                Fit::Exact | Fit::Sure if tells_vendors_apart(line) => Rank::Told,
                Fit::Exact | Fit::Sure => Rank::Exact,
            };
            Some((rank, self.share(vendor, outbound, start, line, &parts)?))
        })
    }

    fn share(
        &self,
        vendor: &Vendor,
        outbound: &Outbound,
        start: &Start<'_>,
        line: &Signature,
        assigned: &[Vec<Assigned<'_>>],
    ) -> Option<Share> {
        let mut expander = Expander::new(self, vendor, outbound)?;
        let root = Place::at("");
        expander.own_object(&outbound.path, &outbound.earlier);
        expander.member = wildcard(&line.steps, &outbound.path.steps[start.steps..]);
        let entity = assigned.iter().flatten().find_map(entity_of);
        let root = entity.map_or(root, Place::at);
        for call in assigned {
            expander.take(&root, call);
        }
        if let Some(path) = &line.unseen {
            expander.unseen(path);
        }
        let members = line.name();
        let api = match &*members {
            "" => start.last_name.to_owned(),
            name if name.contains('*') => member_names(&outbound.path.steps[start.steps..]),
            _ => members,
        };
        Some(expander.finish(outbound, api))
    }

    /// The lines that hold for the project's versions, in the order in which they are tried: where a version is not
    /// known, those without a condition, then the newest.
    fn lines<'s>(&self, language: &str, calls: &'s [Signature]) -> Vec<&'s Signature> {
        let mut sure = Vec::new();
        let mut unsure = Vec::new();
        for line in calls {
            let Some(condition) = &line.condition else {
                sure.push(line);
                continue;
            };
            match self.version_of(language, &condition.package) {
                Some(version) if condition.version.matches(version) => sure.push(line),
                Some(_) => {}
                None => unsure.push(line),
            }
        }
        unsure.sort_by_key(|line| std::cmp::Reverse(least_version(line)));
        sure.extend(unsure);
        sure
    }

    /// The vendor whose client, object or package a path starts with; the one that names it most exactly.
    pub(super) fn vendor_of(&self, language: &str, path: &Path) -> Option<Name> {
        let mut best: Option<((usize, usize), &Name)> = None;
        for vendor in self.vendors.values() {
            let exactness = vendor.sections.get(language).and_then(|section| exactness(section, path));
            if let Some(exactness) = exactness
                && best.is_none_or(|(most, _)| exactness > most)
            {
                best = Some((exactness, &vendor.id));
            }
        }
        best.map(|(_, id)| id.clone())
    }
}

impl Expander<'_> {
    /// The share of what was collected.
    pub(super) fn finish(self, outbound: &Outbound, api: String) -> Share {
        Share {
            vendor: self.receiver.unwrap_or_else(|| self.vendor.id.clone()),
            api,
            event: self.event,
            chain: outbound.chain.clone(),
            fields: self.fields,
            opaque: self.opaque,
            called: outbound.called,
        }
    }
}

/// Whether a line says how a text starts or ends.
fn tells_vendors_apart(line: &Signature) -> bool {
    let is_pattern = |pattern: &Pattern| matches!(pattern, Pattern::Text(text) if text.contains('*'));
    matches!(&line.act, Act::Call(params) if params.any(&is_pattern))
}

/// The clients that a path starts with, the longest way first.
fn starts<'a>(section: &'a Section, path: &Path) -> Vec<Start<'a>> {
    let mut starts: Vec<Start<'a>> = Vec::new();
    for client in &section.clients {
        for way in &client.paths {
            if let Some(steps) = way.matches(path) {
                starts.push(Start { client, last_name: way.last_name(), steps, decided: way.decided_steps() });
            }
        }
    }
    starts.sort_by_key(|start| std::cmp::Reverse((start.steps, start.decided)));
    starts
}

/// What each call on the way is given, where the line describes the way from the client on.
fn line_parts<'a>(line: &'a Signature, outbound: &'a Outbound, from: usize, fit: Fit) -> Option<Parts<'a>> {
    let mut assigned = Vec::new();
    let steps = &outbound.path.steps;
    let after_call = matches!(steps[..from].last(), Some(Step::Call(_)));
    if !walk(&line.steps, &steps[from..], after_call, fit, &mut assigned) {
        return None;
    }
    match (&line.act, outbound.kind) {
        (Act::Call(params), OutboundKind::Call) => {
            assigned.push(assign(params, &outbound.args, fit)?);
        }
        (Act::Assign(pattern), OutboundKind::Assignment) => {
            let value = &outbound.args.first()?.shape;
            if !fits(pattern, value, fit, 0) {
                return None;
            }
            let mut parts = Vec::new();
            flatten(pattern, value, None, false, &mut parts, 0);
            assigned.push(parts);
        }
        _ => return None,
    }
    Some(assigned)
}

/// Whether the steps are those of the line. After a call, setters that the line leaves out may stand in between
/// (`CreateCustomer::new().email(e).send(&client)`), unless everything has to fit exactly.
fn walk<'a>(wanted: &'a [Wanted], steps: &'a [Step], after_call: bool, fit: Fit, assigned: &mut Parts<'a>) -> bool {
    let (Some((first, wanted_left)), Some((step, steps_left))) = (wanted.split_first(), steps.split_first()) else {
        return wanted.is_empty() && steps.is_empty();
    };
    match (first, step) {
        (Wanted::Member(wanted), Step::Member(found)) if wanted == found => {
            return walk(wanted_left, steps_left, false, fit, assigned);
        }
        (Wanted::Any, Step::Element) => {
            return walk(wanted_left, steps_left, false, fit, assigned);
        }
        (Wanted::Any | Wanted::Like(_), Step::Member(name)) if first.wildcard(name).is_some() => {
            return walk(wanted_left, steps_left, false, fit, assigned);
        }
        (Wanted::Call(params), Step::Call(args)) => {
            let Some(parts) = assign(params, args, fit) else {
                return false;
            };
            assigned.push(parts);
            return walk(wanted_left, steps_left, true, fit, assigned);
        }
        _ => {}
    }
    match (after_call && fit == Fit::Loose, steps) {
        (true, [Step::Member(_), Step::Call(_), after @ ..]) => walk(wanted, after, true, fit, assigned),
        _ => false,
    }
}

/// What the last `*` of the line stands for.
fn wildcard(wanted: &[Wanted], steps: &[Step]) -> Option<Name> {
    let members = steps.iter().rev().filter_map(|step| match step {
        Step::Member(name) => Some(name),
        Step::Element | Step::Call(_) => None,
    });
    let wanted = wanted.iter().rev().filter(|step| !matches!(step, Wanted::Call(_)));
    wanted.zip(members).find_map(|(wanted, name)| wanted.wildcard(name))
}

/// The name of what a call's fields belong to, where the part is one and it is known.
fn entity_of(part: &Assigned<'_>) -> Option<String> {
    match (&part.role, &part.shape.kind) {
        (Role::Pattern(Pattern::Entity), ShapeKind::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether a record was expected where a value is not known.
fn is_guess(parts: &Parts<'_>) -> bool {
    parts.iter().flatten().any(|part| matches!(part.role, Role::Spread(_)) && !is_known(part.shape))
}

/// How many known values have a role.
fn known_parts(parts: &Parts<'_>) -> usize {
    let is_option = |pattern: &Pattern| matches!(pattern, Pattern::Ignore | Pattern::Routes | Pattern::Given(_));
    let has_role = |part: &&Assigned<'_>| !matches!(part.role, Role::Pattern(pattern) if is_option(pattern));
    parts.iter().flatten().filter(has_role).filter(|part| is_known(part.shape)).count()
}

fn is_known(shape: &Shape) -> bool {
    !matches!(shape.kind, ShapeKind::Hole(None) | ShapeKind::Unknown(_) | ShapeKind::Extern { .. })
}

fn member_names(steps: &[Step]) -> String {
    let names: Vec<&str> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Member(name) => Some(&**name),
            Step::Element => Some("*"),
            Step::Call(_) => None,
        })
        .collect();
    names.join(".")
}

/// The least version that a line's condition names.
fn least_version(line: &Signature) -> Option<Version> {
    let comparator = line.condition.as_ref()?.version.comparators.first()?;
    Some(Version::new(comparator.major, comparator.minor.unwrap_or(0), comparator.patch.unwrap_or(0)))
}

/// How exactly a section names the start of a path: by the length of the package's name, then of the way.
fn exactness(section: &Section, path: &Path) -> Option<(usize, usize)> {
    let clients = section.clients.iter().flat_map(|client| &client.paths);
    let ways = clients.chain(section.objects.iter().map(|object| &object.path));
    let (Root::Package(root) | Root::Global(root)) = &path.root;
    let by_way = ways.filter_map(|way| way.matches(path)).max().map(|steps| (root.len(), steps + 1));
    let by_name = match &path.root {
        Root::Package(package) => {
            section.packages.iter().filter(|known| is_in_package(package, known)).map(|known| (known.len(), 0)).max()
        }
        Root::Global(global) => section.globals.contains(global).then_some((global.len(), 0)),
    };
    by_way.max(by_name)
}

/// Whether a specifier names a package or a path inside it, in code or in the project's list.
fn is_in_package(specifier: &str, package: &str) -> bool {
    let same = |left: char, right: char| left == right || (left == '_' && right == '-');
    let mut left = specifier.chars();
    let starts = package.chars().all(|wanted| left.next().is_some_and(|found| same(found, wanted)));
    starts && matches!(left.next(), None | Some('/'))
}
