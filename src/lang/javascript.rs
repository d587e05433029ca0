//! JavaScript, JSX, TypeScript and TSX, parsed by oxc.

use std::cell::RefCell;
use std::sync::Arc;

use oxc_allocator::Allocator;

use super::{FileIndex, Language, Resolve};
use crate::ir::Module;
use crate::ir::build::Builder;
use crate::source::FileId;

mod around;
mod call;
mod class;
mod context;
mod control;
mod depth;
pub(super) mod document;
mod element;
mod export;
mod expr;
mod function;
mod literal;
mod lower;
mod names;
mod node;
mod operator;
mod options;
mod parse;
mod pattern;
mod place;
mod provide;
mod resolve;
mod script;
mod shape;
mod stmt;
mod types;
mod utility;

/// The language.
#[derive(Debug)]
pub struct JavaScript;

thread_local! {
    /// The memory of the syntax tree. A module owns nothing in it, so each file reuses it.
    static ALLOCATOR: RefCell<Allocator> = RefCell::default();
}

impl Language for JavaScript {
    fn name(&self) -> &'static str {
        "js"
    }

    fn package_needles(&self, package: &str) -> Vec<String> {
        ['"', '\'', '`'].iter().map(|quote| format!("{quote}{package}")).collect()
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"]
    }

    fn comment_starts(&self) -> &'static [&'static str] {
        &["//", "/*", "* ", "{/*", "<!--"]
    }

    fn lower(&self, file: FileId, path: &str, text: &str) -> Module {
        let mut builder = Builder::new(file, self.name(), text.len());
        if let Some(at) = depth::too_deep(text) {
            builder.problem((at, at), "nested too deeply to be parsed");
            return builder.finish();
        }
        ALLOCATOR.with_borrow_mut(|allocator| {
            allocator.reset();
            match parse::parse(allocator, path, text) {
                Ok(program) => {
                    let mut module = lower::lower(builder, allocator.alloc(program));
                    provide::share_exports(&mut module, path);
                    module
                }
                Err(error) => {
                    builder.problem(error.at, error.message);
                    builder.finish()
                }
            }
        })
    }

    fn passes_on(&self, text: &str) -> bool {
        ["export *", "export {", "export default ", "exports"].iter().any(|item| text.contains(item))
    }

    fn resolver(&self, index: Arc<FileIndex>) -> Box<dyn Resolve> {
        Box::new(resolve::Resolver::new(index))
    }
}
