//! Builds a module: what a front end calls while it walks a syntax tree.

use super::{
    Arg, Call, Class, ClassId, Expr, ExprId, FuncId, Function, Import, ImportId, Local, LocalId, Module, Name, Type,
    TypeId,
};
use crate::source::{FileId, Problem, Span};

/// A module under construction.
#[derive(Debug)]
pub struct Builder {
    /// The module so far. Its body is function 0 from the start.
    pub module: Module,
}

impl Builder {
    /// An empty module for a file of `length` bytes.
    pub fn new(file: FileId, language: &'static str, length: usize) -> Builder {
        let body = Function {
            name: "".into(),
            params: Vec::new(),
            receiver: None,
            parent: None,
            class: None,
            body: Vec::new(),
            returns: None,
            decorators: Vec::new(),
            span: Span::new(file, 0, length as u32),
        };
        let module = Module {
            file,
            language,
            exprs: Vec::new(),
            expr_spans: Vec::new(),
            types: Vec::new(),
            locals: Vec::new(),
            functions: vec![body],
            classes: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            stars: Vec::new(),
            extensions: Vec::new(),
            problems: Vec::new(),
        };
        Builder { module }
    }

    /// Adds an expression lowered from these bytes.
    pub fn expr(&mut self, at: (u32, u32), expr: Expr) -> ExprId {
        self.module.exprs.push(expr);
        self.module.expr_spans.push(at);
        ExprId(self.module.exprs.len() as u32 - 1)
    }

    /// Adds a call with positional arguments.
    pub fn call(&mut self, at: (u32, u32), callee: ExprId, args: impl IntoIterator<Item = ExprId>) -> ExprId {
        let args = args.into_iter().map(|value| Arg { name: None, value, spread: false }).collect();
        self.expr(at, Expr::Call(Box::new(Call { callee, types: Vec::new(), args })))
    }

    /// Adds a call with positional arguments and type arguments.
    pub fn generic_call(&mut self, at: (u32, u32), callee: ExprId, types: Vec<TypeId>, args: Vec<ExprId>) -> ExprId {
        let call = self.call(at, callee, args);
        if let Expr::Call(call) = &mut self.module.exprs[call.0 as usize] {
            call.types = types;
        }
        call
    }

    /// Adds what could not be followed.
    pub fn opaque(&mut self, at: (u32, u32), reason: &str) -> ExprId {
        self.expr(at, Expr::Opaque(reason.into()))
    }

    /// Adds a declared type.
    pub fn ty(&mut self, ty: Type) -> TypeId {
        self.module.types.push(ty);
        TypeId(self.module.types.len() as u32 - 1)
    }

    /// Declares a variable.
    pub fn local(&mut self, name: impl Into<Name>, function: FuncId, at: (u32, u32)) -> LocalId {
        self.module.locals.push(Local { name: name.into(), function, ty: None, constant: None, at });
        LocalId(self.module.locals.len() as u32 - 1)
    }

    /// Declares a function with an empty body, to be filled through [`Builder::function_mut`].
    pub fn function(&mut self, name: impl Into<Name>, parent: FuncId, at: (u32, u32)) -> FuncId {
        let span = Span::new(self.module.file, at.0, at.1);
        self.module.functions.push(Function {
            name: name.into(),
            params: Vec::new(),
            receiver: None,
            parent: Some(parent),
            class: None,
            body: Vec::new(),
            returns: None,
            decorators: Vec::new(),
            span,
        });
        FuncId(self.module.functions.len() as u32 - 1)
    }

    /// The function under construction.
    pub fn function_mut(&mut self, func: FuncId) -> &mut Function {
        &mut self.module.functions[func.0 as usize]
    }

    /// Declares a class without members, to be filled through [`Builder::class_mut`].
    pub fn class(&mut self, name: impl Into<Name>, at: (u32, u32)) -> ClassId {
        let span = Span::new(self.module.file, at.0, at.1);
        self.module.classes.push(Class {
            name: name.into(),
            fields: Vec::new(),
            open: false,
            methods: Vec::new(),
            bases: Vec::new(),
            alias: None,
            init: None,
            statics: Vec::new(),
            generics: Vec::new(),
            span,
        });
        ClassId(self.module.classes.len() as u32 - 1)
    }

    /// The class under construction.
    pub fn class_mut(&mut self, class: ClassId) -> &mut Class {
        &mut self.module.classes[class.0 as usize]
    }

    /// Adds an imported name.
    pub fn import(&mut self, import: Import) -> ImportId {
        self.module.imports.push(import);
        ImportId(self.module.imports.len() as u32 - 1)
    }

    /// Notes what could not be lowered.
    pub fn problem(&mut self, at: (u32, u32), message: impl Into<String>) {
        let span = Span::new(self.module.file, at.0, at.1);
        self.module.problems.push(Problem { span, message: message.into() });
    }

    /// The finished module.
    pub fn finish(self) -> Module {
        self.module
    }
}
