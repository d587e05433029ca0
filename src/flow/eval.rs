//! Evaluates a unit: runs its statements with what its callers supply left open, and notes what leaves the project.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::literal::concat;
use super::plan::Plan;
use super::program::{Binding, Linked, Program};
use super::shared::Shared;
use super::types::Resolved;
use super::value::{
    ClassRef, Closure, Extern, FrameId, Kind, Lazy, Object, ObjectId, ObjectKind, Open, Origin, Slot, TypeRef, Value,
};
use super::{Outbound, call::Statement};
use crate::ir::{Expr, ExprId, FuncId, ImportId, LocalId, Name};
use crate::source::{FileId, Span};

/// How many expressions one unit may evaluate; what comes after is unknown.
const MOST_STEPS: usize = 45_000;
/// How many more may be read that call nothing, so that a record which follows a large call keeps its keys.
const SPARE_STEPS: usize = 10_000;
/// How deep calls and expressions may nest.
pub(super) const MOST_DEPTH: usize = 220;

/// Why a value is not known beyond the limits.
pub(super) const LIMIT: &str = "it lies beyond the limit of what is followed";

/// An activation of a function.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) file: FileId,
    pub(super) func: FuncId,
    pub(super) locals: FxHashMap<LocalId, Value>,
    /// The activation around it in the text.
    pub(super) parent: Option<FrameId>,
    /// The activation that called it.
    pub(super) caller: Option<FrameId>,
    /// Where it was called; none for the outermost, and for a closure that something outside calls.
    pub(super) call: Option<Span>,
    pub(super) returns: Vec<Value>,
    /// How many loops are around the statement that runs.
    pub(super) loops: usize,
}

/// One change of state, to be taken back or joined where branches meet.
#[derive(Debug)]
pub(super) enum Undo {
    Local(FrameId, LocalId, Option<Value>),
    Field(ObjectId, Name, Option<Slot>),
}

/// The evaluation of one unit.
pub(super) struct Eval<'p> {
    pub(super) program: &'p Program<'p>,
    pub(super) plan: &'p Plan,
    pub(super) frames: Vec<Frame>,
    pub(super) objects: Vec<Object>,
    pub(super) trail: Vec<Undo>,
    pub(super) module_frames: FxHashMap<FileId, FrameId>,
    pub(super) statics: FxHashMap<ClassRef, ObjectId>,
    /// Statements of module bodies that ran already.
    pub(super) ran: FxHashSet<(FileId, usize)>,
    pub(super) busy: FxHashSet<(FileId, LocalId)>,
    /// Variables of modules, and static fields, for which the functions that write them ran.
    pub(super) looked_up: FxHashSet<(FileId, LocalId)>,
    pub(super) written_statics: FxHashSet<(ClassRef, Name)>,
    pub(super) outbounds: Vec<Outbound>,
    /// Functions on the way out of which an outbound left something open.
    pub(super) open: BTreeSet<(FileId, FuncId)>,
    /// Functions that another function called.
    pub(super) called: BTreeSet<(FileId, FuncId)>,
    /// Closures handed to something that may call them.
    pub(super) escaped: Vec<Rc<Closure>>,
    /// Closures made by the unit itself.
    pub(super) created: Vec<Rc<Closure>>,
    pub(super) running: Vec<(FileId, FuncId)>,
    pub(super) shared: Shared,
    /// Contexts and what their providers supply.
    pub(super) provided: FxHashMap<ObjectId, Vec<Value>>,
    /// Functions that ran for the contexts they provide.
    pub(super) providing: FxHashSet<(FileId, FuncId)>,
    /// How often functions ran without what their decorators make of them.
    pub(super) plain_runs: FxHashMap<(FileId, FuncId), usize>,
    /// Instances that the functions of a class make.
    pub(super) made: FxHashMap<ClassRef, Vec<ObjectId>>,
    /// What classes without generic arguments come down to as types.
    pub(super) resolved: FxHashMap<ClassRef, Vec<Resolved>>,
    /// Instances that others may have changed; true for the unit's receiver, which a caller of the unit may have made.
    pub(super) made_elsewhere: FxHashMap<ObjectId, bool>,
    /// Collections of a module that are empty where they are made, with what they are declared to be.
    pub(super) unfilled: FxHashMap<ObjectId, TypeRef>,
    /// Lists whose elements are followed one by one, with the element that is current in an activation.
    pub(super) current: Vec<(FrameId, ObjectId, Value)>,
    pub(super) unit: (FileId, FuncId),
    pub(super) depth: usize,
    pub(super) steps: usize,
    /// How many steps may be taken before calls are no longer followed, where evaluation stands.
    pub(super) most: usize,
    /// Above zero while something is evaluated only for its value.
    pub(super) quiet: usize,
    /// Where a limit cut the evaluation off.
    pub(super) cut: Option<Span>,
}

