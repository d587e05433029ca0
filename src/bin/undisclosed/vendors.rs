//! `undisclosed vendors`: the vendors that are known.

use std::io::{self, Write};
use std::process::ExitCode;

use undisclosed::catalogue::freshness::{self, Package};
use undisclosed::catalogue::vendor::{Section, Vendor};
use undisclosed::catalogue::{Catalogue, ecosystem};
use undisclosed::ir::Name;
use undisclosed::policy::names::Known;
use undisclosed::report::vendors;

use crate::args::{ListFormat, Vendors};
use crate::{Outcome, scan};

/// Runs the subcommand.
pub(crate) fn run(args: &Vendors) -> Outcome {
    let catalogue = scan::catalogue();
    crate::print(|out| match (args.stale, args.format) {
        (true, _) => stale(&catalogue, out),
        (false, ListFormat::Table) => list(&catalogue, out),
        (false, ListFormat::Json) => vendors::json(&catalogue, out),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn list(catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    let head = ["id", "name", "languages", "calls", "verified", "unconfirmed"].map(str::to_owned);
    table(head, catalogue.vendors.values().map(row), out)?;
    let vendors = catalogue.vendors.values();
    if vendors.flat_map(|vendor| vendor.sections.keys()).any(|language| !ecosystem::is_read(language)) {
        writeln!(out, "\n* described, but no front end reads the language")?;
    }
    groups(catalogue, out)
}

/// The names under which a manifest covers several vendors. What has the name of a vendor stands for that vendor.
fn groups(catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    let known = Known::new(catalogue);
    let line = |(name, vendors): (&Name, &[&Vendor])| {
        let ids: Vec<&str> = vendors.iter().map(|vendor| &*vendor.id).collect();
        format!("{name}: {}", ids.join(", "))
    };
    let lines: Vec<String> = known.groups().map(line).collect();
    if !lines.is_empty() {
        writeln!(out, "\ngroups\n{}", lines.join("\n"))?;
    }
    Ok(())
}

fn stale(catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    let packages = freshness::packages();
    let stale: Vec<&Package> = packages.iter().filter(|package| package.is_stale()).collect();
    let text = |text: &Option<Name>| text.as_deref().unwrap_or_default().to_owned();
    if !stale.is_empty() {
        let head = ["vendor", "registry", "package", "verified", "newest", "looked up"].map(str::to_owned);
        let rows = stale.iter().map(|package| {
            let vendors: Vec<&str> = package.vendors(catalogue).into_iter().map(|vendor| &**vendor).collect();
            let (registry, name) = (package.registry.to_string(), package.name.to_string());
            let Package { verified, newest, looked_up, .. } = package;
            [vendors.join(", "), registry, name, text(verified), text(newest), text(looked_up)]
        });
        table(head, rows, out)?;
        writeln!(out)?;
    }
    let unknown = packages.iter().filter(|package| package.newest.is_none()).count();
    let (stale, all) = (stale.len(), packages.len());
    writeln!(out, "{stale} of {all} packages have a newer major version; of {unknown} the newest was not looked up")
}

fn table(head: [String; 6], rows: impl Iterator<Item = [String; 6]>, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    for row in &rows {
        let cells = row.iter().zip(widths);
        let line = cells.map(|(cell, width)| format!("{cell:width$}  "));
        writeln!(out, "{}", line.collect::<String>().trim_end())?;
    }
    Ok(())
}

fn row(vendor: &Vendor) -> [String; 6] {
    let languages: Vec<_> = vendor.sections.keys().map(|name| shown(name)).collect();
    let calls = vendor.sections.values().map(Section::calls).sum::<usize>() + vendor.endpoints.len();
    [
        vendor.id.to_string(),
        vendor.name.to_string(),
        languages.join(", "),
        calls.to_string(),
        vendor.verified.as_deref().unwrap_or("no").to_owned(),
        unconfirmed(vendor),
    ]
}

/// The sections that were never compared with the published SDKs, and how many calls no source confirms.
fn unconfirmed(vendor: &Vendor) -> String {
    let languages = vendor.sections.keys().filter(|language| vendor.verified_in(language).is_none());
    let mut parts: Vec<String> = languages.map(ToString::to_string).collect();
    let calls: usize = vendor.sections.values().map(|section| section.unconfirmed.len()).sum();
    match calls {
        0 => {}
        1 => parts.push("1 call".to_owned()),
        _ => parts.push(format!("{calls} calls")),
    }
    parts.join(", ")
}

fn shown(language: &str) -> String {
    let mark = if ecosystem::is_read(language) { "" } else { "*" };
    format!("{language}{mark}")
}
