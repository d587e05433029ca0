//! `undeclared-vendor`: data goes to a vendor that has no entry.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Context};
use crate::catalogue::Share;
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