impl<'p> Eval<'p> {
    pub(super) fn new(program: &'p Program<'p>, plan: &'p Plan, unit: (FileId, FuncId)) -> Eval<'p> {
        Eval {
            program,
            plan,
            frames: Vec::new(),
            objects: Vec::new(),
            trail: Vec::new(),
            module_frames: FxHashMap::default(),
            statics: FxHashMap::default(),
            ran: FxHashSet::default(),
            busy: FxHashSet::default(),
            looked_up: FxHashSet::default(),
            written_statics: FxHashSet::default(),
            outbounds: Vec::new(),
            open: BTreeSet::new(),
            called: BTreeSet::new(),
            escaped: Vec::new(),
            created: Vec::new(),
            running: Vec::new(),
            shared: Shared::default(),
            provided: FxHashMap::default(),
            providing: FxHashSet::default(),
            plain_runs: FxHashMap::default(),
            made: FxHashMap::default(),
            resolved: FxHashMap::default(),
            made_elsewhere: FxHashMap::default(),
            unfilled: FxHashMap::default(),
            current: Vec::new(),
            unit,
            depth: 0,
            steps: 0,
            most: MOST_STEPS,
            quiet: 0,
            cut: None,
        }
    }

    pub(super) fn linked(&self, file: FileId) -> &'p Linked {
        self.program.module(file).expect("a frame is made for a module only")
    }

    pub(super) fn frame(&self, frame: FrameId) -> &Frame {
        &self.frames[frame.0 as usize]
    }

    pub(super) fn frame_mut(&mut self, frame: FrameId) -> &mut Frame {
        &mut self.frames[frame.0 as usize]
    }

    pub(super) fn new_frame(&mut self, frame: Frame) -> FrameId {
        self.frames.push(frame);
        FrameId(self.frames.len() as u32 - 1)
    }

    pub(super) fn object(&self, object: ObjectId) -> &Object {
        &self.objects[object.0 as usize]
    }

    pub(super) fn object_mut(&mut self, object: ObjectId) -> &mut Object {
        &mut self.objects[object.0 as usize]
    }

    pub(super) fn new_object(&mut self, object: Object) -> ObjectId {
        self.objects.push(object);
        ObjectId(self.objects.len() as u32 - 1)
    }

    /// The activation of a module's body.
    pub(super) fn module_frame(&mut self, file: FileId) -> FrameId {
        if let Some(frame) = self.module_frames.get(&file) {
            return *frame;
        }
        let frame = self.new_frame(Frame {
            file,
            func: FuncId::BODY,
            locals: FxHashMap::default(),
            parent: None,
            caller: None,
            call: None,
            returns: Vec::new(),
            loops: 0,
        });
        self.module_frames.insert(file, frame);
        frame
    }

    /// Whether a call may be followed; notes the place where it may not.
    pub(super) fn enter(&mut self, span: Span) -> bool {
        self.may_go(self.most, Some(span))
    }

    /// Goes one level deeper, if evaluation may go on.
    pub(super) fn deeper(&mut self) -> bool {
        let may = self.may_go(self.most + SPARE_STEPS, None);
        self.depth += usize::from(may);
        may
    }

