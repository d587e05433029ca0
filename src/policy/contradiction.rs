//! Data that is declared and promised away by the same manifest, under one heading or under two that cover the same
//! vendor.

use super::heading::Names;
use super::{At, Heading};
use crate::ir::Name;

/// Notes every contradiction.
pub(super) fn contradictions(names: &mut Names<'_>, headings: &[Heading]) {
    let promising: Vec<&Heading> = headings.iter().filter(|heading| !heading.never.items.is_empty()).collect();
    for heading in headings {
        for class in &heading.data.items {
            everywhere(names, heading, class);
            for other in &promising {
                if let Some(vendor) = common(heading, other) {
                    promised(names, [heading, other], class, vendor);
                }
            }
        }
    }
    flags(names, headings, "full-access", |heading| heading.full_access);
    flags(names, headings, "retain", |heading| heading.retain);
}

/// A vendor that both headings cover.
fn common<'a>(one: &'a Heading, other: &'a Heading) -> Option<&'a Name> {
    one.vendors.ids.intersection(&other.vendors.ids).next()
}

/// A class that no vendor may receive; one that all vendors of the heading are made for, they may.
fn everywhere(names: &mut Names<'_>, heading: &Heading, class: &At<Name>) {
    let lineage = names.data.lineage(&class.value);
    let vendor = |id: &Name| names.catalogue.vendor(id);
    let expects =
        |id: &Name| vendor(id).is_some_and(|vendor| vendor.expects.iter().any(|known| lineage.contains(known)));
    if heading.vendors.ids.iter().all(expects) {
        return;
    }
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

/// A flag that two headings of one vendor set otherwise.
fn flags(names: &mut Names<'_>, headings: &[Heading], key: &str, flag: impl Fn(&Heading) -> Option<At<bool>>) {
    let set: Vec<(&Heading, At<bool>)> =
        headings.iter().filter_map(|heading| Some((heading, flag(heading)?))).collect();
    for (index, (heading, here)) in set.iter().enumerate() {
        let others = set[..index].iter().filter(|(_, there)| there.value != here.value);
        for (other, there) in others {
            let Some(vendor) = common(other, heading) else { continue };
            let (first, second) = (other.title(), heading.title());
            let message =
                format!("`{key}` of `{vendor}` is {} by `{first}`, and {} by `{second}`", there.value, here.value);
            names.reader.error(here.span, message, "said here", vec![settle([other, heading], vendor)]);
            names.reader.also(there.span, "and here");
        }
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
