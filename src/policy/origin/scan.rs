//! Takes the text of an expression apart: operators, brackets, quotes.

/// Operators whose result carries neither operand.
pub(super) const COMPARISONS: &[&str] = &["==", "!=", " < ", " > ", "<=", ">=", " in ", " instanceof "];
const JOINS: &[&str] = &["||", "??", "&&", " or ", " and ", " ? ", " : ", " else ", " if ", " + ", "+", "=>"];

/// An expression taken apart at its outermost operators.
pub(super) struct Pieces<'a> {
    pub(super) operands: Vec<&'a str>,
    pub(super) operators: Vec<&'static str>,
    /// Whether the first operand is negated.
    pub(super) negated: bool,
}

/// Splits at the outermost operators. A function has no pieces: its body is not what its value is.
pub(super) fn pieces(text: &str) -> Pieces<'_> {
    let trimmed = text.trim_start();
    let mut operators = Vec::new();
    let mut operands = Vec::new();
    let negated = trimmed.starts_with('!') || trimmed.starts_with("not ");
    let (mut start, mut at) = (0, 0);
    while let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if matches!(char, '(' | '[' | '{' | '"' | '\'' | '`') {
            at = closing(text, at) + 1;
            continue;
        }
        let operator = COMPARISONS.iter().chain(JOINS).copied().find(|operator| text[at..].starts_with(operator));
        match operator {
            // `async (x) => ..` is a function, whatever its body reads.
            Some("=>") => {
                return Pieces { operands: Vec::new(), operators: Vec::new(), negated };
            }
            Some(operator) => {
                operands.push(&text[start..at]);
                operators.push(operator);
                at += operator.len();
                start = at;
            }
            None => at += char.len_utf8(),
        }
    }
    operands.push(text.get(start..).unwrap_or(""));
    // `b if a else c`: a stands between the two and decides.
    for index in 0..operators.len() {
        if operators[index] == " if " {
            operators[index] = " else ";
            operands.swap(index, index + 1);
            if let Some(next) = operators.get_mut(index + 1) {
                *next = " : ";
            }
        }
    }
    Pieces { operands, operators, negated }
}

/// Where the bracket or quote at `open` is closed; the end of the text where it is not.
pub(super) fn closing(text: &str, open: usize) -> usize {
    let mut stack: Vec<char> = Vec::new();
    let mut chars = text.get(open..).unwrap_or("").char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let quote = stack.last().copied().filter(|top| matches!(top, '"' | '\'' | '`'));
        match (quote, char) {
            (Some(_), '\\') => {
                chars.next();
            }
            (Some(quote), char) if quote == char => {
                stack.pop();
            }
            (Some('`'), '$') if chars.peek().is_some_and(|(_, next)| *next == '{') => {
                chars.next();
                stack.push('}');
            }
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => stack.push(char),
            (None, '(') => stack.push(')'),
            (None, '[') => stack.push(']'),
            (None, '{') => stack.push('}'),
            (None, '<') if at == 0 => stack.push('>'),
            (None, ')' | ']' | '}' | '>') if stack.last() == Some(&char) => {
                stack.pop();
            }
            _ => {}
        }
        if stack.is_empty() {
            return open + at;
        }
    }
    text.len()
}

/// Splits at the outermost commas.
pub(super) fn split_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if matches!(char, '(' | '[' | '{' | '"' | '\'' | '`') {
            at = closing(text, at) + 1;
            continue;
        }
        if char == ',' {
            parts.push(&text[start..at]);
            start = at + 1;
        }
        at += char.len_utf8();
    }
    parts.push(text.get(start..).unwrap_or(""));
    parts
}

/// Whether a character may stand in a name.
pub(super) fn is_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$' | '#' | '@')
}
