//! `undisclosed init`: drafts a manifest that declares what the code shares.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use undisclosed::Analysis;
use undisclosed::policy::write::draft;
use undisclosed::project::MANIFEST;
use undisclosed::report::summary::notes;

use crate::args::Init;
use crate::{Failure, Outcome, scan};

/// Runs the subcommand.
pub(crate) fn run(args: &Init) -> Outcome {
    let path = target(args);
    if !args.print && !args.force && path.exists() {
        return Err(Failure(format!(
            "`{}` exists\nhelp: `--force` replaces it, `--print` shows the draft without writing it",
            path.display()
        )));
    }
    let mut reading = args.scan.clone();
    // The manifest that is named here is to be written; it need not exist.
    reading.manifest = reading.manifest.filter(|path| path.exists());
    let project = scan::open(&reading)?;
    let scanned = scan::scan(&scan::options(&reading), project);
    let Analysis { shares, dependencies, .. } = &scanned.analysis;
    let text = draft(shares, dependencies, &scanned.catalogue, &scanned.project.sources);
    if args.print {
        crate::print(|out| out.write_all(text.as_bytes()))?;
        return Ok(ExitCode::SUCCESS);
    }
    write(&path, &text)?;
    let mut said = vec![format!(
        "wrote {}: it declares everything the code shares; read it before you agree with it",
        path.display()
    )];
    let run = scanned.run(&[], args.scan.verbose);
    said.extend(notes(&run).into_iter().map(|note| format!("note: {note}")));
    // The manifest is written: that this cannot be said is no failure.
    writeln!(io::stderr(), "{}", said.join("\n")).unwrap_or_default();
    Ok(ExitCode::SUCCESS)
}

/// The manifest that is named, or the one in the scanned folder.
fn target(args: &Init) -> PathBuf {
    if let Some(path) = &args.scan.manifest {
        return path.clone();
    }
    let folder = match args.scan.path.parent() {
        Some(parent) if args.scan.path.is_file() => parent,
        _ => &args.scan.path,
    };
    folder.join(MANIFEST)
}

/// Writes beside the target first, so that a manifest is never half written.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let partial = path.with_extension("toml.partial");
    std::fs::write(&partial, text)
        .and_then(|()| std::fs::rename(&partial, path))
        .map_err(|error| Failure(format!("cannot write `{}`: {}", path.display(), error.kind())))
}
