//! What lies outside the project: calls that are reported.

use std::rc::Rc;

use super::OutboundKind;
use super::call::{Site, Statement};
use super::eval::Eval;

use super::model::Op;
use super::value::{Arg, Extern, Kind, Lazy, Logged, Object, ObjectKind, Origin, Value};
use super::words::{names_member, stem};
use crate::ir::{FuncId, Imported, Name};

/// How deep a value is searched for callbacks and for what is worth following.
pub(super) const SEARCH_DEPTH: usize = 4;

/// Where a path out of the project starts.
#[derive(Clone, Debug)]
pub(super) enum RootName {
    Package(Name),
    Global(Name),
}

impl<'p> Eval<'p> {
    /// Calls something outside the project.
    pub(super) fn call_extern(&mut self, site: Site, callee: &Value, args: Vec<Arg>) -> Value {
        if let Some((callee, args)) = filled(callee, &args) {
            return self.call_value(site, &callee, args);
        }
        let target = self.is_target(callee);
        let receiver = match &callee.kind {
            Kind::Extern(path) => match &**path {
                Extern::Member(base, name) => Some((base.clone(), name.clone())),
                _ => None,
            },
            _ => None,
        };
        if let Some((op, by_path)) = self.model(site, callee, receiver.as_ref(), &args, target) {
            if op == Op::Argument
                && let Some((base, _)) = &receiver
                && let Some(record) = self.schema(base, 0)
            {
                // `schema.parse(value)` is what the schema describes.
                let origin = Origin { span: site.span, frame: site.frame, ty: None, handed: None, state: None };
                let value = Value::nothing().with_origin(Some(Rc::new(origin)));
                return self.described(site.frame, &record, &value);
            }
            // The package of a function that is named by its path is not what the function works on.
            let receiver = receiver.as_ref().map(|(base, _)| base);
            let receiver = receiver.filter(|base| !(by_path && matches!(base.kind, Kind::Extern(_))));
            return self.apply(site, op, receiver, args);
        }
        self.outbound(site, callee, &args, OutboundKind::Call);
        let args: Rc<[Arg]> = args.into();
        if let Some((base, name)) = &receiver
            && let Kind::Object(object) = base.kind
        {
            let logged = Logged { name: name.clone(), kind: OutboundKind::Call, args: args.clone() };
            self.object_mut(object).log.push(logged);
        }
        let kind = ObjectKind::Result { callee: callee.clone(), args: args.clone() };
        let object = self.new_object(Object::new(kind, site.frame));
        let result = Value::of(Kind::Object(object));
        self.call_back(site, &result, &args, target);
        result
    }

    /// The model of a function outside the project, by its path or by the name of the method, and whether by its path.
    fn model(
        &self,
        site: Site,
        callee: &Value,
        receiver: Option<&(Value, Name)>,
        args: &[Arg],
        target: bool,
    ) -> Option<(Op, bool)> {
        let language = self.linked(self.frame(site.frame).file).module.language;
        let models = self.program.models(language);
        if let Some(path) = self.path_text(callee)
            && let Some(op) = models.functions.get(path.as_str())
        {
            // `io.BytesIO()` is filled later.
            let is_empty = *op == Op::Argument && args.is_empty();
            return (!is_empty).then_some((*op, true));
        }
        let (base, name) = receiver?;
        let op = *models.methods.get(name)?;
        // A client's own methods are the catalogue's; a promise of it, or a copy, is the client.
        let transparent = matches!(op, Op::Then | Op::Receiver | Op::Copy | Op::Text);
        // What sends requests names its methods like those of a collection: `client.get(url)`.
        let verb = matches!(op, Op::Get | Op::Set | Op::SetDefault | Op::Take | Op::Push);
        if verb && self.is_carrier(callee) {
            return None;
        }
        // `client.track.bind(client)`: a call that is described is a function.
        let calls = matches!(op, Op::Bind | Op::Invoke | Op::Apply);
        if calls && target {
            let is_member = matches!(&base.kind, Kind::Extern(path) if matches!(**path, Extern::Member(..)));
            return (is_member && self.is_described(base)).then_some((op, false));
        }
        let result = matches!(base.kind, Kind::Object(_));
        let package = matches!(&base.kind, Kind::Extern(path) if matches!(**path, Extern::Package(_)));
        if target {
            // What a client returned may be a collection: that is told by the callback that its elements are given to.
            let callback = matches!(args, [Arg { value: Value { kind: Kind::Function(_), .. }, .. }, ..]);
            let is_loop =
                matches!(op, Op::Map | Op::Each | Op::Find | Op::Reduce) && callback && self.is_returned(base);
            ((transparent && (result || package)) || is_loop).then_some((op, false))
        } else {
            (result || transparent).then_some((op, false))
        }
    }

