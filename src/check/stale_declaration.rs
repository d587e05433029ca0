//! `stale-declaration`: a declared vendor, field or data class that nothing uses.

use std::collections::BTreeSet;

use super::{Check, Context};
use crate::catalogue::Share;
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
use crate::policy::path::FieldPath;
use crate::policy::{Heading, Vendors};
use crate::source::Span;

/// See the module.
pub(super) struct StaleDeclaration;

/// A heading with what is shared with the vendors that it covers.
struct Covered<'a> {
    heading: &'a Heading,
    shares: Vec<&'a Share>,
}

impl Check for StaleDeclaration {
    fn id(&self) -> &'static str {
        "stale-declaration"
    }

    fn level(&self) -> Level {
        Level::Warn
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/stale-declaration.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        // What the project depends on is used, although no call was found.
        let depended: BTreeSet<&Name> =
            context.evidence().flat_map(|(_, owners)| owners.into_iter().map(|owner| &owner.id)).collect();
        let called: BTreeSet<&Name> = context.shares.iter().map(|share| &share.vendor).collect();
        let is_used = |vendors: &Vendors| vendors.ids.iter().any(|id| called.contains(id) || depended.contains(id));
        for heading in &context.policy.headings {
            if !is_used(&heading.vendors) {
                let message = match heading.vendors.ids.len() {
                    1 => format!("{} is declared but nothing is shared with it", context.heading_name(heading)),
                    _ => format!("{} covers no vendor that anything is shared with", context.heading_name(heading)),
                };
                findings.push(self.finding(heading, heading.key, None, message));
                continue;
            }
            for item in heading.covers.items.iter().filter(|item| !is_used(&item.value)) {
                let name = &item.value.name;
                let message = format!("`{}` covers `{name}` but nothing is shared with it", heading.title());
                findings.push(self.finding(heading, item.span, Some(name), message));
            }
            // What a vendor receives of which no call was found is not known.
            if heading.has_full_access()
                || !heading.vendors.ids.iter().all(|id| called.contains(id) || !depended.contains(id))
            {
                continue;
            }
            let shares = context.shares.iter().filter(|share| heading.vendors.ids.contains(&share.vendor)).collect();
            let covered = Covered { heading, shares };
            self.fields(context, &covered, findings);
            self.data(context, &covered, findings);
        }
    }
}

impl StaleDeclaration {
    fn fields(&self, context: &Context<'_>, covered: &Covered<'_>, findings: &mut Vec<Finding>) {
        let Covered { heading, shares } = covered;
        let paths = shares.iter().flat_map(|share| &share.fields).map(|field| &*field.path);
        let paths: Vec<FieldPath> = paths.collect::<BTreeSet<_>>().into_iter().map(FieldPath::of).collect();
        let unseen = shares.iter().flat_map(|share| &share.opaque).map(|part| &*part.path).collect::<BTreeSet<_>>();
        for item in &heading.fields.items {
            let pattern = &item.value;
            let used = paths.iter().any(|path| pattern.matches_path(path))
                || unseen.iter().any(|path| pattern.reaches_below(path));
            if !used {
                let name = context.heading_name(heading);
                let to = receiver(heading);
                let message = format!("`{}` is declared for {name} but never sent to {to}", pattern.text);
                findings.push(self.finding(heading, item.span, Some(&pattern.text), message));
            }
        }
    }

    fn data(&self, context: &Context<'_>, covered: &Covered<'_>, findings: &mut Vec<Finding>) {
        let Covered { heading, shares } = covered;
        // What cannot be seen may be of any class.
        if heading.data.items.is_empty() || shares.iter().any(|share| !share.opaque.is_empty()) {
            return;
        }
        let data = &context.policy.data;
        let mut used: BTreeSet<Name> = BTreeSet::new();
        for field in shares.iter().flat_map(|share| &share.fields) {
            let carried = data.of_value(field, context.sources).into_iter().map(|carried| carried.class);
            let classes = data.of_key(&field.path).into_iter().chain(carried);
            used.extend(classes.flat_map(|class| data.lineage(&class)));
        }
        // What an SDK collects by itself has no field either.
        let vendors = heading.vendors.ids.iter().filter_map(|id| context.catalogue.vendor(id));
        let collected = vendors.flat_map(|vendor| &vendor.collects).flat_map(|collects| &collects.data);
        used.extend(collected.flat_map(|class| data.lineage(class)));
        for item in &heading.data.items {
            // An SDK collects usage and technical data by itself, without a field that could be seen.
            let personal = data.classes().get(&item.value).is_some_and(|class| class.personal);
            if personal && !used.contains(&item.value) {
                let (name, to) = (context.heading_name(heading), receiver(heading));
                let message =
                    format!("`{}` is declared for {name} but no field sent to {to} is of this class", item.value);
                findings.push(self.finding(heading, item.span, Some(&item.value), message));
            }
        }
    }

    fn finding(&self, heading: &Heading, span: Span, field: Option<&Name>, message: String) -> Finding {
        Finding {
            check: self.id(),
            level: self.level(),
            message,
            labels: vec![Label { span, message: "declared here".into() }],
            help: vec!["remove it from the manifest".into()],
            vendor: Some(heading.vendors.subject().to_string()),
            field: field.map(|field| field.to_string()),
        }
    }
}

/// Those who receive what a heading declares.
fn receiver(heading: &Heading) -> &'static str {
    match heading.vendors.ids.len() {
        1 => "it",
        _ => "any vendor that it covers",
    }
}
