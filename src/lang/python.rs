//! Python, parsed by ruff.

use std::sync::Arc;

use super::{FileIndex, Language, Resolve};
use crate::ir::Module;
use crate::source::FileId;

mod depth;
mod parse;

mod lower;
mod names;
mod scope;

mod class;
mod field;
mod function;
mod import;
mod types;

mod call;
mod comprehension;
mod control;
mod expr;
mod filter;
mod format;
mod operator;
mod pattern;
mod place;
mod stmt;
mod text;
mod tuple;

mod resolve;

/// The language.
#[derive(Debug)]
pub struct Python;

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    /// A distribution is imported as a module, and what lies in a package is a member of it.
    fn package_in_code(&self, package: &str) -> String {
        package.replace('-', "_").replacen('.', ":", 1)
    }

    fn package_needles(&self, package: &str) -> Vec<String> {
        [format!("import {package}"), format!("from {package}"), format!(", {package}")]
            .into_iter()
            .chain(['"', '\''].map(|quote| format!("{quote}{package}.")))
            .collect()
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["py"]
    }

    fn by_name(&self) -> bool {
        true
    }

    fn comment_starts(&self) -> &'static [&'static str] {
        &["#"]
    }

    fn lower(&self, file: FileId, _path: &str, text: &str) -> Module {
        lower::lower(file, self.name(), text)
    }

    fn passes_on(&self, text: &str) -> bool {
        text.contains("import *")
    }

    fn resolver(&self, index: Arc<FileIndex>) -> Box<dyn Resolve> {
        Box::new(resolve::Modules::new(index))
    }
}
