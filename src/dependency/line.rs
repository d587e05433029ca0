//! Lists that are read line by line: each line asks for one package, and blocks say what for.

use std::ops::Range;

use super::{Found, Purpose, purpose_of};

/// The lines of a text, each with the byte at which it starts.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// The place of a part of a line.
fn place(start: usize, line: &str, part: &str) -> Range<usize> {
    let offset = line.find(part).unwrap_or(0);
    start + offset..start + offset + part.len()
}

/// `requirements.txt`.
pub(super) fn requirements(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let code = line.split('#').next().unwrap_or(line).trim();
        // `-e git+https://…#egg=name`
        let egg = line.split_once("#egg=").and_then(|(_, egg)| requirement(egg));
        if let Some((name, range)) = egg.or_else(|| requirement(code)) {
            found.push(Found::new(name, place(start, line, name), Purpose::Run).in_version(range));
        }
    }
    found
}

/// The package and the versions of `requests[socks]>=2; python_version < "4"`; none for an option or an address.
pub(super) fn requirement(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let name = &text[..end];
    let after = text[end..].trim_start();
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let follows = after.is_empty() || after.starts_with(['[', '=', '<', '>', '!', '~', ';', '@', ',', '(', '\\', '-']);
    let own = after.split([';', '@', '\\']).next().unwrap_or(after);
    let range = own.find(['=', '>', '~']).map(|at| &own[at..]);
    (starts && follows).then_some((name, range))
}

/// `go.mod`.
pub(super) fn go_mod(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (start, line) in lines(text) {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let code = code.trim();
        let asked = match code.strip_prefix("require") {
            Some(rest) if rest.trim() == "(" => {
                in_block = true;
                continue;
            }
            Some(rest) if rest.starts_with(char::is_whitespace) => rest.trim(),
            _ if code == ")" => {
                in_block = false;
                continue;
            }
            _ if in_block => code,
            _ => continue,
        };
        // What others ask for is listed too.
        let mut words = asked.split_whitespace();
        if let (Some(package), false) = (words.next(), comment.trim().starts_with("indirect")) {
            found.push(Found::new(package, place(start, line, package), Purpose::Run).in_version(words.next()));
        }
    }
    found
}

/// `Gemfile` and `*.gemspec`.
pub(super) fn gems(text: &str) -> Vec<Found> {
    let mut found = blocks(text, "gem", "group");
    for (start, line) in lines(text) {
        let code = line.trim();
        let call = [".add_dependency", ".add_runtime_dependency"];
        if let (true, Some(name)) = (call.iter().any(|call| code.contains(call)), first_quoted(code)) {
            found.push(Found::new(name, place(start, line, name), Purpose::Run).in_version(second_quoted(code)));
        }
    }
    found
}

/// `Gemfile.lock`: what stands four spaces deep.
pub(super) fn gem_lock(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let Some(code) = line.strip_prefix("    ").filter(|code| !code.starts_with(' ')) else {
            continue;
        };
        if let Some((name, range)) = code.split_once(" (") {
            found.push(Found::new(name, place(start, line, name), Purpose::Run).in_version(Some(range)));
        }
    }
    found
}

/// `Podfile`.
pub(super) fn pods(text: &str) -> Vec<Found> {
    blocks(text, "pod", "target")
}

/// Lines `word 'package'`, in blocks `block 'name' do … end` whose name says what they are for.
fn blocks(text: &str, word: &str, block: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Vec<Purpose> = Vec::new();
    for (start, line) in lines(text) {
        let code = line.split('#').next().unwrap_or(line).trim();
        let argument = code.strip_prefix(word).filter(|rest| rest.starts_with([' ', '(', '\t']));
        if let Some(name) = argument.and_then(first_quoted) {
            // `gem "x", group: :test`
            let own = argument.and_then(|rest| rest.split_once("group")).map(|(_, group)| purpose_of(group));
            let around = open.iter().copied().max().unwrap_or(Purpose::Run);
            let purpose = own.unwrap_or(Purpose::Run).max(around);
            let range = argument.and_then(second_quoted);
            found.push(Found::new(name, place(start, line, name), purpose).in_version(range));
        }
        if code == "end" {
            open.pop();
        } else if code.ends_with(" do") || code.starts_with("if ") || code.starts_with("unless ") {
            let named = code.strip_prefix(block);
            open.push(named.map_or(Purpose::Run, purpose_of));
        }
    }
    found
}

/// `build.gradle` and `build.gradle.kts`.
pub(super) fn gradle(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let code = line.split("//").next().unwrap_or(line).trim();
        let end = code.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(code.len());
        let (configuration, rest) = code.split_at(end);
        let runs = configuration.to_lowercase();
        if !(runs.ends_with("implementation") || matches!(&*runs, "api" | "compile" | "runtimeonly")) {
            continue;
        }
        let map = |key: &str| rest.split_once(key).and_then(|(_, value)| first_quoted(value));
        let (package, part, range) = match (map("group:"), map("name:"), first_quoted(rest)) {
            (Some(group), Some(name), _) => (format!("{group}:{name}"), name, map("version:")),
            (_, _, Some(text)) if text.contains(':') => {
                let parts: Vec<&str> = text.splitn(3, ':').collect();
                (parts[..2].join(":"), text, parts.get(2).copied())
            }
            _ => continue,
        };
        found.push(Found::new(package, place(start, line, part), purpose_of(configuration)).in_version(range));
    }
    found
}

/// `Package.swift`: packages are addresses.
pub(super) fn swift_package(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let code = line.trim();
        let address =
            code.split_once("url:").filter(|_| !code.starts_with("//")).and_then(|(_, rest)| first_quoted(rest));
        let Some(address) = address else { continue };
        let package = address.split_once("://").map_or(address, |(_, rest)| rest);
        let package = package.trim_start_matches("git@").replacen(".com:", ".com/", 1);
        let package = package.trim_end_matches('/').trim_end_matches(".git");
        let range = code.split_once(address).and_then(|(_, rest)| second_quoted(rest));
        found.push(Found::new(package, place(start, line, address), Purpose::Run).in_version(range));
    }
    found
}

/// The first text in quotes.
fn first_quoted(text: &str) -> Option<&str> {
    let start = text.find(['"', '\''])?;
    let quote = text[start..].chars().next()?;
    let inside = &text[start + 1..];
    Some(&inside[..inside.find(quote)?])
}

/// The second text in quotes, where it is a range of versions.
fn second_quoted(text: &str) -> Option<&str> {
    let first = first_quoted(text)?;
    let rest = &text[text.find(first)? + first.len() + 1..];
    first_quoted(rest).filter(|range| !range.starts_with(|char: char| char.is_alphabetic()))
}
