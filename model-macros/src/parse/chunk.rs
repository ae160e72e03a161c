//! Cuts a list of tokens into items and statements, so that one bad line costs one error.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use syn::parse::Parser;

use super::limits::too_deep;

/// One item or statement.
pub(super) struct Chunk {
    /// Attributes and doc comments.
    pub attrs: Vec<TokenTree>,
    /// `pub`, `pub(crate)`
    pub vis: Vec<TokenTree>,
    /// The rest, without the `;` at the end.
    pub tokens: Vec<TokenTree>,
    pub end: End,
}

/// What stands behind a chunk.
pub(super) enum End {
    Semicolon(TokenTree),
    /// Nothing, as the chunk ends in braces.
    Block,
    /// Nothing, but a `;` should; the token is the first of the next chunk.
    Missing(TokenTree),
    /// Nothing: it is the last.
    Open,
}

impl Chunk {
    /// The first word behind attributes and visibility.
    pub fn keyword(&self) -> String {
        word(self.tokens.first())
    }

    /// Whether it starts as an item does.
    pub fn is_item(&self) -> bool {
        is_item_keyword(&self.keyword()) && !is_assign(&self.tokens, 1) || self.is_model()
    }

    /// Whether it is, or was meant to be, an item that cannot stand among bare statements.
    pub fn is_model(&self) -> bool {
        match self.keyword().as_str() {
            "struct" | "enum" | "trait" | "impl" | "mod" => !is_assign(&self.tokens, 1),
            // `pub Classifier { … }`
            _ => self.lacks_struct(),
        }
    }

    /// Whether it is `Name { … }` or `Name<…> { … }`.
    pub fn lacks_struct(&self) -> bool {
        let [name, generics @ .., body] = self.tokens.as_slice() else { return false };
        let angles = generics.first().is_none_or(|token| is_punct(token, '<'));
        is_name(name) && angles && is_group(body, Delimiter::Brace)
    }

    /// Whether it is `name(…) { … }`.
    pub fn lacks_fn(&self) -> bool {
        self.tokens.len() == 3
            && is_name(&self.tokens[0])
            && is_group(&self.tokens[1], Delimiter::Parenthesis)
            && is_group(&self.tokens[2], Delimiter::Brace)
    }

    /// Its attributes; `None` if they cannot be read.
    pub fn attributes(&self) -> Option<Vec<syn::Attribute>> {
        let tokens = self.attrs.iter().cloned().collect();
        match too_deep(&self.attrs) {
            None => syn::Attribute::parse_outer.parse2(tokens).ok(),
            Some(_) => None,
        }
    }

    /// Its visibility.
    pub fn visibility(&self) -> syn::Visibility {
        let tokens = self.vis.iter().cloned().collect();
        syn::parse2(tokens).unwrap_or(syn::Visibility::Inherited)
    }

    /// All of its tokens, with the `;`.
    pub fn all(&self) -> TokenStream {
        let parts = [&self.attrs, &self.vis, &self.tokens];
        let mut all: TokenStream = parts.into_iter().flatten().cloned().collect();
        if let End::Semicolon(token) = &self.end {
            all.extend([token.clone()]);
        }
        all
    }
}

/// Cuts into chunks.
pub(super) fn split(stream: TokenStream) -> Vec<Chunk> {
    let mut tokens = Vec::new();
    splice(stream, &mut tokens);
    let mut rest = tokens.as_slice();
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let (attrs, after) = rest.split_at(attributes(rest));
        let (vis, after) = after.split_at(visibility(after));
        let (length, block) = length(after);
        let (tokens, after) = after.split_at(length);
        let end = match after.first() {
            Some(token) if is_punct(token, ';') => End::Semicolon(token.clone()),
            Some(_) if block => End::Block,
            Some(token) => End::Missing(token.clone()),
            None => End::Open,
        };
        rest = if matches!(end, End::Semicolon(_)) { &after[1..] } else { after };
        let tokens = tokens.to_vec();
        if !(attrs.is_empty() && vis.is_empty() && tokens.is_empty()) {
            chunks.push(Chunk { attrs: attrs.to_vec(), vis: vis.to_vec(), tokens, end });
        }
    }
    chunks
}

