//! `undeclared-field`: a payload field is not declared for its vendor.

use super::{Check, Context, forbidden_field, subject};
use crate::finding::{Finding, Level};
use crate::policy::path::FieldPattern;
use crate::policy::{Declared, Heading, List};

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
            let Some(heading) = context.nearest(&share.vendor) else {
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
            labels.extend(context.declarations(&share.vendor));
            let name = context.vendor_name(&share.vendor);
            findings.push(Finding {
                check: self.id(),
                level: self.level(),
                message: format!("{} goes to {name} but is not declared", subject(&field.path)),
                labels,
                help: help(context, heading, &share.vendor, &field.path),
                vendor: Some(share.vendor.to_string()),
                field: Some(field.path.clone()),
            });
        }
    }
}

fn help(context: &Context<'_>, heading: &Heading, vendor: &str, path: &str) -> Vec<String> {
    let field = add(&FieldPattern::of_path(path).text, "fields", &heading.fields);
    let classes = context.policy.data.of_key(path);
    let class = classes.first().map(|class| format!(", or {}", add(class, "data", &heading.data)));
    let (class, of) = (class.unwrap_or_default(), context.of_heading(vendor, heading));
    let mut help = vec![format!("remove the field, or declare it: {field}{class}{of}")];
    if heading.vendors.ids.len() > 1 {
        let name = context.vendor_name(vendor);
        help.push(format!("what {name} alone may receive is declared under `[vendor.{vendor}]`"));
    }
    help
}

/// How an entry is added to a list of the manifest that may not be there.
pub(super) fn add<T>(entry: &str, key: &str, list: &List<T>) -> String {
    match list.span {
        Some(_) => format!("add {entry:?} to `{key}`"),
        None => format!("add `{key} = [{entry:?}]`"),
    }
}
