//! What is reported of a value: a field where its key is known, an opaque part where its keys are not.

use super::assign::{DEPTH, KeyAt};
use super::expand::{Expander, Place};
use super::{OpaquePart, SharedField};
use crate::flow::{BEYOND_TYPE, Origin, Path, Root, Shape, ShapeKind, Step};
use crate::ir::Name;
use crate::source::Span;

impl Expander<'_> {
    /// Reports the field at a place, once for each expression that its value may come from.
    pub(super) fn leaf(&mut self, place: &Place, shape: &Shape) {
        let mut sources = Vec::new();
        sources_of(shape, &mut sources, 0);
        if sources.is_empty() {
            sources.push(shape);
        }
        for source in sources {
            let origin = source.origin.as_ref().or(shape.origin.as_ref());
            let (at, hop) = self.position(place.key, origin);
            let is_text = matches!(source.kind, ShapeKind::Text(_));
            let made_by = made_by(source);
            let field = SharedField {
                path: place.path.clone(),
                at,
                hop,
                from: origin.filter(|_| !is_text).map(|origin| origin.span),
                ty: origin.and_then(|origin| origin.ty.clone()),
                obtained_from: made_by.and_then(|path| self.catalogue.vendor_of(self.language, path)),
                returned: made_by.is_some_and(is_answer),
                hole: place.hole || matches!(source.kind, ShapeKind::Hole(_)),
            };
            if !self.fields.contains(&field) {
                self.fields.push(field);
            }
        }
    }

    pub(super) fn opaque(&mut self, place: &Place, shape: &Shape, reason: &str) {
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
            beyond_type: is_beyond_type(shape),
        };
        if !self.opaque.contains(&part) {
            self.opaque.push(part);
        }
    }

    /// Says that the call also hands over what is not among its arguments.
    pub(super) fn unseen(&mut self, path: &Name) {
        let reason = "the call also hands over what is not among its arguments".into();
        let (path, at) = (path.to_string(), self.call);
        self.opaque.push(OpaquePart { path, at, hop: 0, reason, hint: None, hole: false, beyond_type: false });
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

fn is_beyond_type(shape: &Shape) -> bool {
    matches!(&shape.kind, ShapeKind::Unknown(unknown) if &*unknown.reason == BEYOND_TYPE)
}

/// What outside the project a value was obtained from.
fn made_by(shape: &Shape) -> Option<&Path> {
    let source = shape.origin.as_ref().and_then(|origin| origin.source.as_ref());
    match (source, &shape.kind) {
        (Some(path), _) | (None, ShapeKind::Extern { path, .. }) => Some(path),
        _ => None,
    }
}

/// Whether a path ends at something that was read from what a call returned.
fn is_answer(path: &Path) -> bool {
    let is_call = |step: &Step| matches!(step, Step::Call(_));
    path.steps.iter().any(is_call) && path.steps.last().is_some_and(|step| !is_call(step))
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

pub(super) fn extern_reason(path: &Path) -> String {
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
