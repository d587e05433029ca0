//! `forbidden-field`: a field, or what its value was read from, is promised never to be shared.

use super::{Check, Context, subject};
use crate::catalogue::{Share, SharedField};
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
use crate::policy::{Exception, VendorEntry};
use crate::source::Span;

/// See the module.
pub(super) struct ForbiddenField;

impl Check for ForbiddenField {
    fn id(&self) -> &'static str {
        "forbidden-field"
    }

    fn level(&self) -> Level {
        Level::Deny
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/forbidden-field.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        for (share, field) in context.fields() {
            for hit in hits(context, share, field) {
                let mut labels = context.labels(share, field.at, field.hop, "enters the payload here");
                labels.push(Label { span: hit.place, message: "promised here".into() });
                findings.push(Finding {
                    check: self.id(),
                    level: self.level(),
                    message: message(context, share, field, &hit),
                    labels,
                    help: vec![help(&hit)],
                    vendor: Some(share.vendor.to_string()),
                    field: Some(field.path.clone()),
                });
            }
        }
    }
}

/// A promise that a field breaks.
pub(super) struct Hit {
    /// The class that the field has.
    class: Name,
    /// What the value was read from; absent where the field's name tells the class.
    from: Option<String>,
    /// The class in `never`: the same, or one that includes it.
    promised: Name,
    /// Where it is promised.
    place: Span,
    /// Whether it is promised for every vendor.
    every_vendor: bool,
}

/// The promises that a field breaks.
pub(super) fn hits(context: &Context<'_>, share: &Share, field: &SharedField) -> Vec<Hit> {
    let policy = context.policy;
    let entry = policy.vendors.get(&share.vendor);
    let nothing_promised = policy.never.items.is_empty() && entry.is_none_or(|entry| entry.never.items.is_empty());
    // What came from the vendor is not news to it.
    if nothing_promised || field.obtained_from.as_ref() == Some(&share.vendor) {
        return Vec::new();
    }
    let by_key = policy.data.of_key(&field.path).into_iter().map(|class| (class, None));
    let by_value = policy.data.of_value(field, context.sources);
    let by_value = by_value.into_iter().map(|carried| (carried.class, Some(carried.from)));
    let mut hits: Vec<Hit> = Vec::new();
    for (class, from) in by_key.chain(by_value) {
        if hits.iter().any(|hit| hit.class == class) {
            continue;
        }
        let lineage = policy.data.lineage(&class);
        let path = from.as_deref().unwrap_or(&field.path);
        let everywhere = policy.never.items.iter().find(|never| lineage.contains(&never.value));
        let here = || {
            let entry = entry?;
            let promised = |never: &Name| lineage.contains(never) && !excepted(entry, &lineage, never, path);
            entry.never.items.iter().find(|never| promised(&never.value))
        };
        if let Some(never) = everywhere.or_else(here) {
            let (promised, place) = (never.value.clone(), never.span);
            hits.push(Hit { class, from, promised, place, every_vendor: everywhere.is_some() });
        }
    }
    hits
}

/// Whether the vendor's `except` lifts its promise about a class: for the class itself, for one between it and the
/// promised one, or for the path that has the class.
fn excepted(entry: &VendorEntry, lineage: &[Name], promised: &Name, path: &str) -> bool {
    let below = lineage.iter().take_while(|class| *class != promised);
    let narrower: Vec<&Name> = below.chain([promised]).collect();
    entry.except.values().any(|exception| match exception {
        Exception::Class(class) => narrower.contains(&class),
        Exception::Field(pattern) => pattern.matches_ending(path),
    })
}

fn message(context: &Context<'_>, share: &Share, field: &SharedField, hit: &Hit) -> String {
    let (name, subject, class) = (context.vendor_name(&share.vendor), subject(&field.path), &hit.class);
    let what = match &hit.from {
        Some(from) => format!("{subject} carries `{class}` (`{from}`) to {name}"),
        None => format!("{subject} goes to {name}"),
    };
    let part = match hit.class == hit.promised {
        true => String::new(),
        false => format!(", which includes `{class}`"),
    };
    match hit.every_vendor {
        true => format!("{what}, but no vendor may receive `{}`{part}", hit.promised),
        false => format!("{what}, which is promised never to receive `{}`{part}", hit.promised),
    }
}

fn help(hit: &Hit) -> String {
    match hit.every_vendor {
        true => "remove the field; no vendor's entry lifts `never` of `[policy]`".into(),
        false => format!("remove the field, or make an exception of it: add {:?} to `except`", &*hit.class),
    }
}
