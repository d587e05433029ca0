//! HTTP requests to a vendor's hosts: which function sends one, where to, and with what.

use super::address::{Address, Pair, texts};
use super::assign::{Assigned, Fit, Role, assign, flatten};
use super::expand::{Expander, Place};
use super::http::Endpoint;
use super::library::{Library, Link, RequestLine};
use super::signature::parse::join;
use super::signature::{Part, Pattern};
use super::{Catalogue, Share, Vendor};
use crate::flow::{Argument, Outbound, OutboundKind, Shape, ShapeKind, Step};
use crate::ir::Name;

/// The parts of a request as a call gives them.
#[derive(Debug, Default)]
pub(super) struct Request<'a> {
    url: Option<&'a Shape>,
    base: Option<&'a Shape>,
    method: Option<&'a Shape>,
    body: Vec<&'a Shape>,
    query: Vec<&'a Shape>,
    /// Options of which it is not known what they hold.
    options: Vec<&'a Shape>,
    /// Names and values that calls add to the body or the query.
    added: Vec<Vec<Assigned<'a>>>,
    /// The methods of the chain of calls.
    names: Vec<&'a Name>,
}

impl Catalogue {
    /// The shares of a call that sends an HTTP request.
    pub(super) fn request_shares(&self, outbound: &Outbound) -> Vec<Share> {
        let Some(library) = self.libraries.get(outbound.language) else {
            return Vec::new();
        };
        for (line, request) in requests(library, outbound) {
            let mut shares = self.shares_of(&request, outbound, line.is_load);
            shares.retain(|share| !line.is_resource || !share.fields.is_empty() || !share.opaque.is_empty());
            if !shares.is_empty() {
                return shares;
            }
        }
        Vec::new()
    }

    fn shares_of(&self, request: &Request<'_>, outbound: &Outbound, is_load: bool) -> Vec<Share> {
        let mut shares: Vec<Share> = Vec::new();
        for address in request.addresses() {
            let Some(vendor) = self.vendor_of_host(&address) else {
                continue;
            };
            if shares.iter().any(|share| share.vendor == vendor.id) {
                continue;
            }
            shares.extend(match is_load {
                true => Expander::new(self, vendor, outbound).map(|load| load.finish(outbound, "load".to_owned())),
                false => self.request_share(vendor, &address, request, outbound),
            });
        }
        if shares.is_empty() {
            shares.extend(self.share_by_class(request, outbound));
        }
        shares
    }

    pub(super) fn vendor_of_host(&self, address: &Address<'_>) -> Option<&Vendor> {
        let mut best: Option<(usize, &Vendor)> = None;
        for vendor in self.vendors.values() {
            let exactness = vendor.all_hosts().filter_map(|host| address.host_fits(host)).max();
            if let Some(exactness) = exactness
                && best.is_none_or(|(most, _)| exactness > most)
            {
                best = Some((exactness, vendor));
            }
        }
        best.map(|(_, vendor)| vendor)
    }

    pub(super) fn request_share(
        &self,
        vendor: &Vendor,
        address: &Address<'_>,
        request: &Request<'_>,
        outbound: &Outbound,
    ) -> Option<Share> {
        let mut expander = Expander::new(self, vendor, outbound)?;
        let method = request.method();
        let endpoint = vendor.endpoints.iter().find(|endpoint| endpoint.matches(&method, &address.path));
        let has_body = !matches!(&*method, "GET" | "HEAD" | "DELETE");
        let for_query = endpoint.filter(|_| !has_body);
        if endpoint.is_none_or(|endpoint| endpoint.body.is_some()) {
            expander.query(request, address, for_query);
            for body in &request.body {
                expander.body(body, endpoint.filter(|_| has_body));
            }
            for parts in &request.added {
                expander.take(&Place::at(""), parts);
            }
            for options in &request.options {
                expander.whole(&Place::at(""), options);
            }
        }
        let mut share = expander.finish(outbound, format!("{method} {}", address.path));
        share.fields.retain(|field| !is_ignored(vendor, &field.path));
        share.opaque.retain(|part| !is_ignored(vendor, &part.path));
        Some(share)
    }

    /// A request to an unknown host whose body is an object of a vendor's package.
    fn share_by_class(&self, request: &Request<'_>, outbound: &Outbound) -> Option<Share> {
        let body = request.body.first()?;
        let made_by = match &body.kind {
            ShapeKind::Extern { path, .. } => path,
            ShapeKind::Record(record) => record.class.as_ref()?,
            _ => return None,
        };
        let id = self.vendor_of(outbound.language, made_by)?;
        let mut expander = Expander::new(self, self.vendors.get(&id)?, outbound)?;
        expander.whole(&Place::at(""), body);
        Some(expander.finish(outbound, "request".to_owned()))
    }
}

