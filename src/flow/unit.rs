//! Evaluates one unit: what leaves the project there, and what it gives others that leads to a vendor.

use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Outbound;
use super::eval::Eval;
use super::plan::Plan;
use super::program::{Linked, Program};
use super::value::{ClassRef, Closure, Kind, ObjectKind, Value};
use crate::ir::{ClassId, Expr, ExprId, FuncId, Module, Name};
use crate::source::{FileId, Problem, Span};

/// What evaluating one unit found.
pub(super) struct Found {
    pub(super) outbounds: Vec<Outbound>,
    pub(super) open: BTreeSet<(FileId, FuncId)>,
    pub(super) called: BTreeSet<(FileId, FuncId)>,
    /// The names under which the unit gives others something that leads to a vendor.
    pub(super) provides: Vec<Name>,
    /// The variables and static fields into which the unit put something that leads to a vendor.
    pub(super) fills: Vec<Name>,
    /// The globals under which others find something that leads to a vendor.
    pub(super) gives: BTreeSet<Name>,
    /// The functions that others find under a name.
    pub(super) offers: BTreeSet<(Name, (FileId, FuncId))>,
    /// What kept the unit from being followed to its end.
    pub(super) problem: Option<Problem>,
}

impl Found {
    fn problem(span: Span, message: &str) -> Option<Problem> {
        Some(Problem { span, message: message.to_owned() })
    }
}

/// Evaluates one unit; one that the program fails on says so and leaves the others alone.
pub(super) fn evaluate(program: &Program, plan: &Plan, unit: (FileId, FuncId)) -> Found {
    catch_unwind(AssertUnwindSafe(|| evaluate_unit(program, plan, unit))).unwrap_or_else(|_| {
        let (file, func) = unit;
        let span = program.module(file).map_or(Span::new(file, 0, 0), |linked| linked.module.function(func).span);
        let message = "the program failed while it followed the function around this; what it shares is not known";
        Found {
            outbounds: Vec::new(),
            open: BTreeSet::new(),
            called: BTreeSet::new(),
            provides: Vec::new(),
            fills: Vec::new(),
            gives: BTreeSet::new(),
            offers: BTreeSet::new(),
            problem: Found::problem(span, message),
        }
    })
}

/// Evaluates one unit with what its callers supply left open.
fn evaluate_unit(program: &Program, plan: &Plan, unit: (FileId, FuncId)) -> Found {
    let (file, func) = unit;
    let mut eval = Eval::new(program, plan, unit);
    let linked = eval.linked(file);
    let provides = if func == FuncId::BODY {
        eval.run_body(linked);
        provided(&mut eval, linked)
    } else {
        let frame = eval.module_frame(file);
        let mut names = Vec::new();
        for class in receivers(&eval, linked, func) {
            let this = class.map(|class| eval.symbolic(frame, class, true));
            let closure = Closure { file, func, frame: Some(frame), this, bound: Vec::new(), plain: false };
            let returned = eval.run_open(&closure, true, None);
            let name = &linked.module.function(func).name;
            if eval.is_hot(&returned, 0) && !name.is_empty() {
                names.push(name.clone());
                names.extend(hot_fields(&eval, &returned));
            }
        }
        names
    };
    run_left_over(&mut eval);
    let fills = filled_variables(&mut eval, linked, func);
    let too_large = "the function around this is too large to be followed to its end";
    let problem = eval.cut.and_then(|span| Found::problem(span, too_large));
    let Eval { outbounds, open, called, shared, .. } = eval;
    Found { outbounds, open, called, provides, fills, gives: shared.gives, offers: shared.offers, problem }
}

/// The fields of a returned record that lead to a vendor: a declared type may name the record by the function.
fn hot_fields(eval: &Eval, returned: &Value) -> Vec<Name> {
    let Kind::Object(object) = returned.kind else {
        return Vec::new();
    };
    let object = eval.object(object);
    if !matches!(object.kind, ObjectKind::Record) {
        return Vec::new();
    }
    let fields = object.fields.iter().filter(|(_, slot)| eval.is_hot(&slot.value, 1));
    fields.map(|(name, _)| name.clone()).collect()
}

