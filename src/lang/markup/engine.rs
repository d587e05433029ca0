//! Which engine fills a template in, by its file's ending, and what the words in a hole say.

use super::holes::Kind;

/// An engine, where its syntax would be something else to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// `@if ($user)`.
    Blade,
    /// `${user.email}`.
    Java,
    /// `{$user.email}`.
    Smarty,
    /// The marks that every file is searched for.
    Other,
}

/// Words that start a part with an end of its own.
const OPENERS: &[&str] = &[
    "if",
    "unless",
    "for",
    "case",
    "with",
    "block",
    "comment",
    "capture",
    "macro",
    "filter",
    "autoescape",
    "spaceless",
    "blocktrans",
    "blocktranslate",
    "ifchanged",
    "ifequal",
    "ifnotequal",
    "raw",
    "verbatim",
    "cache",
    "call",
    "embed",
    "apply",
    "language",
    "compress",
    "javascript",
    "schema",
    "stylesheet",
    "switch",
    "range",
    "define",
    "foreach",
    "while",
    "thumbnail",
    "paginate",
    "addtoblock",
    "guard",
];

/// Words that start an alternative.
const ALTERNATIVES: &[&str] = &["else", "elif", "elsif", "elseif", "when", "empty", "default"];

/// Words of instructions that print nothing.
const SILENT: &[&str] = &[
    "set",
    "assign",
    "load",
    "extends",
    "include",
    "import",
    "from",
    "do",
    "liquid",
    "layout",
    "render",
    "section",
    "break",
    "continue",
    "increment",
    "decrement",
    "template",
    "partial",
    "csrf_token",
    "include_relative",
    "use",
];

impl Engine {
    /// The engine of a file.
    pub(super) fn of(path: &str) -> Engine {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit('.').next().unwrap_or(name);
        match ending {
            _ if name.ends_with(".blade.php") => Engine::Blade,
            "jsp" | "jspf" | "jspx" | "tag" | "ftl" | "ftlh" => Engine::Java,
            "tpl" => Engine::Smarty,
            _ => Engine::Other,
        }
    }
}

/// What a hole is, and the bytes of the expression in it.
pub(super) fn kind_of(text: &str, at: (usize, usize), open: &str, engine: Engine) -> (Kind, (usize, usize)) {
    let (from, to) = at;
    match open {
        "{{!--" | "{{--" | "{#" | "<%--" => (Kind::Nothing, at),
        "{{{" | "@{{" | "{!!" | "[[${" | "[(${" => (Kind::Value, trimmed(text, from, to)),
        "{{" => braces(text, from, to),
        "{%" => tag(text, from, to),
        "<%" => angle(text, from, to, engine),
        _ => php(text, from, to),
    }
}

/// `{{ … }}`: a value, unless its first word is one of Go's or Handlebars' instructions.
fn braces(text: &str, from: usize, to: usize) -> (Kind, (usize, usize)) {
    let (start, end) = trimmed(text, from, to);
    let inner = &text[start..end];
    let word = first_word(inner);
    let is_alone = inner.len() == word.len();
    let spaced = inner[word.len()..].starts_with(char::is_whitespace);
    let kind = match inner.as_bytes().first() {
        None | Some(b'!' | b'>') => Kind::Nothing,
        Some(b'#') => Kind::Open,
        Some(b'^') if inner.len() > 1 => Kind::Open,
        Some(b'^') => Kind::Else,
        Some(b'/') => Kind::Close,
        _ if word == "else" => Kind::Else,
        _ if word == "end" && is_alone => Kind::Close,
        _ if spaced && matches!(word, "if" | "range" | "with" | "define" | "block") => Kind::Open,
        _ if spaced && word == "template" => Kind::Nothing,
        _ => Kind::Value,
    };
    let start = start + usize::from(inner.starts_with('&'));
    (kind, trimmed(text, start, before_filter(text, start, end)))
}

/// `{% … %}`.
fn tag(text: &str, from: usize, to: usize) -> (Kind, (usize, usize)) {
    let (start, end) = trimmed(text, from, to);
    let word = first_word(&text[start..end]);
    let kind = match word {
        _ if OPENERS.contains(&word) => Kind::Open,
        _ if ALTERNATIVES.contains(&word) => Kind::Else,
        _ if word.starts_with("end") => Kind::Close,
        _ if SILENT.contains(&word) || is_alone(text, from - 2, to + 2) => Kind::Nothing,
        _ => Kind::Value,
    };
    (kind, (start, end))
}

