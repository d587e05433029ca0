//! Values while a unit is evaluated: what an expression may hold, objects on a heap, and where each came from.

use std::cell::RefCell;
use std::rc::Rc;

use super::OutboundKind;
use crate::ir::{ClassId, FuncId, ImportId, Name, TypeId};
use crate::source::{FileId, Span};

/// An activation of a function, or of a module's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct FrameId(pub(super) u32);

/// An object on the heap of one evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjectId(pub(super) u32);

/// A class of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ClassRef {
    pub(super) file: FileId,
    pub(super) class: ClassId,
}

/// A declared type, with what the generic parameters around it stand for.
#[derive(Clone, Debug)]
pub(super) struct TypeRef {
    pub(super) file: FileId,
    pub(super) ty: TypeId,
    pub(super) generics: Option<Rc<Vec<(Name, TypeRef)>>>,
}

/// A function with the variables around it.
#[derive(Clone, Debug)]
pub(super) struct Closure {
    pub(super) file: FileId,
    pub(super) func: FuncId,
    /// The activation it was made in; the module's own frame is found by file.
    pub(super) frame: Option<FrameId>,
    pub(super) this: Option<Value>,
    /// Arguments that were filled in before the call.
    pub(super) bound: Vec<Arg>,
    /// Whether it is the function as written, without what its decorators make of it. A method's first argument is
    /// then its receiver.
    pub(super) plain: bool,
}

/// What an expression may hold, and where that came from.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) origin: Option<Rc<Origin>>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Text(Name),
    Scalar,
    Bool(bool),
    Nothing,
    Object(ObjectId),
    Function(Rc<Closure>),
    Class(ClassRef),
    Namespace(FileId),
    /// Something outside the project that was reached without a call.
    Extern(Rc<Extern>),
    OneOf(Rc<[Value]>),
    Concat(Rc<[Value]>),
    /// Something not known beyond its declared type.
    Open(Rc<Open>),
    /// A value that is computed when it is needed.
    Lazy(Rc<RefCell<Lazy>>),
}

/// Something outside the project.
#[derive(Clone, Debug)]
pub(super) enum Extern {
    Package(Name),
    Global(Name),
    Member(Value, Name),
    Element(Value),
    /// A function with some of its arguments.
    Filled(Value, Rc<[Arg]>),
}

/// A value of which at most the type is known.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) ty: Option<TypeRef>,
    /// Whether a caller supplies it.
    pub(super) hole: bool,
    pub(super) reason: Name,
    pub(super) hint: Option<Name>,
    /// What outside the project returned it or the value it was read from.
    pub(super) source: Option<Value>,
}

/// A value that has not been computed.
#[derive(Clone, Debug)]
pub(super) enum Lazy {
    Import(FileId, ImportId),
    Call {
        callee: Value,
        args: Rc<[Arg]>,
        frame: FrameId,
        span: Span,
    },
    /// A method of a value that has not been computed.
    Method {
        receiver: Value,
        name: Name,
        args: Rc<[Arg]>,
        frame: FrameId,
        span: Span,
    },
    Field(Value, Name),
    /// A value of which every element is meant.
    Each(Value),
    /// A value that stands where this type is declared.
    Typed(Value, TypeRef),
    /// It is being computed: a value that depends on itself.
    Busy,
    Done(Value),
}

/// An argument.
#[derive(Clone, Debug)]
pub(super) struct Arg {
    pub(super) name: Option<Name>,
    pub(super) value: Value,
    pub(super) spread: bool,
    pub(super) span: Span,
}

/// Where a value came from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The expression that first gave it.
    pub(super) span: Span,
    pub(super) frame: FrameId,
    pub(super) ty: Option<Name>,
    /// The outermost argument or field through which it was handed to a function.
    pub(super) handed: Option<(Span, FrameId)>,
    /// The place that read it from its receiver: an instance's state belongs to who reads it, unless a caller on the
    /// same chain put it there.
    pub(super) state: Option<(Span, FrameId)>,
}

