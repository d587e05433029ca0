//! Classes and declared types: what an instance may hold that the project did not build itself.

#[cfg(doc)]
use super::Expr;
use super::{ExprId, FuncId, Name, TypeId};
use crate::source::Span;

/// A class, struct, interface, enum, or (with [`Class::alias`]) a name for another type.
#[derive(Debug)]
pub struct Class {
    /// Its name.
    pub name: Name,
    /// Declared fields: the shape of an instance that the project did not build itself.
    pub fields: Vec<FieldDecl>,
    /// Whether instances may have fields that are not declared (an index signature, `extra = "allow"`).
    pub open: bool,
    /// Methods, getters, setters and the constructor (named `constructor`).
    pub methods: Vec<Method>,
    /// What it extends or implements.
    pub bases: Vec<TypeId>,
    /// What the name stands for, when it is an alias.
    pub alias: Option<TypeId>,
    /// Runs before the constructor, with the instance as receiver: the fields' initial values.
    pub init: Option<FuncId>,
    /// Constants that belong to the class itself: enum members, static fields.
    pub statics: Vec<(Name, ExprId)>,
    /// Generic parameters, by name, in order.
    pub generics: Vec<Name>,
    /// All its bytes.
    pub span: Span,
}

/// A declared field of a class or of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDecl {
    /// Its name in the code.
    pub name: Name,
    /// Its name once serialised, where that differs.
    pub wire: Option<Name>,
    /// Its declared type.
    pub ty: Option<TypeId>,
    /// How it is serialised.
    pub serial: Serial,
    /// The bytes of the declaration's name.
    pub at: (u32, u32),
}

/// How a field takes part in serialisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serial {
    /// Under its (wire) name.
    Named,
    /// Its own fields stand in the place of the field (`#[serde(flatten)]`, an embedded struct).
    Flattened,
    /// Not at all (`#[serde(skip)]`, `json:"-"`).
    Skipped,
}

/// A method of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// Its name.
    pub name: Name,
    /// Its function.
    pub function: FuncId,
    /// Whether it belongs to the class and not to an instance.
    pub is_static: bool,
    /// Whether reading a field of this name calls it.
    pub is_getter: bool,
}

/// Methods added to a class that is declared elsewhere.
#[derive(Debug)]
pub struct Extension {
    /// The class.
    pub of: TypeId,
    /// What it is taken to extend or implement.
    pub bases: Vec<TypeId>,
    /// The methods.
    pub methods: Vec<Method>,
}

/// A declared type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A class, or a name that leads to one: [`Expr::Class`], [`Expr::Import`], [`Expr::Global`] or a
    /// [`Expr::Field`] of these; with generic arguments.
    Named(ExprId, Vec<TypeId>),
    /// A generic parameter of the class or function around it.
    Generic(Name),
    /// A list, set or iterator of a type.
    List(TypeId),
    /// A record of any keys.
    Map(TypeId),
    /// A record type written in place.
    Record {
        /// Its fields.
        fields: Vec<FieldDecl>,
        /// Whether it may have others.
        open: bool,
    },
    /// Only the named fields of a type.
    Pick(TypeId, Vec<Name>),
    /// All but the named fields of a type.
    Omit(TypeId, Vec<Name>),
    /// One of several types. A nullable type is its operand.
    OneOf(Vec<TypeId>),
    /// All of several types at once.
    AllOf(Vec<TypeId>),
    /// The type of a value (`typeof x`); of what a schema value describes (`z.infer<typeof schema>`).
    Of(ExprId),
    /// What a function value returns (`ReturnType<typeof f>`).
    ReturnOf(ExprId),
    /// A function type, with what it returns.
    Function(Option<TypeId>),
    /// One field of a type (`User["address"]`); an element of a list type where the name is `[]`.
    FieldOf(TypeId, Name),
    /// A literal text.
    Text(Name),
    /// A value whose inside does not matter: a number, a text, a date, a boolean.
    Scalar,
    /// Anything, or a type that is not understood.
    Unknown,
}
