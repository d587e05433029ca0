//! Rust, parsed by syn.

use std::sync::Arc;

use super::{FileIndex, Language, Resolve};
use crate::ir::Module;
use crate::source::FileId;

/// The language.
#[derive(Debug)]
pub struct Rust;

impl Language for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rs"]
    }

    fn lower(&self, file: FileId, _path: &str, text: &str) -> Module {
        crate::ir::build::Builder::new(file, self.name(), text.len()).finish()
    }

    fn resolver(&self, _index: Arc<FileIndex>) -> Box<dyn Resolve> {
        todo!()
    }
}
