//! `undisclosed inventory`: which vendor receives which field, and where from.

use std::process::ExitCode;

use undisclosed::report::inventory;
use undisclosed::third_parties;

use crate::args::{Inventory, ListFormat};
use crate::{Outcome, scan};

/// Runs the subcommand.
pub(crate) fn run(args: &Inventory) -> Outcome {
    let project = scan::open(&args.scan)?;
    let scanned = scan::scan(&args.scan, project);
    let run = scanned.run(&[], args.scan.verbose);
    let unknown = args.unknown.then(|| third_parties(&scanned.project, &scanned.catalogue));
    crate::print(|out| match args.format {
        ListFormat::Table => inventory::table(&run, unknown.as_deref(), out),
        ListFormat::Json => inventory::json(&run, unknown.as_deref(), out),
    })?;
    Ok(ExitCode::SUCCESS)
}