impl Request<'_> {
    pub(super) fn addresses(&self) -> Vec<Address<'_>> {
        let bases = self.base.map_or_else(Vec::new, texts);
        let urls = self.url.map_or_else(Vec::new, texts);
        let with_bases = urls.iter().flat_map(|url| {
            let alone = bases.is_empty().then(|| url.address(None));
            let relative = bases.iter().map(|base| url.address(Some(base)));
            alone.into_iter().chain(relative)
        });
        with_bases.flatten().collect()
    }

    /// The method: what is said of it, else what the function is named for, else what a body makes it.
    fn method(&self) -> String {
        let said = match self.method.map(|method| &method.kind) {
            Some(ShapeKind::Text(text)) => Some(text),
            Some(ShapeKind::OneOf(all)) => all.iter().find_map(|one| match &one.kind {
                ShapeKind::Text(text) => Some(text),
                _ => None,
            }),
            _ => None,
        };
        if let Some(said) = said {
            return said.to_ascii_uppercase();
        }
        let verbs = ["get", "post", "put", "patch", "delete", "head", "options"];
        let named = self.names.iter().find_map(|name| {
            let name = name.to_ascii_lowercase();
            verbs
                .into_iter()
                .find(|verb| name.strip_prefix(verb).is_some_and(|rest| matches!(rest, "" | "form" | "async")))
        });
        match named {
            Some(verb) => verb.to_ascii_uppercase(),
            None if self.body.iter().any(|body| body.kind != ShapeKind::Nothing) => "POST".into(),
            None => "GET".into(),
        }
    }
}

/// The functions that a call may be one of, with the parts that it gives to each; those that fit exactly come first.
pub(super) fn requests<'a>(library: &'a Library, outbound: &'a Outbound) -> Vec<(&'a RequestLine, Request<'a>)> {
    let mut found = Vec::new();
    for fit in [Fit::Exact, Fit::Loose] {
        let lines = library.requests.iter();
        found.extend(lines.filter_map(|line| Some((line, request(line, outbound, fit)?))));
    }
    found
}

/// The parts that a call gives to a function that sends requests, where it is one.
fn request<'a>(line: &'a RequestLine, outbound: &'a Outbound, fit: Fit) -> Option<Request<'a>> {
    if line.kind != outbound.kind {
        return None;
    }
    let from = line.path.matches(&outbound.path)?;
    let calls = calls(&outbound.path.steps[from..], &outbound.args);
    let (last_name, _) = calls.last()?;
    let last = line.chain.last()?;
    if !is_named(last, *last_name) {
        return None;
    }
    // `client.get(url).headers.get("retry-after")` reads what the request returned.
    let is_sent = |call: &(Option<&Name>, &[Argument])| call.0.is_some() && last.name.as_ref() == call.0;
    if calls[..calls.len() - 1].iter().any(is_sent) {
        return None;
    }
    let mut request = Request::default();
    for (name, args) in &calls {
        request.names.extend(*name);
        let link = line.chain.iter().find(|link| is_named(link, *name));
        if let Some(link) = link {
            request.take(assign(&link.params, args, fit)?);
        }
    }
    // An earlier request by the same client is one of its own.
    let further = outbound.earlier.iter().filter(|step| !is_named(last, Some(&step.name)));
    for step in further {
        let link = line.chain.iter().find(|link| is_named(link, Some(&step.name)));
        if let (Some(link), OutboundKind::Call) = (link, step.kind)
            && let Some(parts) = assign(&link.params, &step.args, fit)
        {
            request.take(parts);
        }
    }
    request.url.is_some().then_some(request)
}

fn is_named(link: &Link, name: Option<&Name>) -> bool {
    match (&link.name, name) {
        (Some(wanted), Some(found)) => wanted == found || &**wanted == "*",
        (None, None) => true,
        _ => false,
    }
}

/// The calls of a chain, each with its name, and the final one.
fn calls<'a>(steps: &'a [Step], last: &'a [Argument]) -> Vec<(Option<&'a Name>, &'a [Argument])> {
    let mut calls = Vec::new();
    let mut name = None;
    for step in steps {
        match step {
            Step::Member(member) => name = Some(member),
            Step::Element => name = None,
            Step::Call(args) => calls.push((name.take(), &args[..])),
        }
    }
    calls.push((name, last));
    calls
}

impl<'a> Request<'a> {
    fn take(&mut self, parts: Vec<Assigned<'a>>) {
        let is_added = |part: &Assigned<'_>| matches!(part.role, Role::Pattern(Pattern::Key(_) | Pattern::Value));
        if parts.iter().any(is_added) {
            return self.added.push(parts);
        }
        for part in parts {
            match part.role {
                Role::Pattern(Pattern::Request(role)) => match role {
                    // What a second call appends is relative to the first.
                    Part::Url => self.base = self.url.replace(part.shape).or(self.base),
                    Part::Base => self.base = Some(part.shape),
                    Part::Method => self.method = Some(part.shape),
                    Part::Body => self.body.push(part.shape),
                    Part::Query => self.query.push(part.shape),
                    Part::Headers | Part::Stored => {}
                },
                Role::Spread(_) => self.options.push(part.shape),
                Role::Pattern(_) | Role::Unlisted(_) => {}
            }
        }
    }
}

