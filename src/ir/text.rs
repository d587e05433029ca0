//! The text form of a module, for golden tests and for reading.
//!
//! Things are named by what the source calls them and numbered only where several share a name, so that the text of
//! one function does not change with another. `_` is a scalar, `@x` a global, `<a:b>` the name `b` imported from
//! `a`, `x[*]` any element of `x`, and `?` a type that is not known.

mod expr;
mod ty;

use std::fmt::Write;

use rustc_hash::FxHashMap;

use super::{Block, Class, Expr, Extension, FuncId, Function, Method, Module, Place, Rest, Stmt};

/// How deep expressions, types and blocks are written; what lies below is `…`.
const DEPTH: usize = 128;

/// The text form of a module.
pub fn text(module: &Module) -> String {
    let mut writer = Writer {
        module,
        locals: local_labels(module),
        functions: function_labels(module),
        classes: numbered(module.classes.iter().map(|class| class.name.to_string())),
        out: String::new(),
    };
    writer.module();
    writer.out
}

struct Writer<'m> {
    module: &'m Module,
    locals: Vec<String>,
    functions: Vec<String>,
    classes: Vec<String>,
    out: String,
}

/// Names, each followed by `#2`, `#3`, … from its second use on.
fn numbered(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    names
        .map(|name| {
            let count = seen.entry(name.clone()).or_insert(0);
            *count += 1;
            match *count {
                1 => name,
                count => format!("{name}#{count}"),
            }
        })
        .collect()
}

/// Variables are numbered within the outermost function around them, after those of the module's body.
fn local_labels(module: &Module) -> Vec<String> {
    let mut outermost: Vec<usize> = Vec::new();
    for (index, func) in module.functions.iter().enumerate() {
        let parent = func.parent.filter(|parent| *parent != FuncId::BODY);
        let above = parent.and_then(|parent| outermost.get(parent.0 as usize));
        outermost.push(above.copied().unwrap_or(index));
    }
    let mut shared: FxHashMap<&str, usize> = FxHashMap::default();
    for local in module.locals.iter().filter(|local| local.function == FuncId::BODY) {
        *shared.entry(&local.name).or_insert(0) += 1;
    }
    let mut seen: FxHashMap<(usize, &str), usize> = FxHashMap::default();
    let labels = module.locals.iter().map(|local| {
        let name: &str = &local.name;
        let function = outermost.get(local.function.0 as usize).copied().unwrap_or(0);
        let above = if function == 0 { 0 } else { shared.get(name).copied().unwrap_or(0) };
        let count = seen.entry((function, name)).or_insert(above);
        *count += 1;
        match *count {
            1 => name.to_string(),
            count => format!("{name}#{count}"),
        }
    });
    labels.collect()
}

/// Functions are named by the way to them: the class or function around them, then their own name.
fn function_labels(module: &Module) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for (index, func) in module.functions.iter().enumerate() {
        let name = match func.name.as_ref() {
            "" if index == 0 => "body",
            "" => "closure",
            name => name,
        };
        let class = func.class.and_then(|class| module.classes.get(class.0 as usize));
        let parent = func.parent.filter(|parent| *parent != FuncId::BODY);
        let around = match (class, parent.and_then(|parent| paths.get(parent.0 as usize))) {
            (Some(class), _) => Some(class.name.as_ref()),
            (None, around) => around.map(String::as_str),
        };
        paths.push(match around {
            Some(around) => format!("{around}.{name}"),
            None => name.to_string(),
        });
    }
    numbered(paths.into_iter())
}

