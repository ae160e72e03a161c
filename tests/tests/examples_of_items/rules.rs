//! What a macro of a source makes: a pattern of `macro_rules!` matched, its body filled in.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};

/// A macro: each of its rules as its pattern and its body.
pub struct Rules(Vec<(Vec<Part>, Vec<Part>)>);

/// A part of a pattern or of a body.
enum Part {
    Token(TokenTree),
    Group(Delimiter, Vec<Part>),
    /// `$name:kind`, and `$name` in a body.
    Variable(String, String),
    /// `$(…),*`
    Repeat(Vec<Part>, Option<TokenTree>),
}

/// What a variable stands for.
#[derive(Clone)]
enum Bound {
    Once(Vec<TokenTree>),
    Each(Vec<Bound>),
}

type Scope = HashMap<String, Bound>;

impl Rules {
    pub fn new(definition: TokenStream) -> Rules {
        let mut groups = definition.into_iter().filter_map(|tree| match tree {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        });
        let mut rules = Vec::new();
        while let (Some(pattern), Some(body)) = (groups.next(), groups.next()) {
            rules.push((parts(pattern, true), parts(body, false)));
        }
        Rules(rules)
    }

    /// What these tokens become, by the first rule that they match.
    pub fn expand(&self, tokens: TokenStream) -> Option<TokenStream> {
        let tokens: Vec<_> = tokens.into_iter().collect();
        self.0.iter().find_map(|(pattern, body)| {
            let mut scope = Scope::new();
            let rest = matched(pattern, &tokens, &mut scope)?;
            rest.is_empty().then(|| filled(body, &scope).into_iter().collect())
        })
    }
}

fn is_punct(tree: &TokenTree, any_of: &str) -> bool {
    matches!(tree, TokenTree::Punct(punct) if any_of.contains(punct.as_char()))
}

fn parts(tokens: TokenStream, is_pattern: bool) -> Vec<Part> {
    let mut tokens = tokens.into_iter().peekable();
    let inside = |group: &Group| parts(group.stream(), is_pattern);
    let mut found = Vec::new();
    while let Some(tree) = tokens.next() {
        found.push(match tree {
            TokenTree::Group(group) => Part::Group(group.delimiter(), inside(&group)),
            tree if is_punct(&tree, "$") => match tokens.next() {
                Some(TokenTree::Group(group)) => {
                    let next = tokens.next().expect("how often");
                    let separator = (!is_punct(&next, "*+?")).then(|| {
                        tokens.next();
                        next
                    });
                    Part::Repeat(inside(&group), separator)
                }
                Some(name) => {
                    let kind = match tokens.next_if(|tree| is_pattern && is_punct(tree, ":")) {
                        Some(_) => tokens.next().map(|kind| kind.to_string()),
                        None => None,
                    };
                    Part::Variable(name.to_string(), kind.unwrap_or_default())
                }
                None => Part::Token(tree),
            },
            tree => Part::Token(tree),
        });
    }
    found
}

/// How many tokens a variable of a pattern takes.
fn taken(kind: &str, tokens: &[TokenTree]) -> Option<usize> {
    fn parsed<T: Parse>(tokens: &[TokenTree]) -> Option<usize> {
        let rest = |input: ParseStream<'_>| {
            input.parse::<T>()?;
            input.parse::<TokenStream>()
        };
        let rest = rest.parse2(tokens.iter().cloned().collect()).ok()?;
        Some(tokens.len() - rest.into_iter().count())
    }
    match kind {
        "ident" => matches!(tokens.first()?, TokenTree::Ident(_)).then_some(1),
        "tt" => tokens.first().map(|_| 1),
        "literal" => parsed::<syn::Lit>(tokens),
        "ty" => parsed::<syn::Type>(tokens),
        "path" => parsed::<syn::Path>(tokens),
        "meta" => parsed::<syn::Meta>(tokens),
        "expr" => parsed::<syn::Expr>(tokens),
        "block" => parsed::<syn::Block>(tokens),
        "vis" => parsed::<syn::Visibility>(tokens),
        kind => panic!("`{kind}` of a macro's pattern is not known here"),
    }
}

