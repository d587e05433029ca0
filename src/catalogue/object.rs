//! Objects that carry a payload: what was put into a message, request or event that a later call sends.

use super::assign::{Fit, assign, fits, flatten};
use super::expand::{Expander, Place};
use super::signature::{Act, Signature, Step as Wanted};
use super::vendor::Object;
use crate::flow::{Argument, Earlier, OutboundKind, Path, Record, Shape, ShapeKind, Step};
use crate::ir::Name;

/// How deep objects may hold objects.
const DEPTH: usize = 12;

impl<'a> Expander<'a> {
    /// The object of the vendor that a path makes, and how many steps of the path make it.
    pub(super) fn object_of(&self, path: &Path) -> Option<(&'a Object, usize)> {
        let section = self.vendor.sections.get(self.language)?;
        section
            .objects
            .iter()
            .filter_map(|object| Some((object, object.path.matches(path)?)))
            .max_by_key(|(object, steps)| (*steps, object.path.named_steps()))
    }

    /// Expands what a chain of setters put into the object that a call is made on. An object that is only named by
    /// `*` does not count: the client is then meant by it as little as what it sends is a client.
    pub(super) fn own_object(&mut self, path: &Path, earlier: &[Earlier]) {
        let is_named = |(object, _): &(&Object, usize)| !object.path.has_any();
        if self.object_of(path).as_ref().is_some_and(is_named) {
            self.object(&Place::at(""), path, earlier);
        }
    }

    /// Expands an object of the vendor's; false where it is none.
    pub(super) fn object(&mut self, place: &Place, path: &Path, earlier: &[Earlier]) -> bool {
        if place.depth > DEPTH {
            return false;
        }
        let Some((object, made_by)) = self.object_of(path) else {
            return false;
        };
        if let Some(Step::Call(args)) = path.steps[..made_by].last() {
            self.call_line(place, object, None, args);
        }
        for pair in path.steps[made_by..].windows(2) {
            if let [Step::Member(name), Step::Call(args)] = pair {
                self.call_line(place, object, Some(name), args);
            }
        }
        for step in earlier {
            match step.kind {
                OutboundKind::Call => self.call_line(place, object, Some(&step.name), &step.args),
                OutboundKind::Assignment => self.assignment_line(place, object, step),
            }
        }
        true
    }

    /// Expands a record of a class whose entries the vendor's file lists; false where it does not.
    pub(super) fn literal(&mut self, place: &Place, record: &Record) -> bool {
        let Some(class) = &record.class else {
            return false;
        };
        if place.depth > DEPTH {
            return false;
        }
        // `Track()` describes `Track { .. }` too: its one argument is then the record.
        let mut made = class.clone();
        made.steps.push(Step::Call(Vec::new()));
        let Some((object, _)) = self.object_of(&made).or_else(|| self.object_of(class)) else {
            return false;
        };
        let shape = Shape { kind: ShapeKind::Record(Record { class: None, ..record.clone() }), origin: None };
        let args = [Argument { name: None, shape }];
        let mut assigned = Vec::new();
        let described = object.calls.iter().any(|line| match &line.act {
            Act::Literal(pattern) => {
                flatten(pattern, &args[0].shape, place.key, place.hole, &mut assigned, 0);
                true
            }
            Act::Call(params) if line.steps.is_empty() => match assign(params, &args, Fit::Loose) {
                Some(parts) => {
                    assigned = parts;
                    true
                }
                None => false,
            },
            _ => false,
        });
        if described {
            self.take(place, &assigned);
        }
        described
    }

    fn call_line(&mut self, place: &Place, object: &'a Object, name: Option<&Name>, args: &[Argument]) {
        let assigned = [Fit::Exact, Fit::Loose].into_iter().find_map(|fit| {
            let mut lines = object.calls.iter().filter_map(|line| match &line.act {
                Act::Call(params) if is_named(line, name) => Some((line, params)),
                _ => None,
            });
            lines.find_map(|(line, params)| Some((line, assign(params, args, fit)?)))
        });
        if let Some((line, assigned)) = assigned {
            let member = name.and_then(|name| line.steps.first()?.wildcard(name));
            let before = std::mem::replace(&mut self.member, member);
            self.take(place, &assigned);
            self.member = before;
        }
    }

    fn assignment_line(&mut self, place: &Place, object: &'a Object, step: &Earlier) {
        let Some(value) = step.args.first() else {
            return;
        };
        let assignment = object.calls.iter().find_map(|line| match &line.act {
            Act::Assign(pattern) if is_named(line, Some(&step.name)) => {
                fits(pattern, &value.shape, Fit::Loose, 0).then_some((line, pattern))
            }
            _ => None,
        });
        if let Some((line, pattern)) = assignment {
            let mut assigned = Vec::new();
            flatten(pattern, &value.shape, None, false, &mut assigned, 0);
            let member = line.steps.first().and_then(|wanted| wanted.wildcard(&step.name));
            let before = std::mem::replace(&mut self.member, member);
            self.take(place, &assigned);
            self.member = before;
        }
    }

    /// The vendor that a value comes from: that of the package which made it, or the one that its text names
    /// before a `/`.
    pub(super) fn vendor_of_value(&self, shape: &Shape, depth: usize) -> Option<Name> {
        let of_path = |path: &Path| self.catalogue.vendor_of(self.language, path);
        let source = shape.origin.as_ref().and_then(|origin| origin.source.as_ref());
        let found = match &shape.kind {
            ShapeKind::Extern { path, .. } => of_path(path),
            ShapeKind::Record(record) => record.class.as_ref().and_then(of_path),
            ShapeKind::OneOf(all) if depth < DEPTH => all.iter().find_map(|one| self.vendor_of_value(one, depth + 1)),
            ShapeKind::Text(text) => text
                .split_once(['/', ':'])
                .and_then(|(vendor, _)| self.catalogue.vendor(vendor))
                .map(|vendor| vendor.id.clone()),
            // `openai/${model}`
            ShapeKind::Concat(parts) if depth < DEPTH => {
                parts.first().and_then(|part| self.vendor_of_value(part, depth + 1))
            }
            _ => None,
        };
        found.or_else(|| source.and_then(of_path))
    }
}

/// Whether a line is about the method of this name; without one, about the call that makes the object.
fn is_named(line: &Signature, name: Option<&Name>) -> bool {
    match (&line.steps[..], name) {
        ([], None) => true,
        ([Wanted::Member(wanted)], Some(name)) => wanted == name,
        ([wanted], Some(name)) => wanted.wildcard(name).is_some(),
        _ => false,
    }
}
