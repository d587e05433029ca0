//! What a search for third parties that the catalogue does not know looks at: hosts that code names, packages that are
//! used like the client of a service, and the project's own domains.

use std::collections::BTreeSet;

use crate::catalogue::unknown::Search;
use crate::catalogue::{Catalogue, no_vendor};
use crate::dependency::{self, Dependency, Own};
use crate::flow::program::Program;
use crate::project::Project;

mod hosts;
mod packages;

/// What of a project may lead to unknown third parties, beside the packages that it is known to depend on.
pub fn search(program: &Program, project: &Project, catalogue: &Catalogue, dependencies: &[Dependency]) -> Search {
    let own = dependency::own(&project.sources, &project.lists);
    let mut search = Search { own: domains(&own), ..Search::default() };
    hosts::find(project, catalogue, &mut search);
    let candidates = packages::candidates(catalogue, dependencies, &own);
    packages::find(program, project, catalogue, candidates, &mut search);
    search
}

/// The domains of the project's home. One that many projects share is none of its own.
fn domains(own: &Own) -> BTreeSet<String> {
    let host = |address: &String| {
        let host = address.split_once("://")?.1.split(['/', ':', '?', '#']).next()?;
        Some(host.trim_start_matches("www.").to_ascii_lowercase())
    };
    own.homes.iter().filter_map(host).filter(|host| host.contains('.') && !no_vendor::all().is_shared(host)).collect()
}
