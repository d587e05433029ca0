//! Documents that hold code of the language: pages, templates and components in one file.
//!
//! A document says where its scripts are and what its elements are given; here it becomes one module. Each piece of
//! code is parsed with as many spaces before it as the file has bytes there, so that it has its places in the file.

use std::collections::BTreeMap;
use std::rc::Rc;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::{SourceType, Span};

use super::around::Around;
use super::depth;
use super::lower::{Lower, This};
use super::names::{Names, Printed};
use crate::ir::build::Builder;
use crate::ir::{Expr, FuncId, Module, Stmt};

/// A range of bytes of the file.
pub(in crate::lang) type Bytes = (u32, u32);

/// A document.
pub(in crate::lang) struct Document<'t> {
    /// The file's text, in which names of the same length stand where a server prints something.
    pub(in crate::lang) text: &'t str,
    /// The same with the first of several alternatives only, for code that does not parse otherwise.
    pub(in crate::lang) first: Option<&'t str>,
    /// What a server prints, by its first byte.
    pub(in crate::lang) holes: BTreeMap<u32, Hole>,
    /// The scripts, in order.
    pub(in crate::lang) scripts: Vec<Script>,
    /// The elements, in order.
    pub(in crate::lang) nodes: Vec<Node>,
    pub(in crate::lang) form: Form,
}

/// What a server prints.
#[derive(Clone, Copy, Debug)]
pub(in crate::lang) struct Hole {
    /// One past its last byte.
    pub(in crate::lang) end: u32,
    /// The bytes of the expression that is printed.
    pub(in crate::lang) inner: Bytes,
    /// Whether it may be more than a text or a number.
    pub(in crate::lang) is_data: bool,
}

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lang) enum Form {
    /// A page: the functions of its scripts are the page's own globals.
    Page,
    /// A component, whose elements see the variables of its scripts, or the members of what they export.
    Component,
}

/// A script.
#[derive(Clone, Copy, Debug)]
pub(in crate::lang) struct Script {
    /// The bytes of its text.
    pub(in crate::lang) at: Bytes,
    pub(in crate::lang) dialect: Dialect,
    /// Whether its variables are its own, and not those of the document.
    pub(in crate::lang) is_apart: bool,
}

/// How a script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lang) enum Dialect {
    Script,
    Module,
    TypeScript,
}

/// A part of what a document shows.
pub(in crate::lang) enum Node {
    Element(Element),
    /// An expression between elements.
    Code(Bytes),
    /// Variables that only what lies inside sees: of a loop, or of what a component hands to its content.
    Scope {
        /// The patterns that declare them. The first is an element of `each`, where there is one.
        names: Vec<Bytes>,
        /// The list that a loop goes through.
        each: Option<Bytes>,
        inside: Vec<Node>,
    },
}

/// An element.
pub(in crate::lang) struct Element {
    /// The name by which it is looked up among the variables.
    pub(in crate::lang) name: String,
    /// The bytes of its opening tag.
    pub(in crate::lang) at: Bytes,
    pub(in crate::lang) attributes: Vec<Attribute>,
    pub(in crate::lang) inside: Vec<Node>,
}

/// An attribute.
pub(in crate::lang) struct Attribute {
    pub(in crate::lang) name: String,
    /// The bytes of its name.
    pub(in crate::lang) at: Bytes,
    pub(in crate::lang) value: Value,
}

/// What an attribute is given.
pub(in crate::lang) enum Value {
    /// Nothing: that it is there says all.
    Present,
    /// Text, in which a server may print something.
    Text(Bytes),
    /// An expression.
    Code(Bytes),
    /// Statements, or the function that is to be called.
    Handler(Bytes),
    /// A record of attributes.
    Spread(Bytes),
    /// Text and code, one after the other.
    Mixed(Vec<Value>),
    /// The attributes of other elements, under their names.
    Fields(Vec<(String, Bytes, Value)>),
}

/// What a piece of code is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Statements.
    Statements,
    /// One expression.
    Expression,
    /// What stands left of the `=` in a declaration.
    Pattern,
}

