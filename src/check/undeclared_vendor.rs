//! `undeclared-vendor`: data goes to a vendor that has no entry, or the project depends on a package of one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Context};
use crate::catalogue::{Share, Vendor};
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
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
            let declared = context.policy.vendors.contains_key(&share.vendor);
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
                help: vec![help(vendor, &shares)],
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
            let is_declared = |owner: &&Vendor| context.policy.vendors.contains_key(&owner.id);
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
                help: vec![format!("remove the dependency, or declare the vendor: add `[vendor.{}]`", vendor.id)],
                vendor: Some(vendor.id.to_string()),
                field: None,
            });
        }
    }
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
