//! `undisclosed inventory`: which vendor receives which field, and where from.

use std::process::ExitCode;

use undisclosed::report::inventory;

use crate::args::{Inventory, InventoryFormat};
use crate::{Outcome, scan};

/// Runs the subcommand.
pub(crate) fn run(args: &Inventory) -> Outcome {
    let project = scan::open(&args.scan)?;
    let scanned = scan::scan(&args.scan, project);
    let run = scanned.run(&[], args.scan.verbose);
    crate::print(|out| match args.format {
        InventoryFormat::Table => inventory::table(&run, out),
        InventoryFormat::Json => inventory::json(&run, out),
    })?;
    Ok(ExitCode::SUCCESS)
}
