//! The fields that a value makes: what a vendor receives when it is given the value.

use super::assign::{Assigned, DEPTH, KeyAt, Role};
use super::leaf::extern_reason;
use super::signature::Pattern;
use super::signature::parse::join;
use super::{Catalogue, OpaquePart, SharedField, Vendor};
use crate::flow::{Outbound, Record, Shape, ShapeKind};
use crate::ir::Name;
use crate::source::Span;

/// Collects what one call hands to one vendor.
pub(super) struct Expander<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) vendor: &'a Vendor,
    pub(super) language: &'a str,
    /// The call itself: the place of what has none of its own.
    pub(super) call: Span,
    pub(super) fields: Vec<SharedField>,
    pub(super) opaque: Vec<OpaquePart>,
    pub(super) event: Option<String>,
    /// The vendor that receives the call, where an argument decides it.
    pub(super) receiver: Option<Name>,
    /// What a `*` of the line stands for.
    pub(super) member: Option<Name>,
}

/// Where a value stands: its path, its key, and whether a caller supplies it.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) key: Option<KeyAt>,
    pub(super) hole: bool,
    pub(super) depth: usize,
}

impl Place {
    pub(super) fn at(path: impl Into<String>) -> Place {
        Place { path: path.into(), key: None, hole: false, depth: 0 }
    }

    fn member_path(&self, name: &str) -> String {
        join(&self.path, name)
    }

    fn deeper(&self) -> Place {
        Place { depth: self.depth + 1, ..self.clone() }
    }

    /// The elements of a list. A list below the elements of a list of the same name is the same level of a tree:
    /// `children[].children[]` is `children[]`.
    fn elements(&self) -> Place {
        let (above, name) = self.path.rsplit_once('.').unwrap_or(("", &self.path));
        let above = above.strip_suffix("[]").filter(|above| above.rsplit('.').next() == Some(name));
        Place { path: format!("{}[]", above.unwrap_or(&self.path)), ..self.deeper() }
    }

    fn member(&self, name: &str, key: KeyAt) -> Place {
        Place { path: join(&self.path, name), key: Some(key), hole: self.hole, depth: self.depth + 1 }
    }

    fn of_caller(&self) -> Place {
        Place { hole: true, ..self.deeper() }
    }
}

