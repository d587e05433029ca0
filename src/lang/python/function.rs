//! Functions, their parameters and what they return.

use ruff_python_ast::{self as ast, Expr as Syntax};

use super::lower::{At, Lower, at};
use super::scope::ScopeKind;
use crate::ir::{ClassId, Expr, ExprId, FuncId, LocalId, Method, Param, Rest, Stmt, Type};

/// What the decorators of a function make of it.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    is_static: bool,
    is_class: bool,
    is_getter: bool,
    /// The other half of a property, or one of several signatures: it is not what the name stands for.
    is_aside: bool,
    gives: bool,
}

impl Lower {
    /// `def name(…): …`.
    pub(super) fn function_def(&mut self, def: &ast::StmtFunctionDef) {
        let manner = manner(&def.decorator_list);
        if let Some(&ScopeKind::Class(class)) = self.scopes.last().map(|scope| &scope.kind) {
            return self.method(class, def, manner);
        }
        if manner.is_aside {
            return;
        }
        let name = def.name.as_str();
        let id = self.build.function(name, self.func, at(def));
        let value = self.add(at(def), Expr::Function(id));
        match self.own_local(name).filter(|_| self.is_single(name)) {
            Some(local) => self.build.module.locals[local.0 as usize].constant = Some(value),
            None => {
                let place = self.name_place(at(&def.name), name);
                self.emit(Stmt::Set { place, value, at: at(&def.name) });
            }
        }
        self.fill_function(id, def, manner, None);
    }

    fn method(&mut self, class: ClassId, def: &ast::StmtFunctionDef, manner: Manner) {
        let name = match def.name.as_str() {
            "__init__" => "constructor",
            name => name,
        };
        let id = self.build.function(name, self.func, at(def));
        self.build.function_mut(id).class = Some(class);
        if !manner.is_aside {
            let method = Method {
                name: name.into(),
                function: id,
                is_static: manner.is_static || manner.is_class,
                is_getter: manner.is_getter,
            };
            let methods = &mut self.build.class_mut(class).methods;
            methods.retain(|other| other.name != method.name);
            methods.push(method);
        }
        self.fill_function(id, def, manner, Some(class));
    }

    fn fill_function(&mut self, id: FuncId, def: &ast::StmtFunctionDef, manner: Manner, class: Option<ClassId>) {
        let decorators = def.decorator_list.iter().map(|decorator| self.expr(&decorator.expression)).collect();
        self.build.function_mut(id).decorators = decorators;
        let returns = def.returns.as_deref().filter(|returns| !returns.is_none_literal_expr());
        let returns = returns.map(|returns| self.ty(returns));
        let returns = if manner.gives { returns.map(|ty| self.element_type(ty)) } else { returns };
        self.build.function_mut(id).returns = returns;
        let mut params = self.params(id, &def.parameters);
        if let Some(class) = class.filter(|_| !manner.is_static && !params.is_empty()) {
            self.take_receiver(id, class, params[0].1, manner);
        }
        // `@task(bind=True) def send(self, user)`: what runs the function supplies what it runs as.
        let is_bound = class.is_none() && self.func == FuncId::BODY && !def.decorator_list.is_empty();
        if is_bound && params.first().is_some_and(|(name, _)| name == "self") {
            self.build.function_mut(id).params.remove(0);
            self.build.function_mut(id).receiver = Some(params[0].1);
        }
        let names = std::mem::take(&mut params);
        self.inside(id, manner.gives, |lower| {
            lower.open_scope(ScopeKind::Function, &def.body, &names);
            lower.stmts(&def.body);
            lower.scopes.pop();
        });
    }

    /// The first parameter of a method is its receiver, that of a class method the class.
    fn take_receiver(&mut self, id: FuncId, class: ClassId, local: LocalId, manner: Manner) {
        let span = self.build.module.local(local).at;
        self.build.function_mut(id).params.remove(0);
        if manner.is_class {
            let class = self.add(span, Expr::Class(class));
            self.build.module.locals[local.0 as usize].constant = Some(class);
        } else {
            self.build.function_mut(id).receiver = Some(local);
        }
    }

    /// The type of the elements of a list type.
    fn element_type(&mut self, ty: crate::ir::TypeId) -> crate::ir::TypeId {
        match self.build.module.ty(ty) {
            Type::List(element) => *element,
            _ => ty,
        }
    }

