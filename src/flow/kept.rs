//! What an application keeps for all its parts: `app.locals.client = x`, which others read as `req.app.locals.client`.
//!
//! The models say under which field of what (`app.locals`). How a part comes by the application is not followed: its
//! name says which object is meant, as that of a global does.

use super::eval::Eval;
use super::program::Linked;
use super::value::{FrameId, Value};
use crate::ir::{Expr, ExprId, Module, Name};

/// What comes before the names of what is kept: code cannot write such a name.
const KEPT: &str = "kept ";

/// The name under which all parts find what is kept in the field `name` of `base`; none where `base` keeps nothing for
/// others. `keepers` are the paths of the models.
pub(super) fn name(module: &Module, keepers: &[Name], base: ExprId, name: &Name) -> Option<Name> {
    let Expr::Field(owner, holder) = module.expr(base) else {
        return None;
    };
    let owner = match module.expr(*owner) {
        Expr::Field(_, owner) | Expr::Global(owner) => owner,
        Expr::Local(local) => &module.local(*local).name,
        _ => return None,
    };
    let is_it = |keeper: &&Name| keeper.strip_suffix(&**holder).and_then(|rest| rest.strip_suffix('.')) == Some(owner);
    let keeper = keepers.iter().find(is_it)?;
    let holder = keeper.rsplit('.').next()?;
    Some(format!("{KEPT}{holder} {name}").into())
}

/// What stands in the text of a file that names a global, or something that is kept.
pub(super) fn word(name: &str) -> &str {
    let kept = name.strip_prefix(KEPT).and_then(|rest| rest.split_once(' '));
    kept.map_or(name, |(_, name)| name)
}

impl<'p> Eval<'p> {
    /// What any part of the project keeps in the field `name` of `base`; none where that is no such field, or nobody
    /// was seen to write it.
    pub(super) fn kept(&mut self, frame: FrameId, linked: &Linked, base: ExprId, field: &Name) -> Option<Value> {
        let keepers = &self.program.models(linked.module.language).keepers;
        let name = name(&linked.module, keepers, base, field)?;
        self.shared_value(frame, &name)
    }

    /// Notes what a part keeps for others; true where they supply what it leaves open.
    pub(super) fn keep(&mut self, linked: &Linked, base: ExprId, field: &Name, value: &Value) -> bool {
        let keepers = &self.program.models(linked.module.language).keepers;
        name(&linked.module, keepers, base, field).is_some_and(|name| self.share(&name, value))
    }
}
