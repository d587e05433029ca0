//! `opaque-payload`: part of a payload cannot be known from the source.

use std::collections::BTreeSet;

use super::{Check, Context};
use crate::catalogue::OpaquePart;
use crate::finding::{Finding, Level};
use crate::policy::path::FieldPattern;

/// The longest expression that a help quotes.
const LONGEST: usize = 60;

/// See the module.
pub(super) struct OpaquePayload;

impl Check for OpaquePayload {
    fn id(&self) -> &'static str {
        "opaque-payload"
    }

    fn level(&self) -> Level {
        Level::Warn
    }

    fn page(&self) -> &'static str {
        include_str!("../../rules/checks/opaque-payload.md")
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for share in context.shares {
            let Some(heading) = context.nearest(&share.vendor) else {
                continue;
            };
            let of = context.of_heading(&share.vendor, heading);
            // A declared type is taken at its word.
            let parts = share.opaque.iter().filter(|part| !part.beyond_type);
            let parts = parts.filter(|part| !(share.called && part.hole));
            for part in parts.filter(|part| !context.policy.allows_all_below(&share.vendor, &part.path)) {
                // Several calls may lead here, each with its own reason: one of them is enough.
                if !seen.insert((&share.vendor, part.at, &part.path)) {
                    continue;
                }
                let mut labels = context.labels(share, part.at, part.hop, "not known here");
                labels.extend(context.declarations(&share.vendor));
                let name = context.vendor_name(&share.vendor);
                let what = match &*part.path {
                    "" => format!("what goes to {name}"),
                    path => format!("what goes to {name} in `{path}`"),
                };
                findings.push(Finding {
                    check: self.id(),
                    level: self.level(),
                    message: format!("{what} cannot be known: {}", part.reason),
                    labels,
                    help: help(part, context.sources.slice(part.at), &of),
                    vendor: Some(share.vendor.to_string()),
                    field: Some(part.path.clone()),
                });
            }
        }
    }
}

/// What would settle it: what `flow` knows to help, else the declared type of the expression that is not known.
fn help(part: &OpaquePart, written: &str, of: &str) -> Vec<String> {
    let below = match &*part.path {
        "" => "**".into(),
        path => format!("{}.**", FieldPattern::of_path(path).text),
    };
    let is_short = written.len() <= LONGEST && !written.is_empty() && !written.contains(['\n', '{', '`', ';']);
    let settle = match &part.hint {
        Some(hint) => hint.to_string(),
        None if is_short => format!("declare the type of `{written}` with its fields, or write them where it is sent"),
        None => "write its fields where it is sent, or declare its type".into(),
    };
    vec![settle, format!("if the vendor may receive whatever it is: add {below:?} to `fields`{of}")]
}
