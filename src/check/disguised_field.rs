//! `disguised-field`: a declared key carries a value of a class that is not declared.

use super::undeclared_field::add;
use super::{Check, Context, forbidden_field, subject};
use crate::catalogue::{Share, SharedField};
use crate::finding::{Finding, Label, Level};
use crate::policy::classes::{Carried, disguised};
use crate::policy::{Declared, VendorEntry};

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
            let Some(entry) = context.policy.vendors.get(&share.vendor) else {
                continue;
            };
            let declared = context.policy.declares(&share.vendor, &field.path);
            let by_name = matches!(declared, Declared::Field(_) | Declared::Data(_));
            if !by_name || !forbidden_field::hits(context, share, field).is_empty() {
                continue;
            }
            let data: Vec<_> = entry.data.values().cloned().collect();
            for carried in disguised(&context.policy.data, context.sources, share, field, &data) {
                findings.push(self.finding(context, share, field, entry, &declared, &carried));
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
        entry: &VendorEntry,
        declared: &Declared,
        carried: &Carried,
    ) -> Finding {
        let mut labels = context.labels(share, field.at, field.hop, "enters the payload here");
        let read = field.from.filter(|from| from.file != field.at.file || from.start >= field.at.end);
        if let Some(span) = read {
            labels.insert(1, Label { span, message: "its value is read here".into() });
        }
        labels.push(Label { span: declaration(entry, declared), message: "declared here, by its name".into() });
        let name = context.vendor_name(&share.vendor);
        let Carried { class, from } = carried;
        let message = format!("{} is declared for {name} but carries `{class}` (`{from}`)", subject(&field.path));
        let class = add(class, "data", &entry.data);
        Finding {
            check: self.id(),
            level: self.level(),
            message,
            labels,
            help: vec![format!("send another value, or declare what it is: {class}")],
            vendor: Some(share.vendor.to_string()),
            field: Some(field.path.clone()),
        }
    }
}

/// The entry of the manifest that declares the field.
fn declaration(entry: &VendorEntry, declared: &Declared) -> crate::source::Span {
    let place = match declared {
        Declared::Field(text) => entry.fields.items.iter().find(|item| item.value.text == *text).map(|item| item.span),
        Declared::Data(class) => entry.data.items.iter().find(|item| item.value == *class).map(|item| item.span),
        Declared::FullAccess | Declared::No => None,
    };
    place.unwrap_or(entry.key)
}
