//! Parses a file, in whichever of the language's dialects it is written.

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{Parser, ParserReturn};
use oxc_span::SourceType;

/// Why a file could not be parsed.
pub(super) struct SyntaxError {
    /// The bytes of the first error.
    pub(super) at: (u32, u32),
    /// What is wrong, as one lower-case clause.
    pub(super) message: String,
}

/// Parses a file. The dialect that its name says is tried first, then the others: types in `.js`, elements in
/// `.ts`, and scripts that are not modules are all found in real projects.
pub(super) fn parse<'a>(allocator: &'a Allocator, path: &str, text: &'a str) -> Result<Program<'a>, SyntaxError> {
    let named = dialect(path);
    let declared = Parser::new(allocator, text, named).parse();
    if understood(&declared) {
        return Ok(declared.program);
    }
    let others =
        [SourceType::tsx(), SourceType::ts(), SourceType::script().with_jsx(true), SourceType::cjs().with_jsx(true)];
    for other in others {
        let attempt = Parser::new(allocator, text, other).parse();
        if other != named && understood(&attempt) {
            return Ok(attempt.program);
        }
    }
    Err(first_error(&declared))
}

/// The dialect that a file's name says.
fn dialect(path: &str) -> SourceType {
    let named = SourceType::from_path(path).unwrap_or_default();
    if named.is_typescript() { named } else { named.with_jsx(true) }
}

/// Whether the parser read the file to its end. Errors that leave the tree whole (a `return` outside a function)
/// do not matter here.
fn understood(parsed: &ParserReturn<'_>) -> bool {
    let lost = parsed.program.body.is_empty() && parsed.diagnostics.has_errors();
    !parsed.panicked && !lost
}

fn first_error(parsed: &ParserReturn<'_>) -> SyntaxError {
    let Some(error) = parsed.diagnostics.errors().next() else {
        return SyntaxError { at: (0, 0), message: "could not be parsed".into() };
    };
    let at = error.labels.first().map_or((0, 0), |label| {
        let start = label.offset();
        (start, start + label.len())
    });
    SyntaxError { at, message: format!("could not be parsed: {}", lower_case(&error.message)) }
}

/// A sentence of the parser as a clause of ours.
fn lower_case(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
