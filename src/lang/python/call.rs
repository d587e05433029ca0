//! Calls, and the few functions of the language that say what a name, a class or a module is.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::lower::{Lower, at};
use crate::ir::{Arg, Entry, Expr, ExprId, Item, LocalId, Place, Stmt};

impl Lower {
    /// `f(a, *b, c=d, **e)`.
    pub(super) fn call(&mut self, call: &ast::ExprCall) -> ExprId {
        let found = match &*call.func {
            Syntax::Name(name) => self.call_of_name(call, name.id.as_str()),
            Syntax::Attribute(attribute) => self.call_of_attribute(call, attribute),
            _ => None,
        };
        if let Some(value) = found {
            return value;
        }
        let callee = self.expr(&call.func);
        let args = self.args(&call.arguments);
        self.add_call(at(call), callee, args)
    }

    /// Functions of the language that are more than a call.
    fn call_of_name(&mut self, call: &ast::ExprCall, name: &str) -> Option<ExprId> {
        let args = &*call.arguments.args;
        if matches!(name, "cast") && args.len() == 2 {
            return Some(self.cast(call, &args[0], &args[1]));
        }
        if let Some(import) = self.import_call(call, name) {
            return Some(import);
        }
        if !self.is_builtin(name) {
            return None;
        }
        match (name, args) {
            ("dict", _) => Some(self.dict_call(call)),
            ("super", _) => self.super_object(call),
            ("getattr", [base, Syntax::StringLiteral(name), default @ ..]) => {
                let base = self.expr(base);
                let value = self.field(at(call), base, name.value.to_str());
                Some(match default.first() {
                    Some(default) => {
                        let default = self.expr(default);
                        self.add(at(call), Expr::OneOf(vec![value, default]))
                    }
                    None => value,
                })
            }
            ("setattr", [base, key, value]) => {
                let base = self.expr(base);
                let value = self.expr(value);
                let span = at(key);
                let place = match key {
                    Syntax::StringLiteral(name) => Place::Field(base, name.value.to_str().into()),
                    key => Place::Element(base, self.expr(key)),
                };
                self.emit(Stmt::Set { place, value, at: span });
                Some(self.nothing(at(call)))
            }
            _ => None,
        }
    }

    fn call_of_attribute(&mut self, call: &ast::ExprCall, attribute: &ast::ExprAttribute) -> Option<ExprId> {
        let name = attribute.attr.as_str();
        let args = &*call.arguments.args;
        if name == "cast" && args.len() == 2 && matches!(&*attribute.value, Syntax::Name(base) if is_typing(&base.id)) {
            return Some(self.cast(call, &args[0], &args[1]));
        }
        if let Some(import) = self.import_call(call, name) {
            return Some(import);
        }
        if let (Syntax::StringLiteral(text), "format") = (&*attribute.value, name) {
            return Some(self.format_call(call, text));
        }
        let is_super = |base: &Syntax| matches!(base, Syntax::Call(inner) if is_name(&inner.func, "super"));
        if is_super(&attribute.value) && name == "__init__" {
            let callee = self.super_object(call)?;
            let args = self.args(&call.arguments);
            return Some(self.add_call(at(call), callee, args));
        }
        // `Base.method(self, …)`: the method of the class that this one extends.
        let receiver = self.receiver()?;
        let class = self.around_class();
        let own = &self.build.module.local(receiver).name;
        let first = args.first().is_some_and(|first| is_name(first, own));
        let of_class = matches!(&*attribute.value, Syntax::Name(base) if base.id.starts_with(char::is_uppercase));
        if !first || !of_class || class.is_none() {
            return None;
        }
        let mut callee = self.super_object(call)?;
        if name != "__init__" {
            callee = self.field(at(attribute), callee, name);
        }
        let args = self.args(&call.arguments).split_off(1);
        Some(self.add_call(at(call), callee, args))
    }

