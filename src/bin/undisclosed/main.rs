//! The command line: reads the arguments, runs one subcommand, and turns the outcome into an exit code.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

mod args;
mod check;
mod explain;
mod init;
mod inventory;
mod scan;
mod vendors;
mod wrappers;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Deeply nested source is walked by recursion, within bounds that fit this stack.
const STACK: usize = 64 * 1024 * 1024;

/// Something was found.
const FINDINGS: u8 = 1;
/// The command could not run.
const FAILED: u8 = 2;

/// Why a command could not run, with what to do about it.
#[derive(Debug)]
struct Failure(String);

impl From<undisclosed::project::Error> for Failure {
    fn from(error: undisclosed::project::Error) -> Failure {
        Failure(error.to_string())
    }
}

/// How a command ended: with or without findings, unless it failed.
type Outcome = Result<ExitCode, Failure>;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Nothing is left to be said where even this cannot be written.
            error.print().unwrap_or_default();
            return match error.exit_code() {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::from(FAILED),
            };
        }
    };
    let outcome = rayon::ThreadPoolBuilder::new()
        .stack_size(STACK)
        .build()
        .map_err(|error| Failure(format!("cannot start threads: {error}")))
        .and_then(|pool| pool.install(|| run(&args.command)));
    outcome.unwrap_or_else(|Failure(message)| {
        writeln!(io::stderr(), "error: {message}").unwrap_or_default();
        ExitCode::from(FAILED)
    })
}

fn run(command: &args::Command) -> Outcome {
    match command {
        args::Command::Check(args) => check::run(args),
        args::Command::Init(args) => init::run(args),
        args::Command::Inventory(args) => inventory::run(args),
        args::Command::Wrappers(args) => wrappers::run(args),
        args::Command::Explain(args) => explain::run(args),
        args::Command::Vendors(args) => vendors::run(args),
    }
}

/// Writes to standard output. A reader that has seen enough is no failure.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure(format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}
