//! Where a client comes from: `posthog-node:PostHog()`, and whether a path out of the project starts there.

use super::assign::{Fit, assign};
use super::signature::parse::{Grammar, signature};
use super::signature::{Act, Params, Pattern, Signature};
use crate::flow::{Path, Root, Step};
use crate::ir::Name;

/// The way to a client, or to the function that makes an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientPath {
    /// Where it starts.
    pub root: Root,
    /// Members and calls from there.
    pub steps: Vec<ClientStep>,
}

/// One step of the way to a client.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientStep {
    /// `name`.
    Member(Name),
    /// `*`: any one member.
    Any,
    /// `()`: a call with any arguments.
    Call,
    /// `({mode: 'eu'})`: a call with these.
    With(Params),
}

impl ClientStep {
    fn is_call(&self) -> bool {
        matches!(self, ClientStep::Call | ClientStep::With(_))
    }
}

impl ClientPath {
    /// Reads `<package>:<path>` or `global:<name>`. `in_code` turns a package's name into what code writes.
    pub fn parse(text: &str, in_code: &dyn Fn(&str) -> String) -> Result<ClientPath, String> {
        if text.contains("::") || text.contains('\\') {
            return Err("the names below a package are joined with `.`".to_owned());
        }
        // The colons of arguments are none of the path.
        let head = text.find('(').unwrap_or(text.len());
        let split = text[..head].rfind(':').map(|colon| (&text[..colon], &text[colon + 1..]));
        let (root, rest) = match split {
            Some(("global", path)) => {
                let end = path.find(['.', '(']).unwrap_or(path.len());
                (Root::Global(path[..end].into()), path[end..].trim_start_matches('.'))
            }
            Some((package, path)) => (Root::Package(in_code(package).into()), path),
            None => (Root::Package(in_code(text).into()), ""),
        };
        let (Root::Global(name) | Root::Package(name)) = &root;
        if name.is_empty() || name.contains(['(', ')', ' ']) {
            return Err("expected `<package>:<path>` or `global:<name>`".to_owned());
        }
        let steps = client_steps(rest)?;
        // A package may be a member of another.
        let Some((package, members)) = name.split_once(':') else {
            return Ok(ClientPath { root, steps });
        };
        let steps = client_steps(members)?.into_iter().chain(steps).collect();
        Ok(ClientPath { root: Root::Package(package.into()), steps })
    }

    /// The package that it comes from.
    pub fn package(&self) -> Option<&str> {
        match &self.root {
            Root::Package(name) => Some(name),
            Root::Global(_) => None,
        }
    }

    /// The global that it comes from.
    pub fn global(&self) -> Option<&str> {
        match &self.root {
            Root::Global(name) => Some(name),
            Root::Package(_) => None,
        }
    }

    /// How many steps of `path` lead to this client, where it starts with it.
    pub fn matches(&self, path: &Path) -> Option<usize> {
        if self.root != path.root {
            return None;
        }
        prefix(&self.steps, &path.steps).or_else(|| prefix(&self.instance()?, &path.steps))
    }