/// Takes apart the invisible groups in which `macro_rules!` hands over whole statements and items.
fn splice(stream: TokenStream, to: &mut Vec<TokenTree>) {
    let mut queue: Vec<TokenTree> = stream.into_iter().collect();
    queue.reverse();
    while let Some(token) = queue.pop() {
        if let TokenTree::Group(group) = &token
            && group.delimiter() == Delimiter::None
        {
            let inside: Vec<_> = group.stream().into_iter().collect();
            let first = word(inside.first());
            let whole = inside.len() < 2
                || is_punct(&inside[0], '#')
                || is_item_keyword(&first)
                || matches!(first.as_str(), "let" | "for" | "pub" | "struct")
                || (0..inside.len()).any(|at| is_assign(&inside, at));
            if whole {
                queue.extend(inside.into_iter().rev());
                continue;
            }
        }
        to.push(token);
    }
}

/// How many tokens the attributes at the start take.
fn attributes(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    while at < tokens.len() && is_punct(&tokens[at], '#') {
        let inner = tokens.get(at + 1).is_some_and(|token| is_punct(token, '!'));
        let list = at + 1 + usize::from(inner);
        match tokens.get(list) {
            Some(token) if is_group(token, Delimiter::Bracket) => at = list + 1,
            _ => break,
        }
    }
    at
}

/// How many tokens a visibility at the start takes.
fn visibility(tokens: &[TokenTree]) -> usize {
    if word(tokens.first()) != "pub" {
        return 0;
    }
    match tokens.get(1) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            let first = word(group.stream().into_iter().next().as_ref());
            1 + usize::from(matches!(first.as_str(), "crate" | "super" | "self" | "in"))
        }
        _ => 1,
    }
}

/// How many tokens an item or statement takes, and whether it ends in a block.
fn length(tokens: &[TokenTree]) -> (usize, bool) {
    match word(tokens.first()).as_str() {
        "struct" | "fn" | "enum" | "trait" | "impl" | "mod" => block(tokens, 1, false),
        "const" if word(tokens.get(1)) == "fn" => block(tokens, 1, false),
        "for" | "while" | "loop" | "match" | "unsafe" => block(tokens, 1, true),
        "if" => {
            let (mut end, mut closed) = block(tokens, 1, true);
            while closed && word(tokens.get(end)) == "else" {
                (end, closed) = block(tokens, end + 1, true);
            }
            (end, closed)
        }
        _ if tokens.first().is_some_and(|token| is_group(token, Delimiter::Brace)) => (1, true),
        _ => (line(tokens), false),
    }
}

/// Where the first block ends; with `header`, a group in braces may stand in front of it.
fn block(tokens: &[TokenTree], from: usize, header: bool) -> (usize, bool) {
    for at in from..tokens.len() {
        let brace = |at: usize| tokens.get(at).is_some_and(|t| is_group(t, Delimiter::Brace));
        if is_punct(&tokens[at], ';') {
            return (at, false);
        }
        if brace(at) && !is_punct(&tokens[at - 1], '=') && !(header && brace(at + 1)) {
            return (at + 1, true);
        }
        let item = matches!(
            word(tokens.get(at)).as_str(),
            "struct" | "fn" | "use" | "pub" | "const" | "let"
        );
        if item && at > 1 && ends_operand(tokens, at - 1) {
            return (at, false);
        }
    }
    (tokens.len(), false)
}

/// Where a statement ends that ends in `;`, or would if the `;` were there.
fn line(tokens: &[TokenTree]) -> usize {
    let mut assigned = false;
    for (at, token) in tokens.iter().enumerate() {
        if is_punct(token, ';') {
            return at;
        }
        // `lett x`, `const N usize`: something else is wrong.
        let first = 1 + usize::from(word(tokens.first()) == "const");
        if at > first && ends_operand(tokens, at - 1) {
            let text = word(Some(token));
            let starts = match token {
                TokenTree::Ident(_) if text == "if" => {
                    let line = tokens[at..].iter().take_while(|token| !is_punct(token, ';'));
                    line.clone().any(|token| is_group(token, Delimiter::Brace))
                }
                TokenTree::Ident(_) => {
                    !matches!(text.as_str(), "as" | "else" | "in")
                        && !PYTHON.contains(&text.as_str())
                }
                TokenTree::Punct(_) => attributes(&tokens[at..]) > 0,
                TokenTree::Group(group) => {
                    assigned
                        && group.delimiter() == Delimiter::Parenthesis
                        && is_assign(tokens, at + 1)
                }
                TokenTree::Literal(_) => false,
            };
            if starts {
                return at;
            }
        }
        assigned |= is_assign(tokens, at);
    }
    tokens.len()
}