    /// `import_module("a.b")`, `import_string("a.b.C")`.
    fn import_call(&mut self, call: &ast::ExprCall, name: &str) -> Option<ExprId> {
        let imports = matches!(name, "import_module" | "import_string" | "import_object" | "__import__");
        let Some(Syntax::StringLiteral(path)) = call.arguments.args.first().filter(|_| imports) else {
            return None;
        };
        let path = path.value.to_str();
        let is_path = !path.is_empty() && path.chars().all(|char| char.is_alphanumeric() || matches!(char, '.' | '_'));
        if !is_path {
            return None;
        }
        let import = self.add_import(path, at(call));
        Some(self.add(at(call), Expr::Import(import)))
    }

    fn cast(&mut self, call: &ast::ExprCall, ty: &Syntax, value: &Syntax) -> ExprId {
        let ty = self.ty(ty);
        let value = self.expr(value);
        self.add(at(call), Expr::Typed(value, ty))
    }

    /// `dict(a, b=c, **d)`: a record.
    fn dict_call(&mut self, call: &ast::ExprCall) -> ExprId {
        let mut entries = Vec::new();
        for value in &call.arguments.args {
            let value = self.expr(value);
            let callee = self.add(at(&*call.func), Expr::Global("dict".into()));
            let pairs = self.add_call(at(call), callee, vec![Lower::positional(value)]);
            entries.push(Entry::Spread(pairs));
        }
        for keyword in &call.arguments.keywords {
            entries.push(match &keyword.arg {
                Some(name) => {
                    let value = self.named(name.as_str(), &keyword.value);
                    Entry::Field { key: name.as_str().into(), at: at(name), value }
                }
                None => Entry::Spread(self.expr(&keyword.value)),
            });
        }
        self.add(at(call), Expr::Record(entries))
    }

    /// `super()`: a field of the receiver.
    fn super_object(&mut self, call: &ast::ExprCall) -> Option<ExprId> {
        let receiver = self.receiver()?;
        let this = self.add(at(&*call.func), Expr::Local(receiver));
        Some(self.field(at(&*call.func), this, "super"))
    }

    /// The receiver of the method around.
    pub(super) fn receiver(&self) -> Option<LocalId> {
        let mut func = Some(self.func);
        while let Some(id) = func {
            let function = &self.build.module.functions[id.0 as usize];
            if function.receiver.is_some() {
                return function.receiver;
            }
            func = function.parent;
        }
        None
    }

    /// The class of the method around.
    fn around_class(&self) -> Option<crate::ir::ClassId> {
        let mut func = Some(self.func);
        while let Some(id) = func {
            let function = &self.build.module.functions[id.0 as usize];
            if function.class.is_some() {
                return function.class;
            }
            func = function.parent;
        }
        None
    }

    /// The arguments of a call. `**x` is a record of arguments, `*x` a list of them.
    pub(super) fn args(&mut self, arguments: &ast::Arguments) -> Vec<Arg> {
        let mut args = Vec::with_capacity(arguments.args.len() + arguments.keywords.len());
        for arg in &arguments.args {
            args.push(match arg {
                Syntax::Starred(starred) => {
                    let value = self.expr(&starred.value);
                    let value = self.add(at(starred), Expr::List(vec![Item { value, spread: true }]));
                    Arg { name: None, value, spread: true }
                }
                arg => {
                    let value = self.argument(arg);
                    Lower::positional(value)
                }
            });
        }
        for keyword in &arguments.keywords {
            args.push(match &keyword.arg {
                Some(name) => {
                    self.hint = Some(name.as_str().into());
                    let value = self.argument(&keyword.value);
                    self.hint = None;
                    Arg { name: Some(name.as_str().into()), value, spread: false }
                }
                None => {
                    let value = self.expr(&keyword.value);
                    let value = self.add(at(&keyword.value), Expr::Record(vec![Entry::Spread(value)]));
                    Arg { name: None, value, spread: true }
                }
            });
        }
        args
    }

    /// An argument: a call in a variable of its own, so that it runs where it is written.
    fn argument(&mut self, arg: &Syntax) -> ExprId {
        self.expr(arg)
    }
}

/// Whether an expression is a name.
pub(super) fn is_name(expr: &Syntax, wanted: &str) -> bool {
    matches!(expr, Syntax::Name(name) if name.id.as_str() == wanted)
}

/// Whether a name is what the module of types is customarily called.
pub(super) fn is_typing(name: &str) -> bool {
    matches!(name, "typing" | "t" | "typing_extensions" | "te" | "tp")
}
