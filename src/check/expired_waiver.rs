//! `expired-waiver`: the last day of a dated exception is over.

use super::{Check, Context};
use crate::finding::{Finding, Label, Level};

/// See the module.
pub(super) struct ExpiredWaiver;

impl Check for ExpiredWaiver {
    fn id(&self) -> &'static str {
        "expired-waiver"
    }

    fn level(&self) -> Level {
        Level::Deny
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/expired-waiver.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        let expired = context.policy.waivers.iter().filter(|waiver| waiver.until.value < context.today);
        for waiver in expired {
            findings.push(Finding {
                check: self.id(),
                level: self.level(),
                message: format!("the waiver of `{}` ended on {}", waiver.check.value, waiver.until.value),
                labels: vec![
                    Label { span: waiver.until.span, message: "its last day".into() },
                    Label { span: waiver.reason.span, message: "why it was given".into() },
                ],
                help: vec!["settle what it waives and remove it, or agree on another day".into()],
                vendor: waiver.vendor.as_ref().map(|vendor| vendor.value.subject().to_string()),
                field: waiver.field.as_ref().map(|field| field.value.text.to_string()),
            });
        }
    }
}
