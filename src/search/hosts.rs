//! The hosts that code names outside comments, by the texts alone: what is not found here is never parsed.

use std::collections::BTreeSet;

use memchr::memmem::Finder;
use rayon::prelude::*;

use crate::catalogue::Catalogue;
use crate::catalogue::no_vendor::{self, NoVendors};
use crate::catalogue::unknown::Search;
use crate::lang;
use crate::project::Project;
use crate::source::{FileId, Source};

/// How much of the text before an address is looked at for the attribute that it stands in.
const BEFORE: usize = 24;

/// Adds the hosts of third parties that are not known, and the files that name them.
pub(super) fn find(project: &Project, catalogue: &Catalogue, search: &mut Search) {
    let files: Vec<FileId> = project.sources.ids().collect();
    let finder = Finder::new("//");
    let own = &search.own;
    let found: Vec<(FileId, BTreeSet<String>)> = files
        .into_par_iter()
        .map(|file| {
            let source = project.sources.get(file);
            let mut hosts = named(source, &finder, no_vendor::all());
            hosts.retain(|host| catalogue.is_stranger(host, own));
            (file, hosts)
        })
        .filter(|(_, hosts)| !hosts.is_empty())
        .collect();
    for (file, hosts) in found {
        search.files.insert(file);
        search.hosts.extend(hosts);
    }
}

/// The hosts of the addresses at the start of texts. Of one that is made of parts, the end that is known: `.acme.io`.
fn named(source: &Source, finder: &Finder<'_>, no_vendors: &NoVendors) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    let Some(language) = lang::of_path(&source.path) else {
        return hosts;
    };
    let text = &*source.text;
    for at in finder.find_iter(text.as_bytes()) {
        let before = &text[..at];
        let Some(before) = opening(before) else { continue };
        let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
        if language.comment_starts().iter().any(|start| line.starts_with(start)) || is_link(before, no_vendors) {
            continue;
        }
        hosts.extend(host(&text[at + 2..]));
    }
    hosts
}

/// What stands before the quote of an address whose `//` comes next.
fn opening(before: &str) -> Option<&str> {
    let colon = before.strip_suffix(':');
    let scheme = |scheme: &str| {
        let colon = colon?;
        let start = colon.len().checked_sub(scheme.len())?;
        let is_it = colon.as_bytes()[start..].eq_ignore_ascii_case(scheme.as_bytes());
        is_it.then(|| &colon[..start])
    };
    let start = scheme("https").or_else(|| scheme("http")).or(colon.is_none().then_some(before))?;
    let quoted = start.strip_suffix(['"', '\'', '`']);
    // An attribute needs no quotes (`<script src=https://…>`).
    quoted.or_else(|| start.ends_with('=').then_some(start).filter(|_| colon.is_some()))
}

/// Whether an address stands where a person follows it, or where it is a name: `href="`, `href={'`, `homepage: "`.
fn is_link(before: &str, no_vendors: &NoVendors) -> bool {
    let from = (0..=before.len().saturating_sub(BEFORE)).rev().find(|at| before.is_char_boundary(*at)).unwrap_or(0);
    let name = before[from..].trim_end_matches(['{', ' ', '=', ':', '"', '\'', '`']);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':');
    let start = name.rfind(|c: char| !is_part(c)).map_or(0, |at| at + 1);
    name.len() < before[from..].len() && no_vendors.is_link(name.get(start..).unwrap_or(name))
}

/// The host at the start of a text, or the end of it that is known: in lower case.
fn host(rest: &str) -> Option<String> {
    let end = rest.find(['/', '?', '#', '"', '\'', '`', '\\', ' ', '\n', '<', '>', ',', ';', ')']);
    let mut authority = &rest[..end.unwrap_or(rest.len())];
    // `${region}`, `{region}` and `%s` may hold what looks like an end: what follows the last of them counts.
    if let Some(gap) = authority.rfind(['{', '%']) {
        let closes: &[char] = if authority[gap..].starts_with('{') { &['}'] } else { &['s', 'd'] };
        let tail = authority[gap..].split_once(closes).map_or("", |(_, tail)| tail);
        authority = if tail.is_empty() { authority[..gap].trim_end_matches('$') } else { tail };
    }
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = authority.split(':').next().unwrap_or(authority);
    host.trim_start_matches('.').contains('.').then(|| host.to_ascii_lowercase())
}
