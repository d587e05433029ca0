//! What is known about a vendor besides its calls.

use std::io::{self, Write};

use undisclosed::catalogue::vendor::{ConsentState, Region, Setting, SettingKind, Test, Trigger, Vendor};

use super::list;

/// Writes the facts, a heading for each kind that there is.
pub(super) fn write(vendor: &Vendor, out: &mut dyn Write) -> io::Result<()> {
    section(
        out,
        "Collected without a call",
        vendor.collects.iter().map(|collects| {
            let versions = collects.versions.as_ref();
            let versions = versions.map(|versions| format!(" ({} {})", versions.package, versions.version));
            let mut line =
                format!("{}{}: {}", trigger(&collects.when), versions.unwrap_or_default(), list(&collects.data));
            for (word, settings) in [("if", &collects.only_if), ("unless", &collects.unless)] {
                if !settings.is_empty() {
                    line.push_str(&format!(", {word} {}", any_of(settings)));
                }
            }
            line
        }),
    )?;
    section(
        out,
        "Kept back",
        vendor
            .masks
            .iter()
            .map(|mask| format!("{}{}: by {}", about(mask.when.as_ref()), list(&mask.data), any_of(&mask.by))),
    )?;
    section(
        out,
        "Consent",
        vendor.consent.iter().map(|consent| {
            let state = match consent.state {
                ConsentState::Granted => "granted",
                ConsentState::Denied => "denied",
                ConsentState::Asked => "asked for first",
            };
            format!("{}{state}: by {}", about(consent.when.as_ref()), any_of(&consent.by))
        }),
    )?;
    section(
        out,
        "Read from it",
        vendor.reads.iter().map(|reads| format!("{}: {}", trigger(&reads.when), list(&reads.data))),
    )?;
    section(out, "Passes data on", vendor.routes.iter().map(|(name, id)| format!("{name}: {id}")))?;
    section(out, "Regions", vendor.regions.iter().map(|(name, one)| format!("{name}: {}", region(one))))
}

fn section(out: &mut dyn Write, heading: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {heading}\n")?;
    for line in lines {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Load => "its script or picture".to_owned(),
        Trigger::Import { language, package } => format!("{language}: import of {package}"),
        Trigger::Client { language, client, call: None } => format!("{language}: {client}"),
        Trigger::Client { language, client, call: Some(call) } => format!("{language}: {client}.{call}"),
    }
}

fn about(when: Option<&Trigger>) -> String {
    when.map_or_else(String::new, |when| format!("{}: ", trigger(when)))
}

fn region(region: &Region) -> String {
    let mut parts = Vec::new();
    if region.default {
        parts.push("where nothing is said".to_owned());
    }
    if !region.hosts.is_empty() {
        parts.push(list(&region.hosts));
    }
    if !region.options.is_empty() {
        parts.push(format!("chosen by `{}`", region.options.join("`, `")));
    }
    if !region.by.is_empty() {
        parts.push(any_of(&region.by));
    }
    parts.join("; ")
}

fn any_of(settings: &[Setting]) -> String {
    let all: Vec<String> = settings.iter().map(setting).collect();
    all.join(" or ")
}

fn setting(setting: &Setting) -> String {
    let name = &setting.name;
    let what = match setting.kind {
        SettingKind::Option => format!("`{name}`"),
        SettingKind::Hook => format!("the function `{name}`"),
        SettingKind::Call => format!("the call `{name}`"),
        SettingKind::Attribute => format!("the attribute `{name}`"),
        SettingKind::Class => format!("the class `{name}`"),
        SettingKind::Env => format!("the variable `{name}`"),
        SettingKind::Credential => format!("a credential `{name}`"),
        SettingKind::Resource => format!("the resource's `{name}`"),
    };
    match &setting.test {
        Test::Given => what,
        Test::Is(value) => format!("{what} is {value}"),
        Test::IsNot(value) => format!("{what} is not {value}"),
    }
}
