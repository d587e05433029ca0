//! Pages and templates of servers: scripts, what elements fetch, forms, handlers and attributes that scripts read.

use super::script::bytes;
use super::tree::{Child, Element, Tree};
use crate::lang::javascript::document::{self, Attribute, Node, Value};

/// Elements whose attributes say what is fetched or sent.
const FETCHING: &[&str] = &["script", "img", "iframe", "form", "embed", "source", "link"];

/// What a person fills in.
const INPUTS: &[&str] = &["input", "select", "textarea", "button"];

/// The elements of a page that say anything.
pub(super) fn nodes(tree: &Tree, text: &str) -> Vec<Node> {
    inside(tree, text, &tree.roots)
}

fn inside(tree: &Tree, text: &str, children: &[Child]) -> Vec<Node> {
    let mut nodes = Vec::new();
    for child in children {
        let Child::Element(index) = child else {
            continue;
        };
        let element = &tree.elements[*index];
        let mut attributes = attributes(element, text);
        if element.is(text, "form") {
            let mut fields = Vec::new();
            inputs(tree, text, &element.children, &mut fields);
            let value = Value::Fields(fields);
            attributes.push(Attribute { name: "elements".into(), at: bytes(element.name), value });
        }
        let inside = inside(tree, text, &element.children);
        if attributes.is_empty() {
            nodes.extend(inside);
            continue;
        }
        let name = text[element.name.0..element.name.1].to_ascii_lowercase();
        nodes.push(Node::Element(document::Element { name, at: bytes(element.tag), attributes, inside }));
    }
    nodes
}

/// The attributes of an element that say what it fetches, sends, does or hands to a script.
fn attributes(element: &Element, text: &str) -> Vec<Attribute> {
    let name = text[element.name.0..element.name.1].to_ascii_lowercase();
    let tells_all = FETCHING.contains(&name.as_str()) || name.contains('-');
    let mut found = Vec::new();
    for attribute in &element.attributes {
        let key = text[attribute.name.0..attribute.name.1].to_ascii_lowercase();
        let at = bytes(attribute.name);
        let Some(value) = attribute.value else {
            if tells_all {
                found.push(Attribute { name: key, at, value: Value::Present });
            }
            continue;
        };
        if is_handler(&key) {
            found.push(Attribute { name: key, at, value: Value::Handler(bytes(value)) });
        } else if key == "class" {
            found.extend(said_by_class(text, value));
        } else if tells_all || key.starts_with("data-") {
            found.push(Attribute { name: key, at, value: Value::Text(bytes(value)) });
        }
    }
    found
}

/// `class="track-name=Signup"`: a name and a value that a script reads.
fn said_by_class(text: &str, (from, to): (usize, usize)) -> Vec<Attribute> {
    let mut found = Vec::new();
    let mut at = from;
    for word in text[from..to].split(|c: char| c.is_ascii_whitespace()) {
        if let Some((name, _)) = word.split_once('=').filter(|(name, _)| !name.is_empty()) {
            let value = Value::Text(bytes((at + name.len() + 1, at + word.len())));
            found.push(Attribute { name: name.to_owned(), at: bytes((at, at + name.len())), value });
        }
        at += word.len() + 1;
    }
    found
}

fn is_handler(name: &str) -> bool {
    name.len() > 3 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What the inputs below an element send, by their names.
fn inputs(tree: &Tree, text: &str, children: &[Child], fields: &mut Vec<(String, (u32, u32), Value)>) {
    for child in children {
        let Child::Element(index) = child else {
            continue;
        };
        let element = &tree.elements[*index];
        let is_input = INPUTS.iter().any(|name| element.is(text, name));
        if is_input && let Some((from, to)) = element.value(text, "name") {
            let value = match element.value(text, "value") {
                Some(value) => Value::Text(bytes(value)),
                None => Value::Present,
            };
            fields.push((text[from..to].to_owned(), bytes((from, to)), value));
        }
        inputs(tree, text, &element.children, fields);
    }
}
