//! What the catalogue knows of the libraries of a language: models of functions, and functions that send requests.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use toml::de::DeTable;

use super::client::{ClientPath, ClientStep};
use super::reader::{At, Reader, in_order};
use super::signature::parse::{Grammar, signature};
use super::signature::{Act, Param, Params, Part, Pattern, Step};
use crate::flow::OutboundKind;
use crate::flow::model::{Models, Op};
use crate::ir::Name;

/// The keys of a models file, by table; those of `functions`, `methods`, `members`, `classes` and `generics` are names.
pub const KEYS: &[(&str, &[&str])] = &[
    ("", MODELS),
    ("keepers", KEEPERS),
    ("requests", CALLS),
    ("loads", CALLS),
    ("resources", CALLS),
    ("stores", CALLS),
];

const MODELS: &[&str] = &[
    "structural",
    "keepers",
    "functions",
    "methods",
    "members",
    "classes",
    "generics",
    "requests",
    "loads",
    "resources",
    "stores",
];
const KEEPERS: &[&str] = &["objects", "methods"];
const CALLS: &[&str] = &["calls"];

/// The libraries of one language.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// What functions and methods do with their arguments.
    pub models: Models,
    /// The functions that send HTTP requests.
    pub requests: Vec<RequestLine>,
    /// The functions that store what they are given.
    pub stores: Vec<RequestLine>,
}

/// A function that sends an HTTP request, or a field that sends one when it is assigned.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestLine {
    /// Whether it is called or assigned.
    pub kind: OutboundKind,
    /// Whether it loads code from the address: it then runs the vendor's script and hands over no fields.
    pub is_load: bool,
    /// Whether it fetches something to show: a share only where it says something.
    pub is_resource: bool,
    /// Where the function, or the object that its chain of calls starts with, comes from.
    pub path: ClientPath,
    /// The calls from there, each by its name and with what its arguments are; the last one sends.
    pub chain: Vec<Link>,
}

/// One call of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The method; absent where the path itself is called, `*` for any one method.
    pub name: Option<Name>,
    /// What its arguments are.
    pub params: Params,
}

impl Library {
    /// Adds a models file.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, in_code: &dyn Fn(&str) -> String) {
        let table = reader.document();
        reader.known(&table, KEYS[0].1);
        for (path, op) in ops(reader, &table, "functions") {
            self.models.functions.insert(path_in_code(&path, in_code), op);
        }
        if let Some(classes) = reader.table(&table, "classes") {
            for (path, value) in in_order(classes) {
                let fields = reader.as_texts(value, &path.value).into_iter().map(|field| field.value).collect();
                self.models.classes.insert(path_in_code(&path.value, in_code), fields);
            }
        }
        for (path, value) in reader.table(&table, "generics").into_iter().flat_map(in_order) {
            let texts = reader.as_texts(value, &path.value);
            let typed = texts.iter().filter_map(|text| named(reader, text)).collect();
            self.models.generics.insert(path_in_code(&path.value, in_code), typed);
        }
        self.models.methods.extend(ops(reader, &table, "methods"));
        self.models.members.extend(ops(reader, &table, "members"));
        if let Some(keepers) = reader.table(&table, "keepers") {
            reader.known(keepers, KEEPERS);
            let names = |texts: Vec<At<Name>>| texts.into_iter().map(|text| text.value);
            self.models.keepers.objects.extend(names(reader.texts(keepers, "objects")));
            self.models.keepers.methods.extend(names(reader.texts(keepers, "methods")));
        }
        self.models.structural |= reader.flag(&table, "structural").unwrap_or(false);
        for (name, keys) in &KEYS[2..] {
            let Some(requests) = reader.table(&table, name) else {
                continue;
            };
            reader.known(requests, keys);
            let needed = if *name == "stores" { Part::Stored } else { Part::Url };
            for line in reader.texts(requests, "calls") {
                let Some(request) = request_line(reader, &line, needed, in_code) else {
                    continue;
                };
                match needed {
                    Part::Stored => self.stores.push(request),
                    _ => self.requests.push(RequestLine {
                        is_load: *name == "loads",
                        is_resource: *name == "resources",
                        ..request
                    }),
                }
            }
        }
    }
}

