//! What a server fills in: the places of a template that are not text yet, in the syntaxes of the common engines.
//!
//! ```text
//! {{ user.email }}   {% if user %}   <%= user.email %>   <?= $user->email ?>   {!! $user !!}   [[${user.email}]]
//! ```

use super::engine::{Engine, kind_of};

/// What a hole is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value is printed there.
    Value,
    /// The start of a part that has an end of its own.
    Open,
    /// The start of what takes the place of the part before it.
    Else,
    /// The end of a part.
    Close,
    /// Nothing that is printed: a comment, an assignment, an instruction.
    Nothing,
}

/// A place that a server fills in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole {
    /// All its bytes.
    pub(super) at: (usize, usize),
    /// The bytes of the expression in it.
    pub(super) inner: (usize, usize),
    pub(super) kind: Kind,
}

/// The marks around a hole. The longer come before those that they begin with.
const MARKS: &[(&str, &str)] = &[
    ("{{!--", "--}}"),
    ("{{--", "--}}"),
    ("@{{", "}}"),
    ("{{{", "}}}"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("{#", "#}"),
    ("{!!", "!!}"),
    ("<%--", "--%>"),
    ("<%", "%>"),
    ("<?", "?>"),
    ("[[${", "}]]"),
    ("[(${", "})]"),
];

/// The holes of a template, in order.
pub(super) fn find(text: &str, engine: Engine) -> Vec<Hole> {
    let bytes = text.as_bytes();
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some(step) = next_mark(&bytes[at..], engine) {
        at += step;
        let Some(hole) = hole_at(text, at, engine) else {
            at += 1;
            continue;
        };
        at = hole.at.1;
        holes.push(hole);
    }
    holes
}

/// How far it is to the next byte with which a hole may start.
fn next_mark(bytes: &[u8], engine: Engine) -> Option<usize> {
    let usual = memchr::memchr3(b'{', b'<', b'[', bytes);
    let own = match engine {
        Engine::Blade => memchr::memchr(b'@', bytes),
        Engine::Java => memchr::memchr2(b'$', b'#', bytes),
        Engine::Smarty | Engine::Other => None,
    };
    match (usual, own) {
        (Some(usual), Some(own)) => Some(usual.min(own)),
        (usual, own) => usual.or(own),
    }
}

fn hole_at(text: &str, at: usize, engine: Engine) -> Option<Hole> {
    let rest = text.get(at..)?;
    if let Some(hole) = own_hole(text, at, engine) {
        return Some(hole);
    }
    let (open, close) = MARKS.iter().find(|(open, _)| rest.starts_with(open))?;
    if rest.starts_with("<?xml") {
        return None;
    }
    let from = at + open.len();
    let (to, end) = match text.get(from..)?.find(close) {
        Some(length) => (from + length, from + length + close.len()),
        // A file of PHP need not close its last part.
        None if *open == "<?" => (text.len(), text.len()),
        None => return None,
    };
    let (kind, inner) = kind_of(text, (from, to), open, engine);
    Some(Hole { at: (at, end), inner, kind })
}

/// A hole in the syntax of one engine: `${user.email}`, `{$user.email}`, `@json($user)`.
fn own_hole(text: &str, at: usize, engine: Engine) -> Option<Hole> {
    let rest = text.get(at..)?;
    let whole = |length: usize, inner: (usize, usize), kind: Kind| Hole { at: (at, at + length), inner, kind };
    match engine {
        Engine::Java if rest.starts_with("${") || rest.starts_with("#{") => {
            let length = rest.find('}')?;
            Some(whole(length + 1, (at + 2, at + length), Kind::Value))
        }
        Engine::Smarty if rest.starts_with("{$") => {
            let length = rest.find(['}', '\n'])?;
            let is_closed = rest.as_bytes().get(length) == Some(&b'}');
            is_closed.then(|| whole(length + 1, (at + 1, at + length), Kind::Value))
        }
        Engine::Blade if rest.starts_with('@') => directive(text, at),
        _ => None,
    }
}

/// `@if ($user)`, `@endif`, `@json($user)`.
fn directive(text: &str, at: usize) -> Option<Hole> {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@');
    if text[..at].chars().next_back().is_some_and(joins) {
        return None;
    }
    let rest = &text[at + 1..];
    let name = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
    let kind = match name {
        "json" | "js" | "lang" | "choice" => Kind::Value,
        "if" | "unless" | "isset" | "empty" | "auth" | "guest" | "can" | "cannot" | "foreach" | "for" | "while"
        | "forelse" | "switch" | "production" | "env" | "push" | "prepend" | "once" | "verbatim" | "hasSection" => {
            Kind::Open
        }
        "else" | "elseif" | "case" | "default" | "elseauth" | "elsecan" => Kind::Else,
        "extends" | "section" | "yield" | "include" | "includeIf" | "stack" | "parent" | "csrf" | "method" | "vite"
        | "break" | "continue" | "props" | "php" | "show" | "stop" | "use" | "inject" => Kind::Nothing,
        _ if name.starts_with("end") => Kind::Close,
        _ => return None,
    };
    let from = at + 1 + name.len();
    let spaces = text[from..].len() - text[from..].trim_start_matches(' ').len();
    let end = match text.as_bytes().get(from + spaces) {
        Some(b'(') => closing(text.as_bytes(), from + spaces)?,
        _ => from,
    };
    let inner = if end > from { (from + spaces + 1, end - 1) } else { (at, end) };
    Some(Hole { at: (at, end), inner, kind })
}

/// One past the parenthesis that closes the one at `open`.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(open).take(4_000) {
        match (quote, byte) {
            (Some(end), byte) if byte == end => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// The text with every hole replaced by as many bytes: a name where a value is printed, else nothing.
pub(super) fn fill(text: &str, holes: &[Hole]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for hole in holes {
        filled.push_str(&text[from..hole.at.0]);
        let inside = &text[hole.at.0..hole.at.1];
        match hole.kind {
            Kind::Value => filled.push_str(&"_".repeat(inside.len())),
            Kind::Open | Kind::Else | Kind::Close | Kind::Nothing => blank(&mut filled, inside),
        }
        from = hole.at.1;
    }
    filled.push_str(&text[from..]);
    filled
}

/// The filled text with the first of several alternatives only: `{% if a %}1{% else %}2{% endif %}` is `1`.
pub(super) fn first_of(filled: &str, holes: &[Hole]) -> Option<String> {
    let mut cut: Vec<(usize, usize)> = Vec::new();
    // For each open part, where its first alternative ended.
    let mut open: Vec<Option<usize>> = Vec::new();
    for hole in holes {
        match hole.kind {
            Kind::Open => open.push(None),
            Kind::Else => {
                if let Some(end) = open.last_mut() {
                    end.get_or_insert(hole.at.1);
                }
            }
            Kind::Close => {
                if let Some(Some(start)) = open.pop() {
                    cut.push((start, hole.at.0));
                }
            }
            Kind::Value | Kind::Nothing => {}
        }
    }
    if cut.is_empty() {
        return None;
    }
    cut.sort_unstable();
    let mut text = String::with_capacity(filled.len());
    let mut from = 0;
    for (start, end) in cut {
        if start >= from {
            text.push_str(&filled[from..start]);
            blank(&mut text, &filled[start..end]);
            from = end;
        }
    }
    text.push_str(&filled[from..]);
    Some(text)
}

/// Adds as many spaces as a text has bytes, and its line breaks.
pub(super) fn blank(to: &mut String, text: &str) {
    to.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}
