//! The project's own functions that hand what their callers give them to a vendor: what was found by following data.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Share;
use crate::flow::Outbound;
use crate::flow::program::Program;
use crate::ir::{FuncId, Module, Name};
use crate::source::{Sources, Span};

/// A function that hands what its callers give it to a vendor.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrapper {
    /// Its name, with its class before it (`Analytics.track`); that of what is around it where it has none.
    pub function: Name,
    /// The whole function.
    pub span: Span,
    /// The vendor's id.
    pub vendor: Name,
    /// The vendor's calls that it leads to, as the catalogue names them.
    pub apis: BTreeSet<String>,
    /// What the vendor receives from each parameter: the paths of the fields, and `**` below the path of what may hold
    /// any field.
    pub parameters: BTreeMap<Name, BTreeSet<String>>,
    /// The places in the project that call it, as far as they were followed.
    pub callers: BTreeSet<Span>,
}

/// What identifies a wrapper: its place and its vendor.
type Key = (Span, Name);

/// Finds wrappers in what leaves the project, one share at a time.
#[derive(Debug, Default)]
pub(crate) struct Wrappers {
    found: BTreeMap<Key, Wrapper>,
    /// The wrappers that a chain, from the vendor's call outwards, ends in.
    ends: BTreeMap<Vec<Span>, BTreeSet<Key>>,
}

impl Wrappers {
    /// Notes what one share says.
    pub(crate) fn add(&mut self, program: &Program<'_>, sources: &Sources, outbound: &Outbound, share: &Share) {
        let Some((file, func)) = outbound.outermost.first().copied() else { return };
        let Some(linked) = program.module(file) else { return };
        let mut parameters: BTreeMap<Name, BTreeSet<String>> = BTreeMap::new();
        for field in share.fields.iter().filter(|field| field.hole) {
            let name = field.from.and_then(|from| first_name(sources, from)).unwrap_or_else(|| "?".into());
            parameters.entry(name).or_default().insert(field.path.clone());
        }
        for part in share.opaque.iter().filter(|part| part.hole) {
            let name = first_name(sources, part.at).unwrap_or_else(|| "?".into());
            let below = if part.path.is_empty() { "**".to_owned() } else { format!("{}.**", part.path) };
            parameters.entry(name).or_default().insert(below);
        }
        if parameters.is_empty() {
            return;
        }
        let span = linked.module.function(func).span;
        let key = (span, share.vendor.clone());
        self.ends.entry(share.chain.clone()).or_default().insert(key.clone());
        let wrapper = self.found.entry(key).or_insert_with(|| Wrapper {
            function: full_name(&linked.module, func),
            span,
            vendor: share.vendor.clone(),
            apis: BTreeSet::new(),
            parameters: BTreeMap::new(),
            callers: BTreeSet::new(),
        });
        wrapper.apis.insert(share.api.clone());
        for (name, paths) in parameters {
            wrapper.parameters.entry(name).or_default().extend(paths);
        }
    }

    /// The wrappers, in the order of their places, with the callers that the chains of all shares have.
    pub(crate) fn finish(mut self, shares: &[Share]) -> Vec<Wrapper> {
        for share in shares {
            for length in 1..share.chain.len() {
                let ends = self.ends.get(&share.chain[..length]).into_iter().flatten();
                for key in ends.filter(|(_, vendor)| *vendor == share.vendor) {
                    if let Some(wrapper) = self.found.get_mut(key) {
                        wrapper.callers.insert(share.chain[length]);
                    }
                }
            }
        }
        self.found.into_values().collect()
    }
}

/// The name that an expression starts with: that of the parameter it is read from.
fn first_name(sources: &Sources, span: Span) -> Option<Name> {
    let text = sources.get(span.file).text.get(span.start as usize..span.end as usize)?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let start = text.find(is_part)?;
    let name: &str = text[start..].split(|c| !is_part(c)).next()?;
    name.starts_with(|c: char| !c.is_ascii_digit()).then(|| name.into())
}

fn full_name(module: &Module, func: FuncId) -> Name {
    let mut at = Some(func);
    while let Some(func) = at {
        let function = module.function(func);
        let class = function.class.map(|class| &module.class(class).name).filter(|name| !name.is_empty());
        match (class, &*function.name) {
            (_, "") => at = function.parent.filter(|parent| *parent != FuncId::BODY),
            (Some(class), name) => return format!("{class}.{name}").into(),
            (None, name) => return name.into(),
        }
    }
    "a function without a name".into()
}
