//! `undisclosed check`: compares what the code shares with the manifest.

use std::process::ExitCode;

use jiff::Zoned;
use undisclosed::check::{self, Context};
use undisclosed::finding::{Finding, Level};
use undisclosed::project::MANIFEST;
use undisclosed::{policy, report};

use crate::args::{Check, Deny};
use crate::scan::{self, Scanned};
use crate::{FAILED, FINDINGS, Failure, Outcome};

/// Runs the subcommand.
pub(crate) fn run(args: &Check) -> Outcome {
    let project = scan::open(&args.scan)?;
    let Some(manifest) = project.manifest else {
        return Err(Failure(format!(
            "no {MANIFEST} in `{}` or a folder above it\nhelp: run `undisclosed init` to draft one from what the \
             code shares, or name one with `--manifest`",
            args.scan.path.display()
        )));
    };
    let scanned = scan::scan(&scan::options(&args.scan), project);
    let sources = &scanned.project.sources;
    let policy = match policy::parse(sources, manifest, &scanned.catalogue, &check::ids()) {
        Ok(policy) => policy,
        Err(findings) => {
            print(args, &scanned, &findings)?;
            return Ok(ExitCode::from(FAILED));
        }
    };
    let findings = check::run(&Context {
        policy: &policy,
        shares: &scanned.analysis.shares,
        dependencies: &scanned.analysis.dependencies,
        catalogue: &scanned.catalogue,
        sources,
        today: args.today.unwrap_or_else(|| Zoned::now().date()),
    });
    print(args, &scanned, &findings)?;
    let least = match args.deny {
        Some(Deny::Warnings) => Level::Warn,
        None => Level::Deny,
    };
    let fails = findings.iter().any(|finding| finding.level >= least);
    Ok(if fails { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS })
}

fn print(args: &Check, scanned: &Scanned, findings: &[Finding]) -> Result<(), Failure> {
    let run = scanned.run(findings, args.scan.verbose);
    let report = report::by_name(&args.format).expect("the arguments accept known formats only");
    crate::print(|out| report.write(&run, out))
}
