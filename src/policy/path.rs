//! Paths of payload fields as a manifest writes them: `traits.plan`, `items[].sku`, `properties.*`, `context.**`.

use crate::ir::Name;

/// A pattern over the paths of payload fields.
///
/// `*` is one step, or any run of characters within a step (`utm_*`); `**`, only as the last step, is the rest of the
/// path. Steps compare folded, so `userId` is `user_id`. A name covers what has exactly that path: `traits.address`
/// covers no field below it, `traits.address.**` does.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPattern {
    /// As it was written.
    pub text: Name,
    steps: Vec<Step>,
    rest: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    /// Folded; `*` stands for any run of characters.
    name: String,
    /// How many `[]` follow the name.
    lists: usize,
}

impl FieldPattern {
    /// Reads a pattern; the error says what is malformed, as one lower-case clause.
    pub fn parse(text: &str) -> Result<FieldPattern, String> {
        if text.trim().is_empty() {
            return Err("a field path cannot be empty".into());
        }
        let mut steps = Vec::new();
        let mut rest = false;
        for (index, step) in text.split('.').enumerate() {
            if rest {
                return Err("`**` stands for the rest of a path, so it must be its last step".into());
            }
            if step == "**" {
                rest = true;
                continue;
            }
            let parsed = Step::of(step);
            if parsed.name.contains(['[', ']']) {
                return Err(format!("`{step}` is not a step: the elements of a list are written `[]`, after its name"));
            }
            if step.contains("**") {
                return Err("`**` must be a step of its own".into());
            }
            if parsed.name.is_empty() && (index > 0 || parsed.lists == 0) {
                return Err("there is nothing between two dots, or before or after one".into());
            }
            steps.push(parsed);
        }
        Ok(FieldPattern { text: text.into(), steps, rest })
    }

    /// The pattern that matches a field's path and as little else as possible: a step that cannot be written becomes
    /// `*`.
    pub fn of_path(path: &str) -> FieldPattern {
        let exact = FieldPattern::parse(path).ok();
        if let Some(pattern) = exact.filter(|pattern| pattern.matches(path)) {
            return pattern;
        }
        if path.is_empty() {
            return FieldPattern::parse("**").expect("`**` is a pattern");
        }
        let steps = path.split('.').map(|step| match FieldPattern::parse(step) {
            Ok(pattern) if pattern.matches(step) && !step.contains('*') => step,
            _ => "*",
        });
        let text = steps.collect::<Vec<_>>().join(".");
        FieldPattern::parse(&text).unwrap_or_else(|_| FieldPattern { text: "**".into(), steps: Vec::new(), rest: true })
    }

    /// Whether it covers the field with this path.
    pub fn matches(&self, path: &str) -> bool {
        self.matches_steps(&steps(path))
    }

    /// Whether it covers the field with this path, read before: the same path is often compared with many patterns.
    pub fn matches_path(&self, path: &FieldPath) -> bool {
        self.matches_steps(&path.0)
    }

    /// Whether it covers the field with this path, or some ending of it: `topics` covers `project.topics` then.
    pub fn matches_ending(&self, path: &str) -> bool {
        let steps = steps(path);
        (0..steps.len()).any(|start| self.matches_steps(&steps[start..]))
    }

    /// The same for all that cover the same fields, however they are spelled.
    pub fn folded(&self) -> String {
        let steps = self.steps.iter().map(|step| format!("{}{}", step.name, "[]".repeat(step.lists)));
        steps.chain(self.rest.then(|| "**".to_owned())).collect::<Vec<_>>().join(".")
    }

    /// Whether it may cover a field somewhere below `path`.
    pub fn reaches_below(&self, path: &str) -> bool {
        let steps = steps(path);
        let agree = self.steps.iter().zip(&steps).all(|(pattern, step)| pattern.matches(step));
        agree && (self.rest || self.steps.len() > steps.len())
    }

    /// Whether it covers every field below `path`.
    pub fn covers_below(&self, path: &str) -> bool {
        let steps = steps(path);
        let agree = self.steps.iter().zip(&steps).all(|(pattern, step)| pattern.matches(step));
        agree && self.rest && self.steps.len() <= steps.len()
    }

    fn matches_steps(&self, path: &[Step]) -> bool {
        let long_enough = match self.rest {
            true => path.len() > self.steps.len() || self.steps.is_empty(),
            false => path.len() == self.steps.len(),
        };
        long_enough && self.steps.iter().zip(path).all(|(pattern, step)| pattern.matches(step))
    }
}

impl Step {
    fn of(text: &str) -> Step {
        let name = text.trim_end_matches("[]");
        Step { name: fold(name), lists: (text.len() - name.len()) / 2 }
    }

    fn matches(&self, step: &Step) -> bool {
        let any = self.name == "*" && self.lists == 0;
        any || (self.lists == step.lists && glob(&self.name, &step.name))
    }
}

/// A field's path, taken apart.
#[derive(Clone, Debug)]
pub struct FieldPath(Vec<Step>);

