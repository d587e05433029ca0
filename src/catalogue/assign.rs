//! Which argument is which parameter, and which part of an argument has which role.

use super::signature::parse::join;
use super::signature::{Param, Params, Part, Pattern, RecordPattern, text_fits};
use crate::flow::{Argument, Field, Record, Shape, ShapeKind};
use crate::ir::Name;
use crate::source::Span;

/// How deep shapes are followed.
pub(super) const DEPTH: usize = 24;

/// How exactly arguments have to be what a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Every kind fits and nothing that is needed is missing.
    Exact,
    /// Texts that are known are those of the line.
    Loose,
    /// As [`Fit::Exact`], and texts inside records are known too.
    Sure,
}

/// A part of an argument with its role.
#[derive(Clone, Debug)]
pub(super) struct Assigned<'a> {
    pub(super) role: Role<'a>,
    pub(super) shape: &'a Shape,
    /// Where the key of the value is written, where it has one.
    pub(super) key: Option<KeyAt>,
    /// Whether a caller supplies it.
    pub(super) hole: bool,
    /// Which item of a list it is in; 0 outside of lists.
    pub(super) item: u32,
}

/// A role, or the path of a field that the line does not list.
#[derive(Clone, Debug)]
pub(super) enum Role<'a> {
    Pattern(&'a Pattern),
    /// The value under a key that the line does not list.
    Unlisted(String),
    /// Something unknown that may have any key below the path.
    Spread(Name),
}

/// Where a key is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyAt {
    pub(super) span: Span,
    pub(super) hop: usize,
}

impl KeyAt {
    pub(super) fn of(field: &Field) -> KeyAt {
        KeyAt { span: field.key, hop: field.hop }
    }
}

/// The arguments with their roles, where they fit the parameters.
pub(super) fn assign<'a>(params: &'a Params, args: &'a [Argument], fit: Fit) -> Option<Vec<Assigned<'a>>> {
    let mut bound: Vec<(&'a Pattern, &'a Shape)> = Vec::new();
    let mut assigned = Vec::new();
    let mut given = Vec::new();
    let mut positional = Vec::new();
    for arg in args {
        let Some(name) = &arg.name else {
            positional.push(&arg.shape);
            continue;
        };
        if name.is_empty() {
            assigned.extend(further(params, &arg.shape));
            continue;
        }
        let is_it = |param: &&Param| param.name.as_ref() == Some(name);
        if let Some(param) = params.list.iter().find(is_it) {
            if !fits(&param.pattern, &arg.shape, fit, 0) {
                return None;
            }
            given.push(name);
            bound.push((&param.pattern, &arg.shape));
        } else if let Some((param, rest)) = params.list.iter().find_map(|param| Some((param, param.rest_of(name)?))) {
            flatten_unlisted(&param.pattern, rest, &arg.shape, None, false, &mut assigned);
        } else if let Some(rest) = &params.rest {
            flatten_unlisted(rest, name, &arg.shape, None, false, &mut assigned);
        }
    }
    let is_missing = |param: &Param| param.required && !param.name.as_ref().is_some_and(|name| given.contains(&name));
    if params.list.iter().any(is_missing) {
        return None;
    }
    let open: Vec<_> = params
        .list
        .iter()
        .filter(|param| !param.by_name)
        .filter(|param| !param.name.as_ref().is_some_and(|name| given.contains(&name)))
        .collect();
    if !place(&open, &positional, params.rest.as_ref(), fit, &mut bound) {
        return None;
    }
    for (pattern, shape) in bound {
        flatten(pattern, shape, None, false, &mut assigned, 0);
    }
    Some(assigned)
}

/// What keywords may be that are not known, where the line has a use for one.
fn further<'a>(params: &'a Params, shape: &'a Shape) -> Option<Assigned<'a>> {
    let path = match &params.rest {
        Some(Pattern::Payload(path)) => path.clone(),
        _ => "".into(),
    };
    let is_data = |pattern: &Pattern| !matches!(pattern, Pattern::Ignore | Pattern::Text(_));
    params.any(&is_data).then_some(Assigned { role: Role::Spread(path), shape, key: None, hole: false, item: 0 })
}