    /// Goes one level deeper, if a call may be followed.
    pub(super) fn deeper_call(&mut self) -> bool {
        let may = self.may_go(self.most, None);
        self.depth += usize::from(may);
        may
    }

    fn may_go(&mut self, most: usize, span: Option<Span>) -> bool {
        self.steps += 1;
        let may = self.steps <= most && self.depth <= MOST_DEPTH;
        if !may && self.cut.is_none() {
            let (file, func) = self.unit;
            self.cut = Some(span.unwrap_or_else(|| self.linked(file).module.function(func).span));
        }
        may
    }

    /// What an expression may hold.
    pub(super) fn eval(&mut self, frame: FrameId, expr: ExprId) -> Value {
        let linked = self.linked(self.frame(frame).file);
        let span = linked.module.span(expr);
        if !self.may_go(self.most + SPARE_STEPS, Some(span)) {
            return Value::unknown(LIMIT);
        }
        self.depth += 1;
        let mut value = self.eval_inner(frame, linked, expr, span);
        self.depth -= 1;
        if value.origin.is_none() && !matches!(value.kind, Kind::Nothing) {
            // What carries none of the arguments was not read from them: `len(user.name)`.
            let span = match (linked.module.expr(expr), &value.kind) {
                (Expr::Call(call), Kind::Scalar) => linked.module.span(call.callee),
                _ => span,
            };
            value.origin = Some(Rc::new(Origin { span, frame, ty: self.type_name(&value), handed: None, state: None }));
        }
        value
    }

    pub(super) fn eval_inner(&mut self, frame: FrameId, linked: &'p Linked, expr: ExprId, span: Span) -> Value {
        let module = &linked.module;
        match module.expr(expr) {
            Expr::Text(text) => Value::text(text.clone()),
            Expr::Scalar => Value::scalar(),
            Expr::Bool(value) => Value::of(Kind::Bool(*value)),
            Expr::Nothing => Value::nothing(),
            Expr::Local(local) => self.variable(frame, linked, *local, span),
            Expr::Import(import) => self.import(linked, *import),
            Expr::Global(name) => self.global(frame, name),
            Expr::Function(func) => self.closure(frame, linked, *func),
            Expr::Class(class) => Value::of(Kind::Class(ClassRef { file: module.file, class: *class })),
            Expr::Field(base, name) if &**name == "super" => self.eval(frame, *base),
            Expr::Field(base, name) => match self.kept(frame, linked, *base, name, span) {
                Some(kept) => kept,
                None => self.read_field(frame, linked, *base, name, span),
            },
            Expr::Element(base, key) => {
                let base = self.eval(frame, *base);
                let key = self.eval(frame, *key);
                self.element(frame, &base, &key, span)
            }
            Expr::Each(base) => {
                let base = self.eval(frame, *base);
                self.each(frame, &base)
            }
            Expr::Without(base, names) => {
                let base = self.eval(frame, *base);
                self.without(frame, &base, names)
            }
            Expr::Record(entries) => {
                let object = self.new_object(Object::new(ObjectKind::Record, frame));
                self.entries(frame, linked, object, entries);
                Value::of(Kind::Object(object))
            }
            Expr::Instance(class, entries) => self.instance(frame, linked, *class, entries),
            Expr::List(items) => self.list_literal(frame, items),
            Expr::Call(call) => self.call(frame, linked, call, span, Statement::No),
            Expr::OneOf(parts) => Value::one_of(self.eval_all(frame, parts)),
            Expr::Template(parts) => concat(self.eval_all(frame, parts)),
            Expr::Typed(inner, ty) => {
                let value = self.eval(frame, *inner);
                let ty = self.program.type_ref(module.file, *ty);
                self.annotate(value, &ty)
            }
            Expr::Opaque(reason) => Value::unknown(reason.clone()),
        }
    }

    fn eval_all(&mut self, frame: FrameId, exprs: &[ExprId]) -> Vec<Value> {
        exprs.iter().map(|expr| self.eval(frame, *expr)).collect()
    }

