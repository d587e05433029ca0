//! What a file of code names: paths and texts, from its tokens.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A file as tokens.
pub(crate) struct Tokens {
    stream: Vec<TokenTree>,
    /// The texts that its code has, comments and documentation left out.
    pub(crate) texts: Vec<String>,
}

/// Reads a file, without its unit tests.
pub(crate) fn tokens(text: &str) -> Tokens {
    let stream = TokenStream::from_str(text).expect("the code is Rust");
    let stream = without_tests(stream);
    let mut texts = Vec::new();
    add_texts(&stream, &mut texts);
    Tokens { stream, texts }
}

/// Takes away documentation and what stands under `#[cfg(test)]`.
fn without_tests(stream: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut trees = stream.into_iter().peekable();
    let mut testing = false;
    while let Some(tree) = trees.next() {
        if is_punct(&tree, '#') {
            let inner = trees.next_if(|next| is_punct(next, '!'));
            let attribute = trees.next_if(|next| matches!(next, TokenTree::Group(_)));
            let written = attribute.as_ref().map(ToString::to_string).unwrap_or_default();
            let written: String = written.split_whitespace().collect();
            testing |= written == "[cfg(test)]";
            if !written.starts_with("[doc=") {
                kept.push(tree);
                kept.extend(inner);
                kept.extend(attribute);
            }
            continue;
        }
        // An item ends with its block or with a semicolon.
        let ends =
            is_punct(&tree, ';') || matches!(&tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if !testing {
            kept.push(match tree {
                TokenTree::Group(group) => {
                    let inner = without_tests(group.stream()).into_iter().collect();
                    TokenTree::Group(Group::new(group.delimiter(), inner))
                }
                other => other,
            });
        }
        testing &= !ends;
    }
    kept
}

fn add_texts(trees: &[TokenTree], texts: &mut Vec<String>) {
    for tree in trees {
        match tree {
            TokenTree::Literal(literal) => {
                texts.extend(syn::parse_str::<syn::LitStr>(&literal.to_string()).map(|text| text.value()));
            }
            TokenTree::Group(group) => add_texts(&group.stream().into_iter().collect::<Vec<_>>(), texts),
            _ => {}
        }
    }
}

impl Tokens {
    /// Every path from the crate's root, `modules` modules above the file: `crate::a::b`, and what `super` leads to.
    pub(crate) fn crate_paths(&self, modules: usize) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        crate_paths(&self.stream, modules, &mut paths);
        paths
    }

    /// What follows `root::` in every path that starts with it.
    pub(crate) fn paths_from(&self, root: &str) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        each_level(&self.stream, &mut |trees| {
            for (index, tree) in trees.iter().enumerate() {
                if is_ident(tree, root) && is_separator(trees, index + 1) && !follows_separator(trees, index) {
                    steps(trees, index + 3, &[], &mut paths);
                }
            }
        });
        paths
    }

    /// Whether a path ends with a name: `Zoned::now`.
    pub(crate) fn has_path_to(&self, name: &str) -> bool {
        let mut found = false;
        each_level(&self.stream, &mut |trees| {
            let mut places = trees.iter().enumerate();
            found |= places.any(|(index, tree)| is_ident(tree, name) && follows_separator(trees, index));
        });
        found
    }

    /// Whether a name occurs anywhere.
    pub(crate) fn has_ident(&self, name: &str) -> bool {
        let mut found = false;
        each_level(&self.stream, &mut |trees| found |= trees.iter().any(|tree| is_ident(tree, name)));
        found
    }
}

fn each_level(trees: &[TokenTree], visit: &mut dyn FnMut(&[TokenTree])) {
    visit(trees);
    for tree in trees {
        if let TokenTree::Group(group) = tree {
            each_level(&group.stream().into_iter().collect::<Vec<_>>(), visit);
        }
    }
}

fn crate_paths(trees: &[TokenTree], modules: usize, paths: &mut Vec<Vec<String>>) {
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => {
                let inside = index >= 2 && is_ident(&trees[index - 2], "mod");
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                crate_paths(&inner, modules + usize::from(inside), paths);
            }
            tree if is_ident(tree, "crate") && is_separator(trees, index + 1) => steps(trees, index + 3, &[], paths),
            tree if is_ident(tree, "super") && !follows_separator(trees, index) => {
                let (mut at, mut above) = (index, 0);
                while trees.get(at).is_some_and(|tree| is_ident(tree, "super")) && is_separator(trees, at + 1) {
                    (at, above) = (at + 3, above + 1);
                }
                if above > 0 && above == modules {
                    steps(trees, at, &[], paths);
                }
            }
            _ => {}
        }
    }
}

/// The paths that go on at `index`: a name and what follows it, or several in braces.
fn steps(trees: &[TokenTree], index: usize, before: &[String], paths: &mut Vec<Vec<String>>) {
    match trees.get(index) {
        Some(TokenTree::Ident(name)) if name != "self" => {
            let mut path = before.to_vec();
            path.push(name.to_string());
            if is_separator(trees, index + 1) {
                steps(trees, index + 3, &path, paths);
            } else {
                paths.push(path);
            }
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            for part in inner.split(|tree| is_punct(tree, ',')) {
                steps(part, 0, before, paths);
            }
        }
        // `self`, a turbofish, a glob: the path ends before it.
        _ if !before.is_empty() => paths.push(before.to_vec()),
        _ => {}
    }
}

fn is_ident(tree: &TokenTree, name: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Whether `::` stands at `index`.
fn is_separator(trees: &[TokenTree], index: usize) -> bool {
    let colon = |index: usize| trees.get(index).is_some_and(|tree| is_punct(tree, ':'));
    colon(index) && colon(index + 1)
}

fn follows_separator(trees: &[TokenTree], index: usize) -> bool {
    index >= 2 && is_separator(trees, index - 2)
}
