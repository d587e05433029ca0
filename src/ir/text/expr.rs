//! Expressions in text form.

use super::{DEPTH, Writer};
use crate::ir::{Arg, Entry, Expr, ExprId, Imported};

impl Writer<'_> {
    /// An expression, which stands `depth` levels below its statement.
    pub(super) fn expr(&self, id: ExprId, depth: usize) -> String {
        if depth > DEPTH {
            return "…".to_string();
        }
        let below = depth + 1;
        match self.module.expr(id) {
            Expr::Text(text) => format!("{text:?}"),
            Expr::Scalar => "_".to_string(),
            Expr::Bool(value) => value.to_string(),
            Expr::Nothing => "nothing".to_string(),
            Expr::Local(local) => self.local(*local),
            Expr::Import(import) => self.import(import.0 as usize),
            Expr::Global(name) => format!("@{name}"),
            Expr::Function(func) => self.function_name(*func),
            Expr::Class(class) => self.classes[class.0 as usize].clone(),
            Expr::Field(base, name) => format!("{}.{name}", self.operand(*base, below)),
            Expr::Element(base, key) => {
                format!("{}[{}]", self.operand(*base, below), self.expr(*key, below))
            }
            Expr::Each(base) => format!("{}[*]", self.operand(*base, below)),
            Expr::Without(base, names) => {
                format!("{} without {}", self.operand(*base, below), names.join(", "))
            }
            Expr::Record(entries) => format!("{{{}}}", self.entries(entries, below)),
            Expr::Instance(class, entries) => {
                let class = self.operand(*class, below);
                format!("{class} {{{}}}", self.entries(entries, below))
            }
            Expr::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.spread(item.spread, item.value, below)).collect();
                format!("[{}]", items.join(", "))
            }
            Expr::Call(call) => {
                let args: Vec<String> = call.args.iter().map(|arg| self.arg(arg, below)).collect();
                let types: Vec<String> = call.types.iter().map(|ty| self.ty(*ty, below)).collect();
                let types = if types.is_empty() { String::new() } else { format!("<{}>", types.join(", ")) };
                format!("{}{types}({})", self.operand(call.callee, below), args.join(", "))
            }
            Expr::OneOf(values) => format!("({})", self.joined(values, " | ", below)),
            Expr::Template(parts) => format!("text({})", self.joined(parts, " + ", below)),
            Expr::Typed(value, ty) => {
                format!("({} as {})", self.expr(*value, below), self.ty(*ty, below))
            }
            Expr::Opaque(reason) => format!("opaque({reason})"),
        }
    }

    /// An expression before a `.`, a `[` or a `(`.
    pub(super) fn operand(&self, id: ExprId, depth: usize) -> String {
        let text = self.expr(id, depth);
        match Self::is_operand(self.module.expr(id)) {
            true => text,
            false => format!("({text})"),
        }
    }

    /// An imported name, by its position.
    pub(super) fn import(&self, index: usize) -> String {
        let import = &self.module.imports[index];
        match &import.name {
            Imported::All => format!("<{}>", import.specifier),
            Imported::Named(name) => format!("<{}:{name}>", import.specifier),
        }
    }

    fn joined(&self, values: &[ExprId], between: &str, depth: usize) -> String {
        let values: Vec<String> = values.iter().map(|value| self.expr(*value, depth)).collect();
        values.join(between)
    }

    fn spread(&self, spread: bool, value: ExprId, depth: usize) -> String {
        match spread {
            true => format!("...{}", self.expr(value, depth)),
            false => self.expr(value, depth),
        }
    }

    fn arg(&self, arg: &Arg, depth: usize) -> String {
        let value = self.spread(arg.spread, arg.value, depth);
        match &arg.name {
            Some(name) => format!("{name}={value}"),
            None => value,
        }
    }

    fn entries(&self, entries: &[Entry], depth: usize) -> String {
        let entries: Vec<String> = entries
            .iter()
            .map(|entry| match entry {
                Entry::Field { key, value, .. } => format!("{key}: {}", self.expr(*value, depth)),
                Entry::Computed { key, value } => {
                    format!("[{}]: {}", self.expr(*key, depth), self.expr(*value, depth))
                }
                Entry::Spread(value) => format!("...{}", self.expr(*value, depth)),
            })
            .collect();
        entries.join(", ")
    }
}
