//! The names that an expression, or a field's path, reads through: `user.profile?.["e-mail"]!.trim()`.

/// One name, and whether it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) is_call: bool,
}

/// The paths that an expression is made of: `a.b ?? c.d` has two. Arguments of calls are no part of it, texts
/// neither.
pub(super) fn operands(text: &str) -> Vec<Vec<Step>> {
    let mut scanner = Scanner { operands: vec![Vec::new()], joined: true };
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        at = scanner.step(&chars, at);
    }
    scanner.operands.retain(|operand| !operand.is_empty());
    scanner.operands
}

struct Scanner {
    operands: Vec<Vec<Step>>,
    /// Whether the next name continues the last operand.
    joined: bool,
}

impl Scanner {
    /// Reads what stands at `at`; returns where the next begins.
    fn step(&mut self, chars: &[char], at: usize) -> usize {
        let c = chars[at];
        if is_name(c) {
            let end = end_of(chars, at, |c| !is_name(c));
            self.name(chars[at..end].iter().collect());
            return end;
        }
        match c {
            '.' | '?' | ':' if leads_on(chars, at) => self.joined = true,
            '!' | '&' | '*' | ']' | ')' | ' ' | '\n' | '\t' | '\r' | '{' | '}' => {}
            '(' if self.last_is_open() => {
                self.call();
                return close_of(chars, at, '(', ')');
            }
            '[' => return self.bracket(chars, at),
            '"' | '\'' => return end_of(chars, at + 1, |found| found == c) + 1,
            '`' => return self.template(chars, at),
            _ => self.joined = false,
        }
        at + 1
    }

    fn name(&mut self, name: String) {
        let step = Step { name, is_call: false };
        match self.operands.last_mut() {
            Some(last) if self.joined => last.push(step),
            _ => self.operands.push(vec![step]),
        }
        self.joined = false;
    }

    fn last_is_open(&self) -> bool {
        self.operands.last().is_some_and(|last| !last.is_empty())
    }

    fn call(&mut self) {
        if let Some(last) = self.operands.last_mut().and_then(|last| last.last_mut()) {
            last.is_call = true;
        }
    }

    /// `["name"]` is a name; any other index is not.
    fn bracket(&mut self, chars: &[char], at: usize) -> usize {
        let end = close_of(chars, at, '[', ']');
        let inside: String = chars[at + 1..end.saturating_sub(1).max(at + 1)].iter().collect();
        let inside = inside.trim();
        for quote in ['"', '\'', '`'] {
            if let Some(name) = inside.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
                self.joined = true;
                self.name(name.to_owned());
            }
        }
        end
    }

    /// The values in a template; its text says nothing.
    fn template(&mut self, chars: &[char], at: usize) -> usize {
        let end = end_of(chars, at + 1, |c| c == '`');
        let mut inner = at + 1;
        while inner + 1 < end {
            if chars[inner] == '$' && chars[inner + 1] == '{' {
                let close = close_of(chars, inner + 1, '{', '}').min(end);
                let text: String =
                    chars[inner + 2..close.saturating_sub(1).max(inner + 2)].iter().filter(|c| **c != '`').collect();
                self.operands.extend(operands(&text));
                inner = close;
            } else {
                inner += 1;
            }
        }
        self.joined = false;
        end + 1
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '@')
}

/// Whether `.`, `?.` or `::` stands here, before or after more of the path.
fn leads_on(chars: &[char], at: usize) -> bool {
    match chars[at] {
        '.' => true,
        '?' => chars.get(at + 1) == Some(&'.'),
        _ => chars.get(at + 1) == Some(&':') || at.checked_sub(1).map(|at| chars[at]) == Some(':'),
    }
}

/// The first place from `at` on where `stop` holds; the end where it never does.
fn end_of(chars: &[char], at: usize, stop: impl Fn(char) -> bool) -> usize {
    let found = chars.get(at..).and_then(|rest| rest.iter().position(|c| stop(*c)));
    found.map_or(chars.len(), |found| at + found)
}

/// One past the bracket that closes the one at `at`.
fn close_of(chars: &[char], at: usize, open: char, close: char) -> usize {
    let mut depth = 0;
    for (offset, c) in chars[at..].iter().enumerate() {
        if *c == open {
            depth += 1;
        } else if *c == close {
            depth -= 1;
            if depth == 0 {
                return at + offset + 1;
            }
        }
    }
    chars.len()
}
