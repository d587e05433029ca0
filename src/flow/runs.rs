//! Library functions that call what they are given, now or on another thread, worker or machine.

use super::call::Site;
use super::eval::Eval;
use super::model::Op;
use super::value::{Arg, Extern, Kind, ObjectKind, Value};

/// The names under which a function that is to be called is given.
const TARGETS: [&str; 3] = ["target", "func", "function"];

impl<'p> Eval<'p> {
    /// The operations that call, or that make something to be called.
    pub(super) fn run_op(&mut self, site: Site, op: Op, receiver: Option<&Value>, args: Vec<Arg>) -> Value {
        let this = receiver.cloned().unwrap_or_else(Value::nothing);
        let first = args.first().map_or_else(Value::nothing, |arg| arg.value.clone());
        match op {
            Op::Then => self.then(site, this, &args),
            Op::Call => self.call_value(site, &first, Vec::new()),
            Op::Bind => self.filled_in(&this, &first, args),
            Op::Invoke => self.call_value(site, &this, args.get(1..).unwrap_or_default().to_vec()),
            Op::Apply => {
                let list = args.get(1).map(|arg| Arg { spread: true, ..arg.clone() });
                self.call_value(site, &this, list.into_iter().collect())
            }
            Op::Run => self.call_value(site, &this, args),
            Op::RunWith => self.run_with(site, args),
            _ => self.run_later(site, receiver, args),
        }
    }

    /// `x.unwrap_or(y)`, `x.unwrap_or_else(f)`: what is there, or what is meant where nothing is. A number says nothing.
    pub(super) fn or_else(&mut self, site: Site, this: Value, other: Value) -> Value {
        let other = match other.kind {
            Kind::Function(_) => self.call_value(site, &other, Vec::new()),
            _ => other,
        };
        let says = |value: &&Value| match &value.kind {
            Kind::Nothing | Kind::Scalar | Kind::Bool(_) => false,
            Kind::Text(text) => !text.is_empty(),
            _ => true,
        };
        let others: Vec<Value> = other.alternatives().iter().filter(says).cloned().collect();
        Value::one_of(std::iter::once(this).chain(others))
    }

    /// `submit(f, a, name=b)`: the first function among the arguments is called with those that follow.
    fn run_with(&mut self, site: Site, mut args: Vec<Arg>) -> Value {
        let Some(at) = args.iter().position(|arg| is_callable(&arg.value)) else {
            self.escape_args(&args);
            return Value::unknown("what this call runs is not known");
        };
        let given = args.split_off(at + 1);
        let callee = args.swap_remove(at).value;
        self.call_value(site, &callee, given)
    }

    /// `import_string(path)`: what each path that is known leads to.
    pub(super) fn imported(&mut self, site: Site, path: &Value) -> Value {
        let path = self.force(path);
        let linked = self.linked(self.frame(site.frame).file);
        let mut found = Vec::new();
        for path in path.alternatives() {
            let Kind::Text(path) = &path.kind else {
                found.push(Value::unknown("what this imports is not known"));
                continue;
            };
            let binding = self.program.import_path(linked, path);
            found.push(self.binding(binding));
        }
        Value::one_of(found)
    }

    /// `Thread(target=f, args=(a,), kwargs={..})`, `task.apply_async((a,), {..})`.
    fn run_later(&mut self, site: Site, receiver: Option<&Value>, mut args: Vec<Arg>) -> Value {
        let is_named = |arg: &Arg| arg.name.as_deref().is_some_and(|name| TARGETS.contains(&name));
        let callee = match receiver {
            Some(receiver) => receiver.clone(),
            None => {
                let named = args.iter().position(is_named);
                let found = named.or_else(|| args.iter().position(|arg| is_callable(&arg.value)));
                let Some(at) = found else {
                    self.escape_args(&args);
                    return Value::unknown("what this call runs is not known");
                };
                args.remove(at).value
            }
        };
        let mut given = Vec::new();
        for arg in args {
            let value = self.force(&arg.value);
            let is_list = match (arg.name.as_deref(), &value.kind) {
                (Some("args"), _) => true,
                (Some("kwargs"), _) => false,
                (None, Kind::Object(object)) => match self.object(*object).kind {
                    ObjectKind::List => true,
                    ObjectKind::Record => false,
                    _ => continue,
                },
                _ => continue,
            };
            // A list that is not known is spread by position, a record by name.
            let kept = is_list || !matches!(value.kind, Kind::Nothing);
            given.extend(kept.then_some(Arg { name: None, value, spread: true, span: arg.span }));
        }
        self.call_value(site, &callee, given)
    }
}

/// Whether a value may be a function.
fn is_callable(value: &Value) -> bool {
    match &value.kind {
        Kind::Function(_) | Kind::Class(_) | Kind::Lazy(_) => true,
        Kind::Extern(path) => matches!(**path, Extern::Member(..) | Extern::Filled(..)),
        Kind::OneOf(values) => values.iter().any(is_callable),
        _ => false,
    }
}
