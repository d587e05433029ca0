//! Reads one file: bytes in; text, a reason to leave it out, or what went wrong out.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::Reason;

/// Files with more bytes than this are not written by hand.
pub(super) const MAX_BYTES: u64 = 2 * 1024 * 1024;
/// Nor are those with a line of code of more bytes than this.
const MAX_LINE: usize = 100 * 1024;
/// From this size on, a file that is mostly long lines of code counts as minified.
const MINIFIED_FROM: usize = 10 * 1024;
/// Lines with more bytes than this are long.
const LONG_LINE: usize = 500;
/// How far a zero byte is looked for.
const BINARY_WITHIN: usize = 8 * 1024;

/// What reading a file gave.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Its text, and what is wrong with part of it.
    Text(Arc<str>, Option<(Range<usize>, String)>),
    /// It is left out.
    Skipped(Reason),
    /// It could not be read.
    Failed(String),
}

/// Reads a code file.
pub(super) fn read(path: &Path) -> Outcome {
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return Outcome::Skipped(Reason::Outside),
        Ok(metadata) if metadata.len() > MAX_BYTES => return Outcome::Skipped(Reason::TooLarge),
        Ok(_) => {}
        Err(error) => return failed(&error),
    }
    match std::fs::read(path) {
        Ok(bytes) => judge(bytes),
        Err(error) => failed(&error),
    }
}

/// What the system says, without its numbers, which differ between systems.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        kind => kind.to_string(),
    }
}

/// The text of a file, and the place of the first bytes that are not text.
pub(super) fn decode(bytes: Vec<u8>) -> (Arc<str>, Option<(Range<usize>, String)>) {
    if let Some(text) = utf16(&bytes) {
        return (text.into(), None);
    }
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    match String::from_utf8(bytes) {
        Ok(text) => (text.into(), None),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes());
            let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
            let problem = (start..end, "these bytes are not valid UTF-8".to_owned());
            (text.as_ref().into(), Some(problem))
        }
    }
}

fn judge(bytes: Vec<u8>) -> Outcome {
    let head = &bytes[..bytes.len().min(BINARY_WITHIN)];
    if memchr::memchr(0, head).is_some() && utf16(&bytes).is_none() {
        return Outcome::Skipped(Reason::Binary);
    }
    let (text, problem) = decode(bytes);
    if is_minified(&text) {
        return Outcome::Skipped(Reason::Minified);
    }
    Outcome::Text(text, problem)
}

fn is_minified(text: &str) -> bool {
    let long = text.split('\n').filter(|line| is_long_code(line));
    let (total, longest) = long.fold((0, 0), |(total, longest), line| (total + line.len(), line.len().max(longest)));
    longest > MAX_LINE || (text.len() > MINIFIED_FROM && total > text.len() / 2)
}

/// Whether a line is long and not only because of a picture or a text in it: code has a call or the end of a
/// statement at least every hundred bytes.
fn is_long_code(line: &str) -> bool {
    line.len() > LONG_LINE && memchr::memchr2_iter(b'(', b';', line.as_bytes()).count() > line.len() / 100
}

/// The text of a file that starts with the byte order mark of UTF-16.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (mark, rest) = bytes.split_first_chunk::<2>()?;
    let unit: fn([u8; 2]) -> u16 = match mark {
        [0xFF, 0xFE] => u16::from_le_bytes,
        [0xFE, 0xFF] => u16::from_be_bytes,
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect::<Vec<_>>();
    String::from_utf16(&units).ok()
}

fn failed(error: &std::io::Error) -> Outcome {
    Outcome::Failed(format!("cannot be read: {}", reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_its_places() {
        let (text, problem) = decode(b"a = '\xFF';\nb".to_vec());
        assert_eq!(&*text, "a = '\u{FFFD}';\nb");
        assert_eq!(problem.map(|(range, _)| range), Some(5..8));
    }

    #[test]
    fn byte_order_marks_are_no_text() {
        assert_eq!(&*decode(b"\xEF\xBB\xBFx".to_vec()).0, "x");
        assert_eq!(&*decode(b"\xFF\xFEx\0".to_vec()).0, "x");
        assert_eq!(&*decode(b"\xFE\xFF\0x".to_vec()).0, "x");
    }

    #[test]
    fn what_no_one_wrote_is_left_out() {
        let binary = judge(b"G\0\0".to_vec());
        assert!(matches!(binary, Outcome::Skipped(Reason::Binary)));
        let bundle = judge("f(1);".repeat(3_000).into_bytes());
        assert!(matches!(bundle, Outcome::Skipped(Reason::Minified)));
        let long = judge("track(email);\n".repeat(3_000).into_bytes());
        assert!(matches!(long, Outcome::Text(..)));
        let picture = format!("track(email);\nconst src = '{}';\n", "Zm9v".repeat(30_000));
        assert!(matches!(judge(picture.into_bytes()), Outcome::Text(..)));
    }
}
