//! The elements of a document, with the bytes of their names, attributes and content.

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, State, Tokenizer};

/// How deep elements may lie in each other. Deeper ones count as children of the last.
const DEPTH: usize = 200;

/// A range of bytes.
pub(super) type Bytes = (usize, usize);

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    /// The bytes of its name.
    pub(super) name: Bytes,
    /// The bytes of its opening tag.
    pub(super) tag: Bytes,
    pub(super) attributes: Vec<Attribute>,
    /// The bytes between its tags.
    pub(super) content: Bytes,
    pub(super) children: Vec<Child>,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: Bytes,
    /// The bytes of the value, without quotes.
    pub(super) value: Option<Bytes>,
}

/// What an element holds, in order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Child {
    /// An element, by its place in the tree.
    Element(usize),
    /// What stands between elements.
    Text(Bytes),
}

/// A document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) elements: Vec<Element>,
    /// What does not lie in an element.
    pub(super) roots: Vec<Child>,
}

impl Tree {
    /// The elements of that name, in order.
    pub(super) fn named<'t>(&'t self, text: &'t str, name: &'t str) -> impl Iterator<Item = &'t Element> {
        self.elements.iter().filter(move |element| element.is(text, name))
    }
}

impl Element {
    /// Whether it has this name.
    pub(super) fn is(&self, text: &str, name: &str) -> bool {
        text[self.name.0..self.name.1].eq_ignore_ascii_case(name)
    }

    /// The bytes of an attribute's value.
    pub(super) fn value(&self, text: &str, name: &str) -> Option<Bytes> {
        let found = self.attributes.iter().find(|one| text[one.name.0..one.name.1].eq_ignore_ascii_case(name));
        found.and_then(|attribute| attribute.value)
    }

    /// The text of an attribute's value.
    pub(super) fn text_of<'t>(&self, text: &'t str, name: &str) -> Option<&'t str> {
        self.value(text, name).map(|(from, to)| &text[from..to])
    }

    /// Whether it has an attribute, with or without a value.
    pub(super) fn has(&self, text: &str, name: &str) -> bool {
        self.attributes.iter().any(|one| text[one.name.0..one.name.1].eq_ignore_ascii_case(name))
    }
}

enum Event {
    Open(Bytes),
    Name(Bytes),
    Value(Bytes),
    /// The end of an opening tag, and whether it closes itself.
    Ready(usize, bool),
    Close(Bytes),
    Skip(Bytes),
}

/// Reads a document. Any text is one.
pub(super) fn read(text: &str) -> Tree {
    let plain = plain(text);
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
        let at = (span.start, span.end);
        Some(match event {
            CallbackEvent::OpenStartTag { .. } => Event::Open(at),
            CallbackEvent::AttributeName { .. } => Event::Name(at),
            CallbackEvent::AttributeValue { .. } => Event::Value(at),
            CallbackEvent::CloseStartTag { self_closing } => Event::Ready(at.1, self_closing),
            CallbackEvent::EndTag { .. } => Event::Close(at),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => Event::Skip(at),
            CallbackEvent::String { .. } | CallbackEvent::Error(_) => return None,
        })
    });
    let mut tokens = Tokenizer::new_with_emitter(plain.as_str(), emitter);
    let mut builder = Builder { text: &plain, tree: Tree::default(), open: Vec::new(), last: 0 };
    while let Some(Ok(event)) = tokens.next() {
        let is_raw = builder.take(&event);
        if let Some(state) = is_raw {
            tokens.set_state(state);
        }
    }
    builder.finish()
}

/// A copy with the same places in which each byte is a character, and of which no part that can hold elements is raw.
fn plain(text: &str) -> String {
    let ascii = text.bytes().map(|byte| match byte {
        b'\r' | 0 => ' ',
        byte if byte.is_ascii() => char::from(byte),
        _ => 'x',
    });
    ascii.collect()
}

struct Builder<'t> {
    text: &'t str,
    tree: Tree,
    /// The elements that are open, outermost first.
    open: Vec<usize>,
    /// One past the last tag.
    last: usize,
}

impl Builder<'_> {
    /// Takes the next token; answers how the text after it is to be read, where that is not as usual.
    fn take(&mut self, event: &Event) -> Option<State> {
        match *event {
            Event::Open(at) => {
                self.text_before(at.0);
                let from = at.0 + 1;
                let rest = &self.text[from..];
                let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
                let name = (from, from + length);
                let element =
                    Element { name, tag: at, attributes: Vec::new(), content: (at.1, at.1), children: Vec::new() };
                self.tree.elements.push(element);
                None
            }
            Event::Name(name) => {
                let attribute = Attribute { name, value: None };
                self.last_element()?.attributes.push(attribute);
                None
            }
            Event::Value(value) => {
                self.last_element()?.attributes.last_mut()?.value = Some(value);
                None
            }
            Event::Ready(end, closes_itself) => self.ready(end, closes_itself),
            Event::Close(at) => {
                self.text_before(at.0);
                self.last = at.1;
                self.close(at);
                None
            }
            Event::Skip(at) => {
                self.text_before(at.0);
                self.last = at.1;
                None
            }
        }
    }

    fn last_element(&mut self) -> Option<&mut Element> {
        self.tree.elements.last_mut()
    }

    fn ready(&mut self, end: usize, closes_itself: bool) -> Option<State> {
        self.last = end;
        let element = self.tree.elements.last_mut()?;
        element.tag.1 = end;
        element.content = (end, end);
        let name = self.text.get(element.name.0..element.name.1)?.to_ascii_lowercase();
        let index = self.tree.elements.len() - 1;
        self.add(Child::Element(index));
        if closes_itself || VOID.contains(&name.as_str()) {
            return None;
        }
        // What holds text alone is closed before anything else is opened.
        if self.open.len() < DEPTH || matches!(name.as_str(), "script" | "style") {
            self.open.push(index);
        }
        match name.as_str() {
            "script" => Some(State::ScriptData),
            "style" => Some(State::RawText),
            "textarea" | "title" => Some(State::RcData),
            _ => None,
        }
    }

    fn close(&mut self, at: Bytes) {
        let rest = self.text.get(at.0 + 2..at.1).unwrap_or_default();
        let name =
            rest[..rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len())].trim();
        let is_it = |index: &usize| self.tree.elements[*index].is(self.text, name);
        let Some(depth) = self.open.iter().rposition(is_it) else {
            return;
        };
        for index in self.open.drain(depth..) {
            self.tree.elements[index].content.1 = at.0;
        }
    }

    fn text_before(&mut self, end: usize) {
        if self.text.get(self.last..end).is_some_and(|between| !between.trim().is_empty()) {
            self.add(Child::Text((self.last, end)));
        }
        self.last = self.last.max(end);
    }

    fn add(&mut self, child: Child) {
        match self.open.last() {
            Some(parent) => self.tree.elements[*parent].children.push(child),
            None => self.tree.roots.push(child),
        }
    }

    fn finish(mut self) -> Tree {
        let end = self.text.len();
        self.text_before(end);
        for index in self.open {
            self.tree.elements[index].content.1 = end;
        }
        self.tree
    }
}

/// Elements without content.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
