//! The common form: what every language is lowered to, and all that `flow` knows of a file.
//!
//! It answers one question: what may a value hold? Parentheses, casts, `await`, `!`, `?`, `&`, `Some(..)` and
//! assertions lower to their operand, loops to blocks that may run, and anything that cannot be followed to
//! [`Expr::Opaque`].

use std::sync::Arc;

use crate::source::{FileId, Problem, Span};

pub mod build;
mod class;
pub mod text;

pub use class::{Class, Extension, FieldDecl, Method, Serial, Type};

/// A name or a piece of text.
pub type Name = Arc<str>;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
    };
}

id!(/// An expression of a module.
    ExprId);
id!(/// A declared type of a module.
    TypeId);
id!(/// A variable or parameter of a module, whichever function declares it; a closure names it by the same id.
    LocalId);
id!(/// A function, method, closure or the module's own body ([`FuncId::BODY`]).
    FuncId);
id!(/// A class, struct, interface, enum or type alias of a module.
    ClassId);
id!(/// An imported name of a module.
    ImportId);

impl FuncId {
    /// The statements at the top level of the module.
    pub const BODY: FuncId = FuncId(0);
}

/// A file in the common form.
#[derive(Debug)]
pub struct Module {
    /// The file it was lowered from.
    pub file: FileId,
    /// The catalogue's name for the language (`js`, `rust`).
    pub language: &'static str,
    /// Expressions, by [`ExprId`].
    pub exprs: Vec<Expr>,
    /// The bytes each expression was lowered from, by [`ExprId`].
    pub expr_spans: Vec<(u32, u32)>,
    /// Declared types, by [`TypeId`].
    pub types: Vec<Type>,
    /// Variables and parameters, by [`LocalId`].
    pub locals: Vec<Local>,
    /// Functions, by [`FuncId`]; the first is the module's body.
    pub functions: Vec<Function>,
    /// Classes and named types, by [`ClassId`].
    pub classes: Vec<Class>,
    /// Imported names, by [`ImportId`].
    pub imports: Vec<Import>,
    /// What other modules can import by name. `default` is the default export; `=` is what the whole module
    /// evaluates to (`module.exports = …`).
    pub exports: Vec<Export>,
    /// Namespaces all of whose exports this module exports too (`export * from`, `pub use x::*`).
    pub stars: Vec<ImportId>,
    /// Methods added to a class that is declared elsewhere (`impl` of an imported type, an extension).
    pub extensions: Vec<Extension>,
    /// What could not be lowered.
    pub problems: Vec<Problem>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A text whose content is known.
    Text(Name),
    /// A value whose inside does not matter: a number, a comparison, nothing, a pattern.
    Scalar,
    /// `true` or `false` as written: a caller that hands it over decides a branch of what it calls.
    Bool(bool),
    /// The absence of a value (`null`, `undefined`, `None`).
    Nothing,
    /// A variable, parameter, or receiver (`this`, `self`).
    Local(LocalId),
    /// An imported name.
    Import(ImportId),
    /// A name that the module neither declares nor imports. An element of the page's own markup is `<div>`; what all
    /// globals are members of has no name.
    Global(Name),
    /// A closure, or a reference to a declared function.
    Function(FuncId),
    /// A class.
    Class(ClassId),
    /// `base.name`.
    Field(ExprId, Name),
    /// `base[key]`.
    Element(ExprId, ExprId),
    /// Any one element of a collection: what a loop variable holds.
    Each(ExprId),
    /// A value without the named fields: `...rest` of a destructuring pattern.
    Without(ExprId, Vec<Name>),
    /// A record literal: object, map, dictionary, keyword list.
    Record(Vec<Entry>),
    /// A record of a named class: `Track { event, ..base }`, `new T { A = b }`.
    Instance(ExprId, Vec<Entry>),
    /// A list, tuple or set literal.
    List(Vec<Item>),
    /// A call, an instantiation, a component element, a decorator.
    Call(Box<Call>),
    /// One of several values: a ternary, `??`, `||`, `match`.
    OneOf(Vec<ExprId>),
    /// A text made of parts: a template, a concatenation, a formatting macro.
    Template(Vec<ExprId>),
    /// A value with a declared type that says more than the value does (`x as T`, `<T>x`).
    Typed(ExprId, TypeId),
    /// What could not be followed, with the reason as one lower-case clause.
    Opaque(Name),
}

impl Expr {
    /// Whether it is written out on the spot, so that no variable holds it.
    pub fn is_literal(&self) -> bool {
        matches!(
            self,
            Expr::Text(_)
                | Expr::Scalar
                | Expr::Bool(_)
                | Expr::Nothing
                | Expr::Function(_)
                | Expr::Record(_)
                | Expr::Instance(..)
                | Expr::List(_)
                | Expr::Template(_)
        )
    }
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called. A class is instantiated.
    pub callee: ExprId,
    /// Type arguments, as written.
    pub types: Vec<TypeId>,
    /// The arguments in the order they are written. The children of a component element are named `children`.
    pub args: Vec<Arg>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The keyword or attribute, where there is one.
    pub name: Option<Name>,
    /// The value.
    pub value: ExprId,
    /// Whether the value is a collection of arguments (`...xs`, `*xs`, `**xs`, `{...props}`).
    pub spread: bool,
}

