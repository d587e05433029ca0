//! The meaning of a call, as one line of a vendor's file says it: where the call is, and what each argument is.

use semver::VersionReq;

use crate::ir::Name;

pub mod parse;

/// A line of `calls`, `objects` or `requests`.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The members and calls from the client to what is called or assigned.
    pub steps: Vec<Step>,
    /// What happens there.
    pub act: Act,
    /// The path below which the call also hands over what is not among its arguments.
    pub unseen: Option<Name>,
    /// The versions of a package that the line holds for.
    pub condition: Option<Condition>,
}

/// One step of the way from the client.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `name`.
    Member(Name),
    /// `*`: any one member.
    Any,
    /// `set*`: any one member that starts so.
    Like(Name),
    /// `(…)` of an intermediate call.
    Call(Params),
}

/// What a line describes.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A call or a component element.
    Call(Params),
    /// An assignment.
    Assign(Pattern),
    /// A record of the class itself (objects only).
    Literal(Pattern),
}

/// The parameters of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    /// Those that the line names, in order.
    pub list: Vec<Param>,
    /// What all further arguments are.
    pub rest: Option<Pattern>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name, by which it can be given too. With a `*` at the end, all arguments whose names start so.
    pub name: Option<Name>,
    /// Whether it can be given by name only.
    pub by_name: bool,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether there is no call without it, also where it can be given by name only.
    pub required: bool,
    /// What the argument is.
    pub pattern: Pattern,
}

impl Param {
    /// What a name adds to the start that all names of this parameter have (`data-customer-*`).
    pub(super) fn rest_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        let start = self.name.as_ref()?.strip_suffix('*')?;
        name.strip_prefix(start).filter(|rest| !rest.is_empty())
    }
}

/// What an argument, or a part of one, is. A path is that of the fields it makes; empty for the payload's root. A `*`
/// in it stands for the member that a `*` of the call was.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// One value: the field of this path.
    Field(Name),
    /// A record whose keys are fields below the path.
    Payload(Name),
    /// The event's name.
    Event,
    /// The name of a field below the path.
    Key(Name),
    /// The value of the field that the key beside it names.
    Value,
    /// What decides which vendor receives the call.
    Vendor,
    /// The name of what the fields belong to: the start of their paths.
    Entity,
    /// The vendors that this one passes the data on to.
    Routes,
    /// An option that has to be there, or must not, for the line to fit.
    Given(bool),
    /// Nothing that is data.
    Ignore,
    /// A part of an HTTP request.
    Request(Part),
    /// A record with known entries.
    Record(RecordPattern),
    /// A list with one pattern for each place.
    Tuple(Vec<Pattern>),
    /// A list of any length.
    List(Box<Pattern>),
    /// Exactly this text; a `*` in it is any text.
    Text(Name),
    /// The first of these that fits.
    OneOf(Vec<Pattern>),
}

/// The entries of a record pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordPattern {
    /// The path of the record itself: where keys that are not listed are fields.
    pub own: Name,
    /// The listed entries.
    pub entries: Vec<(Name, Pattern)>,
    /// What all further entries are.
    pub rest: Option<Box<Pattern>>,
}

/// A part of an HTTP request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The address, or its end where there is a base.
    Url,
    /// What the address is relative to.
    Base,
    /// The method.
    Method,
    /// The body.
    Body,
    /// The query, as a record.
    Query,
    /// The headers, which are never fields.
    Headers,
    /// What a function that stores data puts there.
    Stored,
}

/// `@package>=version`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The package.
    pub package: Name,
    /// Its versions.
    pub version: VersionReq,
}

impl Pattern {
    /// Whether `test` holds for the pattern or for a pattern inside it.
    pub fn any(&self, test: &dyn Fn(&Pattern) -> bool) -> bool {
        test(self)
            || match self {
                Pattern::Record(record) => {
                    record.entries.iter().any(|(_, entry)| entry.any(test))
                        || record.rest.as_ref().is_some_and(|rest| rest.any(test))
                }
                Pattern::Tuple(parts) | Pattern::OneOf(parts) => parts.iter().any(|part| part.any(test)),
                Pattern::List(part) => part.any(test),
                _ => false,
            }
    }
}

impl Params {
    /// Whether `test` holds for a parameter's pattern or for a pattern inside it.
    pub fn any(&self, test: &dyn Fn(&Pattern) -> bool) -> bool {
        self.list.iter().any(|param| param.pattern.any(test)) || self.rest.as_ref().is_some_and(|rest| rest.any(test))
    }

    /// Whether an argument, or a part of one, is data.
    pub fn hold_data(&self) -> bool {
        use Pattern::{Event, Field, Key, Payload, Value, Vendor};
        self.any(&|pattern| matches!(pattern, Field(_) | Payload(_) | Event | Key(_) | Value | Vendor))
    }

    /// Whether nothing is said of any argument.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.rest.is_none()
    }
}

impl Signature {
    /// The calls of which the line says that they are given data, below a client of this name:
    /// `client.api(id: field).send()` says it of `client.api`.
    pub fn called(&self, client: &str) -> Vec<String> {
        let mut text = client.to_owned();
        let mut calls = Vec::new();
        for step in &self.steps {
            match step {
                Step::Member(name) => text.extend([".", name]),
                Step::Any | Step::Like(_) => text.push_str(".*"),
                Step::Call(params) => {
                    calls.extend(params.hold_data().then(|| text.clone()));
                    text.push_str("()");
                }
            }
        }
        if let Act::Call(params) = &self.act {
            calls.extend(params.hold_data().then_some(text));
        }
        calls
    }

    /// The last member of the line, where that has a name.
    pub fn last_name(&self) -> Option<Name> {
        match self.steps.last() {
            Some(Step::Member(name)) => Some(name.clone()),
            _ => None,
        }
    }

    /// The members of the line, as a reader names the call (`contacts.update`).
    pub fn name(&self) -> String {
        let members: Vec<String> = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Member(name) => Some(name.to_string()),
                Step::Any => Some("*".to_owned()),
                Step::Like(start) => Some(format!("{start}*")),
                Step::Call(_) => None,
            })
            .collect();
        members.join(".")
    }
}

impl Step {
    /// What `*` stands for in a member of this name, where this is the name of a `*`: `set*` is `email` in `setEmail`.
    pub fn wildcard(&self, member: &str) -> Option<Name> {
        let start = match self {
            Step::Any => "",
            Step::Like(start) => start,
            Step::Member(_) | Step::Call(_) => return None,
        };
        let rest = member.strip_prefix(start).filter(|rest| !rest.is_empty())?;
        let mut letters = rest.chars();
        let first = letters.next()?;
        // `URL` stays as it is.
        let is_word = !start.is_empty() && !letters.as_str().starts_with(char::is_uppercase);
        let first = if is_word { first.to_ascii_lowercase() } else { first };
        Some(format!("{first}{}", letters.as_str()).into())
    }
}

/// Whether a text is what a line says, in which a `*` is any text.
pub fn text_fits(wanted: &str, found: &str) -> bool {
    let Some((start, rest)) = wanted.split_once('*') else {
        return wanted == found;
    };
    let Some(found) = found.strip_prefix(start) else {
        return false;
    };
    match rest.contains('*') {
        false => found.ends_with(rest),
        true => found.char_indices().any(|(at, _)| text_fits(rest, &found[at..])),
    }
}