    /// How many of its calls are told apart by their arguments.
    pub fn decided_steps(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, ClientStep::With(_))).count()
    }

    /// Its last member, where that has a name.
    pub(super) fn end_name(&self) -> Option<Name> {
        match self.steps.last() {
            Some(ClientStep::Member(name)) => Some(name.clone()),
            _ => None,
        }
    }

    /// What is called on the way, each as [`Path::members`] names it.
    pub(super) fn makers(&self) -> Vec<Name> {
        let calls = self.steps.iter().enumerate().filter(|(_, step)| **step == ClientStep::Call);
        calls.map(|(at, _)| self.members(at)).collect()
    }

    /// The classes that it makes an instance of, each as [`Path::members`] names it.
    pub(super) fn classes(&self) -> Vec<Name> {
        let is_instance = |steps: &[ClientStep]| steps.last().is_some_and(ClientStep::is_call);
        let own = is_instance(&self.steps).then(|| self.members(self.steps.len() - 1));
        let made = self.instance().filter(|steps| is_instance(steps)).map(|steps| self.members(steps.len() - 1));
        own.into_iter().chain(made).collect()
    }

    /// The client itself as [`Path::members`] names it.
    pub(super) fn called(&self) -> Name {
        self.members(self.steps.len())
    }

    fn members(&self, steps: usize) -> Name {
        let (Root::Package(root) | Root::Global(root)) = &self.root;
        let mut text = root.to_string();
        for step in &self.steps[..steps] {
            match step {
                ClientStep::Member(name) => {
                    text.push('.');
                    text.push_str(name);
                }
                ClientStep::Any => text.push_str(".*"),
                ClientStep::Call | ClientStep::With(_) => text.push_str("()"),
            }
        }
        text.into()
    }

    /// How many of its steps are named.
    pub fn named_steps(&self) -> usize {
        let is_named = |step: &&ClientStep| matches!(step, ClientStep::Member(_));
        self.steps.iter().filter(is_named).count()
    }

    /// Whether it has a `*`.
    pub fn has_any(&self) -> bool {
        self.steps.contains(&ClientStep::Any)
    }

    /// The way from an instance of the class, where a function of a class makes the client: what is declared as a
    /// `Client` is what `Client.new()` and `Client.builder().build()` make.
    fn instance(&self) -> Option<Vec<ClientStep>> {
        let call = self.steps.iter().position(ClientStep::is_call)?;
        let is_class =
            |step: &ClientStep| matches!(step, ClientStep::Member(name) if name.starts_with(char::is_uppercase));
        let (before, [class, maker]) = self.steps[..call].split_last_chunk::<2>()?;
        if !is_class(class) || is_class(maker) {
            return None;
        }
        let rest = match &self.steps[call + 1..] {
            [ClientStep::Member(name), call, rest @ ..] if call.is_call() && &**name == "build" => rest,
            rest => rest,
        };
        let mut steps = self.steps[..=before.len()].to_vec();
        steps.push(ClientStep::Call);
        steps.extend(rest.iter().cloned());
        Some(steps)
    }

    /// The last name of the way, for messages.
    pub fn last_name(&self) -> &str {
        let member = self.steps.iter().rev().find_map(|step| match step {
            ClientStep::Member(name) => Some(&**name),
            ClientStep::Any | ClientStep::Call | ClientStep::With(_) => None,
        });
        let (Root::Package(root) | Root::Global(root)) = &self.root;
        member.unwrap_or(root)
    }
}

/// How many of the steps lead to the client. Between the calls of a builder, further setters may stand:
/// `Client::builder().timeout(t).build()` is `Client.builder().build()`.
fn prefix(wanted: &[ClientStep], steps: &[Step]) -> Option<usize> {
    let mut taken = 0;
    for (at, wanted_step) in wanted.iter().enumerate() {
        let after_call = at > 0 && wanted[at - 1].is_call();
        let before_call = wanted.get(at + 1).is_some_and(ClientStep::is_call);
        if let (true, ClientStep::Member(name), true) = (after_call, wanted_step, before_call) {
            while let Some([Step::Member(found), Step::Call(_)]) = steps.get(taken..taken + 2)
                && found != name
            {
                taken += 2;
            }
        }
        let fits = match (wanted_step, steps.get(taken)?) {
            (ClientStep::Member(wanted), Step::Member(found)) => wanted == found,
            (ClientStep::Any, Step::Member(_) | Step::Element) => true,
            (ClientStep::Call, Step::Call(_)) => true,
            (ClientStep::With(params), Step::Call(args)) => assign(params, args, Fit::Sure).is_some(),
            _ => false,
        };
        if !fits {
            return None;
        }
        taken += 1;
    }
    Some(taken)
}

fn client_steps(text: &str) -> Result<Vec<ClientStep>, String> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("()") {
            steps.push(ClientStep::Call);
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let end = rest.find(['.', '(']).unwrap_or(rest.len());
        let name = &rest[..end];
        if name.is_empty() || name.contains([')', ' ', ',']) {
            return Err(format!("expected a name or `()` before `{rest}`"));
        }
        steps.push(match name {
            "*" => ClientStep::Any,
            _ => ClientStep::Member(name.into()),
        });
        let after = &rest[end..];
        rest = after.strip_prefix('.').unwrap_or(after);
        if rest.starts_with('(') && !rest.starts_with("()") {
            let (params, after) = client_params(rest)?;
            steps.push(ClientStep::With(params));
            rest = after.strip_prefix('.').unwrap_or(after);
        }
    }
    Ok(steps)
}

/// The arguments that make a call a client, and what follows them.
fn client_params(text: &str) -> Result<(Params, &str), String> {
    let mut depth = 0;
    let end = text.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let end = end.ok_or("a `)` is missing")? + 1;
    let parsed = signature(&text[..end], Grammar::Call).map_err(|error| error.message);
    let decides = |pattern: &Pattern| matches!(pattern, Pattern::Text(_) | Pattern::Given(_));
    match parsed {
        Ok(Signature { act: Act::Call(params), .. }) if params.any(&decides) => Ok((params, &text[end..])),
        _ => {
            Err("of the arguments of a client only texts in quotes, `given` and `absent` matter: else write `()`"
                .into())
        }
    }
}