/// Gives positional arguments to parameters; an optional one is skipped where that lets the others fit.
fn place<'a>(
    params: &[&'a Param],
    args: &[&'a Shape],
    rest: Option<&'a Pattern>,
    fit: Fit,
    bound: &mut Vec<(&'a Pattern, &'a Shape)>,
) -> bool {
    let Some((arg, args_left)) = args.split_first() else {
        let needless = |param: &&Param| param.optional || param.pattern == Pattern::Ignore;
        return fit == Fit::Loose || params.iter().all(needless);
    };
    let Some((param, params_left)) = params.split_first() else {
        bound.extend(rest.into_iter().flat_map(|rest| args.iter().map(move |arg| (rest, *arg))));
        return true;
    };
    // A parameter that may be skipped is skipped for what is not its kind, however loosely the others fit.
    let own_fit = if param.optional && fit == Fit::Loose { Fit::Exact } else { fit };
    if fits(&param.pattern, arg, own_fit, 0) {
        let before = bound.len();
        bound.push((&param.pattern, *arg));
        if place(params_left, args_left, rest, fit, bound) {
            return true;
        }
        bound.truncate(before);
    }
    param.optional && place(params_left, args, rest, fit, bound)
}

/// Whether a value may be what a pattern says.
pub(super) fn fits(pattern: &Pattern, shape: &Shape, fit: Fit, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    match (pattern, &shape.kind) {
        (Pattern::OneOf(all), _) => all.iter().any(|one| fits(one, shape, fit, depth + 1)),
        (Pattern::Text(wanted), ShapeKind::Text(found)) => text_fits(wanted, found),
        (Pattern::Text(wanted), ShapeKind::Concat(parts)) => match (wanted.split_once('*'), parts.first()) {
            (Some((start, _)), Some(Shape { kind: ShapeKind::Text(found), .. })) => {
                found.starts_with(start) || start.starts_with(&**found) && fit == Fit::Loose
            }
            _ => fit == Fit::Loose,
        },
        (_, ShapeKind::OneOf(all)) => all.iter().any(|one| fits(pattern, one, fit, depth + 1)),
        (_, ShapeKind::Hole(Some(inner))) => fits(pattern, inner, fit, depth + 1),
        (Pattern::Text(_), ShapeKind::Hole(None) | ShapeKind::Unknown(_)) => fit == Fit::Loose,
        (Pattern::Text(_), ShapeKind::Scalar | ShapeKind::Extern { .. }) => fit == Fit::Loose,
        (Pattern::Text(_), _) => false,
        (Pattern::Request(Part::Url), ShapeKind::Record(_) | ShapeKind::Function) => false,
        (Pattern::Ignore | Pattern::Request(_) | Pattern::Vendor | Pattern::Routes, _) => true,
        (Pattern::Given(wanted), kind) => *wanted != matches!(kind, ShapeKind::Nothing),
        (Pattern::Record(record), ShapeKind::Hole(None) | ShapeKind::Unknown(_) | ShapeKind::Extern { .. })
            if fit == Fit::Sure =>
        {
            !record.entries.iter().any(|(_, entry)| decides(entry))
        }
        (Pattern::Record(record), ShapeKind::Nothing) if fit == Fit::Sure => {
            !record.entries.iter().any(|(_, entry)| is_needed(entry))
        }
        (_, ShapeKind::Hole(None) | ShapeKind::Unknown(_) | ShapeKind::Nothing) => true,
        (_, ShapeKind::Function) => false,
        (Pattern::Record(record), ShapeKind::Record(found)) => texts_fit(record, found, fit, depth),
        (Pattern::Record(_) | Pattern::Payload(_), ShapeKind::Extern { .. }) => true,
        (Pattern::Record(_), ShapeKind::List(_)) => fit == Fit::Loose,
        (Pattern::Record(_), _) => false,
        (Pattern::Tuple(parts), ShapeKind::List(items)) => {
            parts.iter().zip(items).all(|(part, item)| fits(part, item, fit, depth + 1))
        }
        (Pattern::List(part), ShapeKind::List(items)) => {
            items.is_empty() || items.iter().any(|item| fits(part, item, fit, depth + 1))
        }
        (Pattern::Tuple(_) | Pattern::List(_), ShapeKind::Extern { .. }) => true,
        (Pattern::Tuple(_) | Pattern::List(_), _) => false,
        (Pattern::Payload(_), ShapeKind::Text(_) | ShapeKind::Scalar) => fit == Fit::Loose,
        (Pattern::Payload(_), ShapeKind::Concat(parts)) => {
            fit == Fit::Loose || parts.iter().any(|part| matches!(part.kind, ShapeKind::Record(_)))
        }
        (Pattern::Field(_) | Pattern::Event | Pattern::Key(_) | Pattern::Entity, ShapeKind::Record(_)) => {
            fit == Fit::Loose
        }
        (Pattern::Event | Pattern::Key(_), ShapeKind::List(_)) => fit == Fit::Loose,
        (Pattern::Field(_) | Pattern::Payload(_) | Pattern::Event, _) => true,
        (Pattern::Key(_) | Pattern::Value | Pattern::Entity, _) => true,
    }
}

/// Whether the entries that are literal texts hold these texts, and those that have to be there are.
fn texts_fit(pattern: &RecordPattern, record: &Record, fit: Fit, depth: usize) -> bool {
    let sure = fit == Fit::Sure;
    pattern.entries.iter().filter(|(_, entry)| decides(entry)).all(|(name, entry)| {
        let found = record.fields.iter().find(|field| field.name == *name);
        match found {
            Some(field) => fits(entry, &field.value, if sure { Fit::Sure } else { Fit::Loose }, depth + 1),
            None => !is_needed(entry) || !record.rest.is_empty() && !sure,
        }
    })
}

/// Whether a text, or whether something is there, decides if the pattern fits.
fn decides(pattern: &Pattern) -> bool {
    pattern.any(&|inner| matches!(inner, Pattern::Text(_) | Pattern::Given(_)))
}

/// Whether it has to be there for the pattern to fit.
fn is_needed(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Text(_) | Pattern::Given(true))
}