/// An object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) fields: Vec<(Name, Slot)>,
    /// Values with unknown keys, or whose fields are also fields of the object.
    pub(super) rest: Vec<Value>,
    /// Elements of a list.
    pub(super) items: Vec<Value>,
    /// Calls and assignments by statements of their own, of an object that something outside made.
    pub(super) log: Vec<Logged>,
    pub(super) frame: FrameId,
}

#[derive(Clone, Debug)]
pub(super) enum ObjectKind {
    Record,
    List,
    /// An instance of a class of the project.
    Instance {
        class: ClassRef,
        initialised: bool,
    },
    /// What something outside the project made.
    Result {
        callee: Value,
        args: Rc<[Arg]>,
    },
    /// A record of a class outside the project.
    Foreign {
        class: Value,
    },
}

/// A field of an object.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) key: Span,
    pub(super) frame: FrameId,
    pub(super) value: Value,
}

/// A call or an assignment on an object that something outside made.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    pub(super) name: Name,
    pub(super) kind: OutboundKind,
    pub(super) args: Rc<[Arg]>,
}

impl Value {
    pub(super) fn of(kind: Kind) -> Value {
        Value { kind, origin: None }
    }

    pub(super) fn nothing() -> Value {
        Value::of(Kind::Nothing)
    }

    pub(super) fn scalar() -> Value {
        Value::of(Kind::Scalar)
    }

    pub(super) fn text(text: impl Into<Name>) -> Value {
        Value::of(Kind::Text(text.into()))
    }

    pub(super) fn lazy(lazy: Lazy) -> Value {
        Value::of(Kind::Lazy(Rc::new(RefCell::new(lazy))))
    }

    /// A value that is not known, for this reason.
    pub(super) fn unknown(reason: impl Into<Name>) -> Value {
        Value::open(Open { ty: None, hole: false, reason: reason.into(), hint: None, source: None })
    }

    pub(super) fn open(open: Open) -> Value {
        Value::of(Kind::Open(Rc::new(open)))
    }

    /// One of several values, flattened.
    pub(super) fn one_of(values: impl IntoIterator<Item = Value>) -> Value {
        let mut flat: Vec<Value> = Vec::new();
        for value in values {
            match &value.kind {
                // An alternative that was read nowhere by itself was read where the whole was.
                Kind::OneOf(inner) => flat.extend(inner.iter().map(|one| match one.origin {
                    Some(_) => one.clone(),
                    None => one.clone().with_origin(value.origin.clone()),
                })),
                _ => flat.push(value),
            }
        }
        dedup(&mut flat);
        match flat.len() {
            0 => Value::nothing(),
            1 => flat.swap_remove(0),
            _ => Value::of(Kind::OneOf(flat.into())),
        }
    }

    /// The alternatives of the value: itself, unless it is one of several.
    pub(super) fn alternatives(&self) -> &[Value] {
        match &self.kind {
            Kind::OneOf(values) => values,
            _ => std::slice::from_ref(self),
        }
    }

    /// Whether the value is something that can be sent, and not code or nothing.
    pub(super) fn is_data(&self) -> bool {
        !matches!(self.kind, Kind::Function(_) | Kind::Class(_) | Kind::Extern(_) | Kind::Nothing)
    }

    pub(super) fn with_origin(mut self, origin: Option<Rc<Origin>>) -> Value {
        self.origin = origin;
        self
    }

    /// The value as handed over at `span` by `frame`, unless an earlier place handed it over already.
    pub(super) fn handed(mut self, span: Span, frame: FrameId) -> Value {
        match &self.origin {
            Some(origin) if origin.handed.is_some() || origin.state.is_some() => {}
            Some(origin) => {
                let mut origin = Origin::clone(origin);
                origin.handed = Some((span, frame));
                self.origin = Some(Rc::new(origin));
            }
            None => {
                self.origin = Some(Rc::new(Origin { span, frame, ty: None, handed: Some((span, frame)), state: None }))
            }
        }
        self
    }

