//! `undeclared-field`: a payload field is not declared for its vendor.

use super::{Check, Context, forbidden_field, subject};
use crate::finding::{Finding, Level};
use crate::policy::path::FieldPattern;
use crate::policy::{Declared, List, VendorEntry};

/// See the module.
pub(super) struct UndeclaredField;

impl Check for UndeclaredField {
    fn id(&self) -> &'static str {
        "undeclared-field"
    }

    fn level(&self) -> Level {
        Level::Deny
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/undeclared-field.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        for (share, field) in context.fields() {
            let Some(entry) = context.policy.vendors.get(&share.vendor) else {
                continue;
            };
            // What a vendor returned tells that vendor nothing new.
            if field.returned && field.obtained_from.as_ref() == Some(&share.vendor) {
                continue;
            }
            let declared = context.policy.declares(&share.vendor, &field.path) != Declared::No;
            if declared || !forbidden_field::hits(context, share, field).is_empty() {
                continue;
            }
            let mut labels = context.labels(share, field.at, field.hop, "enters the payload here");
            labels.extend(context.declaration(&share.vendor));
            let name = context.vendor_name(&share.vendor);
            findings.push(Finding {
                check: self.id(),
                level: self.level(),
                message: format!("{} goes to {name} but is not declared", subject(&field.path)),
                labels,
                help: vec![help(context, entry, &field.path)],
                vendor: Some(share.vendor.to_string()),
                field: Some(field.path.clone()),
            });
        }
    }
}

fn help(context: &Context<'_>, entry: &VendorEntry, path: &str) -> String {
    let field = add(&FieldPattern::of_path(path).text, "fields", &entry.fields);
    match context.policy.data.of_key(path).first() {
        Some(class) => {
            let class = add(class, "data", &entry.data);
            format!("remove the field, or declare it: {field}, or {class}")
        }
        None => format!("remove the field, or declare it: {field}"),
    }
}

/// How an entry is added to a list of the manifest that may not be there.
pub(super) fn add<T>(entry: &str, key: &str, list: &List<T>) -> String {
    match list.span {
        Some(_) => format!("add {entry:?} to `{key}`"),
        None => format!("add `{key} = [{entry:?}]`"),
    }
}