/// An entry of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// `key: value`.
    Field {
        /// The key as written.
        key: Name,
        /// The bytes of the key; none where a macro writes it.
        at: (u32, u32),
        /// The value.
        value: ExprId,
    },
    /// `[key]: value`, `("key", value)`.
    Computed {
        /// The key.
        key: ExprId,
        /// The value.
        value: ExprId,
    },
    /// `...value`, `**value`, `..value`.
    Spread(ExprId),
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The value.
    pub value: ExprId,
    /// Whether the value is itself a collection whose elements are the items.
    pub spread: bool,
}

/// A block of statements.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// Writes a value. A later write to the same place replaces it.
    Set {
        /// Where to.
        place: Place,
        /// What.
        value: ExprId,
        /// The bytes of the place as written: a field's name, a key, a variable.
        at: (u32, u32),
    },
    /// Takes a field away (`delete p.x`, `del p["x"]`).
    Remove(Place),
    /// Evaluates for effect.
    Do(ExprId),
    /// Leaves the function with a value.
    Return(Option<ExprId>),
    /// Leaves the block without a value: `throw`, `break`, `continue`, `raise`.
    Exit,
    /// A condition and its two arms.
    When {
        /// The condition. What is compared with a pattern, a case or nothing stands in a choice of one, so that a
        /// variable by itself is one that holds.
        condition: ExprId,
        /// What runs when it holds.
        then: Block,
        /// What runs when it does not.
        otherwise: Block,
    },
    /// A block that may run any number of times, or not at all: a loop's body, a `catch`.
    Maybe(Block),
}

/// Something that can be written to.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A variable.
    Local(LocalId),
    /// A global (`window.x = …` is a field of the global `window`).
    Global(Name),
    /// `base.name`.
    Field(ExprId, Name),
    /// `base[key]`.
    Element(ExprId, ExprId),
}

/// A variable, a parameter or a receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// The function that declares it.
    pub function: FuncId,
    /// Its declared type.
    pub ty: Option<TypeId>,
    /// What it always holds: set for a declared function or class, which can be named before its statement runs.
    pub constant: Option<ExprId>,
    /// The bytes of its declaration.
    pub at: (u32, u32),
}

/// A function, method, closure or the module's body.
#[derive(Debug)]
pub struct Function {
    /// Its own name, or that of the variable, field or key it is first given to; empty when it has none.
    pub name: Name,
    /// Parameters, in order. A destructured parameter is one parameter and statements at the start of the body.
    pub params: Vec<Param>,
    /// The receiver, where a method has one. An arrow function uses that of its method.
    pub receiver: Option<LocalId>,
    /// The function it is written in; none for the module's body.
    pub parent: Option<FuncId>,
    /// The class it is a method of.
    pub class: Option<ClassId>,
    /// What it does.
    pub body: Block,
    /// The declared type of what it returns, with promises and results taken off.
    pub returns: Option<TypeId>,
    /// Decorators and attributes, as calls or names.
    pub decorators: Vec<ExprId>,
    /// All its bytes.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The variable that holds it.
    pub local: LocalId,
    /// The value when the caller gives none.
    pub default: Option<ExprId>,
    /// Whether it takes all remaining arguments.
    pub rest: Rest,
    /// Whether it can only be given by name. A component's function has one parameter: the record of its attributes.
    pub keyword_only: bool,
}

/// Which arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// One argument.
    No,
    /// All remaining positional arguments, as a list.
    Positional,
    /// All remaining named arguments, as a record.
    Keyword,
}

/// An imported name.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Where from, as the language writes it: `./track`, `acme-js`, `crate::telemetry::Telemetry`.
    pub specifier: Name,
    /// What of it.
    pub name: Imported,
    /// The bytes of the import.
    pub at: (u32, u32),
}

/// Which part of a module is imported.
#[derive(Clone, Debug, PartialEq)]
pub enum Imported {
    /// One export; `default` for the default export.
    Named(Name),
    /// The module itself (`import * as x`, `require(..)`, `import(..)`, and every `use` path, which names its item itself).
    All,
}

/// An export.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The name that others import. Items of an inline module are `module.item`.
    pub name: Name,
    /// What it holds.
    pub value: ExprId,
}

impl Module {
    /// The expression with this id.
    pub fn expr(&self, expr: ExprId) -> &Expr {
        &self.exprs[expr.0 as usize]
    }

    /// The bytes of an expression.
    pub fn span(&self, expr: ExprId) -> Span {
        let (start, end) = self.expr_spans[expr.0 as usize];
        Span::new(self.file, start, end)
    }

    /// A pair of offsets in this module's file as a span.
    pub fn at(&self, (start, end): (u32, u32)) -> Span {
        Span::new(self.file, start, end)
    }

    /// The declared type with this id.
    pub fn ty(&self, ty: TypeId) -> &Type {
        &self.types[ty.0 as usize]
    }

    /// The variable with this id.
    pub fn local(&self, local: LocalId) -> &Local {
        &self.locals[local.0 as usize]
    }

    /// The function with this id.
    pub fn function(&self, func: FuncId) -> &Function {
        &self.functions[func.0 as usize]
    }

    /// The class with this id.
    pub fn class(&self, class: ClassId) -> &Class {
        &self.classes[class.0 as usize]
    }

    /// The import with this id.
    pub fn import(&self, import: ImportId) -> &Import {
        &self.imports[import.0 as usize]
    }
}
