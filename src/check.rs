//! Compares what is shared with what the policy says. Each check is one file and one row in [`CHECKS`].

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::catalogue::{Catalogue, Share, SharedField, Vendor};
use crate::dependency::{Dependency, Purpose};
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
use crate::policy::{Heading, Policy, Waiver};
use crate::source::{Sources, Span};

mod disguised_field;
mod expired_waiver;
mod forbidden_field;
mod opaque_payload;
mod stale_declaration;
mod undeclared_field;
mod undeclared_vendor;
mod unenforced_declaration;
mod unused_waiver;

/// Something that can be wrong with a share, or with the policy.
pub trait Check: Sync {
    /// Its name in `[lints]`, in messages and of its page.
    fn id(&self) -> &'static str;

    /// Its level where `[lints]` does not say another.
    fn level(&self) -> Level;

    /// Its page: what it says, why, and how to settle it.
    fn page(&self) -> &'static str;

    /// Adds what it finds. `findings` holds what the checks before it in [`CHECKS`] found.
    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>);
}

/// Every check, in the order in which they run. The two about waivers come last: they look at the findings of the others.
pub const CHECKS: &[&dyn Check] = &[
    &undeclared_vendor::UndeclaredVendor,
    &undeclared_field::UndeclaredField,
    &forbidden_field::ForbiddenField,
    &disguised_field::DisguisedField,
    &opaque_payload::OpaquePayload,
    &stale_declaration::StaleDeclaration,
    &unenforced_declaration::UnenforcedDeclaration,
    &expired_waiver::ExpiredWaiver,
    &unused_waiver::UnusedWaiver,
];

/// What checks look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What may be shared.
    pub policy: &'a Policy,
    /// What is shared.
    pub shares: &'a [Share],
    /// What the project depends on.
    pub dependencies: &'a [Dependency],
    /// The vendors.
    pub catalogue: &'a Catalogue,
    /// The text that spans point into.
    pub sources: &'a Sources,
    /// The day on which waivers are compared.
    pub today: Date,
}

/// The names of all checks: what `[lints]` and `[[waiver]]` may use.
pub fn ids() -> Vec<&'static str> {
    CHECKS.iter().map(|check| check.id()).collect()
}

/// The page of a check, or of what makes a manifest unusable.
pub fn page(id: &str) -> Option<&'static str> {
    if id == crate::policy::MANIFEST {
        return Some(include_str!("../rules/checks/manifest.md"));
    }
    let check = CHECKS.iter().find(|check| check.id() == id)?;
    Some(check.page())
}

/// Runs every check. What a waiver takes away and what `[lints]` allows is left out; the rest is in the order of the
/// files, each finding once however many ways lead to it.
pub fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in CHECKS {
        check.run(context, &mut findings);
    }
    let waivers: Vec<_> = context.policy.waivers.iter().filter(|waiver| waiver.until.value >= context.today).collect();
    findings.retain(|finding| !waivers.iter().any(|waiver| takes_away(waiver, finding, context.sources)));
    for finding in &mut findings {
        if let Some(level) = context.policy.levels.get(finding.check) {
            finding.level = level.value;
        }
    }
    findings.retain(|finding| finding.level != Level::Allow);
    // Of the same finding by several ways, the shortest way comes first and is kept.
    findings.sort_by_cached_key(|finding| {
        let spans: Vec<Span> = finding.labels.iter().map(|label| label.span).collect();
        (spans.first().copied(), finding.check, finding.message.clone(), spans.len(), spans)
    });
    let mut seen = BTreeSet::new();
    findings.retain(|finding| {
        let place = finding.labels.first().map(|label| label.span);
        seen.insert((finding.check, finding.vendor.clone(), finding.field.clone(), place, finding.message.clone()))
    });
    findings
}

/// Whether a waiver takes a finding away. None takes away what is said about waivers.
fn takes_away(waiver: &Waiver, finding: &Finding, sources: &Sources) -> bool {
    let about_waivers = [expired_waiver::ExpiredWaiver.id(), unused_waiver::UnusedWaiver.id()];
    let check = &*waiver.check.value == finding.check && !about_waivers.contains(&finding.check);
    let vendor = waiver.vendor.as_ref().is_none_or(|vendor| {
        let about = finding.vendor.as_deref();
        about.is_some_and(|about| *vendor.value.name == *about || vendor.value.ids.contains(about))
    });
    let field = waiver.field.as_ref().is_none_or(|field| {
        let path = finding.field.as_deref();
        path.is_some_and(|path| field.value.matches(path))
    });
    check && vendor && field && in_path(waiver, finding, sources)
}

