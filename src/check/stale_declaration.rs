//! `stale-declaration`: a declared vendor, field or data class that nothing uses.

use std::collections::BTreeSet;

use super::{Check, Context};
use crate::catalogue::Share;
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
use crate::policy::VendorEntry;
use crate::policy::path::FieldPath;
use crate::source::Span;

/// See the module.
pub(super) struct StaleDeclaration;

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
        let depended: BTreeSet<&Name> =
            context.evidence().flat_map(|(_, owners)| owners.into_iter().map(|owner| &owner.id)).collect();
        for (vendor, entry) in &context.policy.vendors {
            let name = context.vendor_name(vendor);
            let shares: Vec<&Share> = context.shares.iter().filter(|share| share.vendor == *vendor).collect();
            // What the project depends on is used, although no call was found.
            if shares.is_empty() && depended.contains(vendor) {
                continue;
            }
            if shares.is_empty() {
                let message = format!("{name} is declared but nothing is shared with it");
                findings.push(self.finding(entry, entry.key, None, message));
                continue;
            }
            if entry.has_full_access() {
                continue;
            }
            self.fields(entry, &shares, name, findings);
            self.data(context, entry, &shares, name, findings);
        }
    }
}

impl StaleDeclaration {
    fn fields(&self, entry: &VendorEntry, shares: &[&Share], name: &str, findings: &mut Vec<Finding>) {
        let paths = shares.iter().flat_map(|share| &share.fields).map(|field| &*field.path);
        let paths: Vec<FieldPath> = paths.collect::<BTreeSet<_>>().into_iter().map(FieldPath::of).collect();
        let unseen = shares.iter().flat_map(|share| &share.opaque).map(|part| &*part.path).collect::<BTreeSet<_>>();
        for item in &entry.fields.items {
            let pattern = &item.value;
            let used = paths.iter().any(|path| pattern.matches_path(path))
                || unseen.iter().any(|path| pattern.reaches_below(path));
            if !used {
                let message = format!("`{}` is declared for {name} but never sent to it", pattern.text);
                findings.push(self.finding(entry, item.span, Some(&pattern.text), message));
            }
        }
    }

    fn data(
        &self,
        context: &Context<'_>,
        entry: &VendorEntry,
        shares: &[&Share],
        name: &str,
        findings: &mut Vec<Finding>,
    ) {
        // What cannot be seen may be of any class.
        if entry.data.items.is_empty() || shares.iter().any(|share| !share.opaque.is_empty()) {
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
        let collects = context.catalogue.vendor(&entry.id).map(|vendor| &vendor.collects);
        let collected = collects.into_iter().flatten().flat_map(|collects| &collects.data);
        used.extend(collected.flat_map(|class| data.lineage(class)));
        for item in &entry.data.items {
            // An SDK collects usage and technical data by itself, without a field that could be seen.
            let personal = data.classes().get(&item.value).is_some_and(|class| class.personal);
            if personal && !used.contains(&item.value) {
                let message =
                    format!("`{}` is declared for {name} but no field sent to it is of this class", item.value);
                findings.push(self.finding(entry, item.span, Some(&item.value), message));
            }
        }
    }

    fn finding(&self, entry: &VendorEntry, span: Span, field: Option<&Name>, message: String) -> Finding {
        Finding {
            check: self.id(),
            level: self.level(),
            message,
            labels: vec![Label { span, message: "declared here".into() }],
            help: vec!["remove it from the manifest".into()],
            vendor: Some(entry.id.to_string()),
            field: field.map(|field| field.to_string()),
        }
    }
}
