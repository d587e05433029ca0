//! `undisclosed wrappers`: the project's own functions that hand data to a vendor.

use std::process::ExitCode;

use undisclosed::report::wrappers;

use crate::args::{ListFormat, Wrappers};
use crate::{Outcome, scan};

/// Runs the subcommand.
pub(crate) fn run(args: &Wrappers) -> Outcome {
    let project = scan::open(&args.scan)?;
    let scanned = scan::scan(&scan::options(&args.scan), project);
    let run = scanned.run(&[], args.scan.verbose);
    crate::print(|out| match args.format {
        ListFormat::Table => wrappers::table(&run, &scanned.analysis.wrappers, out),
        ListFormat::Json => wrappers::json(&run, &scanned.analysis.wrappers, out),
    })?;
    Ok(ExitCode::SUCCESS)
}
