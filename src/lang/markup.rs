//! Documents that hold scripts: components in one file, pages, and the templates of servers. Tags are told by html5gum;
//! code is handed to the front end of the scripts' language with its places in the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::javascript::JavaScript;
use super::javascript::document::{self, Dialect, Document, Form, Hole, Script};
use super::{FileIndex, Language, Resolve};
use crate::ir::Module;
use crate::ir::build::Builder;
use crate::source::FileId;
use engine::Engine;
use script::bytes;

mod braces;
mod engine;
mod holes;
mod page;
mod script;
mod svelte;
mod tree;
mod vue;

/// The language. Its scripts decide what it is called in the catalogue.
#[derive(Debug)]
pub struct Markup;

impl Language for Markup {
    fn name(&self) -> &'static str {
        JavaScript.name()
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[
            "vue",
            "svelte",
            "astro",
            "html",
            "htm",
            "xhtml",
            "erb",
            "rhtml",
            "ejs",
            "hbs",
            "handlebars",
            "mustache",
            "twig",
            "liquid",
            "njk",
            "j2",
            "jinja",
            "jinja2",
            "tpl",
            "php",
            "phtml",
            "jsp",
            "jspf",
            "ftl",
            "ftlh",
            "heex",
            "eex",
            "leex",
            "gohtml",
            "gotmpl",
            "tmpl",
            "cshtml",
        ]
    }

    fn package_needles(&self, package: &str) -> Vec<String> {
        JavaScript.package_needles(package)
    }

    fn comment_starts(&self) -> &'static [&'static str] {
        &["<!--", "{{!", "{#", "//", "/*", "* "]
    }

    fn lower(&self, file: FileId, path: &str, text: &str) -> Module {
        let builder = Builder::new(file, self.name(), text.len());
        match path.rsplit('.').next() {
            Some("vue") => component(builder, text),
            Some("svelte") => with_braces(builder, text, false),
            Some("astro") => with_braces(builder, text, true),
            _ => template(builder, path, text),
        }
    }

    fn passes_on(&self, text: &str) -> bool {
        JavaScript.passes_on(text)
    }

    fn resolver(&self, index: Arc<FileIndex>) -> Box<dyn Resolve> {
        JavaScript.resolver(index)
    }
}

/// A component whose attributes hold code.
fn component(builder: Builder, text: &str) -> Module {
    let tree = tree::read(text);
    let scripts = script::scripts(&tree, text);
    let nodes = vue::nodes(&tree, text);
    let document = Document { text, first: None, holes: BTreeMap::new(), scripts, nodes, form: Form::Component };
    document::lower(builder, &document)
}

/// A component whose code stands between braces. Its scripts are its own, or, after a part that runs on the server,
/// those of the page.
fn with_braces(builder: Builder, text: &str, on_server: bool) -> Module {
    let front = if on_server { front_matter(text) } else { None };
    let from = front.map_or(0, |(_, to)| to);
    let braces = braces::find(text, from);
    let filled = braces::fill(text, &braces);
    let mut blank = String::new();
    holes::blank(&mut blank, &filled[..from]);
    let tree = tree::read(&(blank + &filled[from..]));
    let mut scripts = script::scripts(&tree, text);
    for script in &mut scripts {
        script.is_apart = on_server;
        script.dialect = if script.dialect == Dialect::Script { Dialect::Module } else { script.dialect };
    }
    let front = front.map(|at| Script { at: bytes(at), dialect: Dialect::TypeScript, is_apart: false });
    let scripts = front.into_iter().chain(scripts).collect();
    let nodes = svelte::Markup { tree: &tree, text, braces: &braces, is_nested: on_server }.nodes();
    let document = Document { text, first: None, holes: BTreeMap::new(), scripts, nodes, form: Form::Component };
    document::lower(builder, &document)
}

/// The bytes of the part between `---` lines at the start of a component.
fn front_matter(text: &str) -> Option<(usize, usize)> {
    let start = text.len() - text.trim_start().len();
    let from = start + text[start..].strip_prefix("---").map(|_| 3)?;
    let to = from + text[from..].find("\n---")?;
    Some((from, to))
}

/// A page, or the template of one.
fn template(builder: Builder, path: &str, text: &str) -> Module {
    let engine = Engine::of(path);
    let found = holes::find(text, engine);
    let filled = holes::fill(text, &found);
    let first = holes::first_of(&filled, &found);
    let values = found.iter().filter(|hole| hole.kind == holes::Kind::Value);
    let values = values.map(|hole| {
        let is_data = is_data(&text[hole.at.0..hole.at.1]);
        (hole.at.0 as u32, Hole { end: hole.at.1 as u32, inner: bytes(hole.inner), is_data })
    });
    let mut document = Document {
        text: &filled,
        first: first.as_deref(),
        holes: values.collect(),
        scripts: Vec::new(),
        nodes: Vec::new(),
        form: Form::Page,
    };
    if is_script(path) {
        document.scripts.push(Script { at: bytes((0, text.len())), dialect: Dialect::Module, is_apart: false });
    } else {
        let tree = tree::read(&filled);
        document.scripts = script::scripts(&tree, &filled);
        document.nodes = page::nodes(&tree, &filled);
    }
    document::lower(builder, &document)
}

/// Whether a template's file is a script as a whole (`track.js.erb`).
fn is_script(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let inner = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('.')).map(|(_, ending)| ending);
    inner.is_some_and(|ending| JavaScript.extensions().contains(&ending))
}

/// Whether what a server prints may be a record: it is written as data, or not made safe for text.
fn is_data(hole: &str) -> bool {
    let lower = hole.to_ascii_lowercase();
    ["json", "|safe", "| safe", "raw", "serialize", "{!!", "{{{"].iter().any(|word| lower.contains(word))
}