/// Splits a value into the parts that have roles of their own.
pub(super) fn flatten<'a>(
    pattern: &'a Pattern,
    shape: &'a Shape,
    key: Option<KeyAt>,
    hole: bool,
    out: &mut Vec<Assigned<'a>>,
    depth: usize,
) {
    if depth > DEPTH {
        return;
    }
    let whole = |role| Assigned { role, shape, key, hole, item: 0 };
    match (pattern, &shape.kind) {
        (Pattern::Text(_), _) => {}
        (Pattern::Record(_) | Pattern::Tuple(_) | Pattern::OneOf(_), ShapeKind::OneOf(all)) => {
            for one in all {
                flatten(pattern, one, key, hole, out, depth + 1);
            }
        }
        (Pattern::OneOf(choices), _) => {
            // What a caller supplies may be of any kind: that it is this field is known.
            let is_field = |one: &&Pattern| matches!(one, Pattern::Field(_));
            let field = choices.iter().find(is_field).filter(|_| shape.kind == ShapeKind::Hole(None));
            let fitting = [Fit::Exact, Fit::Loose]
                .into_iter()
                .find_map(|fit| choices.iter().find(|one| fits(one, shape, fit, 0)));
            let chosen = field.or(fitting);
            if let Some(chosen) = chosen {
                flatten(chosen, shape, key, hole, out, depth + 1);
            }
        }
        (Pattern::Record(record), ShapeKind::Record(found)) => {
            flatten_record(record, found, hole, out, depth);
        }
        (Pattern::Record(_) | Pattern::Tuple(_) | Pattern::List(_), ShapeKind::Hole(Some(inner))) => {
            flatten(pattern, inner, key, true, out, depth + 1);
        }
        (Pattern::Record(_), ShapeKind::List(items)) => {
            for item in items {
                flatten(pattern, item, key, hole, out, depth + 1);
            }
        }
        (Pattern::Record(record), _) => out.push(whole(Role::Spread(record.own.clone()))),
        (Pattern::Tuple(parts), ShapeKind::List(items)) => {
            for (part, item) in parts.iter().zip(items) {
                flatten(part, item, key, hole, out, depth + 1);
            }
        }
        (Pattern::Tuple(_), _) => out.push(whole(Role::Spread("".into()))),
        (Pattern::List(part), ShapeKind::List(items)) => {
            for item in items {
                let start = out.len();
                flatten(part, item, key, hole, out, depth + 1);
                for part in out.iter_mut().skip(start).filter(|part| part.item == 0) {
                    part.item = start as u32 + 1;
                }
            }
        }
        (Pattern::List(part), _) => flatten(part, shape, key, hole, out, depth + 1),
        _ => out.push(whole(Role::Pattern(pattern))),
    }
}

fn flatten_record<'a>(
    pattern: &'a RecordPattern,
    record: &'a Record,
    hole: bool,
    out: &mut Vec<Assigned<'a>>,
    depth: usize,
) {
    for field in &record.fields {
        let key = Some(KeyAt::of(field));
        let entry = pattern.entries.iter().find(|(name, _)| *name == field.name);
        match (entry, &pattern.rest) {
            (Some((_, entry)), _) => flatten(entry, &field.value, key, hole, out, depth + 1),
            (None, Some(rest)) => {
                flatten_unlisted(rest, &field.name, &field.value, key, hole, out);
            }
            (None, None) => out.push(Assigned {
                role: Role::Unlisted(join(&pattern.own, &field.name)),
                shape: &field.value,
                key,
                hole,
                item: 0,
            }),
        }
    }
    for shape in &record.rest {
        out.push(Assigned { role: Role::Spread(pattern.own.clone()), shape, key: None, hole, item: 0 });
    }
}

fn flatten_unlisted<'a>(
    rest: &'a Pattern,
    name: &str,
    shape: &'a Shape,
    key: Option<KeyAt>,
    hole: bool,
    out: &mut Vec<Assigned<'a>>,
) {
    match rest {
        Pattern::Payload(path) => {
            out.push(Assigned { role: Role::Unlisted(join(path, name)), shape, key, hole, item: 0 })
        }
        other => flatten(other, shape, key, hole, out, 0),
    }
}