    /// A variable where it is mentioned: a module's constant is supplied by the function that mentions it.
    fn variable(&mut self, frame: FrameId, linked: &'p Linked, local: LocalId, span: Span) -> Value {
        let value = self.local(frame, linked, local);
        let shared = linked.module.local(local).function == FuncId::BODY && self.frame(frame).func != FuncId::BODY;
        if shared && value.is_data() { value.handed(span, frame) } else { value }
    }

    /// Whether an expression is the receiver of the method it stands in.
    pub(super) fn is_receiver(&self, linked: &Linked, expr: ExprId) -> bool {
        match linked.module.expr(expr) {
            Expr::Local(local) => {
                let owner = linked.module.local(*local).function;
                linked.module.function(owner).receiver == Some(*local)
            }
            _ => false,
        }
    }

    /// What an imported name holds.
    pub(super) fn import(&mut self, linked: &'p Linked, import: ImportId) -> Value {
        match self.program.import_file(linked, import) {
            Some(file) if !self.plan.relevant(file) => Value::lazy(Lazy::Import(linked.module.file, import)),
            _ => {
                let binding = self.program.import(linked, import);
                self.binding(binding)
            }
        }
    }

    /// What a name that was looked up in a module or package holds.
    pub(super) fn binding(&mut self, binding: Binding) -> Value {
        match binding {
            Binding::Value(file, expr, rest) => {
                let frame = self.module_frame(file);
                let linked = self.linked(file);
                let mut value = self.eval(frame, expr);
                if let (Expr::Local(local), true) = (linked.module.expr(expr), self.is_empty(&value)) {
                    value = self.written_variable(linked, *local).unwrap_or(value);
                }
                let span = linked.module.span(expr);
                rest.iter().fold(value, |value, name| self.field(frame, &value, name, span))
            }
            Binding::Namespace(file) => Value::of(Kind::Namespace(file)),
            Binding::Package(package, names) => {
                let root = Value::of(Kind::Extern(Rc::new(Extern::Package(package))));
                names
                    .into_iter()
                    .fold(root, |value, name| Value::of(Kind::Extern(Rc::new(Extern::Member(value, name)))))
            }
            Binding::Nowhere => Value::unknown("what this import leads to was not found"),
        }
    }

    /// What a variable holds.
    pub(super) fn local(&mut self, frame: FrameId, linked: &'p Linked, local: LocalId) -> Value {
        let module = &linked.module;
        let declared = module.local(local);
        let Some(owner) = self.owner(frame, module.file, declared.function) else {
            return self.declared(linked, local);
        };
        let is_shared = declared.function == FuncId::BODY;
        if is_shared && declared.constant.is_none() && !self.frame(owner).locals.contains_key(&local) {
            self.run_slice(linked, owner, local);
        }
        match self.frame(owner).locals.get(&local) {
            Some(value) if is_shared && owner != frame && self.is_empty(value) => {
                let value = value.clone();
                self.written_variable(linked, local).unwrap_or(value)
            }
            Some(value) => value.clone(),
            None => match declared.constant {
                Some(constant) => {
                    let value = self.eval(owner, constant);
                    self.frame_mut(owner).locals.insert(local, value.clone());
                    value
                }
                None if is_shared && owner != frame => {
                    self.written_variable(linked, local).unwrap_or_else(|| self.declared(linked, local))
                }
                None => self.declared(linked, local),
            },
        }
    }

    /// A variable of which nothing but its declaration is known.
    pub(super) fn declared(&self, linked: &Linked, local: LocalId) -> Value {
        let declared = linked.module.local(local);
        match declared.ty {
            Some(ty) => {
                let ty = Some(self.program.type_ref(linked.module.file, ty));
                let reason = format!("nothing that was read gives `{}` a value", declared.name);
                Value::open(Open { ty, hole: false, reason: reason.into(), hint: None, source: None })
            }
            None => Value::nothing(),
        }
    }
}
