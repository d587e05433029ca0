//! Rust, parsed by syn.

use std::sync::Arc;

use super::{FileIndex, Language, Resolve};
use crate::ir::Module;
use crate::source::FileId;

mod parse;
mod span;

mod lower;
mod scope;

mod class;
mod derive;
mod item;
mod serde;
mod ty;

mod assign;
mod control;
mod expr;
mod function;
mod pattern;

mod format;
mod json;
mod macros;

mod manifest;
mod resolve;

/// The language.
#[derive(Debug)]
pub struct Rust;

impl Language for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn package_in_code(&self, package: &str) -> String {
        package.replace('-', "_")
    }

    fn package_needles(&self, package: &str) -> Vec<String> {
        vec![format!("{package}::"), format!("use {package};"), format!("use {package} as ")]
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rs"]
    }

    fn comment_starts(&self) -> &'static [&'static str] {
        &["//", "/*"]
    }

    fn lower(&self, file: FileId, _path: &str, text: &str) -> Module {
        lower::lower(file, self.name(), text)
    }

    fn passes_on(&self, text: &str) -> bool {
        ["pub mod ", "pub use ", "pub(crate) mod ", "pub(crate) use "].iter().any(|item| text.contains(item))
    }

    fn resolver(&self, index: Arc<FileIndex>) -> Box<dyn Resolve> {
        Box::new(resolve::Crates::new(index))
    }
}
