//! Parses a file. What the parser could not read is a problem; what it recovered is lowered all the same.

use ruff_python_ast::{ModModule, PySourceType, Suite};
use ruff_python_parser::{Parsed, parse_unchecked_source};

use super::depth::too_deep;
use super::lower::bytes;
use crate::ir::build::Builder;

/// The statements of a file; none where they would nest too deeply.
pub(super) fn parse(build: &mut Builder, text: &str) -> Option<Suite> {
    if let Some(at) = too_deep(text) {
        build.problem((at, at), "nested too deeply to be parsed");
        return None;
    }
    let parsed: Parsed<ModModule> = parse_unchecked_source(text, PySourceType::Python);
    if let Some(error) = parsed.errors().first() {
        let (start, end) = bytes(error.location);
        let length = text.len() as u32;
        build.problem((start.min(length), end.min(length)), format!("this is not Python 3: {}", error.error));
    }
    Some(parsed.into_suite())
}
