//! Parses a file. What the parser could not read is a problem; what it recovered is lowered all the same.

use ruff_python_ast::{ModModule, PySourceType, Suite};
use ruff_python_parser::{Parsed, parse_unchecked_source};

use super::lower::bytes;
use crate::ir::build::Builder;

/// The statements of a file; none where the parser itself failed on it.
pub(super) fn parse(build: &mut Builder, text: &str) -> Option<Suite> {
    let parsed: Parsed<ModModule> = parse_unchecked_source(text, PySourceType::Python);
    if let Some(error) = parsed.errors().first() {
        let (start, end) = bytes(error.location);
        let length = text.len() as u32;
        build.problem((start.min(length), end.min(length)), format!("this is not Python 3: {}", error.error));
    }
    Some(parsed.into_suite())
}