/// Whether an operand ends at this token, so that another cannot follow.
pub(super) fn ends_operand(tokens: &[TokenTree], at: usize) -> bool {
    match &tokens[at] {
        TokenTree::Ident(_) => {
            let lifetime = at > 0 && is_punct(&tokens[at - 1], '\'');
            let text = word(Some(&tokens[at]));
            let value = matches!(text.as_str(), "self" | "Self" | "true" | "false" | "_");
            !lifetime && (value || !is_keyword(&text)) && !PYTHON.contains(&text.as_str())
        }
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
    }
}

/// Whether the token at this place is `=`, and not a part of `==`, `+=`, `=>` and the like.
pub(super) fn is_assign(tokens: &[TokenTree], at: usize) -> bool {
    let Some(TokenTree::Punct(punct)) = tokens.get(at) else { return false };
    let joint_after = punct.spacing() == Spacing::Joint
        && tokens.get(at + 1).is_some_and(|next| is_punct(next, '=') || is_punct(next, '>'));
    punct.as_char() == '=' && !joint_after && joint_before(tokens, at).is_none()
}

/// The character of an operator that is written together with the `=` at this place.
pub(super) fn joint_before(tokens: &[TokenTree], at: usize) -> Option<char> {
    match tokens.get(at.checked_sub(1)?)? {
        TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint => {
            Some(punct.as_char()).filter(|character| "=<>!+-*/%^&|".contains(*character))
        }
        _ => None,
    }
}

/// The names that these tokens would bind, as far as one can tell.
pub(super) fn bound_names(tokens: &[TokenTree]) -> Vec<Ident> {
    let mut names = Vec::new();
    collect_names(tokens, 0, &mut names);
    names
}

fn collect_names(tokens: &[TokenTree], depth: usize, names: &mut Vec<Ident>) {
    let mut add = |token: &TokenTree| match token {
        TokenTree::Ident(name) if is_name(token) => names.push(name.clone()),
        _ => {}
    };
    for at in 0..tokens.len() {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let second = at == 1 && matches!(tokens[1], TokenTree::Ident(_));
        let assigns = is_assign(tokens, at) || word(before) == "let" || second;
        match (before, &tokens[at]) {
            // `let x …`, `const N …`
            (Some(TokenTree::Ident(_)), name @ TokenTree::Ident(_))
                if matches!(word(before).as_str(), "let" | "mut" | "const") =>
            {
                add(name)
            }
            (Some(TokenTree::Group(group)), _) if assigns => {
                group.stream().into_iter().for_each(|token| add(&token));
            }
            // `x = …`, and `x Dense(3)`, where the `=` is missing
            (Some(name), _) if assigns => add(name),
            _ => {}
        }
    }
    // `x == 3`, `x += 3`
    if (1..4).any(|at| tokens.len() > at && joint_before(tokens, at).is_some()) {
        tokens[..1].iter().for_each(&mut add);
    }
    // `x: usize = 3`, `a, b = f(x)`
    if let Some(end) = (0..tokens.len()).find(|at| is_assign(tokens, *at)) {
        let typed = tokens.get(1).is_some_and(|token| is_punct(token, ':') || is_punct(token, ','));
        if typed {
            tokens[..end.min(1)].iter().for_each(&mut add);
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token
            && group.delimiter() == Delimiter::Brace
            && depth < 32
        {
            let inside: Vec<_> = group.stream().into_iter().collect();
            collect_names(&inside, depth + 1, names);
        }
    }
}

/// The text of a word, or nothing.
pub(super) fn word(token: Option<&TokenTree>) -> String {
    match token {
        Some(TokenTree::Ident(ident)) => ident.to_string(),
        _ => String::new(),
    }
}

pub(super) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

pub(super) fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

/// Whether it can be the name of a value.
pub(super) fn is_name(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(name) if !is_keyword(&name.to_string()))
}

/// Python's operators that are words.
const PYTHON: [&str; 4] = ["and", "or", "is", "not"];

/// Whether Rust keeps the word for itself.
pub(super) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

const KEYWORDS: [&str; 53] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "Self", "self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

fn is_item_keyword(text: &str) -> bool {
    matches!(
        text,
        "struct" | "fn" | "const" | "use" | "enum" | "trait" | "impl" | "mod" | "static" | "type"
    )
}