/// Lowers a document.
pub(in crate::lang) fn lower(builder: Builder, document: &Document<'_>) -> Module {
    let mut builder = builder;
    let text = scripts_text(&mut builder, document);
    let allocator = Allocator::default();
    let program = allocator.alloc(
        parse(&allocator, &text, source_type(document))
            .unwrap_or_else(|| Parser::new(&allocator, "", SourceType::mjs()).parse().program),
    );
    let scoping = SemanticBuilder::new().build(program).semantic.into_scoping();
    let mut lower = Lower::new(builder, scoping);
    lower.names.is_page = document.form == Form::Page;
    lower.names.holes = Rc::new(lower.fill(&document.holes));
    lower.in_component(document.form == Form::Component, |lower| {
        lower.reactive(program);
        lower.program(program);
    });
    lower.share_page(document.form);
    let receiver = lower.shown_by();
    lower.names.around = Rc::new(lower.around());
    for script in document.scripts.iter().filter(|script| script.is_apart) {
        lower.script_apart(document, script);
    }
    match receiver {
        Some(class) => lower.method_of(class, "render", document_span(document), |lower, func| {
            let around = Around { receiver: Some(func), ..Around::clone(&lower.names.around) };
            lower.names.around = Rc::new(around);
            lower.nodes(document, &document.nodes);
        }),
        None => lower.nodes(document, &document.nodes),
    }
    lower.finish()
}

fn document_span(document: &Document<'_>) -> Span {
    Span::new(0, document.text.len() as u32)
}

/// The text of all scripts that share their variables, each at its place. One that does not parse is a problem and left
/// out.
fn scripts_text(builder: &mut Builder, document: &Document<'_>) -> String {
    let mut text = String::new();
    for script in document.scripts.iter().filter(|script| !script.is_apart) {
        match readable(document, script) {
            Ok(part) => {
                text.push_str(&" ".repeat((script.at.0 as usize).saturating_sub(text.len())));
                text.push_str(part);
                // Scripts end where they end, also without a semicolon.
                text.push('\n');
            }
            Err(message) => builder.problem(script.at, message),
        }
    }
    text
}

/// The text of a script, if it parses with all that a server may print, or with the first of several alternatives.
fn readable<'t>(document: &Document<'t>, script: &Script) -> Result<&'t str, &'static str> {
    let range = script.at.0 as usize..script.at.1 as usize;
    let mut deep = false;
    for text in [Some(document.text), document.first].into_iter().flatten() {
        let part = text.get(range.clone()).unwrap_or_default();
        if depth::too_deep(part).is_some() {
            deep = true;
            continue;
        }
        let allocator = Allocator::default();
        let others = [SourceType::script(), SourceType::mjs(), SourceType::ts()];
        if std::iter::once(of_dialect(script.dialect)).chain(others).any(|it| parse(&allocator, part, it).is_some()) {
            return Ok(part);
        }
    }
    Err(if deep { "nested too deeply to be parsed" } else { "this script could not be parsed" })
}

/// A program, where the text is one.
pub(super) fn parse<'a>(allocator: &'a Allocator, text: &'a str, source: SourceType) -> Option<Program<'a>> {
    let parsed = Parser::new(allocator, text, source).parse();
    let lost = parsed.program.body.is_empty() && parsed.diagnostics.has_errors();
    (!parsed.panicked && !lost).then_some(parsed.program)
}

fn of_dialect(dialect: Dialect) -> SourceType {
    match dialect {
        Dialect::Script => SourceType::script(),
        Dialect::Module => SourceType::mjs().with_jsx(true),
        Dialect::TypeScript => SourceType::ts(),
    }
}

/// The dialect in which all scripts of a document can be read.
fn source_type(document: &Document<'_>) -> SourceType {
    let of = |dialect: Dialect| document.scripts.iter().any(|script| script.dialect == dialect);
    if of(Dialect::TypeScript) {
        SourceType::ts()
    } else if of(Dialect::Module) || document.form == Form::Component {
        SourceType::mjs().with_jsx(true)
    } else {
        SourceType::script()
    }
}