/// The variables and static fields of its module into which a unit put something that leads to a vendor.
fn filled_variables(eval: &mut Eval, linked: &Linked, unit: FuncId) -> Vec<Name> {
    let module = &linked.module;
    let frame = eval.module_frame(module.file);
    let mut names = Vec::new();
    let mut written: Vec<_> = linked.index.outer_writes.iter().filter(|(_, units)| units.contains(&unit)).collect();
    written.sort_unstable_by_key(|(local, _)| **local);
    for (local, _) in written {
        let is_hot = eval.frame(frame).locals.get(local).is_some_and(|value| eval.is_hot(value, 0));
        if is_hot {
            names.push(module.local(*local).name.clone());
            let is_it = |export: &&crate::ir::Export| *module.expr(export.value) == Expr::Local(*local);
            names.extend(module.exports.iter().filter(is_it).map(|export| export.name.clone()));
        }
    }
    let statics = linked.index.static_writes.iter().filter(|(_, units)| units.contains(&unit));
    let mut statics: Vec<_> = statics.map(|(place, _)| place).collect();
    statics.sort_unstable();
    for (class, name) in statics {
        let object = eval.statics.get(&ClassRef { file: module.file, class: *class }).copied();
        let value = object.and_then(|object| eval.object(object).slot(name).map(|slot| slot.value.clone()));
        if value.is_some_and(|value| eval.is_hot(&value, 0)) {
            names.push(name.clone());
        }
    }
    names
}

/// The classes whose instances a unit may be called on: its own, and those that inherit it and define something that
/// it uses. None for what is not a method.
pub(super) fn receivers(eval: &Eval, linked: &Linked, func: FuncId) -> Vec<Option<ClassRef>> {
    let function = linked.module.function(func);
    let Some(class) = function.class else {
        return vec![None];
    };
    let file = linked.module.file;
    let own = ClassRef { file, class };
    let mentions = linked.index.mentions.get(&func);
    let inherits = |heir: &ClassRef| {
        let module = &eval.linked(heir.file).module;
        let declared = module.class(heir.class);
        let names = declared.methods.iter().map(|method| &method.name).chain(declared.fields.iter().map(|f| &f.name));
        let differs = mentions.is_some_and(|mentions| names.into_iter().any(|name| mentions.contains(name)));
        let same = eval.method(*heir, &function.name).is_some_and(|found| (found.file, found.func) == (file, func));
        differs && same
    };
    let heirs: Vec<ClassRef> = eval.plan.implementers(own).into_iter().filter(inherits).collect();
    // A trait whose heirs say what a method does has no instance of its own.
    let declared = linked.module.class(class);
    let is_bare = declared.fields.is_empty() && declared.init.is_none();
    let is_said_by = |heir: &ClassRef| {
        let methods = eval.linked(heir.file).module.class(heir.class).methods.iter();
        let mut used = methods.filter(|method| mentions.is_some_and(|mentions| mentions.contains(&method.name)));
        used.any(|method| eval.method(own, &method.name).is_none())
    };
    let only_heirs = is_bare && heirs.iter().any(is_said_by);
    (!only_heirs).then_some(own).into_iter().chain(heirs).map(Some).collect()
}

