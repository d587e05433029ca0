//! JavaScript, JSX, TypeScript and TSX, parsed by oxc.

use std::sync::Arc;

use super::{FileIndex, Language, Resolve};
use crate::ir::Module;
use crate::source::FileId;

/// The language.
#[derive(Debug)]
pub struct JavaScript;

impl Language for JavaScript {
    fn name(&self) -> &'static str {
        "js"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"]
    }

    fn lower(&self, file: FileId, _path: &str, text: &str) -> Module {
        crate::ir::build::Builder::new(file, self.name(), text.len()).finish()
    }

    fn resolver(&self, _index: Arc<FileIndex>) -> Box<dyn Resolve> {
        todo!()
    }
}
