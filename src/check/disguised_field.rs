//! `disguised-field`: a declared key carries a value of a class that is not declared.

use super::undeclared_field::add;
use super::{Check, Context, forbidden_field, subject};
use crate::catalogue::{Share, SharedField};
use crate::finding::{Finding, Label, Level};
use crate::policy::classes::{Carried, disguised};
use crate::policy::{Declared, Heading};
use crate::source::Span;

/// See the module.
pub(super) struct DisguisedField;

impl Check for DisguisedField {
    fn id(&self) -> &'static str {
        "disguised-field"
    }

    fn level(&self) -> Level {
        Level::Deny
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/disguised-field.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        for (share, field) in context.fields() {
            let Declared::By { heading, span } = context.policy.declares(&share.vendor, &field.path) else {
                continue;
            };
            if !forbidden_field::hits(context, share, field).is_empty() {
                continue;
            }
            let headings = context.policy.covering(&share.vendor);
            let data: Vec<_> = headings.flat_map(|heading| heading.data.values()).cloned().collect();
            for carried in disguised(&context.policy.data, context.sources, share, field, &data) {
                findings.push(self.finding(context, share, field, (heading, span), &carried));
            }
        }
    }
}

impl DisguisedField {
    fn finding(
        &self,
        context: &Context<'_>,
        share: &Share,
        field: &SharedField,
        (heading, declared): (&Heading, Span),
        carried: &Carried,
    ) -> Finding {
        let mut labels = context.labels(share, field.at, field.hop, "enters the payload here");
        let read = field.from.filter(|from| from.file != field.at.file || from.start >= field.at.end);
        if let Some(span) = read {
            labels.insert(1, Label { span, message: "its value is read here".into() });
        }
        labels.push(Label { span: declared, message: "declared here, by its name".into() });
        let name = context.vendor_name(&share.vendor);
        let Carried { class, from } = carried;
        let message = format!("{} is declared for {name} but carries `{class}` (`{from}`)", subject(&field.path));
        let class = add(class, "data", &heading.data);
        let of = context.of_heading(&share.vendor, heading);
        Finding {
            check: self.id(),
            level: self.level(),
            message,
            labels,
            help: vec![format!("send another value, or declare what it is: {class}{of}")],
            vendor: Some(share.vendor.to_string()),
            field: Some(field.path.clone()),
        }
    }
}