impl<'a> Expander<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, vendor: &'a Vendor, outbound: &'a Outbound) -> Option<Expander<'a>> {
        Some(Expander {
            catalogue,
            vendor,
            language: outbound.language,
            call: *outbound.chain.first()?,
            fields: Vec::new(),
            opaque: Vec::new(),
            event: None,
            receiver: None,
            member: None,
        })
    }

    /// Takes the arguments of one call; their fields lie below `base`.
    pub(super) fn take(&mut self, base: &Place, assigned: &[Assigned<'_>]) {
        let mut keys = Vec::new();
        for part in assigned {
            if let Role::Pattern(Pattern::Key(prefix)) = part.role {
                let mut named = Vec::new();
                let prefix = base.member_path(&self.with_member(prefix));
                self.keys(&prefix, part.shape, &mut named, 0);
                keys.extend(named.into_iter().map(|path| (part.item, path)));
            }
        }
        let values: Vec<u32> = assigned
            .iter()
            .filter(|part| matches!(part.role, Role::Pattern(Pattern::Value)))
            .map(|part| part.item)
            .collect();
        // A name and a value belong together where they are of one item, or not both of a list.
        let belong = |key: u32, value: u32| key == value || key == 0 || value == 0;
        for part in assigned {
            let at = |path: String| Place {
                path,
                key: part.key.or(base.key),
                hole: part.hole || base.hole,
                depth: base.depth + 1,
            };
            let place = |path: &str| at(base.member_path(path));
            match &part.role {
                Role::Unlisted(path) => self.named(&place(path), part.shape),
                Role::Spread(path) => self.spread(&place(path), part.shape),
                Role::Pattern(Pattern::Field(path)) => self.named(&place(&self.with_member(path)), part.shape),
                Role::Pattern(Pattern::Payload(path)) => self.whole(&place(&self.with_member(path)), part.shape),
                Role::Pattern(Pattern::Event) => self.event(part.shape),
                Role::Pattern(Pattern::Vendor) => {
                    self.receiver = self.vendor_of_value(part.shape, 0);
                }
                Role::Pattern(Pattern::Key(_)) if values.iter().any(|value| belong(part.item, *value)) => {}
                Role::Pattern(Pattern::Key(_) | Pattern::Value) => {
                    for (_, path) in keys.iter().filter(|(key, _)| belong(*key, part.item)) {
                        self.named(&at(path.clone()), part.shape);
                    }
                }
                Role::Pattern(_) => {}
            }
        }
    }

    /// A path in which `*` is the member that a `*` of the line stands for.
    fn with_member(&self, path: &str) -> String {
        match &self.member {
            Some(member) => path.replace('*', member),
            None => path.to_owned(),
        }
    }

    fn event(&mut self, shape: &Shape) {
        let text = match &shape.kind {
            ShapeKind::Text(text) => Some(text),
            ShapeKind::OneOf(all) => all.iter().find_map(|one| match &one.kind {
                ShapeKind::Text(text) => Some(text),
                _ => None,
            }),
            _ => None,
        };
        if self.event.is_none() {
            self.event = text.map(|text| text.to_string());
        }
    }

    /// The paths that the possible texts of a key lead to.
    fn keys(&mut self, prefix: &str, shape: &Shape, keys: &mut Vec<String>, depth: usize) {
        match &shape.kind {
            ShapeKind::Text(text) => keys.push(join(prefix, text)),
            // `setCustomDimension(1, plan)`: fields that are numbered are a list.
            ShapeKind::Scalar => keys.push(format!("{prefix}[]")),
            ShapeKind::OneOf(all) if depth < DEPTH => {
                for one in all {
                    self.keys(prefix, one, keys, depth + 1);
                }
            }
            ShapeKind::Nothing => {}
            _ => self.opaque(&Place::at(prefix), shape, "the name of the field is not known"),
        }
    }

    /// A value under a known key: its inside matters only where it is a record.
    pub(super) fn named(&mut self, place: &Place, shape: &Shape) {
        if place.depth > DEPTH {
            return self.leaf(place, shape);
        }
        match &shape.kind {
            ShapeKind::Nothing | ShapeKind::Function => {}
            ShapeKind::Record(record) if record.fields.is_empty() && record.rest.is_empty() => {
                self.leaf(place, shape);
            }
            ShapeKind::Record(record) => self.record(place, record),
            ShapeKind::List(items) if items.iter().any(|item| self.has_keys(item, place.depth)) => {
                let below = place.elements();
                for item in items {
                    match self.has_keys(item, place.depth) {
                        true => self.named(&below, item),
                        false => self.scalar_beside_record(place, item),
                    }
                }
            }
            ShapeKind::OneOf(all) if all.iter().any(|one| self.has_keys(one, place.depth)) => {
                for one in all {
                    match self.has_keys(one, place.depth) {
                        true => self.named(&place.deeper(), one),
                        false => self.scalar_beside_record(place, one),
                    }
                }
            }
            ShapeKind::Hole(Some(inner)) if self.has_keys(inner, place.depth) => {
                self.named(&place.of_caller(), inner);
            }
            ShapeKind::Extern { path, earlier } => {
                if !self.object(place, path, earlier) {
                    self.leaf(place, shape);
                }
            }
            _ => self.leaf(place, shape),
        }
    }

    /// `condition && { .. }` may be a scalar too, which says nothing; what is not known may be anything.
    fn scalar_beside_record(&mut self, place: &Place, shape: &Shape) {
        if !is_plain(shape) {
            self.named(&place.deeper(), shape);
        }
    }

    /// A value that is the payload: its keys have to be known.
    pub(super) fn whole(&mut self, place: &Place, shape: &Shape) {
        if place.depth > DEPTH {
            return self.opaque(place, shape, "it is nested too deeply");
        }
        match &shape.kind {
            ShapeKind::Nothing | ShapeKind::Function | ShapeKind::Text(_) => {}
            ShapeKind::Scalar => {
                self.opaque(place, shape, "it is a single value whose content is not known");
            }
            ShapeKind::Record(record) => self.record(place, record),
            ShapeKind::List(items) => {
                for item in items {
                    match item.kind {
                        ShapeKind::Text(_) | ShapeKind::Scalar if !place.path.is_empty() => {
                            self.leaf(place, item);
                        }
                        _ => self.whole(&place.elements(), item),
                    }
                }
            }
            ShapeKind::OneOf(all) => {
                for one in all.iter().filter(|one| !is_plain(one)) {
                    self.whole(&place.deeper(), one);
                }
            }
            ShapeKind::Concat(parts) => {
                if !parts.iter().any(|part| self.has_keys(part, place.depth)) {
                    return self.opaque(place, shape, "it is a text whose keys are not known");
                }
                for part in parts {
                    if self.has_keys(part, place.depth) {
                        self.whole(&place.deeper(), part);
                    }
                }
            }
            ShapeKind::Hole(Some(inner)) if self.has_keys(inner, place.depth) => {
                self.whole(&place.of_caller(), inner);
            }
            ShapeKind::Extern { path, earlier } => {
                // What the vendor itself holds is not new to it.
                let own = || self.catalogue.vendor_of(self.language, path).as_ref() == Some(&self.vendor.id);
                if !self.object(place, path, earlier) && !own() {
                    self.opaque(place, shape, &extern_reason(path));
                }
            }
            ShapeKind::Hole(_) | ShapeKind::Unknown(_) => {
                self.opaque(place, shape, "a caller supplies it");
            }
        }
    }

    /// A value that was spread into a record or written under a key that is not known.
    fn spread(&mut self, place: &Place, shape: &Shape) {
        match &shape.kind {
            ShapeKind::Text(_) | ShapeKind::Scalar | ShapeKind::Concat(_) => {
                self.opaque(place, shape, "the key under which it is written is not known");
            }
            _ => self.whole(place, shape),
        }
    }

    fn record(&mut self, place: &Place, record: &Record) {
        if self.literal(place, record) {
            return;
        }
        for field in &record.fields {
            let place = place.member(&field.name, KeyAt::of(field));
            self.named(&place, &field.value);
        }
        for shape in &record.rest {
            let mut place = place.deeper();
            let hop = shape.origin.as_ref().map(|origin| origin.hop);
            // What is spread stands where it is spread, not at the key of the record around it.
            if hop >= place.key.map(|key| key.hop) {
                place.key = None;
            }
            self.spread(&place, shape);
        }
    }

    /// Whether a value has keys of its own, so that its fields are reported and not itself.
    fn has_keys(&self, shape: &Shape, depth: usize) -> bool {
        if depth > DEPTH {
            return false;
        }
        match &shape.kind {
            ShapeKind::Record(_) => true,
            ShapeKind::List(all) | ShapeKind::OneOf(all) => all.iter().any(|one| self.has_keys(one, depth + 1)),
            ShapeKind::Hole(Some(inner)) => self.has_keys(inner, depth + 1),
            ShapeKind::Extern { path, .. } => self.object_of(path).is_some(),
            _ => false,
        }
    }
}

/// Whether a value is nothing, or a single value that says nothing of keys.
fn is_plain(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Nothing | ShapeKind::Function | ShapeKind::Scalar | ShapeKind::Text(_))
}
