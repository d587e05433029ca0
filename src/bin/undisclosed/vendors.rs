//! `undisclosed vendors`: the vendors that are known.

use std::io::{self, Write};
use std::process::ExitCode;

use undisclosed::catalogue::Catalogue;
use undisclosed::catalogue::vendor::Vendor;

use crate::Outcome;

/// Runs the subcommand.
pub(crate) fn run() -> Outcome {
    let catalogue = Catalogue::embedded();
    crate::print(|out| table(&catalogue, out))?;
    Ok(ExitCode::SUCCESS)
}

fn table(catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    let head = ["id", "name", "languages", "calls", "verified"].map(str::to_owned);
    let mut rows = vec![head];
    rows.extend(catalogue.vendors.values().map(row));
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    for row in &rows {
        let cells = row.iter().zip(widths);
        let line = cells.map(|(cell, width)| format!("{cell:width$}  "));
        writeln!(out, "{}", line.collect::<String>().trim_end())?;
    }
    Ok(())
}

fn row(vendor: &Vendor) -> [String; 5] {
    let languages: Vec<_> = vendor.sections.keys().map(|name| &**name).collect();
    let clients = vendor.sections.values().flat_map(|one| &one.clients);
    let calls = clients.map(|client| client.calls.len()).sum::<usize>() + vendor.endpoints.len();
    [
        vendor.id.to_string(),
        vendor.name.to_string(),
        languages.join(", "),
        calls.to_string(),
        vendor.verified.as_deref().unwrap_or("no").to_owned(),
    ]
}
