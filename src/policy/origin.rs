//! Finds, in the text of an expression, the names that say what its value is: `user.email` in
//! `hash(user.email.toLowerCase())`. It reads the text loosely, since every language writes it a little differently;
//! what it cannot read gives no name.

mod scan;

use scan::{COMPARISONS, closing, is_name, pieces, split_commas};

/// How deep an expression may nest before the rest of it is passed over.
const DEPTH: usize = 12;

/// How many bytes an expression may have; a longer one is not one value's source.
const LENGTH: usize = 20_000;

/// The names in an expression that its value may come from. Each entry holds candidates for one operand, the best
/// first: for `user.email()` both `user.email` and `user`.
pub fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    if text.len() <= LENGTH {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        expression(&one_line, DEPTH, &mut found);
    }
    found
}

fn expression(text: &str, depth: usize, found: &mut Vec<Vec<String>>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let pieces = pieces(text);
    // A comparison or a negation says something about its operands and carries neither.
    if pieces.negated || pieces.operators.iter().any(|operator| COMPARISONS.contains(operator)) {
        let ternary = pieces.operators.iter().position(|operator| *operator == " ? ");
        let Some(ternary) = ternary else { return };
        let results = &pieces.operands[ternary + 1..];
        if pieces.operators[ternary..].iter().any(|operator| COMPARISONS.contains(operator)) {
            return;
        }
        return results.iter().for_each(|operand| self::operand(operand, depth, found));
    }
    for (index, operand) in pieces.operands.iter().enumerate() {
        // `a && b`, `a ? b : c` and `b if a else c`: a decides and is not the value.
        let decides = matches!(pieces.operators.get(index), Some(&"&&" | &" and " | &" ? " | &" else "));
        if !decides {
            self::operand(operand, depth, found);
        }
    }
}

/// One operand: a name, a call, a template.
fn operand(text: &str, depth: usize, found: &mut Vec<Vec<String>>) {
    let text = bare(text);
    let Some(first) = text.chars().next() else {
        return;
    };
    let quoted = text.trim_start_matches(['f', 'F']);
    if first == '`' {
        return parts(text, "${", depth, found);
    }
    if quoted.len() < text.len() && quoted.starts_with(['"', '\'']) {
        return parts(text, "{", depth, found);
    }
    if first == '(' {
        let inside = closing(text, 0);
        let inner = text.get(1..inside).unwrap_or("");
        return expression(inner, depth, found);
    }
    if first.is_alphabetic() || matches!(first, '_' | '$' | '#' | '@') {
        access(text, depth, found);
    }
}

/// The expressions inside a template text.
fn parts(text: &str, open: &str, depth: usize, found: &mut Vec<Vec<String>>) {
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let brace = start + open.len() - 1;
        let end = closing(rest, brace);
        expression(rest.get(brace + 1..end).unwrap_or(""), depth.saturating_sub(1), found);
        rest = rest.get(end..).unwrap_or("").get(1..).unwrap_or("");
    }
}

/// A name with the members read and the calls made from it.
fn access(text: &str, depth: usize, found: &mut Vec<Vec<String>>) {
    let mut steps: Vec<String> = Vec::new();
    let mut called: Option<String> = None;
    // What a function was called with, and how many steps lead to it.
    let mut function: Option<(&str, bool, usize)> = None;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let link = rest.find(|char: char| !matches!(char, '.' | '?' | '!' | ':')).unwrap_or(rest.len());
        let rest = &rest[link..];
        let name = rest.find(|char: char| !is_name(char)).unwrap_or(rest.len());
        let macro_call = rest[name..].starts_with("!(");
        if name > 0 {
            steps.push(rest[..name].into());
            called = None;
            at += link + name + usize::from(macro_call);
            continue;
        }
        at += link;
        let end = closing(text, at);
        let inside = text.get(at + 1..end).unwrap_or("");
        match rest.chars().next() {
            Some('(') => {
                let by_macro = text[..at].ends_with('!');
                let free = by_macro || steps.len() == 1 || is_free(&text[..at]);
                if free && function.is_none() && !inside.trim().is_empty() {
                    function = Some((inside, by_macro, steps.len()));
                } else {
                    called = if steps.len() > 1 { steps.pop() } else { None };
                }
            }
            Some('[') => {
                let key = inside.trim();
                let plain = key.trim_matches(['"', '\'', '`']);
                if plain.len() + 2 == key.len() && plain.chars().all(is_name) {
                    steps.push(plain.into());
                }
            }
            // Type arguments: `parse::<Email>(x)`, `get<string>()`.
            Some('<') => {}
            _ => break,
        }
        at = end + 1;
    }
    // `String::from(user.email).clone()`; of `load(id).email`, the field tells more.
    if let Some((inside, all, _)) = function.filter(|(_, _, length)| *length == steps.len()) {
        return arguments(inside, all, depth, found);
    }
    let mut candidates = Vec::new();
    if let Some(method) = called {
        candidates.push(format!("{}.{method}", steps.join(".")));
    }
    candidates.push(steps.join("."));
    found.push(candidates);
}

