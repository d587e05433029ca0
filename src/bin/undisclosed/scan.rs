//! Reads and analyses a project: what every subcommand that looks at code starts with.

use std::io::{self, IsTerminal};
use std::path::Path;

use undisclosed::catalogue::Catalogue;
use undisclosed::finding::Finding;
use undisclosed::project::{self, Project};
use undisclosed::report::Run;
use undisclosed::source::Problem;
use undisclosed::{Analysis, Options, analyse, catalogue_of};

use crate::{Failure, args};

/// A project and what it shares.
pub(crate) struct Scanned {
    pub(crate) project: Project,
    pub(crate) catalogue: Catalogue,
    pub(crate) analysis: Analysis,
    /// Everything that could not be read or understood, in order.
    problems: Vec<Problem>,
}

/// Opens the project. What follows may be slow.
pub(crate) fn open(args: &args::Scan) -> Result<Project, Failure> {
    let options = project::Options {
        manifest: args.manifest.clone(),
        include: args.include.clone(),
        exclude: args.exclude.clone(),
    };
    Ok(Project::open(&args.path, &options)?)
}

/// The vendors that are known here: the built-in ones, and those that the project around this folder describes.
pub(crate) fn catalogue() -> Catalogue {
    // Only the manifest and the vendor files that it names are wanted.
    let options = project::Options { exclude: vec!["**".to_owned()], ..project::Options::default() };
    let project = Project::open(Path::new("."), &options);
    project.map_or_else(|_| Catalogue::embedded(), |project| catalogue_of(&project).0)
}

/// How the project is analysed, as the arguments say.
pub(crate) fn options(args: &args::Scan) -> Options {
    Options { every_file: args.every_file, ..Options::default() }
}

/// Finds what the project shares.
pub(crate) fn scan(options: &Options, project: Project) -> Scanned {
    let (catalogue, mut problems) = catalogue_of(&project);
    let analysis = analyse(&project, &catalogue, options);
    problems.extend_from_slice(&project.problems);
    problems.extend_from_slice(&analysis.problems);
    problems.sort();
    problems.dedup();
    Scanned { project, catalogue, analysis, problems }
}

impl Scanned {
    /// The run to report.
    pub(crate) fn run<'a>(&'a self, findings: &'a [Finding], verbose: bool) -> Run<'a> {
        Run {
            sources: &self.project.sources,
            findings,
            shares: &self.analysis.shares,
            problems: &self.problems,
            skipped: &self.project.skipped,
            files_read: self.project.files_read,
            unread: &self.project.unread,
            catalogue: &self.catalogue,
            colour: colour(),
            verbose,
        }
    }
}

/// Whether standard output is to be coloured: <https://no-color.org>, <https://bixense.com/clicolors>.
fn colour() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = is_set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE") != Some("0".into());
    !is_set("NO_COLOR") && (forced || io::stdout().is_terminal())
}
