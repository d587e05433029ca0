//! `unenforced-declaration`: the manifest declares something that no check looks at.

use super::{Check, Context};
use crate::finding::{Finding, Label, Level};
use crate::policy::VendorEntry;
use crate::source::Span;

/// See the module.
pub(super) struct UnenforcedDeclaration;

impl Check for UnenforcedDeclaration {
    fn id(&self) -> &'static str {
        "unenforced-declaration"
    }

    fn level(&self) -> Level {
        Level::Warn
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/unenforced-declaration.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut add = |span: Span, key: &str, owner: &str, vendor: Option<&str>| {
            findings.push(Finding {
                check: self.id(),
                level: self.level(),
                message: format!("`{key}` of {owner} is not enforced: no check compares it with the code"),
                labels: vec![Label { span, message: "declared here".into() }],
                help: vec!["see to it by other means; allow this check where that is done".into()],
                vendor: vendor.map(Into::into),
                field: Some(key.into()),
            });
        };
        if let Some(home) = &context.policy.home {
            add(home.span, "home", "`[policy]`", None);
        }
        for (vendor, entry) in &context.policy.vendors {
            for (key, span) in unenforced(entry) {
                add(span, key, context.vendor_name(vendor), Some(vendor));
            }
        }
        for (name, consent) in &context.policy.consent {
            add(consent.key, "guards", &format!("`[consent.{name}]`"), None);
        }
    }
}

/// The keys of a vendor's entry that no check reads.
fn unenforced(entry: &VendorEntry) -> Vec<(&'static str, Span)> {
    let keys = [
        ("routes", entry.routes.span),
        ("consent", entry.consent.as_ref().map(|consent| consent.span)),
        ("paths", entry.paths.span),
        ("regions", entry.regions.span),
        ("retain", entry.retain.as_ref().map(|retain| retain.span)),
        ("transfer", entry.transfer.as_ref().map(|transfer| transfer.span)),
    ];
    keys.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
}