/// Whether a path leads to a function that belongs to no value: `String::from`, `JSON.stringify`, `_.toLower`.
fn is_free(path: &str) -> bool {
    path.contains("::") || path.starts_with("_.") || path.starts_with(char::is_uppercase)
}

/// What a function was called with stands for what it returns: the first argument; of a macro, each.
fn arguments(inside: &str, all: bool, depth: usize, found: &mut Vec<Vec<String>>) {
    let arguments = split_commas(inside);
    for argument in arguments.iter().take(if all { usize::MAX } else { 1 }) {
        expression(argument, depth, found);
    }
}

/// Takes away what does not change the value: `await`, `new`, `&`, `...`, outer space, `as T`.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let before = text;
        for prefix in ["await ", "new ", "mut ", "...", "**", "&", "*", "+"] {
            text = text.strip_prefix(prefix).unwrap_or(text).trim_start();
        }
        if text == before {
            break;
        }
    }
    text.split(" as ").next().unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = paths(text).iter().map(|candidates| candidates.join("|")).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn members() {
        check("user.email", &["user.email"]);
        check("user?.email!", &["user.email"]);
        check("this.props.user[\"e_mail\"]", &["this.props.user.e_mail"]);
        check("users[0].email", &["users.email"]);
        check("await load(user.email)", &["user.email"]);
        check("&self.user.email", &["self.user.email"]);
        check("user.email as string", &["user.email"]);
    }

    #[test]
    fn calls() {
        check("hash(user.email)", &["user.email"]);
        check("hash(user.email, salt)", &["user.email"]);
        check("user.email.toLowerCase().trim()", &["user.email.trim|user.email"]);
        check("user.email()", &["user.email|user"]);
        check("getUser().email", &["getUser.email"]);
        check("JSON.stringify(user.email)", &["user.email"]);
        check("String::from(user.email).clone()", &["user.email"]);
        check("Some(&user.email)", &["user.email"]);
        check("load(id).email", &["load.email"]);
        check("currentEmail()", &["currentEmail"]);
        check("format!(\"{} {}\", user.name, user.email)", &["user.name", "user.email"]);
        check("user.email.clone().unwrap_or_default()", &["user.email.unwrap_or_default|user.email"]);
    }

    #[test]
    fn templates_and_concatenations() {
        check("`${user.name} <${user.email}>`", &["user.name", "user.email"]);
        check("f\"{user.name} of {org}\"", &["user.name", "org"]);
        check("'Hello ' + user.name", &["user.name"]);
        check("`a ${`b ${user.email}`}`", &["user.email"]);
    }

    #[test]
    fn choices() {
        check("user.email ?? user.phone", &["user.email", "user.phone"]);
        check("user && user.email", &["user.email"]);
        check("user.email ? user.name : 'none'", &["user.name"]);
        check("user.name if user.email else org", &["user.name", "org"]);
        check("!user.email\n  ? user.name\n  : org", &["user.name", "org"]);
        check("user.plan === 'x' ? user.name : null", &["user.name", "null"]);
    }

    #[test]
    fn what_carries_nothing() {
        check("\"email\"", &[]);
        check("'user.email'", &[]);
        check("42", &[]);
        check("user.email === other", &[]);
        check("!user.email", &[]);
        check("{ email: user.email }", &[]);
        check("() => user.email", &[]);
        check("", &[]);
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in [
            "`${",
            "((((",
            "a[",
            "a(",
            "é.ü(",
            "f\"{",
            "a.b.",
            "..",
            "?",
            "a ? b",
            "x if",
            "`${`${`${`${`",
            "!!",
            "a<b>(c",
            "\\",
            "'\\",
        ] {
            paths(text);
        }
        paths(&"(".repeat(10_000));
        paths(&"`${".repeat(5_000));
    }
}
