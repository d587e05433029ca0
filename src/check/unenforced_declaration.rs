//! `unenforced-declaration`: the manifest declares something that no check looks at.

use super::{Check, Context};
use crate::finding::{Finding, Label, Level};
use crate::policy::Heading;
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
        for heading in &context.policy.headings {
            for (key, span) in unenforced(heading) {
                add(span, key, &context.heading_name(heading), Some(heading.vendors.subject()));
            }
        }
        for (name, consent) in &context.policy.consent {
            add(consent.key, "guards", &format!("`[consent.{name}]`"), None);
        }
    }
}

/// The keys of a heading that no check reads.
fn unenforced(heading: &Heading) -> Vec<(&'static str, Span)> {
    let keys = [
        ("routes", heading.routes.span),
        ("consent", heading.consent.as_ref().map(|consent| consent.span)),
        ("paths", heading.paths.span),
        ("regions", heading.regions.span),
        ("retain", heading.retain.as_ref().map(|retain| retain.span)),
        ("transfer", heading.transfer.as_ref().map(|transfer| transfer.span)),
    ];
    keys.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
}