impl Expander<'_> {
    fn query(&mut self, request: &Request<'_>, address: &Address<'_>, endpoint: Option<&Endpoint>) {
        let pattern = endpoint.and_then(|endpoint| endpoint.body.as_ref());
        let place = Place::at("query");
        self.pairs(&place, &address.query, request.url, pattern);
        for query in &request.query {
            self.record_or_pairs(&place, query, pattern);
        }
    }

    fn body(&mut self, body: &Shape, endpoint: Option<&Endpoint>) {
        let pattern = endpoint.and_then(|endpoint| endpoint.body.as_ref());
        let place = Place::at("");
        if matches!(body.kind, ShapeKind::Text(_) | ShapeKind::Concat(_))
            && let Some(pairs) = texts(body).first().and_then(|text| text.form())
        {
            self.pairs(&place, &pairs, Some(body), pattern);
            return;
        }
        self.record_or_pairs(&place, body, pattern);
    }

    /// A record, or a list of names and values (`[("name", value)]`).
    fn record_or_pairs(&mut self, place: &Place, shape: &Shape, pattern: Option<&Pattern>) {
        if let Some(pairs) = listed_pairs(shape) {
            self.pairs(place, &pairs, Some(shape), pattern);
        } else if let Some(pattern) = pattern {
            let mut parts = Vec::new();
            flatten(pattern, shape, None, false, &mut parts, 0);
            self.take(place, &parts);
        } else {
            self.whole(place, shape);
        }
    }

    fn pairs(&mut self, place: &Place, pairs: &[Pair<'_>], all: Option<&Shape>, pattern: Option<&Pattern>) {
        // A known text is a field all the same: its name says what the vendor learns.
        let text = Shape { kind: ShapeKind::Text("".into()), origin: all.and_then(|all| all.origin.clone()) };
        for pair in pairs {
            match pair {
                Pair::Unnamed(shape) => self.whole(place, shape),
                Pair::Named(name, values) => {
                    let Some(path) = path_of(pattern, name) else {
                        continue;
                    };
                    let place = Place::at(join(&place.path, &path));
                    if values.is_empty() {
                        self.named(&place, &text);
                    }
                    for value in values {
                        self.named(&place, value);
                    }
                }
            }
        }
    }
}

/// The path of a name in a query or form; none where the pattern says that it is not data.
fn path_of(pattern: Option<&Pattern>, name: &str) -> Option<String> {
    let Some(Pattern::Record(record)) = pattern else {
        return Some(name.to_owned());
    };
    let entry = record.entries.iter().find(|(entry, _)| **entry == *name);
    match (entry.map(|(_, entry)| entry), record.rest.as_deref()) {
        (Some(Pattern::Field(path)), _) => Some(path.to_string()),
        (Some(Pattern::Ignore | Pattern::Event | Pattern::Text(_)), _) => None,
        (None, Some(Pattern::Ignore)) => None,
        (Some(_), _) => Some(name.to_owned()),
        (None, _) => Some(join(&record.own, name)),
    }
}

fn listed_pairs(shape: &Shape) -> Option<Vec<Pair<'_>>> {
    let ShapeKind::List(items) = &shape.kind else {
        return None;
    };
    let pairs: Option<Vec<Pair<'_>>> = items
        .iter()
        .map(|item| match &item.kind {
            ShapeKind::List(pair) => match &pair[..] {
                [name, value] => match &name.kind {
                    ShapeKind::Text(name) => Some(Pair::Named(name.to_string(), vec![value])),
                    _ => Some(Pair::Unnamed(value)),
                },
                _ => None,
            },
            _ => None,
        })
        .collect();
    pairs.filter(|pairs| !pairs.is_empty())
}

/// Whether a path is, or lies below, a key that the vendor's file says is a credential or an option; `query.<name>`
/// says so of the query alone, `query.**.<name>` of the key at any depth below.
fn is_ignored(vendor: &Vendor, path: &str) -> bool {
    let name = path.strip_prefix("query.").unwrap_or(path);
    let steps = |path: &str| path.split('.').map(|step| step.trim_end_matches("[]").to_owned()).collect::<Vec<_>>();
    let (path, name) = (steps(path), steps(name));
    vendor
        .http_ignore
        .iter()
        .map(|ignored| steps(ignored))
        .any(|ignored| begins(&path, &ignored) || begins(&name, &ignored))
}

/// Whether a path begins with these steps, of which `**` is any number.
fn begins(path: &[String], steps: &[String]) -> bool {
    match steps.split_first() {
        None => true,
        Some((step, rest)) if step == "**" => (0..=path.len()).any(|skipped| begins(&path[skipped..], rest)),
        Some((step, rest)) => path.split_first().is_some_and(|(first, path)| first == step && begins(path, rest)),
    }
}