fn in_path(waiver: &Waiver, finding: &Finding, sources: &Sources) -> bool {
    let Some(path) = &waiver.path else {
        return true;
    };
    let glob = globset::Glob::new(&path.value).expect("the manifest's globs are well formed").compile_matcher();
    let file = finding.labels.first().map(|label| &sources.get(label.span.file).path);
    file.is_some_and(|file| glob.is_match(file))
}

impl<'a> Context<'a> {
    /// Every field to report: what a caller supplies is reported at that caller.
    fn fields(&self) -> impl Iterator<Item = (&'a Share, &'a SharedField)> {
        let fields = self.shares.iter().flat_map(|share| share.fields.iter().map(move |field| (share, field)));
        fields.filter(|(share, field)| !(share.called && field.hole))
    }

    /// The packages of vendors that the application runs with, each with those whose package it is.
    fn evidence(&self) -> impl Iterator<Item = (&'a Dependency, Vec<&'a Vendor>)> {
        let owners = self.catalogue.owners();
        let run = self.dependencies.iter().filter(|dependency| dependency.purpose == Purpose::Run);
        run.map(move |dependency| (dependency, owners.of(dependency).to_vec())).filter(|(_, owners)| !owners.is_empty())
    }

    /// A vendor's name in messages.
    fn vendor_name(&self, id: &'a str) -> &'a str {
        self.catalogue.vendor(id).map_or(id, |vendor| &vendor.name)
    }

    /// Whether a vendor is made to receive a class although others must not have it.
    fn expects(&self, id: &str, class: &Name) -> bool {
        self.catalogue.vendor(id).is_some_and(|vendor| vendor.expects.contains(class))
    }

    /// The places of something in a payload: where it stands, what hands it on from there, and the vendor's call.
    fn labels(&self, share: &'a Share, at: Span, hop: usize, message: &str) -> Vec<Label> {
        let holds = |outer: Span| outer.file == at.file && outer.start <= at.start && at.end <= outer.end;
        let between = share.chain.iter().take(hop + 1).skip(1).rev().copied();
        let mut labels = vec![Label { span: at, message: message.into() }];
        labels.extend(
            between.filter(|span| !holds(*span)).take(3).map(|span| Label { span, message: "handed on here".into() }),
        );
        labels.extend(share.chain.first().map(|span| Label {
            span: *span,
            message: format!("sent to {} by this call", self.vendor_name(&share.vendor)),
        }));
        labels
    }

    /// The places at which the manifest says what a vendor may receive.
    fn declarations(&self, vendor: &'a str) -> impl Iterator<Item = Label> {
        let message = format!("what {} may receive is declared here", self.vendor_name(vendor));
        self.policy.covering(vendor).map(move |heading| Label { span: heading.place(), message: message.clone() })
    }

    /// The heading to which what a vendor may receive is added: of those that cover it, the one that covers the fewest.
    fn nearest(&self, vendor: &str) -> Option<&'a Heading> {
        self.policy.covering(vendor).min_by_key(|heading| heading.vendors.ids.len())
    }

    /// ` of [vendor.google]`, where a vendor has another heading than one of its own.
    fn of_heading(&self, vendor: &str, heading: &Heading) -> String {
        match self.policy.covering(vendor).count() == 1 && heading.vendors.ids.len() == 1 {
            true => String::new(),
            false => format!(" of `{}`", heading.title()),
        }
    }

    /// What a heading is about, in messages: its one vendor, or the heading itself.
    fn heading_name(&self, heading: &'a Heading) -> String {
        match heading.vendors.ids.len() {
            1 => self.vendor_name(heading.vendors.subject()).into(),
            _ => format!("`{}`", heading.title()),
        }
    }
}

/// A field in a message.
fn subject(path: &str) -> String {
    match path {
        "" => "the payload itself".into(),
        path => format!("`{path}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_names_its_check() {
        for id in ids() {
            let page = page(id).unwrap();
            assert_eq!(page.lines().next(), Some(&*format!("# {id}")));
        }
    }
}
