//! Code between braces in the markup of a component: `{user.email}`, `{#each users as user}`.

use super::tree::Bytes;

/// A part between braces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brace {
    /// All its bytes.
    pub(super) at: Bytes,
    /// The bytes between the braces, without white space.
    pub(super) inner: Bytes,
}

/// The parts between braces of a component's markup, in order: not those of its scripts, styles and comments.
pub(super) fn find(text: &str, from: usize) -> Vec<Brace> {
    let bytes = text.as_bytes();
    let mut braces = Vec::new();
    let mut at = from;
    while let Some(step) = memchr::memchr2(b'{', b'<', bytes.get(at..).unwrap_or_default()) {
        at += step;
        if bytes[at] == b'<' {
            at = after_raw(text, at).unwrap_or(at + 1);
            continue;
        }
        let Some(end) = closing(bytes, at) else {
            at += 1;
            continue;
        };
        let inner = &text[at + 1..end];
        let start = end - inner.trim_start().len();
        let stop = at + 1 + inner.trim_end().len();
        braces.push(Brace { at: (at, end + 1), inner: (start.min(stop.max(at + 1)), stop.max(start.min(stop))) });
        at = end + 1;
    }
    braces
}

/// Where the markup goes on after a script, a style or a comment that starts at `at`.
fn after_raw(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    for (open, close) in [("<!--", "-->"), ("<script", "</script"), ("<style", "</style")] {
        if rest.starts_with(open) {
            // The tag's own attributes may hold code.
            let tag = if open == "<!--" { 0 } else { open.len() };
            let end = rest.find(close)?;
            return (tag <= end).then_some(at + end + close.len());
        }
    }
    None
}

/// The brace that closes the one at `open`.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = open;
    // The braces that the holes of templates were opened at.
    let mut holes: Vec<usize> = Vec::new();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
                if holes.last() == Some(&depth) {
                    holes.pop();
                    at = template(bytes, at + 1, depth, &mut holes, &mut depth)?;
                    continue;
                }
            }
            // An apostrophe in text between elements is none of the code's.
            b'"' | b'\'' => at = quoted(bytes, at).unwrap_or(at),
            b'`' => {
                at = template(bytes, at + 1, depth, &mut holes, &mut depth)?;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at += memchr::memmem::find(&bytes[at..], b"*/")? + 1;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') && bytes.get(at.wrapping_sub(1)) != Some(&b':') => {
                at += memchr::memchr(b'\n', &bytes[at..])?;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The quote that closes the one at `open`, on the same line.
fn quoted(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return None,
            byte if byte == bytes[open] => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the code goes on: after the end of a template, or in its next hole.
fn template(bytes: &[u8], from: usize, outer: usize, holes: &mut Vec<usize>, depth: &mut usize) -> Option<usize> {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'`' => return Some(at + 1),
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                holes.push(outer);
                *depth = outer + 1;
                return Some(at + 2);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The text with everything between braces replaced by names of the same length, so that tags can be told.
pub(super) fn fill(text: &str, braces: &[Brace]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for brace in braces {
        filled.push_str(&text[from..brace.at.0]);
        filled.push_str(&"_".repeat(brace.at.1 - brace.at.0));
        from = brace.at.1;
    }
    filled.push_str(&text[from..]);
    filled
}
