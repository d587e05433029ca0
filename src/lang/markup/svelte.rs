//! The markup of components whose code stands between braces: `on:click={track}`, `{#each users as user}`, `{user.name}`.

use super::braces::Brace;
use super::script::bytes;
use super::tree::{self, Bytes, Child, Tree};
use crate::lang::javascript::document::{Attribute, Element, Node, Value};

/// A component's markup.
pub(super) struct Markup<'t> {
    pub(super) tree: &'t Tree,
    /// The text as it was written.
    pub(super) text: &'t str,
    pub(super) braces: &'t [Brace],
    /// Whether code between elements may hold elements of its own, and has to be read.
    pub(super) is_nested: bool,
}

impl Markup<'_> {
    /// What it shows.
    pub(super) fn nodes(&self) -> Vec<Node> {
        self.inside(&self.tree.roots)
    }

    fn inside(&self, children: &[Child]) -> Vec<Node> {
        let mut blocks: Vec<(Block, Vec<Node>)> = Vec::new();
        let mut nodes = Vec::new();
        for child in children {
            match child {
                Child::Element(index) => self.element(&self.tree.elements[*index], &mut nodes),
                Child::Text(at) => {
                    for brace in self.between(*at) {
                        self.code(brace, &mut nodes, &mut blocks);
                    }
                }
            }
        }
        while let Some((block, outer)) = blocks.pop() {
            nodes = block.around(nodes, outer);
        }
        nodes
    }

    /// The parts between braces that lie in a range.
    fn between(&self, (from, to): Bytes) -> impl Iterator<Item = &Brace> {
        let start = self.braces.partition_point(|brace| brace.at.0 < from);
        self.braces[start..].iter().take_while(move |brace| brace.at.1 <= to)
    }

    /// A part between braces that stands between elements.
    fn code(&self, brace: &Brace, nodes: &mut Vec<Node>, blocks: &mut Vec<(Block, Vec<Node>)>) {
        let (from, to) = brace.inner;
        let code = &self.text[from..to];
        if let Some(block) = self.block(code, from) {
            blocks.push((block, std::mem::take(nodes)));
        } else if code.starts_with('/') {
            if let Some((block, outer)) = blocks.pop() {
                *nodes = block.around(std::mem::take(nodes), outer);
            }
        } else if let Some(rest) = code.strip_prefix("@const ") {
            // `{@const total = sum(items)}`
            if let Some((_, value)) = rest.split_once('=') {
                nodes.push(Node::Code(bytes((to - value.len(), to))));
            }
        } else if !code.starts_with([':', '@', '#']) && (self.is_nested || code.contains('(')) {
            nodes.push(Node::Code(bytes((from, to))));
        }
    }

    /// The start of a block: `#each users as user, index (user.id)`, `#if user`.
    fn block(&self, code: &str, from: usize) -> Option<Block> {
        let name = code.strip_prefix('#')?;
        let Some(rest) = name.strip_prefix("each ") else {
            return Some(Block { names: Vec::new(), each: None });
        };
        let Some(at) = rest.find(" as ") else {
            return Some(Block { names: Vec::new(), each: None });
        };
        let start = from + (code.len() - rest.len());
        let pattern = &rest[at + 4..];
        let mut depth = 0usize;
        let end = pattern.char_indices().find(|(_, c)| {
            match c {
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && matches!(c, ',' | '(')
        });
        let end = end.map_or(pattern.len(), |(end, _)| end);
        let names = vec![bytes((start + at + 4, start + at + 4 + end))];
        Some(Block { names, each: Some(bytes((start, start + at))) })
    }

    fn element(&self, element: &tree::Element, nodes: &mut Vec<Node>) {
        let name = self.text[element.name.0..element.name.1].to_owned();
        if matches!(name.as_str(), "script" | "style") && !element.has(self.text, "src") {
            return;
        }
        let is_component = name.contains(char::is_uppercase);
        let attributes: Vec<Attribute> =
            element.attributes.iter().filter_map(|one| self.attribute(one, is_component)).collect();
        let inside = self.inside(&element.children);
        if attributes.is_empty() && !is_component {
            nodes.extend(inside);
            return;
        }
        nodes.push(Node::Element(Element { name, at: bytes(element.tag), attributes, inside }));
    }

    fn attribute(&self, attribute: &tree::Attribute, is_component: bool) -> Option<Attribute> {
        let at = bytes(attribute.name);
        if let Some(brace) = self.between(attribute.name).next() {
            // `{user}` and `{...props}`.
            let (from, to) = brace.inner;
            let code = &self.text[from..to];
            return Some(match code.strip_prefix("...") {
                Some(_) => Attribute { name: String::new(), at, value: Value::Spread(bytes((from + 3, to))) },
                None => Attribute { name: code.to_owned(), at, value: Value::Code(bytes((from, to))) },
            });
        }
        let key = &self.text[attribute.name.0..attribute.name.1];
        let value = attribute.value?;
        let tells = is_component || key.starts_with("data-") || matches!(key, "src" | "action" | "method");
        let name = match key.split_once(':') {
            Some(("on", event)) => format!("on{}", event.split('|').next().unwrap_or(event)),
            Some(("bind", name)) => name.to_owned(),
            _ => key.to_owned(),
        };
        let braces: Vec<&Brace> = self.between(value).collect();
        let value = match braces.as_slice() {
            [] if tells => Value::Text(bytes(value)),
            [] => return None,
            [only] if only.at == value => Value::Code(bytes(only.inner)),
            _ => Value::Mixed(self.mixed(value, &braces)),
        };
        let is_code = matches!(value, Value::Code((from, to)) if self.text[from as usize..to as usize].contains('('));
        (tells || is_code || name.starts_with("on")).then_some(Attribute { name, at, value })
    }

    /// Text with code in it.
    fn mixed(&self, (from, to): Bytes, braces: &[&Brace]) -> Vec<Value> {
        let mut parts = Vec::new();
        let mut start = from;
        for brace in braces {
            parts.push(Value::Text(bytes((start, brace.at.0))));
            parts.push(Value::Code(bytes(brace.inner)));
            start = brace.at.1;
        }
        parts.push(Value::Text(bytes((start, to))));
        parts
    }
}

/// A block, and the variables that only what lies in it sees.
struct Block {
    names: Vec<(u32, u32)>,
    each: Option<(u32, u32)>,
}

impl Block {
    /// The nodes outside it, then those in it.
    fn around(self, inside: Vec<Node>, mut outer: Vec<Node>) -> Vec<Node> {
        if self.each.is_some() {
            outer.push(Node::Scope { names: self.names, each: self.each, inside });
        } else {
            outer.extend(inside);
        }
        outer
    }
}
