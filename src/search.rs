//! What a search for third parties that the catalogue does not know looks at: hosts that code names, packages that are
//! used like the client of a service, and the project's own domains.

use std::collections::BTreeSet;

use crate::catalogue::unknown::Search;
use crate::catalogue::{Catalogue, no_vendor};
use crate::flow::program::Program;
use crate::project::Project;

mod hosts;
mod packages;

/// What of a project may lead to unknown third parties.
pub fn search(program: &Program, project: &Project, catalogue: &Catalogue) -> Search {
    let mut search = Search { own: own_domains(project), ..Search::default() };
    hosts::find(project, catalogue, &mut search);
    packages::find(program, project, catalogue, &mut search);
    search
}

/// The domains that the project's lists of packages name as its home. One that many projects share is none of its own.
fn own_domains(project: &Project) -> BTreeSet<String> {
    let mut domains = BTreeSet::new();
    for file in &project.lists {
        let lines = project.sources.get(*file).text.lines();
        for (_, address) in lines.filter_map(|line| line.split_once("omepage")) {
            let host = address.split("://").nth(1).and_then(|rest| rest.split(['/', '"', ':', '#', '\'']).next());
            let host = host.unwrap_or("").trim_start_matches("www.").to_ascii_lowercase();
            if host.contains('.') && !no_vendor::all().is_shared(&host) {
                domains.insert(host);
            }
        }
    }
    domains
}
