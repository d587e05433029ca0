//! Spellings of a name, so that one list of calls serves the SDKs of several languages: `create` is `Create` in one
//! and `postal_code` is `postalCode` in another.

use super::signature::{Act, Params, Pattern, Signature, Step};
use crate::ir::Name;

/// The spellings by name.
pub const CASES: &[(&str, Case)] =
    &[("camelCase", Case::Camel), ("PascalCase", Case::Pascal), ("snake_case", Case::Snake)];

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `postalCode`.
    Camel,
    /// `PostalCode`.
    Pascal,
    /// `postal_code`.
    Snake,
}

/// How a language spells the lines that it shares with others. A spelling that is absent leaves names alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Naming {
    /// The spelling of methods.
    pub members: Option<Case>,
    /// The spelling of the keys of records and of named arguments.
    pub keys: Option<Case>,
    /// Words that are written in capitals where a word starts with one (`ID` in `UserID`).
    pub capitals: Vec<Name>,
}

impl Naming {
    /// The line in this spelling. The paths of its fields stay as they are: they are the vendor's.
    pub(super) fn spell(&self, line: &Signature) -> Signature {
        let steps = line.steps.iter().map(|step| match step {
            Step::Member(name) => Step::Member(self.name(self.members, name)),
            Step::Any | Step::Like(_) => step.clone(),
            Step::Call(params) => Step::Call(self.params(params)),
        });
        let act = match &line.act {
            Act::Call(params) => Act::Call(self.params(params)),
            Act::Assign(pattern) => Act::Assign(self.pattern(pattern)),
            Act::Literal(pattern) => Act::Literal(self.pattern(pattern)),
        };
        Signature { steps: steps.collect(), act, condition: line.condition.clone(), unseen: line.unseen.clone() }
    }

    fn params(&self, params: &Params) -> Params {
        let mut spelled = params.clone();
        for param in &mut spelled.list {
            param.name = param.name.as_ref().map(|name| self.name(self.keys, name));
            param.pattern = self.pattern(&param.pattern);
        }
        spelled.rest = spelled.rest.as_ref().map(|rest| self.pattern(rest));
        spelled
    }

    fn pattern(&self, pattern: &Pattern) -> Pattern {
        match pattern {
            Pattern::Record(record) => {
                let mut spelled = record.clone();
                for (name, entry) in &mut spelled.entries {
                    *name = self.name(self.keys, name);
                    *entry = self.pattern(entry);
                }
                spelled.rest = spelled.rest.map(|rest| Box::new(self.pattern(&rest)));
                Pattern::Record(spelled)
            }
            Pattern::Tuple(parts) => Pattern::Tuple(parts.iter().map(|part| self.pattern(part)).collect()),
            Pattern::OneOf(parts) => Pattern::OneOf(parts.iter().map(|part| self.pattern(part)).collect()),
            Pattern::List(part) => Pattern::List(Box::new(self.pattern(part))),
            other => other.clone(),
        }
    }

    fn name(&self, case: Option<Case>, name: &str) -> Name {
        let Some(case) = case else {
            return name.into();
        };
        let words = words(name);
        let mut spelled = String::with_capacity(name.len() + words.len());
        for (at, word) in words.iter().enumerate() {
            if case == Case::Snake && at > 0 {
                spelled.push('_');
            }
            let capital = self.capitals.iter().find(|capital| capital.eq_ignore_ascii_case(word));
            match (case, at, capital) {
                (Case::Snake, ..) | (Case::Camel, 0, _) => spelled.push_str(word),
                (Case::Camel | Case::Pascal, _, Some(capital)) => spelled.push_str(capital),
                (Case::Camel | Case::Pascal, _, None) => {
                    let mut letters = word.chars();
                    spelled.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                    spelled.push_str(letters.as_str());
                }
            }
        }
        spelled.into()
    }
}

/// The words of a name in small letters: `userID`, `user_id` and `UserId` are `user` and `id`.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if matches!(letter, '_' | '-') || starts {
            words.push(String::new());
        }
        if let (false, Some(word)) = (matches!(letter, '_' | '-'), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_every_spelling() {
        let naming = Naming { capitals: vec!["ID".into(), "URL".into()], ..Naming::default() };
        for name in ["postal_code", "postalCode", "PostalCode", "postal-code"] {
            let spelled: Vec<Name> = CASES.iter().map(|(_, case)| naming.name(Some(*case), name)).collect();
            assert_eq!(spelled, ["postalCode".into(), "PostalCode".into(), "postal_code".into()]);
        }
        assert_eq!(&*naming.name(Some(Case::Pascal), "success_url"), "SuccessURL");
        assert_eq!(&*naming.name(Some(Case::Pascal), "customer_id"), "CustomerID");
        assert_eq!(&*naming.name(Some(Case::Camel), "id_number"), "idNumber");
        assert_eq!(&*naming.name(Some(Case::Snake), "HTTPServerID2"), "http_server_id2");
        assert_eq!(&*naming.name(None, "as_it_is"), "as_it_is");
    }
}
