//! The address of a request: its host, path and query, as far as they are known.

use super::http::UNKNOWN;
use crate::flow::{Shape, ShapeKind};

/// How many addresses one value may stand for.
const VARIANTS: usize = 16;

/// How deep an address may be composed.
const DEPTH: usize = 16;

/// Stands in the text for a value that is not known.
const GAP: char = '\u{0}';

/// A text with gaps, and the values in the gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Gapped<'a> {
    text: String,
    gaps: Vec<&'a Shape>,
}

/// An address with a known host.
#[derive(Clone, Debug)]
pub(super) struct Address<'a> {
    /// The host in lower case; a gap stands for any text.
    pub(super) host: String,
    /// The path, with [`UNKNOWN`] for what is not known.
    pub(super) path: String,
    /// The names and values of the query.
    pub(super) query: Vec<Pair<'a>>,
}

/// A name and a value of a query or a form.
#[derive(Clone, Debug)]
pub(super) enum Pair<'a> {
    /// A name with the values that are in its value; none where the value is a known text.
    Named(String, Vec<&'a Shape>),
    /// A value that stands in the place of names.
    Unnamed(&'a Shape),
}

/// The texts that a value may stand for.
pub(super) fn texts(shape: &Shape) -> Vec<Gapped<'_>> {
    let mut all = variants(shape, 0);
    all.truncate(VARIANTS);
    all
}

fn variants(shape: &Shape, depth: usize) -> Vec<Gapped<'_>> {
    let gap = || Gapped { text: GAP.to_string(), gaps: vec![shape] };
    match &shape.kind {
        _ if depth > DEPTH => vec![gap()],
        ShapeKind::Text(text) => vec![Gapped { text: text.replace(GAP, ""), gaps: Vec::new() }],
        ShapeKind::OneOf(all) => all
            .iter()
            .filter(|one| one.kind != ShapeKind::Nothing)
            .flat_map(|one| variants(one, depth + 1))
            .take(VARIANTS)
            .collect(),
        ShapeKind::Concat(parts) => {
            let mut all = vec![Gapped::default()];
            for part in parts {
                let endings = variants(part, depth + 1);
                let longer = all.iter().flat_map(|start| endings.iter().map(|end| start.followed_by("", end)));
                all = longer.take(VARIANTS).collect();
            }
            all
        }
        _ => vec![gap()],
    }
}

impl<'a> Gapped<'a> {
    fn followed_by(&self, between: &str, end: &Gapped<'a>) -> Gapped<'a> {
        Gapped {
            text: format!("{}{between}{}", self.text, end.text),
            gaps: self.gaps.iter().chain(&end.gaps).copied().collect(),
        }
    }

    /// Whether the text itself says which host it is about.
    fn is_absolute(&self) -> bool {
        let is_scheme = |start: &str| !start.is_empty() && start.chars().all(|c| c.is_ascii_alphanumeric() || c == '+');
        self.text.starts_with("//")
            || self.text.split_once("://").is_some_and(|(start, _)| is_scheme(start.trim_start()))
    }

    /// Whether the text is a host alone, as options that give host and path apart have it.
    fn is_host(&self) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | GAP);
        self.text.contains('.') && self.text.chars().all(is_part)
    }

    /// The address, relative to a base where it is relative.
    pub(super) fn address(&self, base: Option<&Gapped<'a>>) -> Option<Address<'a>> {
        let whole = match base {
            Some(base) if !self.is_absolute() => {
                let end = Gapped { text: self.text.trim_start_matches('/').to_owned(), gaps: self.gaps.clone() };
                let scheme = if base.is_host() { "//" } else { "" };
                let start =
                    Gapped { text: format!("{scheme}{}", base.text.trim_end_matches('/')), gaps: base.gaps.clone() };
                start.followed_by(if end.text.is_empty() { "" } else { "/" }, &end)
            }
            _ => self.clone(),
        };
        if !whole.is_absolute() {
            return None;
        }
        let (_, rest) = whole.text.split_once("//")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        // `https://api.example.com${path}`: what follows a whole host is a path.
        let host = host.trim_end_matches(GAP).to_ascii_lowercase();
        if host.is_empty() {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or("");
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let before = whole.text.len() - whole.text.split_once('?').map_or(0, |(_, after)| after.len());
        let used = whole.text[..before].matches(GAP).count();
        let mut path = path.to_owned();
        if authority.ends_with(GAP) && path.is_empty() {
            path = format!("/{GAP}");
        }
        Some(Address { host, path: shown(&path), query: pairs(query, whole.gaps.get(used..).unwrap_or(&[])) })
    }

    /// The pairs of a form, where the text is one (`a=1&b=${x}`).
    pub(super) fn form(&self) -> Option<Vec<Pair<'a>>> {
        let (name, _) = self.text.split_once('=')?;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
        (!name.is_empty() && name.chars().all(is_part)).then(|| pairs(&self.text, &self.gaps))
    }
}

impl Address<'_> {
    /// What follows the last gap of the host, where it has one.
    pub(super) fn known_end(&self) -> Option<&str> {
        self.host.rsplit_once(GAP).map(|(_, known)| known)
    }

    /// How exactly a host of a vendor's is the one of this address.
    pub(super) fn host_fits(&self, pattern: &str) -> Option<usize> {
        let host = &*self.host;
        let domain = pattern.strip_prefix("*.");
        let Some((_, known)) = host.rsplit_once(GAP) else {
            return super::http::host_fits(pattern, host);
        };
        // Of a host with a gap, the domain has to be known.
        let named = known.trim_start_matches(|c| c != '.').trim_start_matches('.');
        if !named.contains('.') {
            return None;
        }
        let fits = match domain {
            Some(domain) if !domain.contains('*') => format!(".{named}").ends_with(&format!(".{domain}")),
            _ if pattern.contains('*') => {
                // A gap is some text that fits where a `*` stands.
                return super::http::host_fits(pattern, &host.replace(GAP, "x"));
            }
            Some(_) => false,
            None => {
                let start = host.split(GAP).next().unwrap_or("");
                pattern.starts_with(start) && pattern.ends_with(known)
            }
        };
        fits.then_some(pattern.len())
    }
}

fn shown(path: &str) -> String {
    let mut shown = String::with_capacity(path.len());
    for c in path.chars() {
        if c != GAP {
            shown.push(c);
        } else if !shown.ends_with(UNKNOWN) {
            shown.push_str(UNKNOWN);
        }
    }
    if shown.is_empty() {
        shown.push('/');
    }
    shown
}

fn pairs<'a>(text: &str, gaps: &[&'a Shape]) -> Vec<Pair<'a>> {
    let mut gaps = gaps.iter().copied();
    let mut pairs = Vec::new();
    for part in text.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let in_name: Vec<&Shape> = gaps.by_ref().take(name.matches(GAP).count()).collect();
        let in_value = gaps.by_ref().take(value.matches(GAP).count()).collect();
        match in_name.first() {
            None => pairs.push(Pair::Named(name.to_owned(), in_value)),
            Some(_) => pairs.extend(in_name.into_iter().map(Pair::Unnamed)),
        }
    }
    pairs
}
