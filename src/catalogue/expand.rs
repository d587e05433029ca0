//! The fields that a value makes: what a vendor receives when it is given the value.

use super::assign::{Assigned, DEPTH, KeyAt, Role};
use super::signature::Pattern;
use super::signature::parse::join;
use super::{Catalogue, OpaquePart, SharedField, Vendor};
use crate::flow::{Origin, Outbound, Path, Record, Root, Shape, ShapeKind, Step};
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
        Place {
            path: path.into(),
            key: None,
            hole: false,
            depth: 0,
        }
    }

    fn member_path(&self, name: &str) -> String {
        join(&self.path, name)
    }

    fn below(&self, suffix: &str) -> Place {
        Place {
            path: format!("{}{suffix}", self.path),
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    fn member(&self, name: &str, key: KeyAt) -> Place {
        Place {
            path: join(&self.path, name),
            key: Some(key),
            hole: self.hole,
            depth: self.depth + 1,
        }
    }

    fn deeper(&self) -> Place {
        self.below("")
    }

    fn of_caller(&self) -> Place {
        Place {
            hole: true,
            ..self.deeper()
        }
    }
}

impl<'a> Expander<'a> {
    pub(super) fn new(
        catalogue: &'a Catalogue,
        vendor: &'a Vendor,
        outbound: &'a Outbound,
    ) -> Option<Expander<'a>> {
        Some(Expander {
            catalogue,
            vendor,
            language: outbound.language,
            call: *outbound.chain.first()?,
            fields: Vec::new(),
            opaque: Vec::new(),
            event: None,
            receiver: None,
        })
    }

    /// Takes the arguments of one call; their fields lie below `base`.
    pub(super) fn take(&mut self, base: &Place, assigned: &[Assigned<'_>]) {
        let mut keys = Vec::new();
        for part in assigned {
            if let Role::Pattern(Pattern::Key(prefix)) = part.role {
                self.keys(&base.member_path(prefix), part.shape, &mut keys, 0);
            }
        }
        let has_value = assigned
            .iter()
            .any(|part| matches!(part.role, Role::Pattern(Pattern::Value)));
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
                Role::Pattern(Pattern::Field(path)) => self.named(&place(path), part.shape),
                Role::Pattern(Pattern::Payload(path)) => self.whole(&place(path), part.shape),
                Role::Pattern(Pattern::Event) => self.event(part.shape),
                Role::Pattern(Pattern::Vendor) => {
                    self.receiver = self.vendor_of_value(part.shape, 0);
                }
                Role::Pattern(Pattern::Key(_)) if has_value => {}
                Role::Pattern(Pattern::Key(_) | Pattern::Value) => {
                    for path in &keys {
                        self.named(&at(path.clone()), part.shape);
                    }
                }
                Role::Pattern(_) => {}
            }
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
                let below = place.below("[]");
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
                        _ => self.whole(&place.below("[]"), item),
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
                if !self.object(place, path, earlier) {
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
            self.spread(&place.deeper(), shape);
        }
    }

    /// Reports the field at a place, once for each expression that its value may come from.
    fn leaf(&mut self, place: &Place, shape: &Shape) {
        let mut sources = Vec::new();
        sources_of(shape, &mut sources, 0);
        if sources.is_empty() {
            sources.push(shape);
        }
        for source in sources {
            let origin = source.origin.as_ref().or(shape.origin.as_ref());
            let (at, hop) = self.position(place.key, origin);
            let is_text = matches!(source.kind, ShapeKind::Text(_));
            let field = SharedField {
                path: place.path.clone(),
                at,
                hop,
                from: origin.filter(|_| !is_text).map(|origin| origin.span),
                ty: origin.and_then(|origin| origin.ty.clone()),
                obtained_from: self.obtained_from(source),
                hole: place.hole || matches!(source.kind, ShapeKind::Hole(_)),
            };
            if !self.fields.contains(&field) {
                self.fields.push(field);
            }
        }
    }

    /// Whether a value has keys of its own, so that its fields are reported and not itself.
    fn has_keys(&self, shape: &Shape, depth: usize) -> bool {
        if depth > DEPTH {
            return false;
        }
        match &shape.kind {
            ShapeKind::Record(_) => true,
            ShapeKind::List(all) | ShapeKind::OneOf(all) => {
                all.iter().any(|one| self.has_keys(one, depth + 1))
            }
            ShapeKind::Hole(Some(inner)) => self.has_keys(inner, depth + 1),
            ShapeKind::Extern { path, .. } => self.object_of(path).is_some(),
            _ => false,
        }
    }

    fn obtained_from(&self, shape: &Shape) -> Option<Name> {
        let source = shape.origin.as_ref().and_then(|origin| origin.source.as_ref());
        let path = match (source, &shape.kind) {
            (Some(path), _) | (None, ShapeKind::Extern { path, .. }) => path,
            _ => return None,
        };
        self.catalogue.vendor_of(self.language, path)
    }

    fn opaque(&mut self, place: &Place, shape: &Shape, reason: &str) {
        let (at, hop) = self.position(place.key, shape.origin.as_ref());
        let (reason, hint) = match &shape.kind {
            ShapeKind::Unknown(unknown) => (unknown.reason.clone(), unknown.hint.clone()),
            _ => (reason.into(), None),
        };
        let part = OpaquePart {
            path: place.path.clone(),
            at,
            hop,
            reason,
            hint,
            hole: place.hole || matches!(shape.kind, ShapeKind::Hole(_)),
        };
        if !self.opaque.contains(&part) {
            self.opaque.push(part);
        }
    }

    /// The outermost of the places that write the key and supply the value; the key, where it is one place.
    fn position(&self, key: Option<KeyAt>, origin: Option<&Origin>) -> (Span, usize) {
        match (key, origin) {
            (Some(key), Some(origin)) if key.hop < origin.hop => (origin.at, origin.hop),
            (Some(key), _) => (key.span, key.hop),
            (None, Some(origin)) => (origin.at, origin.hop),
            (None, None) => (self.call, 0),
        }
    }
}

/// Whether a value is nothing, or a single value that says nothing of keys.
fn is_plain(shape: &Shape) -> bool {
    matches!(
        shape.kind,
        ShapeKind::Nothing | ShapeKind::Function | ShapeKind::Scalar | ShapeKind::Text(_)
    )
}

/// The parts of a value that were read from an expression.
fn sources_of<'s>(shape: &'s Shape, out: &mut Vec<&'s Shape>, depth: usize) {
    match &shape.kind {
        ShapeKind::OneOf(all) | ShapeKind::Concat(all) | ShapeKind::List(all) if depth < DEPTH => {
            for one in all {
                sources_of(one, out, depth + 1);
            }
        }
        ShapeKind::Nothing | ShapeKind::Function | ShapeKind::Text(_) => {}
        _ if shape.origin.is_some() => out.push(shape),
        _ => {}
    }
}

fn extern_reason(path: &Path) -> String {
    let (Root::Package(root) | Root::Global(root)) = &path.root;
    let mut names = vec![root.to_string()];
    for step in &path.steps {
        match step {
            Step::Member(name) => names.push(name.to_string()),
            Step::Element => names.push("[..]".to_owned()),
            Step::Call(_) => {
                if let Some(last) = names.last_mut() {
                    last.push_str("(..)");
                }
            }
        }
    }
    let shown = names.len().saturating_sub(3);
    let does = match path.steps.last() {
        Some(Step::Call(_)) => "returns",
        _ => "holds",
    };
    format!("what `{}` {does} is not known", names[shown..].join("."))
}
