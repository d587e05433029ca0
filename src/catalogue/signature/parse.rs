//! Reads the line that describes a call; the grammar is in `rules/README.md`, "A call".

use semver::VersionReq;

use super::{Act, Condition, Param, Params, Part, Pattern, RecordPattern, Signature, Step};
use crate::ir::Name;

/// How deep patterns may nest.
const DEPTH: usize = 24;

/// Which roles a line may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Those of a vendor's call.
    Call,
    /// Those of a function that sends HTTP requests.
    Request,
}

/// What is wrong with a line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The byte of the line at which it is noticed.
    pub at: usize,
    /// What is wrong, as one lower-case clause.
    pub message: String,
}

/// The roles of a vendor's call.
pub const CALL_ROLES: &[&str] =
    &["field", "payload", "event", "key", "value", "vendor", "entity", "routes", "given", "absent", "ignore"];

/// The roles of a request.
pub const REQUEST_ROLES: &[&str] =
    &["url", "base", "method", "body", "query", "headers", "key", "value", "stored", "ignore"];

/// Reads a line.
pub fn signature(line: &str, grammar: Grammar) -> Result<Signature, Error> {
    let mut parser = Parser::new(line, grammar);
    let mut steps = parser.steps()?;
    let act = if parser.take('=') {
        let name = match steps.last() {
            Some(Step::Member(name)) => Some(name.clone()),
            _ => None,
        };
        Act::Assign(parser.pattern(name.as_deref(), "", 0)?)
    } else {
        match steps.pop() {
            Some(Step::Call(params)) => Act::Call(params),
            None if parser.peek() == Some('{') => Act::Literal(parser.pattern(None, "", 0)?),
            _ => return Err(parser.error("expected `(` or `=`")),
        }
    };
    let unseen = parser.unseen()?;
    let condition = parser.condition()?;
    parser.end()?;
    Ok(Signature { steps, act, unseen, condition })
}

/// Reads `package>=5`.
pub fn condition(text: &str) -> Result<Condition, Error> {
    Parser::new(text, Grammar::Call).versions()
}

/// Reads a pattern that stands alone.
pub fn pattern(text: &str) -> Result<Pattern, Error> {
    let mut parser = Parser::new(text, Grammar::Call);
    let pattern = parser.pattern(None, "", 0)?;
    parser.end()?;
    Ok(pattern)
}