/// The names of the module's variables and exports that lead to a vendor; functions are units themselves.
pub(super) fn provided<'p>(eval: &mut Eval<'p>, linked: &'p Linked) -> Vec<Name> {
    let module = &linked.module;
    let frame = eval.module_frame(module.file);
    let mut locals: Vec<_> = eval.frame(frame).locals.iter().map(|(local, value)| (*local, value.clone())).collect();
    locals.sort_unstable_by_key(|(local, _)| *local);
    // A function of the module's own is found by its name; one that was handed over by another file is not.
    let is_own = |value: &Value| matches!(&value.kind, Kind::Function(closure) if closure.file == module.file);
    locals.retain(|(_, value)| !is_own(value) && eval.is_hot(value, 0));
    let mut names: Vec<Name> = locals.iter().map(|(local, _)| module.local(*local).name.clone()).collect();
    for class in (0..module.classes.len() as u32).map(ClassId) {
        names.extend(hot_statics(eval, linked, class));
    }
    for export in &module.exports {
        let leads = match module.expr(export.value) {
            Expr::Function(_) | Expr::Class(_) => false,
            Expr::Import(import) => {
                let package = eval.program.import_package(linked, *import);
                package.is_some_and(|package| eval.program.targets.packages.contains(&package))
            }
            Expr::Local(local) => {
                if let Some(value) = eval.frame(frame).locals.get(local).cloned() {
                    eval.create_exported(&value);
                }
                locals.iter().any(|(other, _)| other == local)
            }
            _ => {
                let value = eval.eval(frame, export.value);
                eval.create_exported(&value);
                !matches!(value.kind, Kind::Function(_)) && eval.is_hot(&value, 0)
            }
        };
        if leads {
            names.push(export.name.clone());
        }
    }
    names
}

/// The static fields of a class that lead to a vendor.
fn hot_statics<'p>(eval: &mut Eval<'p>, linked: &'p Linked, class: ClassId) -> Vec<Name> {
    let file = linked.module.file;
    let statics = linked.module.class(class).statics.iter();
    let may_lead = |value: &ExprId| matches!(linked.module.expr(*value), Expr::Local(_) | Expr::Import(_));
    let names: Vec<Name> = statics.filter(|(_, value)| may_lead(value)).map(|(name, _)| name.clone()).collect();
    let mut is_hot = |name: &Name| {
        let value = eval.static_field(ClassRef { file, class }, name);
        !matches!(value.kind, Kind::Function(_) | Kind::Class(_)) && eval.is_hot(&value, 0)
    };
    names.into_iter().filter(|name| is_hot(name)).collect()
}

/// Runs the functions that were handed to something outside, then those that nothing called.
pub(super) fn run_left_over(eval: &mut Eval) {
    let mut done: FxHashSet<(FileId, FuncId, Option<super::value::FrameId>)> = FxHashSet::default();
    loop {
        let (closure, hole) = match (eval.escaped.pop(), eval.created.first()) {
            (Some(closure), _) => (closure, false),
            (None, Some(_)) => (eval.created.remove(0), true),
            (None, None) => break,
        };
        let key = (closure.file, closure.func, closure.frame);
        let ran = eval.called.contains(&(closure.file, closure.func)) && hole;
        if ran || !done.insert(key) || done.len() > 2_000 {
            continue;
        }
        let caller = closure.frame;
        eval.run_open(&closure, hole, caller);
    }
}

/// The unit of each function: itself where nothing but the module's body is around it.
pub(super) fn unit_of(module: &Module) -> Vec<FuncId> {
    let all = (0..module.functions.len() as u32).map(FuncId);
    let called: FxHashSet<FuncId> = module.exprs.iter().filter_map(|expr| called_at_once(module, expr)).collect();
    all.map(|func| {
        let mut unit = func;
        while let Some(parent) = module.function(unit).parent {
            // `(function (w, d) {…})(window, document)` is part of what is around it.
            if parent == FuncId::BODY && called.contains(&unit) {
                return FuncId::BODY;
            }
            if parent == FuncId::BODY || parent == unit {
                break;
            }
            unit = parent;
        }
        unit
    })
    .collect()
}

/// The function that is called where it is written.
fn called_at_once(module: &Module, expr: &Expr) -> Option<FuncId> {
    let Expr::Call(call) = expr else {
        return None;
    };
    let callee = match module.expr(call.callee) {
        Expr::Field(base, name) if matches!(&**name, "call" | "apply") => *base,
        _ => call.callee,
    };
    match module.expr(callee) {
        // A function that is declared elsewhere is only named here.
        Expr::Function(func) if module.function(*func).span == module.span(callee) => Some(*func),
        _ => None,
    }
}
