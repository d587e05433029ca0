//! `undeclared-vendor`: data goes to a vendor that has no entry, or the project depends on a package of one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Context};
use crate::catalogue::{Share, Vendor};
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
use crate::policy::names::same;
use crate::policy::path::FieldPattern;
use crate::source::Span;

/// See the module.
pub(super) struct UndeclaredVendor;

impl Check for UndeclaredVendor {
    fn id(&self) -> &'static str {
        "undeclared-vendor"
    }

    fn level(&self) -> Level {
        Level::Deny
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/undeclared-vendor.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut calls: BTreeMap<(&Name, Span), Vec<&Share>> = BTreeMap::new();
        for share in context.shares {
            let declared = context.policy.is_declared(&share.vendor);
            if let Some(call) = share.chain.first().filter(|_| !declared) {
                calls.entry((&share.vendor, *call)).or_default().push(share);
            }
        }
        for ((vendor, call), shares) in calls {
            let name = context.vendor_name(vendor);
            findings.push(Finding {
                check: self.id(),
                level: self.level(),
                message: format!("data goes to {name}, which is not declared"),
                labels: vec![Label { span: call, message: format!("{name} is called here") }],
                help: [help(vendor, &shares)].into_iter().chain(cover(context, vendor)).collect(),
                vendor: Some(vendor.to_string()),
                field: None,
            });
        }
        self.dependencies(context, findings);
    }
}

impl UndeclaredVendor {
    /// A package of several vendors is declared with any of them.
    fn dependencies(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        for (dependency, owners) in context.evidence() {
            let is_declared = |owner: &&Vendor| context.policy.is_declared(&owner.id);
            let Some(first) = owners.first().filter(|_| !owners.iter().any(is_declared)) else {
                continue;
            };
            let is_called = |owner: &&Vendor| context.shares.iter().any(|share| share.vendor == owner.id);
            let receiver = owners.iter().find(|owner| is_called(owner));
            let vendor = receiver.unwrap_or(first);
            let package = &dependency.package;
            let (level, seen) = match receiver {
                Some(_) => (self.level(), "data goes to it"),
                None => (Level::Warn, "no call was found"),
            };
            findings.push(Finding {
                check: self.id(),
                level,
                message: format!("`{package}` is a package of {}, which is not declared", vendor.name),
                labels: vec![Label { span: dependency.span, message: format!("the project depends on it; {seen}") }],
                help: [format!("remove the dependency, or declare the vendor: add `[vendor.{}]`", vendor.id)]
                    .into_iter()
                    .chain(cover(context, &vendor.id))
                    .collect(),
                vendor: Some(vendor.id.to_string()),
                field: None,
            });
        }
    }
}

/// How a heading that is named like a group of the vendor's would cover it.
fn cover(context: &Context<'_>, vendor: &str) -> Option<String> {
    let groups = &context.catalogue.vendor(vendor)?.groups;
    let headings = &mut context.policy.headings.iter();
    let heading = headings.find(|heading| groups.iter().any(|group| same(group, &heading.vendors.name)))?;
    let (title, list) = (heading.title(), &heading.covers);
    Some(match list.span {
        Some(_) => format!("or let `{title}` cover it too: add {vendor:?} to `covers`"),
        None => {
            let ids = heading.vendors.ids.iter().map(|id| format!("{id:?}"));
            let ids: Vec<String> = ids.chain([format!("{vendor:?}")]).collect();
            format!("or let `{title}` cover it too: add `covers = [{}]`", ids.join(", "))
        }
    })
}

/// The entry that would declare what these calls share.
fn help(vendor: &str, shares: &[&Share]) -> String {
    let fields = shares.iter().flat_map(|share| &share.fields);
    let fields: BTreeSet<String> =
        fields.map(|field| format!("{:?}", FieldPattern::of_path(&field.path).text)).collect();
    let fields: Vec<String> = fields.into_iter().collect();
    match fields.is_empty() {
        true => format!("remove the call, or declare the vendor: add `[vendor.{vendor}]`"),
        false => format!(
            "remove the call, or declare the vendor: add `[vendor.{vendor}]` with `fields = [{}]`",
            fields.join(", ")
        ),
    }
}
