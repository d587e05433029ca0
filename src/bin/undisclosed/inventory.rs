//! `undisclosed inventory`: which vendor receives which field, and where from.

use std::process::ExitCode;

use undisclosed::Options;
use undisclosed::report::inventory;

use crate::args::{Inventory, ListFormat};
use crate::{Outcome, scan};

/// Runs the subcommand.
pub(crate) fn run(args: &Inventory) -> Outcome {
    let project = scan::open(&args.scan)?;
    let options = Options { unknown: args.unknown, ..scan::options(&args.scan) };
    let scanned = scan::scan(&options, project);
    let run = scanned.run(&[], args.scan.verbose);
    let unknown = scanned.analysis.third_parties.as_deref();
    crate::print(|out| match args.format {
        ListFormat::Table => inventory::table(&run, unknown, out),
        ListFormat::Json => inventory::json(&run, unknown, out),
    })?;
    Ok(ExitCode::SUCCESS)
}