/// The tokens behind what the pattern matches.
fn matched<'a>(
    pattern: &[Part],
    mut tokens: &'a [TokenTree],
    scope: &mut Scope,
) -> Option<&'a [TokenTree]> {
    for part in pattern {
        match part {
            Part::Token(wanted) => {
                let (first, rest) = tokens.split_first()?;
                (first.to_string() == wanted.to_string()).then_some(())?;
                tokens = rest;
            }
            Part::Group(delimiter, inside) => {
                let (TokenTree::Group(group), rest) = tokens.split_first()? else { return None };
                let found: Vec<_> = group.stream().into_iter().collect();
                let fits =
                    group.delimiter() == *delimiter && matched(inside, &found, scope)?.is_empty();
                fits.then_some(())?;
                tokens = rest;
            }
            Part::Variable(name, kind) => {
                let (found, rest) = tokens.split_at(taken(kind, tokens)?);
                scope.insert(name.clone(), Bound::Once(found.to_vec()));
                tokens = rest;
            }
            Part::Repeat(inside, separator) => {
                let mut all: HashMap<String, Vec<Bound>> =
                    names(inside).into_iter().map(|name| (name, Vec::new())).collect();
                loop {
                    let mut one = Scope::new();
                    match matched(inside, tokens, &mut one) {
                        Some(rest) if rest.len() < tokens.len() => tokens = rest,
                        _ => break,
                    }
                    for (name, bound) in one {
                        all.entry(name).or_default().push(bound);
                    }
                    match (separator, tokens.split_first()) {
                        (Some(between), Some((first, rest)))
                            if first.to_string() == between.to_string() =>
                        {
                            tokens = rest;
                        }
                        (Some(_), _) => break,
                        (None, _) => {}
                    }
                }
                scope.extend(all.into_iter().map(|(name, each)| (name, Bound::Each(each))));
            }
        }
    }
    Some(tokens)
}

/// The variables in these parts.
fn names(parts: &[Part]) -> Vec<String> {
    let of = |part: &Part| match part {
        Part::Token(_) => Vec::new(),
        Part::Variable(name, _) => vec![name.clone()],
        Part::Group(_, inside) | Part::Repeat(inside, _) => names(inside),
    };
    parts.iter().flat_map(of).collect()
}

fn filled(body: &[Part], scope: &Scope) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for part in body {
        match part {
            Part::Token(tree) => tokens.push(tree.clone()),
            Part::Group(delimiter, inside) => {
                let inside = filled(inside, scope).into_iter().collect();
                tokens.push(Group::new(*delimiter, inside).into());
            }
            Part::Variable(name, _) => match scope.get(name) {
                Some(Bound::Once(found)) => tokens.extend(found.iter().cloned()),
                Some(Bound::Each(_)) => panic!("${name} stands for several"),
                None => tokens
                    .push(proc_macro2::Ident::new(name, proc_macro2::Span::call_site()).into()),
            },
            Part::Repeat(inside, separator) => {
                let several = names(inside).into_iter().filter_map(|name| match scope.get(&name) {
                    Some(Bound::Each(each)) => Some((name, each)),
                    _ => None,
                });
                let several: Vec<_> = several.collect();
                let count = several.iter().map(|(_, each)| each.len()).max().unwrap_or(0);
                for i in 0..count {
                    let mut one = scope.clone();
                    let bound = several.iter().map(|(name, each)| (name.clone(), each[i].clone()));
                    one.extend(bound);
                    if i > 0 {
                        tokens.extend(separator.clone());
                    }
                    tokens.extend(filled(inside, &one));
                }
            }
        }
    }
    tokens
}