    /// Whether a value was read from what a call outside the project returned.
    fn is_returned(&self, value: &Value) -> bool {
        let mut at = value.clone();
        for _ in 0..64 {
            at = match &at.kind {
                Kind::Extern(path) => match &**path {
                    Extern::Member(base, _) | Extern::Element(base) | Extern::Filled(base, _) => base.clone(),
                    Extern::Package(_) | Extern::Global(_) => return false,
                },
                Kind::Object(object) => return matches!(self.object(*object).kind, ObjectKind::Result { .. }),
                _ => return false,
            };
        }
        false
    }

    /// A path as models name it (`lodash:pick`, `reqwest:Client.new()`).
    pub(super) fn path_text(&self, value: &Value) -> Option<String> {
        match &value.kind {
            Kind::Extern(path) => match &**path {
                Extern::Package(name) => Some(name.to_string()),
                Extern::Global(name) => Some(format!("global:{name}")),
                Extern::Member(base, name) => {
                    let text = self.path_text(base)?;
                    let inside = text.starts_with("global:") || text.contains(':') && !is_bare(base);
                    let separator = if inside { "." } else { ":" };
                    Some(format!("{text}{separator}{name}"))
                }
                Extern::Element(_) | Extern::Filled(..) => None,
            },
            Kind::Object(object) => match &self.object(*object).kind {
                ObjectKind::Result { callee, .. } => Some(format!("{}()", self.path_text(callee)?)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Where a path out of the project starts.
    pub(super) fn root(&self, value: &Value) -> Option<RootName> {
        let mut at = value.clone();
        for _ in 0..64 {
            at = match &at.kind {
                Kind::Extern(path) => match &**path {
                    Extern::Package(name) => return Some(RootName::Package(name.clone())),
                    Extern::Global(name) => return Some(RootName::Global(name.clone())),
                    Extern::Member(base, _) | Extern::Element(base) | Extern::Filled(base, _) => base.clone(),
                },
                Kind::Object(object) => match &self.object(*object).kind {
                    ObjectKind::Result { callee, .. } => callee.clone(),
                    ObjectKind::Foreign { class } => class.clone(),
                    _ => return None,
                },
                Kind::Open(open) => open.source.clone()?,
                _ => return None,
            };
        }
        None
    }

    /// Whether a path starts at a package or global that the catalogue knows.
    pub(super) fn is_target(&self, value: &Value) -> bool {
        match self.root(value) {
            Some(RootName::Package(name)) => self.program.targets.packages.contains(&name),
            Some(RootName::Global(name)) => self.program.targets.globals.contains(&name),
            None => false,
        }
    }

    /// Whether what is known of a target may say something of a call by this name.
    pub(super) fn is_described(&self, callee: &Value) -> bool {
        let (Some(RootName::Package(root) | RootName::Global(root)), Kind::Extern(path)) =
            (self.root(callee), &callee.kind)
        else {
            return true;
        };
        let Extern::Member(_, name) = &**path else { return true };
        self.program
            .targets
            .calls
            .get(&root)
            .is_none_or(|calls| calls.as_ref().is_none_or(|names| names.contains(name)))
    }

    /// Whether a path starts at something that sends requests.
    pub(super) fn is_carrier(&self, value: &Value) -> bool {
        match self.root(value) {
            Some(RootName::Package(name)) => self.program.targets.carrier_packages.contains(&name),
            Some(RootName::Global(name)) => self.program.targets.carrier_globals.contains(&name),
            None => false,
        }
    }

    /// Whether a call of what is not computed yet has to run now: it may lead to a vendor, by its name or by what it
    /// is given.
    pub(super) fn must_run(&mut self, site: Site, callee: &Value, args: &[Arg]) -> bool {
        self.is_known_by_name(callee, 0) || self.must_run_args(site, args)
    }

    /// Whether the name of what is not computed yet is one of those that lead to a vendor.
    fn is_known_by_name(&self, value: &Value, depth: usize) -> bool {
        let Kind::Lazy(cell) = &value.kind else {
            return false;
        };
        match &*cell.borrow() {
            Lazy::Import(file, import) => {
                let import = self.linked(*file).module.import(*import);
                let stem = stem(&import.specifier);
                match &import.name {
                    Imported::Named(name) if &**name != "default" => self.plan.names.contains(name),
                    _ => self.plan.names.contains(stem),
                }
            }
            Lazy::Field(_, name) | Lazy::Method { name, .. } => self.plan.names.contains(name),
            Lazy::Call { callee, args, .. } if depth < SEARCH_DEPTH => {
                self.is_known_by_name(callee, depth + 1) || self.is_named_by_text(args)
            }
            Lazy::Typed(value, _) if depth < SEARCH_DEPTH => self.is_known_by_name(value, depth + 1),
            Lazy::Call { .. } | Lazy::Typed(..) | Lazy::Each(_) | Lazy::Busy | Lazy::Done(_) => false,
        }
    }

    /// `fetch("app.tracking", "track")`, where `track` leads to a vendor.
    fn is_named_by_text(&self, args: &[Arg]) -> bool {
        let texts = || {
            args.iter().filter_map(|arg| match &arg.value.kind {
                Kind::Text(text) => Some(text),
                _ => None,
            })
        };
        texts().any(|text| self.plan.names.contains(text)) && names_member(texts().map(|text| &**text))
    }

    pub(super) fn must_run_args(&mut self, site: Site, args: &[Arg]) -> bool {
        if self.quiet > 0 && site.statement == Statement::No {
            return false;
        }
        let changed = |eval: &Self, arg: &Arg| match arg.value.kind {
            Kind::Object(object) => !matches!(eval.object(object).kind, ObjectKind::Result { .. }),
            _ => false,
        };
        (site.statement == Statement::Yes && args.iter().any(|arg| changed(self, arg)))
            || args.iter().any(|arg| self.is_hot(&arg.value, 0))
    }

    /// Whether a value, given to a function, may make that function reach a vendor.
    pub(super) fn is_hot(&self, value: &Value, depth: usize) -> bool {
        if depth > SEARCH_DEPTH {
            return false;
        }
        match &value.kind {
            Kind::Text(text) => self.plan.names_host(text),
            Kind::Concat(parts) => parts.iter().any(|part| self.is_hot(part, depth + 1)),
            Kind::Extern(_) => self.is_target(value),
            Kind::Function(closure) => self.plan.open.contains(&(closure.file, closure.func)),
            Kind::OneOf(values) => values.iter().any(|value| self.is_hot(value, depth + 1)),
            Kind::Object(object) => {
                let object = self.object(*object);
                match &object.kind {
                    ObjectKind::Instance { class, .. } => {
                        self.plan.open_classes.contains(class) || self.client_ancestor(*class).is_some()
                    }
                    // A client that was given a vendor's host sends there.
                    ObjectKind::Result { args, .. } => {
                        self.is_target(value)
                            || self.is_carrier(value) && args.iter().any(|arg| self.is_hot(&arg.value, depth + 1))
                    }
                    ObjectKind::Foreign { .. } => self.is_target(value),
                    ObjectKind::Record | ObjectKind::List => {
                        let fields = object.fields.iter().map(|(_, slot)| &slot.value);
                        fields.chain(&object.items).chain(&object.rest).any(|value| self.is_hot(value, depth + 1))
                    }
                }
            }
            Kind::Class(class) => self.plan.open_classes.contains(class),
            Kind::Scalar | Kind::Bool(_) | Kind::Nothing | Kind::Namespace(_) | Kind::Open(_) | Kind::Lazy(_) => false,
        }
    }

    /// `export const signUp = tracked(f)`: the function was made inside another, for this module's callers.
    pub(super) fn create_exported(&mut self, value: &Value) {
        if let Kind::Function(closure) = &value.kind
            && closure.frame.is_some_and(|frame| self.frame(frame).func != FuncId::BODY)
        {
            self.created.push(closure.clone());
        }
    }

    /// A text or number made of others: it carries where they came from.
    pub(super) fn derived(&mut self, receiver: Option<&Value>, args: &[Arg]) -> Value {
        self.escape_args(args);
        if let Some(joined) = receiver.and_then(|address| self.joined(address, args)) {
            return joined;
        }
        let parts: Vec<Value> = receiver.into_iter().cloned().chain(args.iter().map(|arg| arg.value.clone())).collect();
        // `url.join("track")` still leads to the host that the URL names.
        let names_host = |part: &Value| matches!(&part.kind, Kind::Text(text) if self.plan.names_host(text));
        let is_plain = |part: &Value| {
            matches!(part.kind, Kind::Text(_) | Kind::Scalar | Kind::Bool(_) | Kind::Nothing | Kind::Function(_))
        };
        let plain = parts.iter().all(is_plain);
        if plain && !parts.iter().any(names_host) { Value::scalar() } else { Value::of(Kind::Concat(parts.into())) }
    }
}

/// What a function outside the project that has some arguments already is called with.
fn filled(callee: &Value, args: &[Arg]) -> Option<(Value, Vec<Arg>)> {
    let Kind::Extern(path) = &callee.kind else { return None };
    let Extern::Filled(inner, bound) = &**path else { return None };
    Some((inner.clone(), bound.iter().chain(args).cloned().collect()))
}

fn is_bare(value: &Value) -> bool {
    matches!(&value.kind, Kind::Extern(path) if matches!(**path, Extern::Package(_)))
}
