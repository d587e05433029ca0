//! Methods that the project does not define: those of libraries, and of clients that it extends or merges.

use super::call::Site;
use super::eval::Eval;
use super::value::{Arg, Kind, ObjectKind, Open, Value};
use crate::ir::Name;

impl<'p> Eval<'p> {
    /// A method that the project does not define: what a library's method of that name does.
    pub(super) fn call_unowned(&mut self, site: Site, receiver: &Value, name: &Name, args: Vec<Arg>) -> Value {
        if let Kind::Object(object) = receiver.kind
            && matches!(self.object(object).kind, ObjectKind::Result { .. } | ObjectKind::Foreign { .. })
        {
            let callee = self.member(receiver, name);
            return self.call_extern(site, &callee, args);
        }
        if let Some(client) = self.inherited_client(site, receiver) {
            let callee = self.member(&client, name);
            return self.call_extern(site, &callee, args);
        }
        let language = self.linked(self.frame(site.frame).file).module.language;
        if let Some(op) = self.program.models(language).methods.get(name).copied() {
            return self.apply(site, op, Some(receiver), args);
        }
        let merged = self.merged_clients(receiver);
        if !merged.is_empty() {
            let called = merged.iter().map(|value| self.call_method(site, value, name, args.clone()));
            return Value::one_of(called.collect::<Vec<_>>());
        }
        match &receiver.kind {
            Kind::Nothing => Value::nothing(),
            Kind::Text(_) | Kind::Concat(_) | Kind::Scalar | Kind::Bool(_) => self.derived(Some(receiver), &args),
            Kind::Open(open) => {
                self.escape_args(&args);
                let reason = format!("what `{name}` returns is not known");
                let open = Open {
                    ty: None,
                    hole: open.hole,
                    reason: reason.into(),
                    hint: None,
                    source: Some(receiver.clone()),
                };
                Value::open(open)
            }
            _ => {
                self.escape_args(&args);
                Value::unknown(format!("`{name}` was not found"))
            }
        }
    }

    /// The client whose class the class of an instance extends.
    fn inherited_client(&mut self, site: Site, receiver: &Value) -> Option<Value> {
        let Kind::Object(object) = receiver.kind else {
            return None;
        };
        let ObjectKind::Instance { class, .. } = self.object(object).kind else {
            return None;
        };
        self.extended_client(site.frame, class)
    }

    /// The clients among what was merged into a record: it keeps their methods. `{...client}`, `prompt | model`
    fn merged_clients(&self, receiver: &Value) -> Vec<Value> {
        let Kind::Object(object) = receiver.kind else {
            return Vec::new();
        };
        self.object(object).rest.iter().filter(|value| self.is_hot(value, 1)).cloned().collect()
    }
}
