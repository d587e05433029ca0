//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use undisclosed::report::REPORTS;

/// Finds what an application shares with third parties, and what of that its policy manifest does not declare.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  undisclosed init               draft disclosure.toml from what the code shares
  undisclosed check              compare the code with disclosure.toml
  undisclosed inventory          list every field that every vendor receives
  undisclosed wrappers           list the project's own functions that hand data to a vendor
  undisclosed vendors            list the vendors that are known

Exit codes: 0 nothing found, 1 findings, 2 could not run."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Init(Init),
    Inventory(Inventory),
    Wrappers(Wrappers),
    Explain(Explain),
    Vendors(Vendors),
}

/// Flag every field sent to a vendor that disclosure.toml does not declare
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  undisclosed check                                 the project in this folder
  undisclosed check apps/web --deny warnings        one application, strictly
  undisclosed check --format json > findings.json   for other programs

Exit codes: 0 nothing found, 1 findings, 2 could not run.")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) scan: Scan,
    /// How to write the findings
    #[arg(long, default_value = REPORTS[0].name(), value_parser = formats())]
    pub(crate) format: String,
    /// Let warnings fail the command too
    #[arg(long, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// The day on which waivers are judged, instead of today
    #[arg(long, value_name = "DATE", hide = true)]
    pub(crate) today: Option<Date>,
}

/// Draft disclosure.toml from what the code shares
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  undisclosed init             write disclosure.toml into this folder
  undisclosed init --print     show it without writing it

The draft declares everything the code shares: read it before you agree with it.")]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) scan: Scan,
    /// Replace a manifest that exists
    #[arg(long)]
    pub(crate) force: bool,
    /// Write to standard output and leave the disk alone
    #[arg(long, conflicts_with = "force")]
    pub(crate) print: bool,
}

/// List which vendor receives which field, and where from
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  undisclosed inventory                  a table per vendor
  undisclosed inventory --format json    every share, for other programs
  undisclosed inventory --unknown        also hosts and packages that no vendor file describes")]
pub(crate) struct Inventory {
    #[command(flatten)]
    pub(crate) scan: Scan,
    /// List also what looks like a third party that no vendor file describes; never part of a check
    #[arg(long)]
    pub(crate) unknown: bool,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(crate) format: ListFormat,
}

/// List the project's own functions that hand data to a vendor
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  undisclosed wrappers                  each function, what becomes of its parameters, its callers
  undisclosed wrappers --format json    the same, for other programs

A function whose code does not show what it does with its parameters is declared under `[[wrapper]]`
in disclosure.toml.")]
pub(crate) struct Wrappers {
    #[command(flatten)]
    pub(crate) scan: Scan,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(crate) format: ListFormat,
}

/// Explain a check, a vendor or a group of vendors
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  undisclosed explain undeclared-field    what the check means and what to do

`undisclosed vendors` lists the vendors and groups that can be explained.")]
pub(crate) struct Explain {
    /// The name of a check, a vendor's id, name or alias, or a group of vendors
    #[arg(value_name = "CHECK|VENDOR")]
    pub(crate) subject: String,
}

/// List the vendors that are known
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  undisclosed vendors                  languages, number of calls, and what no source confirms
  undisclosed vendors --format json    every call with what its arguments are, for other programs
  undisclosed vendors --stale          packages of which a newer major version was published since")]
pub(crate) struct Vendors {
    /// List the packages whose calls were read in a version that is no longer the newest
    #[arg(long)]
    pub(crate) stale: bool,
    /// How to write the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table, conflicts_with = "stale")]
    pub(crate) format: ListFormat,
}

/// What is read, and how.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Scan {
    /// The folder, or the one file, to read
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// The manifest [default: disclosure.toml in PATH or the nearest folder above]
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Read files that are left out by default, such as tests
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// Leave files out
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Parse every file, not only those that can matter; the result is the same
    #[arg(long)]
    pub(crate) every_file: bool,
    /// List what is otherwise only counted
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

/// The formats of lists: of shares, of wrappers, of vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Table,
    Json,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(REPORTS.iter().map(|report| report.name()))
}