/// `<% … %>` of Ruby, Java or JavaScript.
fn angle(text: &str, from: usize, to: usize, engine: Engine) -> (Kind, (usize, usize)) {
    let inner = &text[from..to];
    let raw = inner.starts_with("==");
    if inner.starts_with(['=', ':']) {
        return (Kind::Value, trimmed(text, from + 1 + usize::from(raw), to));
    }
    // In one engine `<%-` prints, in another it only leaves out white space; what it holds tells which.
    let at = trimmed(text, from, to);
    let code = &text[at.0..at.1];
    let says = code_kind(code);
    let prints = inner.starts_with('-') && says == Kind::Nothing && engine == Engine::Other;
    match inner.as_bytes().first() {
        Some(b'#' | b'@' | b'!') => (Kind::Nothing, at),
        _ if prints => (Kind::Value, at),
        _ => (says, at),
    }
}

/// `<?php … ?>`, `<?= … ?>`.
fn php(text: &str, from: usize, to: usize) -> (Kind, (usize, usize)) {
    let inner = &text[from..to];
    if inner.starts_with('=') {
        return (Kind::Value, printed(text, from + 1, to));
    }
    let start = from + if inner.starts_with("php") { 3 } else { 0 };
    let at = trimmed(text, start, to);
    let code = &text[at.0..at.1];
    // A file of code may print somewhere; a short part that prints stands where its text goes.
    if code.len() < 400 && !code.ends_with(['{', ':', '}']) {
        for word in ["echo ", "echo(", "print ", "print("] {
            if let Some(offset) = code.rfind(word) {
                return (Kind::Value, printed(text, at.0 + offset + word.len() - 1, at.1));
            }
        }
        let prints = |name: &str| name == "_e" || name.ends_with("_e") || name.starts_with("the_");
        if code.contains('(') && prints(first_word(code)) {
            return (Kind::Value, at);
        }
    }
    (code_kind(code), at)
}

/// What a statement of a programming language is to the text around it.
fn code_kind(code: &str) -> Kind {
    let word = first_word(code);
    let opens = code.ends_with(['{', ':']) || code.ends_with(" do") || (code.contains(" do |") && code.ends_with('|'));
    let starts = matches!(word, "if" | "unless" | "case" | "for" | "while" | "begin" | "foreach" | "switch");
    match word {
        _ if code.starts_with('}') && opens => Kind::Else,
        _ if code.starts_with('}') => Kind::Close,
        "else" | "elsif" | "elseif" | "when" | "rescue" => Kind::Else,
        _ if word.starts_with("end") => Kind::Close,
        _ if opens || (starts && !code.ends_with(['}', ';'])) => Kind::Open,
        _ => Kind::Nothing,
    }
}

/// The bytes without white space, and without the marks that leave white space out.
fn trimmed(text: &str, from: usize, to: usize) -> (usize, usize) {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '-' | '~');
    let inner = text.get(from..to).unwrap_or_default();
    let start = from + inner.len() - inner.trim_start_matches(is_mark).len();
    let end = from + inner.trim_end_matches(is_mark).len();
    (start.min(end.max(from)), end.max(start.min(end.max(from))))
}

/// What a statement prints: its argument.
fn printed(text: &str, from: usize, to: usize) -> (usize, usize) {
    let inner = text[from..to].trim_end_matches(|c: char| c.is_whitespace() || c == ';');
    trimmed(text, from, from + inner.len())
}

/// Where the filters of a value begin: `{{ user.email | escapejs }}` is `user.email`.
fn before_filter(text: &str, from: usize, to: usize) -> usize {
    let inner = &text[from..to];
    let mut bars = inner.match_indices('|').map(|(at, _)| at);
    let is_filter = |at: &usize| {
        let around = [at.checked_sub(1), Some(at + 1)];
        !around.into_iter().flatten().any(|near| inner.as_bytes().get(near) == Some(&b'|'))
    };
    bars.find(is_filter).map_or(to, |at| from + at)
}

/// Whether nothing else stands on the lines of a hole.
fn is_alone(text: &str, from: usize, to: usize) -> bool {
    let before = text[..from].rsplit('\n').next().unwrap_or_default();
    let after = text.get(to..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
    before.trim().is_empty() && after.trim().is_empty()
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}
