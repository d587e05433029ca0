//! `[[wrapper]]`: functions of the organisation that hand data to a vendor in a way that the code does not show.

use super::heading::Names;
use super::raw::{Reader, Table};
use super::{At, Wrapper};
use crate::catalogue::signature::parse::{Grammar, signature};
use crate::ir::Name;
use crate::lang;
use crate::source::{Sources, Span};

const KEYS: &[&str] = &["module", "vendor", "calls", "reason"];

/// Reads every `[[wrapper]]`.
pub(super) fn wrappers(names: &mut Names<'_>, root: &Table<'_>, sources: &Sources) -> Vec<Wrapper> {
    let tables = names.reader.array(root, "wrapper", KEYS);
    tables.iter().filter_map(|table| wrapper(names, table, sources)).collect()
}

fn wrapper(names: &mut Names<'_>, table: &Table<'_>, sources: &Sources) -> Option<Wrapper> {
    let reader = &mut names.reader;
    reader.require(table, &["module", "vendor", "calls"]);
    let module = reader.text(table, "module").map(|module| located(reader, module, sources));
    let reason = reader.text(table, "reason");
    let lines = reader.list(table, "calls");
    let calls = lines.items.iter().filter_map(|line| call(reader, line)).collect();
    let vendor = reader.text(table, "vendor");
    let vendor = vendor.and_then(|vendor| Some(At { value: names.vendor(&vendor)?, span: vendor.span }))?;
    Some(Wrapper { span: table.span, module: module?, vendor, calls, reason })
}

/// The module's path as the project has it. What ends like a file of code has to be one.
fn located(reader: &mut Reader, module: At<Name>, sources: &Sources) -> At<Name> {
    let path = module.value.trim_start_matches("./");
    let exists = || sources.ids().any(|file| sources.get(file).path == path);
    if lang::of_path(path).is_none() {
        return module;
    }
    if !exists() {
        reader.error(
            module.span,
            format!("`{}` is no file of this project", module.value),
            "not found",
            vec!["write the path of the file that has the functions, from the manifest's folder".into()],
        );
    }
    At { value: path.into(), span: module.span }
}

fn call(reader: &mut Reader, line: &At<Name>) -> Option<crate::catalogue::signature::Signature> {
    match signature(&line.value, Grammar::Call) {
        Ok(signature) => Some(signature),
        Err(error) => {
            // The quote before the text.
            let start = line.span.start + 1 + error.at as u32;
            let span = Span::new(line.span.file, start.min(line.span.end - 1), line.span.end);
            let help = "a line is written as in the catalogue: `track(event: event, properties?: payload(properties))`";
            reader.error(span, format!("malformed call: {}", error.message), "here", vec![help.into()]);
            None
        }
    }
}
