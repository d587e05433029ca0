//! What an application keeps for all its parts: `app.locals.client = x`, which others read as `req.app.locals.client`.
//!
//! The models say what keeps it (`app.locals`, `app`). How a part comes by the application is not followed: its name says
//! which object is meant, as that of a global does.

use super::eval::Eval;
use super::program::Linked;
use super::value::{FrameId, Kind, ObjectKind, Value};
use super::words::stem;
use crate::ir::{Block, Expr, ExprId, Imported, Module, Name, Place, Stmt};
use crate::source::Span;

/// What keeps values for all parts of an application.
#[derive(Clone, Debug, Default)]
pub struct Keepers {
    /// The objects by their names, or that of their owner before their own: `app`, `app.locals`.
    pub objects: Vec<Name>,
    /// The methods of such an object that give it a field, by its name and its value: `app.decorate("client", x)`.
    pub methods: Vec<Name>,
}

/// What comes before the names of what is kept: code cannot write such a name.
const KEPT: &str = "kept ";

/// Writes a call that gives an object a field as the assignment that it is.
pub(super) fn apply(module: &mut Module, keepers: &Keepers) {
    if keepers.methods.is_empty() {
        return;
    }
    let mut functions = std::mem::take(&mut module.functions);
    functions.iter_mut().for_each(|function| in_block(module, keepers, &mut function.body));
    module.functions = functions;
}

fn in_block(module: &Module, keepers: &Keepers, block: &mut Block) {
    for statement in block {
        match statement {
            Stmt::Do(call) => {
                if let Some(assignment) = assignment(module, keepers, *call) {
                    *statement = assignment;
                }
            }
            Stmt::When { then, otherwise, .. } => {
                in_block(module, keepers, then);
                in_block(module, keepers, otherwise);
            }
            Stmt::Maybe(block) => in_block(module, keepers, block),
            Stmt::Set { .. } | Stmt::Remove(_) | Stmt::Return(_) | Stmt::Exit => {}
        }
    }
}

fn assignment(module: &Module, keepers: &Keepers, call: ExprId) -> Option<Stmt> {
    let Expr::Call(call) = module.expr(call) else { return None };
    let Expr::Field(base, method) = module.expr(call.callee) else { return None };
    let [key, value, ..] = &*call.args else { return None };
    let Expr::Text(field) = module.expr(key.value) else { return None };
    let kept = name(module, keepers, *base, field).filter(|_| keepers.methods.contains(method))?;
    let at = module.expr_spans[key.value.0 as usize];
    Some(Stmt::Set { place: Place::Global(kept), value: value.value, at })
}

/// The name under which all parts find the field `field` of `base`; none where `base` keeps nothing for others.
pub(super) fn name(module: &Module, keepers: &Keepers, base: ExprId, field: &Name) -> Option<Name> {
    let own = last_name(module, base)?;
    if keepers.objects.iter().any(|object| &**object == own) {
        return Some(format!("{KEPT} {field}").into());
    }
    written_name(module, keepers, base, field)
}

/// The name under which all parts find what an assignment to the field `field` of `base` writes. Where an object has a
/// name of its own alone (`app`), only its methods say that all parts are meant.
pub(super) fn written_name(module: &Module, keepers: &Keepers, base: ExprId, field: &Name) -> Option<Name> {
    let Expr::Field(owner, own) = module.expr(base) else { return None };
    let owner = last_name(module, *owner)?;
    let is_it = |object: &Name| object.split_once('.') == Some((owner, own));
    keepers.objects.iter().any(is_it).then(|| format!("{KEPT}{own} {field}").into())
}

fn last_name(module: &Module, expr: ExprId) -> Option<&str> {
    match module.expr(expr) {
        Expr::Field(_, name) | Expr::Global(name) => Some(name),
        Expr::Local(local) => Some(&module.local(*local).name),
        Expr::Import(import) => {
            let import = module.import(*import);
            match &import.name {
                Imported::Named(name) => Some(name),
                Imported::All => Some(stem(&import.specifier)),
            }
        }
        _ => None,
    }
}

/// Whether it is the name of something that is kept: no global that code can see.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(KEPT)
}

/// What stands in the text of a file that names a global, or something that is kept.
pub(super) fn word(name: &str) -> &str {
    let kept = name.strip_prefix(KEPT).and_then(|rest| rest.split_once(' '));
    kept.map_or(name, |(_, name)| name)
}

impl<'p> Eval<'p> {
    /// What any part of the project keeps in the field `field` of `base`; none where nobody was seen to write it, or where
    /// what `base` is says what the field holds.
    pub(super) fn kept(
        &mut self,
        frame: FrameId,
        linked: &'p Linked,
        base: ExprId,
        field: &Name,
        span: Span,
    ) -> Option<Value> {
        let keepers = &self.program.models(linked.module.language).keepers;
        let name = name(&linked.module, keepers, base, field)?;
        if !self.plan.globals.contains_key(&name) || self.is_own(frame, base) {
            return None;
        }
        let own = self.read_field(frame, linked, base, field, span);
        let own = self.force(&own);
        let is_open = matches!(own.kind, Kind::Open(_) | Kind::Nothing | Kind::Extern(_));
        if !is_open || self.is_target(&own) {
            return None;
        }
        self.shared_value(frame, &name)
    }

    /// Notes what a part keeps for others; true where they supply what it leaves open.
    pub(super) fn keep(&mut self, frame: FrameId, base: ExprId, field: &Name, value: &Value) -> bool {
        let linked = self.linked(self.frame(frame).file);
        let keepers = &self.program.models(linked.module.language).keepers;
        let name = written_name(&linked.module, keepers, base, field).filter(|_| !self.is_own(frame, base));
        name.is_some_and(|name| self.share(&name, value))
    }

    /// Whether an object is one that the project's own code makes: who has it is followed, its name says nothing.
    fn is_own(&mut self, frame: FrameId, object: ExprId) -> bool {
        let object = self.eval(frame, object);
        match self.force(&object).kind {
            Kind::Object(object) => !matches!(self.object(object).kind, ObjectKind::Result { .. }),
            Kind::Class(_) | Kind::Namespace(_) => true,
            _ => false,
        }
    }
}
