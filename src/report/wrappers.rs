//! The project's own functions that hand data to a vendor, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Run;
use super::json::VERSION;
use super::place::{Start, count, place, plain};
use super::summary::notes;
use crate::wrapper::Wrapper;

/// How many callers of one function are shown when not all are asked for.
const CALLERS: usize = 3;

/// Writes each function with its vendor, its parameters and what becomes of each, and its callers.
///
/// # Errors
///
/// Only those of `out`.
pub fn table(run: &Run, wrappers: &[Wrapper], out: &mut dyn Write) -> io::Result<()> {
    for wrapper in wrappers {
        let at = place(run.sources, wrapper.span);
        let vendor = run.catalogue.vendor(&wrapper.vendor).map_or(&wrapper.vendor, |vendor| &vendor.name);
        let apis: Vec<String> = wrapper.apis.iter().map(|api| plain(api)).collect();
        writeln!(out, "{}  {}:{}", plain(&wrapper.function), at.file, at.line)?;
        writeln!(out, "  hands to {}: {}", plain(vendor), apis.join(", "))?;
        for (name, paths) in &wrapper.parameters {
            let paths: Vec<String> = paths.iter().map(|path| plain(path)).collect();
            writeln!(out, "  {} → {}", plain(name), paths.join(", "))?;
        }
        let most = if run.verbose { wrapper.callers.len() } else { CALLERS };
        let shown = wrapper.callers.iter().take(most).map(|span| place(run.sources, *span));
        let shown: Vec<String> = shown.map(|at| format!("{}:{}", at.file, at.line)).collect();
        let more = wrapper.callers.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        match wrapper.callers.len() {
            0 => writeln!(out, "  called by nothing that was read")?,
            callers => writeln!(out, "  {}: {}{more}", count(callers, "caller"), shown.join(", "))?,
        }
        writeln!(out)?;
    }
    for note in notes(run) {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "{} · {} read", count(wrappers.len(), "wrapper"), count(run.files_read, "file"))
}

/// Writes each function, as docs/json.md describes.
///
/// # Errors
///
/// Only those of `out`.
pub fn json(run: &Run, wrappers: &[Wrapper], out: &mut dyn Write) -> io::Result<()> {
    let wrappers = wrappers.iter().map(|wrapper| WrapperDto {
        function: &wrapper.function,
        vendor: &wrapper.vendor,
        apis: wrapper.apis.iter().map(String::as_str).collect(),
        at: Start::new(run.sources, wrapper.span),
        parameters: wrapper
            .parameters
            .iter()
            .map(|(name, paths)| ParameterDto { name, fields: paths.iter().map(String::as_str).collect() })
            .collect(),
        callers: wrapper.callers.iter().map(|span| Start::new(run.sources, *span)).collect(),
    });
    let document = Document { version: VERSION, wrappers: wrappers.collect() };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    wrappers: Vec<WrapperDto<'a>>,
}

#[derive(Serialize)]
struct WrapperDto<'a> {
    function: &'a str,
    vendor: &'a str,
    apis: Vec<&'a str>,
    at: Start,
    parameters: Vec<ParameterDto<'a>>,
    callers: Vec<Start>,
}

#[derive(Serialize)]
struct ParameterDto<'a> {
    name: &'a str,
    /// The paths of the fields it supplies; `**` stands for any below.
    fields: Vec<&'a str>,
}
