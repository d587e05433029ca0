//! The markup of components whose attributes hold code: `@click="track(user)"`, `:user="user"`, `v-for="u in users"`.

use super::script::bytes;
use super::tree::{self, Bytes, Child, Tree};
use crate::lang::javascript::document::{Attribute, Element, Node, Value};

/// The markup of a component.
pub(super) fn nodes(tree: &Tree, text: &str) -> Vec<Node> {
    let is_plain = |element: &&tree::Element| matches!(element.text_of(text, "lang"), None | Some("html"));
    let roots = tree.roots.iter().filter_map(|root| match root {
        Child::Element(index) => Some(&tree.elements[*index]),
        Child::Text(_) => None,
    });
    let templates = roots.filter(|element| element.is(text, "template")).filter(is_plain);
    templates.flat_map(|template| inside(tree, text, &template.children)).collect()
}

fn inside(tree: &Tree, text: &str, children: &[Child]) -> Vec<Node> {
    let mut nodes = Vec::new();
    for child in children {
        if let Child::Element(index) = child {
            element(tree, text, &tree.elements[*index], &mut nodes);
        }
    }
    nodes
}

fn element(tree: &Tree, text: &str, element: &tree::Element, nodes: &mut Vec<Node>) {
    let name = text[element.name.0..element.name.1].to_owned();
    let is_component = name.contains('-') || name.contains(char::is_uppercase);
    let mut attributes = Vec::new();
    let mut each = None;
    let mut handed = None;
    for one in &element.attributes {
        let key = &text[one.name.0..one.name.1];
        match (key, one.value) {
            ("v-for", Some(value)) => each = in_loop(text, value),
            (key, Some(value)) if is_slot(key) => handed = Some(value),
            _ => attributes.extend(attribute(text, one, is_component)),
        }
    }
    let mut within = inside(tree, text, &element.children);
    // What a component hands over is seen by its content alone.
    if let Some(pattern) = handed {
        within = vec![Node::Scope { names: patterns(text, pattern), each: None, inside: within }];
    }
    if attributes.is_empty() && !is_component {
        match each {
            Some((names, list)) if !within.is_empty() => {
                nodes.push(Node::Scope { names, each: Some(bytes(list)), inside: within });
            }
            _ => nodes.extend(within),
        }
        return;
    }
    let node = Node::Element(Element { name, at: bytes(element.tag), attributes, inside: within });
    nodes.push(match each {
        Some((names, list)) => Node::Scope { names, each: Some(bytes(list)), inside: vec![node] },
        None => node,
    });
}

fn is_slot(name: &str) -> bool {
    name.starts_with("v-slot") || name.starts_with('#') || matches!(name, "slot-scope" | "scope")
}

/// An attribute, where it says anything.
fn attribute(text: &str, attribute: &tree::Attribute, is_component: bool) -> Option<Attribute> {
    let key = &text[attribute.name.0..attribute.name.1];
    let at = bytes(attribute.name);
    let value = attribute.value?;
    let code = &text[value.0..value.1];
    let named = |name: &str| if is_component { camel(name) } else { name.to_owned() };
    let calls = code.contains('(') || code.contains('=');
    if let Some(event) = key.strip_prefix('@').or_else(|| key.strip_prefix("v-on:")) {
        // A function that is only named does what it does where it is declared.
        let event = event.split('.').next().unwrap_or(event);
        let name = format!("on{}", upper_first(&camel(event)));
        return (calls || is_component).then(|| Attribute { name, at, value: Value::Handler(bytes(value)) });
    }
    if let Some(name) = key.strip_prefix(':').or_else(|| key.strip_prefix("v-bind:")) {
        let name = named(name.split('.').next().unwrap_or(name));
        let tells = is_component || calls || fetches(&name);
        return tells.then(|| Attribute { name, at, value: Value::Code(bytes(value)) });
    }
    match key {
        "v-bind" | "v-on" => Some(Attribute { name: String::new(), at, value: Value::Spread(bytes(value)) }),
        "v-model" => {
            is_component.then(|| Attribute { name: "modelValue".into(), at, value: Value::Code(bytes(value)) })
        }
        _ if key.starts_with("v-") => {
            let name = key.to_owned();
            calls.then(|| Attribute { name, at, value: Value::Code(bytes(value)) })
        }
        "class" | "style" => None,
        _ => {
            let name = named(key);
            let tells = is_component || fetches(&name) || name.starts_with("data-");
            tells.then(|| Attribute { name, at, value: Value::Text(bytes(value)) })
        }
    }
}

/// Whether an attribute says what an element fetches or where it sends to.
fn fetches(name: &str) -> bool {
    matches!(name, "src" | "action" | "method")
}

/// `(user, index) in users`: the patterns, and the list.
fn in_loop(text: &str, (from, to): Bytes) -> Option<(Vec<(u32, u32)>, Bytes)> {
    let code = &text[from..to];
    let (at, length) = [" in ", " of "].iter().find_map(|word| code.find(word).map(|at| (at, word.len())))?;
    Some((patterns(text, (from, from + at)), (from + at + length, to)))
}

/// The patterns of a list of parameters, which may stand in parentheses.
fn patterns(text: &str, (from, to): Bytes) -> Vec<(u32, u32)> {
    let code = &text[from..to];
    let trimmed = code.trim();
    let start = from + (code.len() - code.trim_start().len());
    let (inner, start) = match trimmed.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner, start + 1),
        None => (trimmed, start),
    };
    let mut found = Vec::new();
    let (mut depth, mut at) = (0usize, 0usize);
    for (index, byte) in inner.bytes().enumerate() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.push(bytes((start + at, start + index)));
                at = index + 1;
            }
            _ => {}
        }
    }
    found.push(bytes((start + at, start + inner.len())));
    found
}

/// `user-id` as `userId`.
pub(super) fn camel(name: &str) -> String {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + &upper_first(part))
}

fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
