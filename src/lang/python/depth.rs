//! Refuses files that would nest too deeply in the parser: it is recursive, and so is what frees its tree.

/// How deep brackets may be nested.
const NESTING: usize = 400;

/// How many tokens may follow each other without a separator: `not not …`, `a.b.c…` and `a if b else a if …` nest
/// without brackets.
const RUN: usize = 10_000;

/// Where the nesting goes too deep.
pub(super) fn too_deep(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut run) = (0, 0_usize, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'"' | b'\'' => {
                run += 1;
                at = after_text(bytes, at, byte);
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                run += 1;
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b',' | b';' => {
                run = 0;
                at += 1;
            }
            b'\n' => {
                run = if depth == 0 { 0 } else { run };
                at += 1;
            }
            b'\\' => at += 2,
            byte if byte.is_ascii_whitespace() => at += 1,
            byte => {
                let word = bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
                run += usize::from(word > 0 || !byte.is_ascii_whitespace());
                at += word.max(1);
            }
        }
        if depth > NESTING || run > RUN {
            return u32::try_from(at.min(bytes.len())).ok();
        }
    }
    None
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The byte after a text in quotes. One in single quotes ends at the line's end at the latest.
fn after_text(bytes: &[u8], start: usize, quote: u8) -> usize {
    let is_long = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if is_long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if !is_long => return at,
            byte if byte == quote && !is_long => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
