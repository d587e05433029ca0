//! `undisclosed explain`: the page of a check, or what is known about a vendor.

use std::io::{self, Write};
use std::process::ExitCode;

use undisclosed::catalogue::client::{ClientPath, ClientStep};
use undisclosed::catalogue::signature::{Act, Params, Pattern, Signature, Step};
use undisclosed::catalogue::vendor::{Section, Vendor};
use undisclosed::catalogue::{Catalogue, ecosystem};
use undisclosed::check;
use undisclosed::flow::Root;
use undisclosed::ir::Name;
use undisclosed::policy::names::{Known, Named, members};

use crate::args::Explain;
use crate::{Failure, Outcome, scan};

mod facts;

/// How like a name must be to be proposed.
const LIKE: f64 = 0.75;

/// Runs the subcommand.
pub(crate) fn run(args: &Explain) -> Outcome {
    if let Some(page) = check::page(&args.subject) {
        crate::print(|out| writeln!(out, "{}", page.trim_end()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let catalogue = scan::catalogue();
    match Known::new(&catalogue).named(&args.subject) {
        Some(Named::Vendor(vendor)) => crate::print(|out| write(vendor, &catalogue, out))?,
        Some(Named::Group(name, vendors)) => crate::print(|out| write_group(name, vendors, out))?,
        None => return Err(unknown(&args.subject, &catalogue)),
    }
    Ok(ExitCode::SUCCESS)
}

fn unknown(subject: &str, catalogue: &Catalogue) -> Failure {
    let vendors = catalogue.vendors.values();
    let names = vendors.flat_map(|vendor| [&vendor.id].into_iter().chain(&vendor.aliases).chain(&vendor.groups));
    let mut near: Vec<_> = names
        .map(|name| &**name)
        .chain(check::ids())
        .map(|name| (strsim::jaro_winkler(&subject.to_lowercase(), name), name))
        .filter(|(likeness, _)| *likeness > LIKE)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let help = match near.first() {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => format!("`undisclosed vendors` lists the vendors; the checks are {}", check::ids().join(", ")),
    };
    Failure(format!("`{subject}` is no check, vendor or group that is known\nhelp: {help}"))
}

fn write_group(name: &str, vendors: &[&Vendor], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {name}, a group of vendors\n\nA heading `[vendor.{name}]` of the manifest covers\n")?;
    for vendor in vendors {
        writeln!(out, "{:20} {}", vendor.id, vendor.name)?;
    }
    writeln!(out, "\n`covers` in that heading lists fewer, or others")
}

/// The groups of a vendor, each with the others in it.
fn groups(vendor: &Vendor, catalogue: &Catalogue) -> Vec<String> {
    let with = |group: &Name| {
        let others: Vec<_> = members(catalogue, group).into_iter().filter(|other| other.id != vendor.id).collect();
        let others: Vec<&Name> = others.iter().map(|other| &other.id).collect();
        if others.is_empty() { group.to_string() } else { format!("{group} (with {})", list(&others)) }
    };
    vendor.groups.iter().map(with).collect()
}

fn write(vendor: &Vendor, catalogue: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    let router = if vendor.router { ", which passes data on to other vendors" } else { "" };
    writeln!(out, "# {} ({})\n\n{}{router}\n", vendor.name, vendor.id, vendor.category)?;
    let verified = vendor.verified.as_deref().unwrap_or("not yet");
    for (label, value) in [
        ("also called", list(&vendor.aliases)),
        ("groups", list(&groups(vendor, catalogue))),
        ("legal entity", vendor.entity.to_string()),
        ("home page", vendor.home.to_string()),
        ("documentation", vendor.docs.to_string()),
        ("verified", verified.to_owned()),
        ("compared with", list(&vendor.sources)),
        ("made for", list(&vendor.expects)),
        ("hosts", list(&vendor.hosts)),
        ("environment", list(&vendor.env)),
        ("files", list(&vendor.files)),
    ] {
        if !value.is_empty() {
            writeln!(out, "{label:14} {value}")?;
        }
    }
    for (language, section) in &vendor.sections {
        let known = ecosystem::all().get(language);
        let name = known.map_or(&**language, |known| &known.name);
        let read = if ecosystem::is_read(language) { "" } else { " (described, but not read)" };
        writeln!(out, "\n## Calls in {name}{read}\n")?;
        if vendor.verified_in(language).is_none() {
            writeln!(out, "not compared with the published SDK")?;
        }
        write_section(section, out)?;
    }
    if !vendor.endpoints.is_empty() {
        writeln!(out, "\n## HTTP requests\n")?;
        for endpoint in &vendor.endpoints {
            let path = endpoint.segments.join("/");
            writeln!(out, "  {} /{}", endpoint.method, path.trim_start_matches('/'))?;
        }
    }
    facts::write(vendor, out)
}

fn write_section(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    for (label, names) in
        [("packages", &section.packages), ("globals", &section.globals), ("unconfirmed", &section.unconfirmed)]
    {
        if !names.is_empty() {
            writeln!(out, "{label:14} {}", list(names))?;
        }
    }
    for client in &section.clients {
        let paths: Vec<_> = client.paths.iter().map(client_path).collect();
        writeln!(out, "\n{} = {}", client.name, paths.join(", "))?;
        for call in &client.calls {
            writeln!(out, "  {}", signature(call))?;
        }
    }
    for object in &section.objects {
        writeln!(out, "\n{}", client_path(&object.path))?;
        for call in &object.calls {
            writeln!(out, "  {}", signature(call))?;
        }
    }
    Ok(())
}

fn list<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}

fn client_path(path: &ClientPath) -> String {
    let mut text = match &path.root {
        Root::Package(name) => name.to_string(),
        Root::Global(name) => format!("global:{name}"),
    };
    let mut separator = match path.root {
        Root::Package(_) => ":",
        Root::Global(_) => ".",
    };
    for step in &path.steps {
        match step {
            ClientStep::Member(name) => text.extend([separator, name]),
            ClientStep::Any => text.extend([separator, "*"]),
            ClientStep::Call => text.push_str("()"),
            ClientStep::With(given) => text.push_str(&params(given)),
        }
        separator = ".";
    }
    text
}

/// A call as its vendor documents it: what is ignored is left out, and what is data is named as it is reported.
fn signature(signature: &Signature) -> String {
    let mut text = String::new();
    for step in &signature.steps {
        match step {
            Step::Member(name) => member(&mut text, name),
            Step::Any => member(&mut text, "*"),
            Step::Like(start) => member(&mut text, &format!("{start}*")),
            Step::Call(call) => text.push_str(&params(call)),
        }
    }
    match &signature.act {
        Act::Call(call) => text.push_str(&params(call)),
        Act::Assign(value) => text.extend([" = ", &pattern(value).join(", ")]),
        Act::Literal(value) => text.extend([" { ", &pattern(value).join(", "), " }"]),
    }
    if let Some(condition) = &signature.condition {
        text.push_str(&format!("  ({} {})", condition.package, condition.version));
    }
    text
}

fn member(text: &mut String, name: &str) {
    if !text.is_empty() {
        text.push('.');
    }
    text.push_str(name);
}

fn params(params: &Params) -> String {
    let listed = params.list.iter().map(|param| &param.pattern);
    let parts: Vec<_> = listed.chain(&params.rest).flat_map(pattern).collect();
    format!("({})", parts.join(", "))
}

/// What an argument hands over.
fn pattern(pattern_: &Pattern) -> Vec<String> {
    match pattern_ {
        Pattern::Field(path) => vec![path.to_string()],
        Pattern::Payload(path) if path.is_empty() => vec!["…".to_owned()],
        Pattern::Payload(path) | Pattern::Key(path) => vec![format!("{path}.…")],
        Pattern::Event => vec!["event".to_owned()],
        Pattern::Text(text) => vec![format!("{text:?}")],
        Pattern::Entity => vec!["entity".to_owned()],
        Pattern::Routes => vec!["routes".to_owned()],
        Pattern::Value | Pattern::Vendor | Pattern::Given(_) | Pattern::Ignore | Pattern::Request(_) => Vec::new(),
        Pattern::Record(record) => {
            let entries = record.entries.iter().map(|(_, entry)| entry);
            let rest = record.rest.as_deref();
            entries.chain(rest).flat_map(pattern).collect()
        }
        Pattern::Tuple(parts) | Pattern::OneOf(parts) => parts.iter().flat_map(pattern).collect(),
        Pattern::List(element) => pattern(element),
    }
}
