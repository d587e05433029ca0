//! Runs functions whose arguments are not known: those that callers elsewhere, or nobody, supplies.

use super::call::{Site, Statement};
use super::eval::Eval;
use super::value::{Closure, FrameId, Kind, ObjectKind, Open, Value};
use crate::ir::{Expr, ExprId, Rest};

impl<'p> Eval<'p> {
    /// Runs a function whose arguments are not known: `hole` says whether callers in the project supply them.
    pub(super) fn run_open(&mut self, closure: &Closure, hole: bool, caller: Option<FrameId>) -> Value {
        let key = (closure.file, closure.func);
        let linked = self.linked(closure.file);
        let function = linked.module.function(closure.func);
        if self.running.contains(&key) || !self.enter(function.span) {
            return Value::unknown("it calls itself");
        }
        let frame = self.activate(closure, caller, None);
        let mut handed = self.given_by_decorator(closure, frame).unwrap_or_default().into_iter();
        for param in &function.params {
            let declared = linked.module.local(param.local);
            let ty = declared.ty.map(|ty| self.program.type_ref(closure.file, ty));
            let open = Open {
                ty,
                hole,
                reason: format!("nothing that was read says what `{}` holds", shown(&declared.name)).into(),
                hint: Some(format!("declare the type of `{}` with its fields", shown(&declared.name)).into()),
                source: None,
            };
            let value = Value::open(open);
            let value = match param.rest {
                Rest::Positional => {
                    let list = self.list(frame, Vec::new());
                    if let Kind::Object(object) = list.kind {
                        self.object_mut(object).rest.push(value);
                    }
                    list
                }
                Rest::No => {
                    let value = handed.next().unwrap_or(value);
                    self.or_made(frame, value, param.default)
                }
                Rest::Keyword => self.or_made(frame, value, param.default),
            };
            self.frame_mut(frame).locals.insert(param.local, value);
        }
        match self.decorated(closure) {
            Some(decorated) => {
                let site = Site { frame, span: function.span, statement: Statement::Yes };
                let args = self.handed_on(frame, closure, function.span);
                self.running.push(key);
                let value = self.run_decorated(site, &decorated, closure, args);
                self.running.pop();
                value
            }
            None => {
                let value = self.run_activation(frame);
                match function.returns {
                    Some(ty) => self.annotate(value, &self.program.type_ref(closure.file, ty)),
                    None => value,
                }
            }
        }
    }

    /// What a caller supplies, or the client or object that the default makes: who injects it may leave it to that.
    fn or_made(&mut self, frame: FrameId, given: Value, default: Option<ExprId>) -> Value {
        let file = self.frame(frame).file;
        let is_call = |default: &ExprId| matches!(self.linked(file).module.expr(*default), Expr::Call(_));
        let Some(default) = default.filter(is_call) else { return given };
        let made = self.eval(frame, default);
        let is_object = matches!(made.kind, Kind::Object(object) if matches!(self.object(object).kind, ObjectKind::Instance { .. }));
        if is_object || self.is_hot(&made, 0) { Value::one_of([given, made]) } else { given }
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "this parameter" } else { name }
}
