//! `unused-waiver`: a dated exception takes no finding away.

use super::{Check, Context, takes_away};
use crate::finding::{Finding, Label, Level};

/// See the module.
pub(super) struct UnusedWaiver;

impl Check for UnusedWaiver {
    fn id(&self) -> &'static str {
        "unused-waiver"
    }

    fn level(&self) -> Level {
        Level::Warn
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/unused-waiver.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        let current = context.policy.waivers.iter().filter(|waiver| waiver.until.value >= context.today);
        for waiver in current {
            if findings.iter().any(|finding| takes_away(waiver, finding, context.sources)) {
                continue;
            }
            findings.push(Finding {
                check: self.id(),
                level: self.level(),
                message: format!("the waiver of `{}` takes no finding away", waiver.check.value),
                labels: vec![Label { span: waiver.check.span, message: "matches nothing".into() }],
                help: vec!["remove it".into()],
                vendor: waiver.vendor.as_ref().map(|vendor| vendor.value.subject().to_string()),
                field: waiver.field.as_ref().map(|field| field.value.text.to_string()),
            });
        }
    }
}