/// The path of a function or class with its package as code writes it.
fn path_in_code(path: &Name, in_code: &dyn Fn(&str) -> String) -> Name {
    match path.split_once(':') {
        Some(("global", _)) | None => path.clone(),
        Some((package, name)) => {
            let package = in_code(package);
            let joint = if package.contains(':') { '.' } else { ':' };
            format!("{package}{joint}{name}").into()
        }
    }
}

fn ops(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> Vec<(Name, Op)> {
    let Some(entries) = reader.table(table, key) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, value) in in_order(entries) {
        let Some(text) = reader.as_text(value, &name.value) else {
            continue;
        };
        found.extend(named(reader, &text).map(|op| (name.value, op)));
    }
    found
}

/// What a text names, out of a list that is closed.
fn named<T: for<'de> Deserialize<'de>>(reader: &mut Reader<'_>, text: &At<Name>) -> Option<T> {
    let found = T::deserialize((&*text.value).into_deserializer());
    match found.map_err(|error: ValueError| error.to_string()) {
        Ok(found) => Some(found),
        Err(message) => {
            reader.problem(text.bytes.clone(), message);
            None
        }
    }
}

/// Reads a line one of whose arguments is the needed part.
fn request_line(
    reader: &mut Reader<'_>,
    line: &At<Name>,
    needed: Part,
    in_code: &dyn Fn(&str) -> String,
) -> Option<RequestLine> {
    // The root ends at the colon that stands before any arguments, or else at the first step.
    let head = line.value.find('(').unwrap_or(line.value.len());
    let (root, start) = match line.value[..head].rfind(':') {
        Some(colon) if line.value.starts_with("global:") => {
            let end = line.value[colon..head].find('.').map_or(head, |dot| colon + dot);
            (&line.value[..end], end)
        }
        Some(colon) => (&line.value[..colon], colon + 1),
        None => {
            let end = line.value[..head].find('.').unwrap_or(head);
            (&line.value[..end], end)
        }
    };
    let rest = &line.value[start..];
    let after_dot = rest.strip_prefix('.').unwrap_or(rest);
    let offset = start + rest.len() - after_dot.len();
    let root = if root.starts_with("global:") {
        ClientPath::parse(root, in_code)
    } else {
        ClientPath::parse(&format!("{root}:"), in_code)
    };
    let mut path = match root {
        Ok(path) => path,
        Err(message) => {
            reader.problem_in(line, 0, &message);
            return None;
        }
    };
    let parsed = match signature(after_dot, Grammar::Request) {
        Ok(parsed) => parsed,
        Err(error) => {
            reader.problem_in(line, offset + error.at, &error.message);
            return None;
        }
    };
    let (kind, last) = match parsed.act {
        Act::Call(last) => (OutboundKind::Call, last),
        Act::Assign(pattern) => {
            let value = Param { name: None, by_name: false, optional: false, required: false, pattern };
            (OutboundKind::Assignment, Params { list: vec![value], rest: None })
        }
        Act::Literal(_) => {
            reader.problem_in(line, 0, "a request is a call or an assignment");
            return None;
        }
    };
    let mut steps = parsed.steps;
    steps.push(Step::Call(last));
    let chain = chain(&mut path, steps);
    let is_needed = |pattern: &Pattern| *pattern == Pattern::Request(needed);
    if !chain.iter().any(|link| link.params.any(&is_needed)) {
        let role = if needed == Part::Stored { "is `stored`" } else { "is the `url`" };
        reader.problem_in(line, 0, &format!("no argument {role}"));
        return None;
    }
    Some(RequestLine { kind, is_load: false, is_resource: false, path, chain })
}

/// Splits the steps into the way to the object, which goes to `path`, and the chain of calls that say something.
fn chain(path: &mut ClientPath, steps: Vec<Step>) -> Vec<Link> {
    let mut chain: Vec<Link> = Vec::new();
    let mut name = None;
    for step in steps {
        match step {
            Step::Member(member) => {
                if let Some(before) = name.replace(member)
                    && chain.is_empty()
                {
                    path.steps.push(ClientStep::Member(before));
                }
            }
            Step::Any | Step::Like(_) => name = Some("*".into()),
            Step::Call(params) if chain.is_empty() && params.is_empty() => {
                path.steps.extend(name.take().map(ClientStep::Member));
                path.steps.push(ClientStep::Call);
            }
            Step::Call(params) => chain.push(Link { name: name.take(), params }),
        }
    }
    chain
}
