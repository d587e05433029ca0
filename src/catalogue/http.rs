//! A vendor's own HTTP interface: `POST /v1/{identify|track} {userId: field}`.

use super::signature::parse::{Error, pattern};
use super::signature::{Pattern, text_fits};
use crate::ir::Name;

/// What stands in an address for a part that is not known.
pub const UNKNOWN: &str = "{}";

/// A request whose parts are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The method.
    pub method: Name,
    /// The segments of its path; `{a|b}` is one of several texts, `{name}` any one segment.
    pub segments: Vec<Name>,
    /// What its body is (its query, where a request of this method has no body); absent when it holds no data.
    pub body: Option<Pattern>,
}

impl Endpoint {
    /// Reads a line of `[http] calls`.
    pub(super) fn parse(line: &str) -> Result<Endpoint, Error> {
        let at_start = |message: &str| Error { at: 0, message: message.to_owned() };
        let Some((method, rest)) = line.split_once(' ') else {
            return Err(at_start("expected a method and a path"));
        };
        if method.is_empty() || !method.chars().all(|c| c.is_ascii_uppercase()) {
            return Err(at_start("expected a method such as `POST`"));
        }
        let start = line.len() - rest.len();
        let path = rest.split(' ').next().unwrap_or(rest);
        if !path.starts_with('/') {
            return Err(Error { at: start, message: "expected a path that starts with `/`".to_owned() });
        }
        let after = &rest[path.len()..];
        let body = match after.trim() {
            "" => None,
            _ => Some(pattern(after).map_err(|error| Error { at: start + path.len() + error.at, ..error })?),
        };
        Ok(Endpoint { method: method.into(), segments: segments(path).map(Name::from).collect(), body })
    }

    /// Whether this is a request with the method to the path, in which unknown parts are [`UNKNOWN`].
    pub fn matches(&self, method: &str, path: &str) -> bool {
        let found: Vec<&str> = segments(path).collect();
        *self.method == *method
            && found.len() == self.segments.len()
            && self.segments.iter().zip(found).all(|(template, found)| segment_fits(template, found))
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Whether a template such as `{identify|track}.json` describes a segment.
fn segment_fits(template: &str, found: &str) -> bool {
    if found == UNKNOWN {
        return true;
    }
    let Some((before, rest)) = template.split_once('{') else {
        return template == found;
    };
    let (inside, after) = rest.split_once('}').unwrap_or((rest, ""));
    let Some(found) = found.strip_prefix(before) else {
        return false;
    };
    if inside.contains('|') {
        inside.split('|').any(|choice| found.strip_prefix(choice).is_some_and(|found| segment_fits(after, found)))
    } else {
        found.strip_suffix(after).is_some_and(|name| !name.is_empty())
    }
}

/// The part of a host's pattern that every host of it ends with.
pub(in crate::catalogue) fn known_part(pattern: &str) -> &str {
    let known = pattern.rsplit_once('*').map_or(pattern, |(_, known)| known);
    known.trim_start_matches('.')
}

/// Whether a host is one of a vendor's: `*.` stands for any number of labels, any other `*` for a part of a label. The
/// longer the result, the more exactly it says so.
pub(super) fn host_fits(pattern: &str, host: &str) -> Option<usize> {
    let fits = match pattern.strip_prefix("*.") {
        Some(domain) => {
            let labels = domain.split('.').count();
            let start = host.rmatch_indices('.').nth(labels - 1).map_or(0, |(dot, _)| dot + 1);
            labels_fit(domain, &host[start..])
        }
        None => labels_fit(pattern, host),
    };
    fits.then_some(pattern.len())
}

fn labels_fit(pattern: &str, host: &str) -> bool {
    let (mut wanted, mut found) = (pattern.split('.'), host.split('.'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if !found.is_empty() && text_fits(wanted, found) => {}
            _ => return false,
        }
    }
}