    /// The value as the places handed it over that held it before it was computed.
    pub(super) fn passed_by(mut self, before: Option<&Rc<Origin>>) -> Value {
        let Some(before) = before else { return self };
        if let Some((span, frame)) = before.handed
            && self.origin.is_some()
        {
            self = self.handed(span, frame);
        }
        match before.state {
            Some((span, frame)) => self.state_of(span, frame),
            None => {
                self.origin.get_or_insert_with(|| before.clone());
                self
            }
        }
    }

    /// The value as read by `frame` from its own receiver.
    pub(super) fn state_of(mut self, span: Span, frame: FrameId) -> Value {
        let mut origin = match &self.origin {
            Some(origin) => Origin::clone(origin),
            None => Origin { span, frame, ty: None, handed: None, state: None },
        };
        origin.state = Some((span, frame));
        self.origin = Some(Rc::new(origin));
        self
    }

    /// Whether the two are certainly the same value.
    fn same(&self, other: &Value) -> bool {
        let span = |value: &Value| value.origin.as_ref().map(|origin| origin.span);
        match (&self.kind, &other.kind) {
            (Kind::Nothing, Kind::Nothing) => true,
            (Kind::Scalar, Kind::Scalar) => span(self) == span(other),
            (Kind::Bool(a), Kind::Bool(b)) => a == b && span(self) == span(other),
            (Kind::Text(a), Kind::Text(b)) => a == b && span(self) == span(other),
            (Kind::Object(a), Kind::Object(b)) => a == b,
            (Kind::Function(a), Kind::Function(b)) => Rc::ptr_eq(a, b),
            (Kind::Class(a), Kind::Class(b)) => a == b,
            (Kind::Namespace(a), Kind::Namespace(b)) => a == b,
            (Kind::Extern(a), Kind::Extern(b)) => Rc::ptr_eq(a, b),
            (Kind::Open(a), Kind::Open(b)) => Rc::ptr_eq(a, b) && span(self) == span(other),
            (Kind::Lazy(a), Kind::Lazy(b)) => Rc::ptr_eq(a, b),
            (Kind::Concat(a), Kind::Concat(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// How many alternatives a value may have; more are cut off and said to be unknown.
const MOST_ALTERNATIVES: usize = 24;

/// How many elements a list may have; a longer literal's further elements are like those before.
const MOST_ITEMS: usize = 400;

fn dedup(values: &mut Vec<Value>) {
    let mut kept: Vec<Value> = Vec::with_capacity(values.len().min(MOST_ALTERNATIVES));
    for value in values.drain(..) {
        if kept.iter().any(|other| other.same(&value)) {
            continue;
        }
        if kept.len() == MOST_ALTERNATIVES {
            kept.push(Value::unknown("it may hold more values than are followed"));
            break;
        }
        kept.push(value);
    }
    *values = kept;
}

impl Object {
    pub(super) fn new(kind: ObjectKind, frame: FrameId) -> Object {
        Object { kind, fields: Vec::new(), rest: Vec::new(), items: Vec::new(), log: Vec::new(), frame }
    }

    /// Adds a value with unknown keys, unless it is there already or there are too many to tell apart.
    pub(super) fn add_rest(&mut self, value: Value) {
        if self.rest.len() < MOST_ALTERNATIVES && !self.rest.iter().any(|other| other.same(&value)) {
            self.rest.push(value);
        }
    }

    /// Adds an element, unless there are so many that one more says nothing.
    pub(super) fn add_item(&mut self, value: Value) {
        if self.items.len() < MOST_ITEMS {
            self.items.push(value);
        }
    }

    pub(super) fn slot(&self, name: &str) -> Option<&Slot> {
        self.fields.iter().find(|(key, _)| &**key == name).map(|(_, slot)| slot)
    }
}
