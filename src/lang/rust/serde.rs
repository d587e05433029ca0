//! What `#[serde(..)]` says of the names under which fields are serialised.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

use crate::ir::Serial;

/// What the attributes of a container, field or variant say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Case {
    /// Names stay as they are.
    #[default]
    Unchanged,
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// The attributes of a container, a field or a variant.
#[derive(Debug, Default)]
pub(super) struct Attrs {
    /// `rename`.
    pub(super) rename: Option<String>,
    /// `rename_all`.
    pub(super) case: Case,
    /// `rename_all_fields`.
    pub(super) fields_case: Case,
    /// `skip`, `flatten`.
    pub(super) serial: Option<Serial>,
    /// `transparent`.
    pub(super) transparent: bool,
}

/// Reads the attributes.
pub(super) fn attrs(attributes: &[Attribute]) -> Attrs {
    let mut result = Attrs::default();
    for attribute in attributes {
        read(&attribute.meta, &mut result, 0);
    }
    result
}

/// What stands in the brackets of an attribute, where each is an attribute of its own.
pub(super) fn metas(list: &syn::MetaList) -> Vec<Meta> {
    Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(list.tokens.clone())
        .map(|metas| metas.into_iter().collect())
        .unwrap_or_default()
}

fn read(meta: &Meta, result: &mut Attrs, depth: usize) {
    let Meta::List(list) = meta else {
        return;
    };
    if list.path.is_ident("serde") {
        for meta in metas(list) {
            read_serde(&meta, result);
        }
    } else if list.path.is_ident("cfg_attr") && depth < 8 {
        for meta in metas(list).iter().skip(1) {
            read(meta, result, depth + 1);
        }
    }
}

fn read_serde(meta: &Meta, result: &mut Attrs) {
    let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
    match name.as_str() {
        "rename" => result.rename = text(meta),
        "rename_all" => result.case = text(meta).map_or(Case::Unchanged, |name| case(&name)),
        "rename_all_fields" => {
            result.fields_case = text(meta).map_or(Case::Unchanged, |name| case(&name));
        }
        "skip" | "skip_serializing" => result.serial = Some(Serial::Skipped),
        "flatten" => result.serial = Some(Serial::Flattened),
        "transparent" => result.transparent = true,
        _ => {}
    }
}

/// `x = "text"`, or the text of `x(serialize = "text")`.
fn text(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        Meta::List(list) => {
            let metas = metas(list);
            let serialize = metas.iter().find(|meta| meta.path().is_ident("serialize"))?;
            match serialize {
                Meta::NameValue(_) => text(serialize),
                _ => None,
            }
        }
        Meta::Path(_) => None,
    }
}

fn case(name: &str) -> Case {
    match name {
        "lowercase" => Case::Lower,
        "UPPERCASE" => Case::Upper,
        "PascalCase" => Case::Pascal,
        "camelCase" => Case::Camel,
        "snake_case" => Case::Snake,
        "SCREAMING_SNAKE_CASE" => Case::ScreamingSnake,
        "kebab-case" => Case::Kebab,
        "SCREAMING-KEBAB-CASE" => Case::ScreamingKebab,
        _ => Case::Unchanged,
    }
}

impl Case {
    /// A field's name (`snake_case`) in this case.
    pub(super) fn of_field(self, name: &str) -> String {
        match self {
            Case::Unchanged | Case::Lower | Case::Snake => name.to_string(),
            Case::Upper | Case::ScreamingSnake => name.to_uppercase(),
            Case::Kebab => name.replace('_', "-"),
            Case::ScreamingKebab => name.to_uppercase().replace('_', "-"),
            Case::Pascal => name.split('_').map(capitalised).collect(),
            Case::Camel => uncapitalised(&Case::Pascal.of_field(name)),
        }
    }

    /// A variant's name (`PascalCase`) in this case.
    pub(super) fn of_variant(self, name: &str) -> String {
        match self {
            Case::Unchanged | Case::Pascal => name.to_string(),
            Case::Lower => name.to_lowercase(),
            Case::Upper => name.to_uppercase(),
            Case::Camel => uncapitalised(name),
            Case::Snake => snake(name),
            Case::ScreamingSnake => snake(name).to_uppercase(),
            Case::Kebab => snake(name).replace('_', "-"),
            Case::ScreamingKebab => snake(name).to_uppercase().replace('_', "-"),
        }
    }
}

fn snake(name: &str) -> String {
    let mut result = String::new();
    for (index, letter) in name.chars().enumerate() {
        if index > 0 && letter.is_uppercase() {
            result.push('_');
        }
        result.extend(letter.to_lowercase());
    }
    result
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn uncapitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
