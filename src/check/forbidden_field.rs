//! `forbidden-field`: a field, or what its value was read from, is promised never to be shared.

use super::{Check, Context, subject};
use crate::catalogue::{Share, SharedField};
use crate::finding::{Finding, Label, Level};
use crate::ir::Name;
use crate::policy::Heading;
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
                    help: vec![help(context, share, &hit)],
                    vendor: Some(share.vendor.to_string()),
                    field: Some(field.path.clone()),
                });
            }
        }
    }
}

/// A promise that a field breaks.
pub(super) struct Hit<'a> {
    /// The class that the field has.
    class: Name,
    /// What the value was read from; absent where the field's name tells the class.
    from: Option<String>,
    /// The class in `never`: the same, or one that includes it.
    promised: Name,
    /// Where it is promised.
    place: Span,
    /// The heading that promises it; absent where it is promised for every vendor.
    heading: Option<&'a Heading>,
}

/// The promises that a field breaks.
pub(super) fn hits<'a>(context: &Context<'a>, share: &Share, field: &SharedField) -> Vec<Hit<'a>> {
    let policy = context.policy;
    let headings = policy.covering(&share.vendor);
    let nothing_promised =
        policy.never.items.is_empty() && headings.clone().all(|heading| heading.never.items.is_empty());
    // What came from the vendor is not news to it.
    if nothing_promised || field.obtained_from.as_ref() == Some(&share.vendor) {
        return Vec::new();
    }
    let by_key = policy.data.of_key(&field.path).into_iter().map(|class| (class, None));
    let by_value = policy.data.of_value(field, context.sources);
    let by_value = by_value.into_iter().map(|carried| (carried.class, Some(carried.from)));
    let mut hits: Vec<Hit<'_>> = Vec::new();
    for (class, from) in by_key.chain(by_value) {
        if hits.iter().any(|hit| hit.class == class) {
            continue;
        }
        let lineage = policy.data.lineage(&class);
        let path = from.as_deref().unwrap_or(&field.path);
        let is_meant = is_meant_for(context, share, &lineage);
        let everywhere = policy.never.items.iter().filter(|_| !is_meant).map(|never| (None, never));
        let here =
            headings.clone().flat_map(|heading| heading.never.items.iter().map(move |never| (Some(heading), never)));
        let broken = everywhere.chain(here).find(|(heading, never)| {
            lineage.contains(&never.value)
                && !heading.is_some_and(|heading| heading.lifts(&never.value, &lineage, Some(path)))
        });
        if let Some((heading, never)) = broken {
            hits.push(Hit { class, from, promised: never.value.clone(), place: never.span, heading });
        }
    }
    hits
}

/// Whether a vendor is made to receive a class, as an identity provider is passwords, and a heading of it says so.
fn is_meant_for(context: &Context<'_>, share: &Share, lineage: &[Name]) -> bool {
    let expects = lineage.iter().any(|class| context.expects(&share.vendor, class));
    let declares = |heading: &Heading| heading.data.items.iter().any(|class| lineage.contains(&class.value));
    expects && context.policy.covering(&share.vendor).any(declares)
}

fn message(context: &Context<'_>, share: &Share, field: &SharedField, hit: &Hit<'_>) -> String {
    let (name, subject, class) = (context.vendor_name(&share.vendor), subject(&field.path), &hit.class);
    let what = match &hit.from {
        Some(from) => format!("{subject} carries `{class}` (`{from}`) to {name}"),
        None => format!("{subject} goes to {name}"),
    };
    let part = match hit.class == hit.promised {
        true => String::new(),
        false => format!(", which includes `{class}`"),
    };
    match hit.heading {
        None => format!("{what}, but no vendor may receive `{}`{part}", hit.promised),
        Some(_) => format!("{what}, which is promised never to receive `{}`{part}", hit.promised),
    }
}

fn help(context: &Context<'_>, share: &Share, hit: &Hit<'_>) -> String {
    match hit.heading {
        None if context.expects(&share.vendor, &hit.class) => {
            let name = context.vendor_name(&share.vendor);
            format!("{name} is made for it: if it may receive it, add {:?} to its `data`", &*hit.class)
        }
        None => "remove the field; no vendor's entry lifts `never` of `[policy]`".into(),
        Some(heading) => {
            let of = context.of_heading(&share.vendor, heading);
            format!("remove the field, or make an exception of it: add {:?} to `except`{of}", &*hit.class)
        }
    }
}