impl Lower {
    /// The values of what a server prints.
    fn fill(&mut self, holes: &BTreeMap<u32, Hole>) -> BTreeMap<u32, Printed> {
        let fill = |(start, hole): (&u32, &Hole)| {
            let text = self.add(Span::new(hole.inner.0, hole.inner.1), Expr::Scalar);
            let value = match hole.is_data {
                true => self.builder.opaque(hole.inner, "what the server prints here is not known"),
                false => text,
            };
            (*start, Printed { end: hole.end, text, value })
        };
        holes.iter().map(fill).collect()
    }

    /// Lowers a piece of code as if it stood inside the document's scripts.
    pub(super) fn code(
        &mut self,
        document: &Document<'_>,
        at: Bytes,
        piece: Piece,
        lower: impl FnOnce(&mut Lower, &Program<'_>),
    ) {
        let range = at.0 as usize..at.1 as usize;
        for text in [Some(document.text), document.first].into_iter().flatten() {
            let Some(code) = text.get(range.clone()) else {
                continue;
            };
            if depth::too_deep(code).is_some() {
                self.builder.problem(at, "nested too deeply to be parsed");
                return;
            }
            let allocator = Allocator::default();
            let Some(program) = parse_piece(&allocator, at.0 as usize, code, piece, document.form) else {
                continue;
            };
            let program = allocator.alloc(program);
            return self.within(program, lower);
        }
    }

    /// Lowers a program whose unknown names are those around it.
    fn within(&mut self, program: &Program<'_>, lower: impl FnOnce(&mut Lower, &Program<'_>)) {
        let scoping = SemanticBuilder::new().build(program).semantic.into_scoping();
        let outer_scoping = std::mem::replace(&mut self.scoping, scoping);
        let names = Names { holes: self.names.holes.clone(), around: self.names.around.clone(), ..Names::default() };
        let outer_names = std::mem::replace(&mut self.names, names);
        lower(self, program);
        self.scoping = outer_scoping;
        self.names = outer_names;
    }

    /// A script with variables of its own: a function that is called where it stands.
    fn script_apart(&mut self, document: &Document<'_>, script: &Script) {
        let span = Span::new(script.at.0, script.at.1);
        let Ok(part) = readable(document, script) else {
            return self.builder.problem(script.at, "this script could not be parsed");
        };
        let text = format!("{}{part}", " ".repeat(script.at.0 as usize));
        let allocator = Allocator::default();
        let sources = [of_dialect(script.dialect), SourceType::ts(), SourceType::script()];
        let Some(program) = sources.into_iter().find_map(|source| parse(&allocator, &text, source)) else {
            return;
        };
        let program = allocator.alloc(program);
        let func = self.new_function("script", span);
        self.within(program, |lower, program| {
            lower.inside(func, This::Nothing, |lower| lower.program(program));
        });
        self.call_once(span, func);
    }

    /// Calls a function where it stands.
    pub(super) fn call_once(&mut self, span: Span, func: FuncId) {
        let callee = self.add(span, Expr::Function(func));
        let call = self.add_call(span, callee, Vec::new());
        self.emit(Stmt::Do(call));
    }
}

fn parse_piece<'a>(
    allocator: &'a Allocator,
    start: usize,
    code: &str,
    piece: Piece,
    form: Form,
) -> Option<Program<'a>> {
    // Every piece stands in a tag or between marks, so there is room for what makes it a program.
    let (before, after) = match piece {
        Piece::Statements => ("", ""),
        Piece::Expression => ("(", "\n)"),
        Piece::Pattern => ("let ", " = 0"),
    };
    let padding = start.checked_sub(before.len())?;
    let mut text = String::with_capacity(start + code.len() + 4);
    text.push_str(&" ".repeat(padding));
    text.push_str(before);
    text.push_str(code);
    text.push_str(after);
    let text = allocator.alloc_str(&text);
    let sources = match form {
        Form::Page => [SourceType::script(), SourceType::mjs()],
        Form::Component => [SourceType::tsx(), SourceType::ts()],
    };
    sources.into_iter().find_map(|source| {
        if piece == Piece::Statements {
            return parse(allocator, text, source);
        }
        let parsed = Parser::new(allocator, text, source).parse();
        (!parsed.panicked && !parsed.diagnostics.has_errors()).then_some(parsed.program)
    })
}