impl FieldPath {
    /// Takes a path apart.
    pub fn of(path: &str) -> FieldPath {
        FieldPath(steps(path))
    }
}

/// The steps of a field's path; a path without steps is the payload itself.
fn steps(path: &str) -> Vec<Step> {
    match path {
        "" => Vec::new(),
        path => path.split('.').map(Step::of).collect(),
    }
}

/// The words of a name in lower case, joined by `_`: `userEmail`, `user_email` and `User-Email` fold alike.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len() + 4);
    let mut pause = false;
    let mut previous = '_';
    let mut chars = name.chars().peekable();
    while let Some(char) = chars.next() {
        if matches!(char, '_' | '-' | ' ') {
            pause = true;
            continue;
        }
        let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        let starts_word = char.is_uppercase() && (!previous.is_uppercase() || next_is_lower);
        if (pause || starts_word) && !folded.is_empty() {
            folded.push('_');
        }
        folded.extend(char.to_lowercase());
        pause = false;
        previous = char;
    }
    folded
}

/// Whether `text` is `pattern`, in which `*` is any run of characters.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut in_text) = (0, 0);
    // After a `*`: where the pattern goes on, and where in the text that was last tried.
    let mut retry: Option<(usize, usize)> = None;
    while in_text < text.len() {
        if pattern.get(at) == Some(&b'*') {
            retry = Some((at + 1, in_text));
            at += 1;
        } else if pattern.get(at) == Some(&text[in_text]) {
            at += 1;
            in_text += 1;
        } else if let Some((after, tried)) = retry {
            retry = Some((after, tried + 1));
            at = after;
            in_text = tried + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        FieldPattern::parse(pattern).unwrap().matches(path)
    }

    #[test]
    fn names_compare_folded() {
        for name in ["userEmail", "user_email", "user-email", "User Email", "_userEmail", "UserEMAIL"] {
            assert_eq!(fold(name), "user_email", "{name}");
        }
        assert_eq!(fold("userID"), "user_id");
        assert_eq!(fold("HTMLPage"), "html_page");
        assert_eq!(fold("$ip"), "$ip");
        assert!(covers("userId", "user_id"));
        assert!(covers("traits.first_name", "traits.firstName"));
    }

    #[test]
    fn a_name_covers_its_own_path_alone() {
        assert!(covers("email", "email"));
        assert!(!covers("email", "traits.email"));
        assert!(!covers("traits", "traits.email"));
        assert!(!covers("email", "emails"));
    }

    #[test]
    fn one_star_is_one_step() {
        assert!(covers("properties.*", "properties.plan"));
        assert!(covers("properties.*", "properties.items[]"));
        assert!(!covers("properties.*", "properties"));
        assert!(!covers("properties.*", "properties.a.b"));
        assert!(covers("*.id", "user.id"));
    }

    #[test]
    fn two_stars_are_the_rest() {
        assert!(covers("traits.address.**", "traits.address.city"));
        assert!(covers("traits.address.**", "traits.address.geo.lat"));
        assert!(!covers("traits.address.**", "traits.address"));
        assert!(covers("**", "a.b"));
        assert!(covers("**", ""));
    }

    #[test]
    fn a_star_within_a_step() {
        assert!(covers("utm_*", "utmSource"));
        assert!(covers("*_id", "groupId"));
        assert!(covers("*Id", "group_id"));
        assert!(!covers("*_id", "paid"));
        assert!(!covers("utm_*", "utm"));
    }

    #[test]
    fn elements_of_lists() {
        assert!(covers("items[].sku", "items[].sku"));
        assert!(!covers("items.sku", "items[].sku"));
        assert!(covers("[].email", "[].email"));
        assert!(covers("grid[][]", "grid[][]"));
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for text in ["", ".", "a..b", ".a", "a.", "a[0]", "a[", "**.a", "a**", "a.[]", "[]a"] {
            assert!(FieldPattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_path_has_a_pattern_that_covers_it() {
        for path in ["a.b", "", "a..b", "items[0].x", "a.*", "x]", "[].a", "a.[].b", "é.ß", "a.**.b"] {
            let pattern = FieldPattern::of_path(path);
            assert!(pattern.matches(path), "{path}: {}", pattern.text);
            assert!(FieldPattern::parse(&pattern.text).is_ok(), "{path}: {}", pattern.text);
        }
    }

    #[test]
    fn below_a_path() {
        let pattern = |text| FieldPattern::parse(text).unwrap();
        assert!(pattern("properties.**").covers_below("properties"));
        assert!(pattern("**").covers_below(""));
        assert!(!pattern("properties.*").covers_below("properties"));
        assert!(pattern("properties.plan").reaches_below("properties"));
        assert!(!pattern("properties").reaches_below("properties"));
        assert!(!pattern("traits.plan").reaches_below("properties"));
        assert!(pattern("traits.plan").reaches_below(""));
    }
}