    /// `lambda a: b`.
    pub(super) fn lambda(&mut self, lambda: &ast::ExprLambda) -> ExprId {
        let name = self.hint.take().unwrap_or_default();
        let id = self.build.function(name, self.func, at(lambda));
        let params = match &lambda.parameters {
            Some(parameters) => self.params(id, parameters),
            None => Vec::new(),
        };
        self.inside(id, false, |lower| {
            lower.open_scope(ScopeKind::Function, &[], &params);
            let value = lower.expr(&lambda.body);
            lower.emit(Stmt::Return(Some(value)));
            lower.scopes.pop();
        });
        self.add(at(lambda), Expr::Function(id))
    }

    /// Lowers the inside of a function into the function's body.
    pub(super) fn inside(&mut self, id: FuncId, gives: bool, fill: impl FnOnce(&mut Lower)) {
        let func = std::mem::replace(&mut self.func, id);
        let block = std::mem::take(&mut self.block);
        let calls = std::mem::take(&mut self.calls);
        let gives = std::mem::replace(&mut self.gives, gives);
        let hint = self.hint.take();
        fill(self);
        self.hint = hint;
        self.gives = gives;
        self.calls = calls;
        self.func = func;
        let block = std::mem::replace(&mut self.block, block);
        self.build.function_mut(id).body = block;
    }

    /// Declares the parameters; answers them by name.
    fn params(&mut self, id: FuncId, parameters: &ast::Parameters) -> Vec<(String, LocalId)> {
        let mut names = Vec::new();
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).map(|param| (param, false));
        for (param, keyword_only) in plain {
            self.param(id, &param.parameter, param.default.as_deref(), Rest::No, keyword_only, &mut names);
        }
        if let Some(rest) = &parameters.vararg {
            self.param(id, rest, None, Rest::Positional, false, &mut names);
        }
        for param in &parameters.kwonlyargs {
            self.param(id, &param.parameter, param.default.as_deref(), Rest::No, true, &mut names);
        }
        if let Some(rest) = &parameters.kwarg {
            self.param(id, rest, None, Rest::Keyword, true, &mut names);
        }
        names
    }

    fn param(
        &mut self,
        id: FuncId,
        param: &ast::Parameter,
        default: Option<&Syntax>,
        rest: Rest,
        keyword_only: bool,
        names: &mut Vec<(String, LocalId)>,
    ) {
        let place: At = at(&param.name);
        let local = self.build.local(param.name.as_str(), id, place);
        let ty = param.annotation.as_deref().map(|annotation| self.ty(annotation));
        let ty = match rest {
            Rest::No => ty,
            Rest::Positional => ty.map(|ty| self.build.ty(Type::List(ty))),
            // `**kwargs: Unpack[T]` is a `T`, `**kwargs: T` a record of such.
            Rest::Keyword => match param.annotation.as_deref() {
                Some(Syntax::Subscript(subscript)) if last_name(&subscript.value) == Some("Unpack") => ty,
                _ => None,
            },
        };
        self.build.module.locals[local.0 as usize].ty = ty;
        let default = default.map(|default| self.named(param.name.as_str(), default));
        self.build.function_mut(id).params.push(Param { local, default, rest, keyword_only });
        names.push((param.name.to_string(), local));
    }
}

/// What the decorators of a function make of it.
fn manner(decorators: &[ast::Decorator]) -> Manner {
    let mut manner = Manner::default();
    for decorator in decorators {
        let name = match &decorator.expression {
            Syntax::Call(call) => last_name(&call.func),
            expr => last_name(expr),
        };
        match name {
            Some("staticmethod") => manner.is_static = true,
            Some("classmethod") => manner.is_class = true,
            Some("property" | "cached_property" | "hybrid_property" | "classproperty" | "computed_field") => {
                manner.is_getter = true;
            }
            Some("setter" | "deleter" | "overload" | "expression") => manner.is_aside = true,
            Some("contextmanager" | "asynccontextmanager") => manner.gives = true,
            _ => {}
        }
    }
    manner
}

/// Whether a function is one of several signatures of another.
pub(super) fn is_overload(decorators: &[ast::Decorator]) -> bool {
    decorators.iter().any(|decorator| last_name(&decorator.expression) == Some("overload"))
}

/// The last name of `a.b.c`.
pub(super) fn last_name(expr: &Syntax) -> Option<&str> {
    match expr {
        Syntax::Name(name) => Some(name.id.as_str()),
        Syntax::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
