//! The rules that are part of the program.

use std::sync::Arc;

use rayon::prelude::*;

use super::data::DataClasses;
use super::reader::Reader;
use super::{Catalogue, Vendor, ecosystem, freshness, no_vendor};
use crate::ir::Name;
use crate::lang;
use crate::source::{FileId, Problem, Source, Sources, Span};

/// Every file of `rules/` by its path there (`vendors/acme.toml`), in order.
pub static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The embedded files of one folder, each by its name without the ending.
pub fn folder(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(move |(path, text)| {
        let file = path.strip_prefix(name)?.strip_prefix('/')?;
        let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
        Some((stem, *text))
    })
}

/// The catalogue of the embedded files, with what is wrong in them: nothing, as a test makes sure.
pub fn load() -> (Catalogue, Sources, Vec<Problem>) {
    let mut catalogue = Catalogue::default();
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let mut data = DataClasses::default();
    for ((path, text), (vendor, own)) in FILES.iter().zip(vendors()) {
        let file = sources.add(Source::new(*path, Arc::from(*text)));
        catalogue.vendors.extend(vendor.map(|vendor| (vendor.id.clone(), vendor)));
        problems.extend(own);
        let Some((folder, name)) = path.split_once('/') else {
            let at_file = |problem: &Problem| Problem { span: Span { file, ..problem.span }, ..problem.clone() };
            let own = match *path {
                freshness::FILE => freshness::problems(),
                no_vendor::FILE => no_vendor::problems(),
                _ => ecosystem::problems(),
            };
            problems.extend(own.iter().map(at_file));
            continue;
        };
        let mut reader = Reader::new(file, text);
        match (folder, name.strip_suffix(".toml")) {
            ("data", Some(_)) => data.read(&mut reader),
            ("models", Some(language)) => catalogue.read_library(&mut reader, language),
            _ => {}
        }
        problems.append(&mut reader.problems);
    }
    for (class, message) in data.contradictions() {
        problems.push(Problem { span: Span::new(FileId(0), 0, 0), message: format!("`{class}` {message}") });
    }
    catalogue.data = data;
    (catalogue, sources, problems)
}

/// The vendor of each file that describes one, with what is wrong in it: most of what there is to read.
fn vendors() -> Vec<(Option<Vendor>, Vec<Problem>)> {
    let read = |(at, (path, text)): (usize, &(&str, &str))| {
        if !path.starts_with("vendors/") {
            return (None, Vec::new());
        }
        let mut reader = Reader::new(FileId(at as u32), text);
        (Vendor::read(&mut reader), reader.problems)
    };
    FILES.par_iter().enumerate().map(read).collect()
}

impl Catalogue {
    /// Adds the vendor of a file; it takes the place of one with the same id.
    pub(super) fn read_vendor(&mut self, reader: &mut Reader<'_>) {
        if let Some(vendor) = Vendor::read(reader) {
            self.vendors.insert(vendor.id.clone(), vendor);
        }
    }

    /// Adds a models file of a language.
    pub(super) fn read_library(&mut self, reader: &mut Reader<'_>, language: &str) {
        let Some(known) = lang::sections().find(|known| known.name() == language) else {
            reader.problem(0..0, format!("`{language}` is not a language"));
            return;
        };
        let library = self.libraries.entry(Name::from(language));
        let in_code = |package: &str| known.package_in_code(package);
        library.or_default().read(reader, &in_code);
    }
}
