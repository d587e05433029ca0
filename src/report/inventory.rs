//! What is shared, without the policy's opinion: vendor × field × place, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::Run;
use super::json::VERSION;
use super::place::{Start, count, one_line, place, plain};
use super::summary::{Summary, notes};
use crate::catalogue::Share;
use crate::catalogue::unknown::{Kind, ThirdParty};
use crate::source::{Sources, Span};

/// How many places of one field the table shows when not all are asked for.
const PLACES: usize = 3;
/// The widest that a column of field names gets.
const WIDEST: usize = 40;
/// How much of an expression is quoted.
const QUOTED: usize = 120;

/// Writes a table per vendor: its fields, and the places that supply each; then the same for what looks like a third
/// party that is not known, where that was asked for.
///
/// # Errors
///
/// Only those of `out`.
pub fn table(run: &Run, unknown: Option<&[ThirdParty]>, out: &mut dyn Write) -> io::Result<()> {
    let mut vendors: BTreeMap<&str, Received> = BTreeMap::new();
    for share in run.shares {
        vendors.entry(&share.vendor).or_default().add(run.sources, share);
    }
    for (id, received) in &vendors {
        let name = run.catalogue.vendor(id).map_or(*id, |vendor| &*vendor.name);
        writeln!(out, "{} ({})", plain(name), plain(id))?;
        received.write(run.verbose, out)?;
        writeln!(out)?;
    }
    if let Some(unknown) = unknown {
        write_unknown(run, unknown, out)?;
    }
    for note in notes(run) {
        writeln!(out, "note: {note}")?;
    }
    let summary = Summary::new(run);
    let fields = vendors.values().map(|received| received.fields.len()).sum();
    writeln!(
        out,
        "{} · {} · {} · {} read",
        count(summary.vendors, "vendor"),
        count(fields, "field"),
        count(summary.shares, "share"),
        count(summary.files_read, "file"),
    )
}

/// Writes every share, as docs/json.md describes.
///
/// # Errors
///
/// Only those of `out`.
pub fn json(run: &Run, unknown: Option<&[ThirdParty]>, out: &mut dyn Write) -> io::Result<()> {
    let parties = unknown.map(|parties| {
        let parties = parties.iter();
        parties
            .map(|party| PartyDto {
                name: &party.name,
                kind: kind(party),
                shares: shares_of(run.sources, &party.shares),
            })
            .collect()
    });
    let document = Document { version: VERSION, shares: shares_of(run.sources, run.shares), third_parties: parties };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn shares_of<'a>(sources: &Sources, shares: &'a [Share]) -> Vec<ShareDto<'a>> {
    shares.iter().map(|share| ShareDto::new(sources, share)).collect()
}

fn write_unknown(run: &Run, unknown: &[ThirdParty], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Not in the catalogue, but looks like a third party:\n")?;
    for party in unknown {
        let mut received = Received::default();
        for share in &party.shares {
            received.add(run.sources, share);
        }
        writeln!(out, "{} ({})", plain(&party.name), kind(party))?;
        received.write(run.verbose, out)?;
        writeln!(out)?;
    }
    if unknown.is_empty() {
        writeln!(out, "  nothing\n")?;
    }
    Ok(())
}

fn kind(party: &ThirdParty) -> &'static str {
    match party.kind {
        Kind::Host => "host",
        Kind::Package => "package",
    }
}

/// What a vendor receives.
#[derive(Default)]
struct Received {
    /// The places that supply a field, by its path.
    fields: BTreeMap<String, BTreeSet<Row>>,
    /// The places of what could not be seen, by the path below which it lies.
    opaque: BTreeMap<String, BTreeSet<Row>>,
    /// The calls that hand over nothing that is known.
    bare: BTreeSet<Row>,
}

/// A place, ordered by file and line.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    file: String,
    line: usize,
    /// The call, or why nothing could be seen.
    about: String,
}

impl Row {
    fn new(sources: &Sources, span: Span, about: &str) -> Row {
        let place = place(sources, span);
        Row { file: place.file, line: place.line, about: plain(about) }
    }
}