/// `base.name`, where either may be empty.
pub(crate) fn join(base: &str, name: &str) -> String {
    match (base.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => base.to_owned(),
        _ => format!("{base}.{name}"),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    grammar: Grammar,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, grammar: Grammar) -> Parser<'a> {
        Parser { text, at: 0, grammar }
    }

    fn error(&self, message: impl Into<String>) -> Error {
        Error { at: self.at, message: message.into() }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character after any white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Result<(), Error> {
        if self.take(wanted) { Ok(()) } else { Err(self.error(format!("expected `{wanted}`"))) }
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(found) => Err(self.error(format!("`{found}` is not expected here"))),
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        self.peek();
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '<' | '>' | '!');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    fn quoted(&mut self) -> Result<Option<Name>, Error> {
        let Some(quote @ ('"' | '\'')) = self.peek() else {
            return Ok(None);
        };
        let inside = &self.text[self.at + 1..];
        let Some(end) = inside.find(quote) else {
            return Err(self.error("the text has no closing quote"));
        };
        self.at += end + 2;
        Ok(Some(inside[..end].into()))
    }

    fn steps(&mut self) -> Result<Vec<Step>, Error> {
        let mut steps = Vec::new();
        loop {
            match self.peek() {
                Some('(') => steps.push(Step::Call(self.params()?)),
                Some('*') => {
                    self.take('*');
                    steps.push(Step::Any);
                }
                _ => match self.name() {
                    Some(name) if self.rest().starts_with('*') => {
                        self.take('*');
                        steps.push(Step::Like(name.into()));
                    }
                    Some(name) => steps.push(Step::Member(name.into())),
                    None => return Ok(steps),
                },
            }
            if self.take('.') || self.peek() == Some('(') {
                continue;
            }
            return Ok(steps);
        }
    }

    fn params(&mut self) -> Result<Params, Error> {
        self.expect('(')?;
        let mut params = Params::default();
        while !self.take(')') {
            if self.peek().is_some() && self.rest().starts_with("...") {
                self.at += 3;
                self.expect(':')?;
                params.rest = Some(self.pattern(None, "", 0)?);
            } else {
                let param = self.param()?;
                params.list.push(param);
            }
            if !self.take(',') && self.peek() != Some(')') {
                return Err(self.error("expected `,` or `)`"));
            }
        }
        Ok(params)
    }

    fn param(&mut self) -> Result<Param, Error> {
        let by_name = self.take('*');
        let start = self.at;
        let mut name = self.name();
        let is_start = by_name && name.is_some() && self.take('*');
        // A `!` may end a name; here it says that there is no call without the argument.
        let needed = name.and_then(|name| name.strip_suffix('!')).filter(|_| by_name);
        name = needed.or(name);
        let required = needed.is_some();
        let optional = name.is_some() && self.take('?');
        if let Some(name) = name
            && self.take(':')
        {
            let pattern = self.pattern(Some(name), "", 0)?;
            let name = if is_start { format!("{name}*").into() } else { Name::from(name) };
            return Ok(Param { name: Some(name), by_name, optional, required, pattern });
        }
        if optional || by_name {
            return Err(self.error("expected `:` and what the parameter is"));
        }
        self.at = start;
        let pattern = self.pattern(None, "", 0)?;
        Ok(Param { name: None, by_name: false, optional: false, required: false, pattern })
    }

    /// A pattern for what is called `name`, inside the record whose path is `place`.
    fn pattern(&mut self, name: Option<&str>, place: &str, depth: usize) -> Result<Pattern, Error> {
        if depth > DEPTH {
            return Err(self.error("the pattern is nested too deeply"));
        }
        let first = self.one_pattern(name, place, depth)?;
        if self.peek() != Some('|') {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.take('|') {
            all.push(self.one_pattern(name, place, depth)?);
        }
        Ok(Pattern::OneOf(all))
    }

    fn one_pattern(&mut self, name: Option<&str>, place: &str, depth: usize) -> Result<Pattern, Error> {
        if let Some(text) = self.quoted()? {
            return Ok(Pattern::Text(text));
        }
        match self.peek() {
            Some('{') => self.record(place, depth + 1),
            Some('[') => self.list(name, place, depth + 1),
            _ => self.role(name),
        }
    }

    fn record(&mut self, place: &str, depth: usize) -> Result<Pattern, Error> {
        self.expect('{')?;
        let mut entries = Vec::new();
        let mut rest = None;
        while !self.take('}') {
            if self.peek().is_some() && self.rest().starts_with("...") {
                self.at += 3;
                self.expect(':')?;
                // A further key that is a `field` is named by itself.
                rest = Some(Box::new(match self.pattern(Some(""), place, depth)? {
                    Pattern::Field(path) => Pattern::Payload(path),
                    other => other,
                }));
            } else {
                let key = match self.quoted()? {
                    Some(key) => key,
                    None => self
                        .name()
                        .map(Name::from)
                        .ok_or_else(|| self.error("expected the name of an entry, `...` or `}`"))?,
                };
                self.take('?');
                self.expect(':')?;
                let own = join(place, &key);
                entries.push((key.clone(), self.pattern(Some(&key), &own, depth)?));
            }
            if !self.take(',') && self.peek() != Some('}') {
                return Err(self.error("expected `,` or `}`"));
            }
        }
        Ok(Pattern::Record(RecordPattern { own: place.into(), entries, rest }))
    }

    fn list(&mut self, name: Option<&str>, place: &str, depth: usize) -> Result<Pattern, Error> {
        self.expect('[')?;
        let own = if place.is_empty() { String::new() } else { format!("{place}[]") };
        let mut parts = Vec::new();
        while !self.take(']') {
            parts.push(self.pattern(name, &own, depth)?);
            if !self.take(',') && self.peek() != Some(']') {
                return Err(self.error("expected `,` or `]`"));
            }
        }
        match parts.len() {
            0 => Err(self.error("say what the list holds")),
            1 => Ok(Pattern::List(Box::new(parts.remove(0)))),
            _ => Ok(Pattern::Tuple(parts)),
        }
    }

    fn role(&mut self, name: Option<&str>) -> Result<Pattern, Error> {
        self.peek();
        let start = self.at;
        let role = self.name().ok_or_else(|| self.error("expected a role, `{`, `[` or a text in quotes"))?;
        let path = self.role_path()?;
        let at = |message: String| Error { at: start, message };
        let takes_path = matches!(role, "field" | "payload" | "key");
        let known = roles(self.grammar).contains(&role);
        if path.is_some() && known && !takes_path {
            return Err(at(format!("`{role}` takes no path")));
        }
        let base = || -> Name { path.as_deref().unwrap_or("").into() };
        let pattern = match (self.grammar, role) {
            (_, "ignore") => Pattern::Ignore,
            (Grammar::Call, "field") => match path.as_deref().or(name) {
                Some(path) => Pattern::Field(path.into()),
                None => return Err(at("this field has no name: write `field(path)`".into())),
            },
            (Grammar::Call, "payload") => Pattern::Payload(base()),
            (Grammar::Call, "event") => Pattern::Event,
            (_, "key") => Pattern::Key(base()),
            (_, "value") => Pattern::Value,
            (Grammar::Call, "vendor") => Pattern::Vendor,
            (Grammar::Call, "entity") => Pattern::Entity,
            (Grammar::Call, "routes") => Pattern::Routes,
            (Grammar::Call, "given") => Pattern::Given(true),
            (Grammar::Call, "absent") => Pattern::Given(false),
            (Grammar::Request, "url") => Pattern::Request(Part::Url),
            (Grammar::Request, "base") => Pattern::Request(Part::Base),
            (Grammar::Request, "method") => Pattern::Request(Part::Method),
            (Grammar::Request, "body") => Pattern::Request(Part::Body),
            (Grammar::Request, "query") => Pattern::Request(Part::Query),
            (Grammar::Request, "headers") => Pattern::Request(Part::Headers),
            (Grammar::Request, "stored") => Pattern::Request(Part::Stored),
            _ => return Err(at(unknown_role(role, self.grammar))),
        };
        Ok(pattern)
    }

    fn role_path(&mut self) -> Result<Option<String>, Error> {
        if !self.take('(') {
            return Ok(None);
        }
        let Some(end) = self.rest().find(')') else {
            return Err(self.error("the path has no closing `)`"));
        };
        let path = self.rest()[..end].trim().to_owned();
        self.at += end + 1;
        Ok(Some(path))
    }

    /// `+ path`.
    fn unseen(&mut self) -> Result<Option<Name>, Error> {
        if !self.take('+') {
            return Ok(None);
        }
        match self.name() {
            Some(name) => Ok(Some(name.into())),
            None => Err(self.error("expected the path of what the call also hands over")),
        }
    }

    fn condition(&mut self) -> Result<Option<Condition>, Error> {
        if !self.take('@') {
            return Ok(None);
        }
        self.versions().map(Some)
    }

    /// `package>=1, <3`.
    fn versions(&mut self) -> Result<Condition, Error> {
        let rest = self.rest();
        let Some(split) = rest.find(['<', '>', '=', '^', '~']) else {
            return Err(self.error("expected a comparison with a version, such as `>=5`"));
        };
        let version = VersionReq::parse(rest[split..].trim())
            .map_err(|error| self.error(format!("the version cannot be read: {error}")))?;
        self.at = self.text.len();
        Ok(Condition { package: rest[..split].trim().into(), version })
    }
}

fn roles(grammar: Grammar) -> &'static [&'static str] {
    match grammar {
        Grammar::Call => CALL_ROLES,
        Grammar::Request => REQUEST_ROLES,
    }
}

fn unknown_role(role: &str, grammar: Grammar) -> String {
    let roles = roles(grammar);
    match crate::catalogue::reader::nearest(role, roles) {
        Some(near) => format!("`{role}` is not a role; did you mean `{near}`?"),
        None => format!("`{role}` is not a role; the roles are {}", roles.join(", ")),
    }
}
