//! Data that is declared and promised away by the same manifest, under one heading or under two that cover the same
//! vendor.

use super::heading::Names;
use super::{At, Heading};
use crate::ir::Name;

/// Notes every contradiction.
pub(super) fn contradictions(names: &mut Names<'_>, headings: &[Heading]) {
    for (index, heading) in headings.iter().enumerate() {
        for class in &heading.data.items {
            everywhere(names, heading, class);
            for other in headings {
                let common = common(heading, other);
                if let Some(vendor) = common.first() {
                    promised(names, [heading, other], class, vendor);
                }
            }
        }
        for other in headings[..index].iter().filter(|other| !common(other, heading).is_empty()) {
            flags(names, "full-access", [other, heading], [other.full_access, heading.full_access]);
            flags(names, "retain", [other, heading], [other.retain, heading.retain]);
        }
    }
}

/// The vendors that both headings cover.
fn common<'a>(one: &'a Heading, other: &'a Heading) -> Vec<&'a Name> {
    one.vendors.ids.intersection(&other.vendors.ids).collect()
}

/// A class that no vendor may receive.
fn everywhere(names: &mut Names<'_>, heading: &Heading, class: &At<Name>) {
    let lineage = names.data.lineage(&class.value);
    for never in names.never.items.iter().filter(|never| lineage.contains(&never.value)) {
        let message = format!("`{}` is declared by `{}` and promised never to be shared", class.value, heading.title());
        names.reader.error(class.span, message, "declared here", vec!["remove one of the two".into()]);
        names.reader.also(never.span, "promised here");
    }
}

/// A class that the first heading declares and the second promises never to share.
fn promised(names: &mut Names<'_>, [heading, other]: [&Heading; 2], class: &At<Name>, vendor: &Name) {
    let lineage = names.data.lineage(&class.value);
    let holds = |never: &&At<Name>| lineage.contains(&never.value) && !other.lifts(&never.value, &lineage, None);
    for never in other.never.items.iter().filter(holds) {
        let (message, help) = if heading == other {
            let message =
                format!("`{}` is declared by `{}` and promised never to be shared", class.value, heading.title());
            (message, "remove one of the two".to_owned())
        } else {
            let (title, promise) = (heading.title(), other.title());
            let message = format!("`{vendor}` may receive `{}` by `{title}`, and never by `{promise}`", class.value);
            (message, settle([heading, other], vendor))
        };
        names.reader.error(class.span, message, "declared here", vec![help]);
        names.reader.also(never.span, "promised here");
    }
}

/// A flag that two headings set otherwise.
fn flags(names: &mut Names<'_>, key: &str, headings: [&Heading; 2], [first, second]: [Option<At<bool>>; 2]) {
    let (Some(first), Some(second)) = (first, second) else { return };
    if first.value != second.value
        && let Some(vendor) = common(headings[0], headings[1]).first()
    {
        let titles = headings.map(Heading::title);
        let message = format!(
            "`{key}` of `{vendor}` is {} by `{}`, and {} by `{}`",
            first.value, titles[0], second.value, titles[1]
        );
        names.reader.error(second.span, message, "said here", vec![settle(headings, vendor)]);
        names.reader.also(first.span, "and here");
    }
}

/// What settles a contradiction of two headings.
fn settle(headings: [&Heading; 2], vendor: &Name) -> String {
    match headings.iter().find(|heading| heading.vendors.ids.len() > 1) {
        Some(wide) => {
            format!(
                "remove one of the two, or list under `covers` of `{}` what it covers without `{vendor}`",
                wide.title()
            )
        }
        None => "remove one of the two".into(),
    }
}