impl Received {
    fn add(&mut self, sources: &Sources, share: &Share) {
        let mut seen = false;
        for field in share.fields.iter().filter(|f| !(f.hole && share.called)) {
            let rows = self.fields.entry(plain(&field.path)).or_default();
            rows.insert(Row::new(sources, field.at, &share.api));
            seen = true;
        }
        for part in share.opaque.iter().filter(|p| !(p.hole && share.called)) {
            let rows = self.opaque.entry(plain(&part.path)).or_default();
            rows.insert(Row::new(sources, part.at, &part.reason));
            seen = true;
        }
        let last = share.chain.last().filter(|_| !seen && !share.called);
        self.bare.extend(last.map(|call| Row::new(sources, *call, &share.api)));
    }

    fn write(&self, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
        let unseen: Vec<_> = self
            .opaque
            .iter()
            .map(|(path, rows)| match &**path {
                "" => ("?".to_owned(), rows),
                path => (format!("{path}.?"), rows),
            })
            .collect();
        let fields = self.fields.iter().map(|(path, rows)| (path.clone(), rows));
        let mut lines: Vec<_> = fields.chain(unseen).collect();
        if !self.bare.is_empty() {
            lines.push(("(no field)".to_owned(), &self.bare));
        }
        let width = lines.iter().map(|(path, _)| path.chars().count()).max();
        let width = width.unwrap_or(0).min(WIDEST);
        for (path, rows) in lines {
            let most = if verbose { rows.len() } else { PLACES };
            let mut label = path.as_str();
            if label.chars().count() > width {
                writeln!(out, "  {label}")?;
                label = "";
            }
            for row in rows.iter().take(most) {
                let Row { file, line, about } = row;
                writeln!(out, "  {label:width$}  {file}:{line}  {about}")?;
                label = "";
            }
            if rows.len() > most {
                let more = rows.len() - most;
                writeln!(out, "  {:width$}  and {more} more", "")?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    shares: Vec<ShareDto<'a>>,
    /// Absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    third_parties: Option<Vec<PartyDto<'a>>>,
}

#[derive(Serialize)]
struct PartyDto<'a> {
    name: &'a str,
    kind: &'a str,
    shares: Vec<ShareDto<'a>>,
}

#[derive(Serialize)]
struct ShareDto<'a> {
    vendor: &'a str,
    api: &'a str,
    event: Option<&'a str>,
    /// The vendor call.
    call: Option<Start>,
    /// The vendor call, then each call outwards to the one that supplies data.
    chain: Vec<Start>,
    fields: Vec<FieldDto<'a>>,
    /// Whether part of the payload cannot be seen at the call itself.
    opaque: bool,
    unknown: Vec<UnknownDto<'a>>,
}

#[derive(Serialize)]
struct FieldDto<'a> {
    path: &'a str,
    /// The expression that its value is read from.
    from: Option<String>,
    at: Start,
    /// Which place of the chain supplies it.
    hop: usize,
    /// Whether the callers supply its value, and name it in shares of their own.
    by_caller: bool,
}

#[derive(Serialize)]
struct UnknownDto<'a> {
    path: &'a str,
    at: Start,
    hop: usize,
    reason: &'a str,
    by_caller: bool,
}

impl<'a> ShareDto<'a> {
    fn new(sources: &Sources, share: &'a Share) -> ShareDto<'a> {
        let at = |span: Span| Start::new(sources, span);
        let fields = share.fields.iter().map(|field| FieldDto {
            path: &field.path,
            from: field.from.map(|span| one_line(sources.slice(span), QUOTED)),
            at: at(field.at),
            hop: field.hop,
            by_caller: field.hole && share.called,
        });
        let unknown = share.opaque.iter().map(|part| UnknownDto {
            path: &part.path,
            at: at(part.at),
            hop: part.hop,
            reason: &part.reason,
            by_caller: part.hole && share.called,
        });
        ShareDto {
            vendor: &share.vendor,
            api: &share.api,
            event: share.event.as_deref(),
            call: share.chain.first().map(|span| at(*span)),
            chain: share.chain.iter().map(|span| at(*span)).collect(),
            fields: fields.collect(),
            opaque: !share.opaque.is_empty(),
            unknown: unknown.collect(),
        }
    }
}