impl Writer<'_> {
    fn module(&mut self) {
        let module = self.module;
        for index in 0..module.imports.len() {
            let import = self.import(index);
            self.line(0, &format!("import {import}"));
        }
        for star in &module.stars {
            let import = self.import(star.0 as usize);
            self.line(0, &format!("star {import}"));
        }
        for export in &module.exports {
            let value = self.expr(export.value, 0);
            self.line(0, &format!("export {} = {value}", export.name));
        }
        for (index, class) in module.classes.iter().enumerate() {
            self.class(index, class);
        }
        for extension in &module.extensions {
            self.extension(extension);
        }
        for (index, function) in module.functions.iter().enumerate() {
            self.function(index, function);
        }
        for problem in &module.problems {
            self.line(0, &format!("problem {}", problem.message));
        }
    }

    fn line(&mut self, depth: usize, line: &str) {
        let indent = "  ".repeat(depth);
        writeln!(self.out, "{indent}{line}").expect("a string can be written to");
    }

    fn class(&mut self, index: usize, class: &Class) {
        let mut header = format!("class {}", self.classes[index]);
        if !class.generics.is_empty() {
            write!(header, "<{}>", class.generics.join(", ")).expect("a string can be written to");
        }
        header.push_str(&self.bases(&class.bases));
        if class.open {
            header.push_str(" open");
        }
        if let Some(alias) = class.alias {
            header.push_str(&format!(" = {}", self.ty(alias, 0)));
        }
        self.line(0, &header);
        for field in &class.fields {
            let field = self.field_decl(field, 0);
            self.line(1, &format!("field {field}"));
        }
        for (name, value) in &class.statics {
            let value = self.expr(*value, 0);
            self.line(1, &format!("static {name} = {value}"));
        }
        if let Some(init) = class.init {
            let init = self.function_name(init);
            self.line(1, &format!("init {init}"));
        }
        self.methods(&class.methods);
    }

    fn extension(&mut self, extension: &Extension) {
        let header = format!("extend {}{}", self.ty(extension.of, 0), self.bases(&extension.bases));
        self.line(0, &header);
        self.methods(&extension.methods);
    }

    fn bases(&self, bases: &[super::TypeId]) -> String {
        let bases: Vec<String> = bases.iter().map(|base| self.ty(*base, 0)).collect();
        match bases.is_empty() {
            true => String::new(),
            false => format!(": {}", bases.join(", ")),
        }
    }

    fn methods(&mut self, methods: &[Method]) {
        for method in methods {
            let kind = match (method.is_static, method.is_getter) {
                (false, false) => "method",
                (false, true) => "getter",
                (true, false) => "static method",
                (true, true) => "static getter",
            };
            let function = self.function_name(method.function);
            self.line(1, &format!("{kind} {} = {function}", method.name));
        }
    }

    fn function(&mut self, index: usize, function: &Function) {
        let header = self.header(index, function);
        self.line(0, &header);
        for decorator in &function.decorators {
            let decorator = self.expr(*decorator, 0);
            self.line(1, &format!("decorator {decorator}"));
        }
        self.declarations(index, function);
        self.block(&function.body, 1);
    }

    fn header(&self, index: usize, function: &Function) -> String {
        let mut params: Vec<String> = Vec::new();
        if let Some(receiver) = function.receiver {
            params.push(format!("receiver {}", self.declared(receiver)));
        }
        for param in &function.params {
            let rest = match param.rest {
                Rest::No => "",
                Rest::Positional => "...",
                Rest::Keyword => "...key ",
            };
            let only = if param.keyword_only { "key " } else { "" };
            let default = match param.default {
                Some(default) => format!(" = {}", self.expr(default, 0)),
                None => String::new(),
            };
            params.push(format!("{only}{rest}{}{default}", self.declared(param.local)));
        }
        let returns = match function.returns {
            Some(returns) => format!(" -> {}", self.ty(returns, 0)),
            None => String::new(),
        };
        format!("fn {}({}){returns}", self.functions[index], params.join(", "))
    }

    /// The variables of a function that have a type or are constant.
    fn declarations(&mut self, index: usize, function: &Function) {
        let params = &function.params;
        for (id, local) in self.module.locals.iter().enumerate() {
            let id = super::LocalId(id as u32);
            let is_param = function.receiver == Some(id) || params.iter().any(|param| param.local == id);
            if local.function.0 as usize != index || is_param {
                continue;
            }
            if let Some(constant) = local.constant {
                let line = format!("const {} = {}", self.declared(id), self.expr(constant, 0));
                self.line(1, &line);
            } else if local.ty.is_some() {
                let line = format!("let {}", self.declared(id));
                self.line(1, &line);
            }
        }
    }

    fn block(&mut self, block: &Block, depth: usize) {
        if depth > DEPTH {
            return self.line(depth, "…");
        }
        for stmt in block {
            self.stmt(stmt, depth);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) {
        match stmt {
            Stmt::Set { place, value, .. } => {
                let line = format!("{} = {}", self.place(place), self.expr(*value, 0));
                self.line(depth, &line);
            }
            Stmt::Remove(place) => {
                let line = format!("remove {}", self.place(place));
                self.line(depth, &line);
            }
            Stmt::Do(value) => {
                let line = format!("do {}", self.expr(*value, 0));
                self.line(depth, &line);
            }
            Stmt::Return(None) => self.line(depth, "return"),
            Stmt::Return(Some(value)) => {
                let line = format!("return {}", self.expr(*value, 0));
                self.line(depth, &line);
            }
            Stmt::Exit => self.line(depth, "exit"),
            Stmt::When { condition, then, otherwise } => {
                let line = format!("when {}", self.expr(*condition, 0));
                self.line(depth, &line);
                self.block(then, depth + 1);
                if !otherwise.is_empty() {
                    self.line(depth, "otherwise");
                    self.block(otherwise, depth + 1);
                }
            }
            Stmt::Maybe(block) => {
                self.line(depth, "maybe");
                self.block(block, depth + 1);
            }
        }
    }

    fn place(&self, place: &Place) -> String {
        match place {
            Place::Local(local) => self.local(*local),
            Place::Global(name) => format!("@{name}"),
            Place::Field(base, name) => format!("{}.{name}", self.operand(*base, 0)),
            Place::Element(base, key) => {
                format!("{}[{}]", self.operand(*base, 0), self.expr(*key, 0))
            }
        }
    }

    fn local(&self, local: super::LocalId) -> String {
        self.locals[local.0 as usize].clone()
    }

    /// A variable with its declared type.
    fn declared(&self, local: super::LocalId) -> String {
        match self.module.local(local).ty {
            Some(ty) => format!("{}: {}", self.local(local), self.ty(ty, 0)),
            None => self.local(local),
        }
    }

    fn function_name(&self, func: FuncId) -> String {
        format!("fn {}", self.functions[func.0 as usize])
    }

    /// Whether an expression reads as one thing before a `.` or a `(`.
    fn is_operand(expr: &Expr) -> bool {
        !matches!(expr, Expr::Function(_) | Expr::Without(..))
    }
}
