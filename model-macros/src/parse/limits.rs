//! Refuses what would overflow the stack of the compiler, before anything recursive looks at it.

use proc_macro2::{Delimiter, Span, TokenTree};

use super::chunk::{is_keyword, word};

/// How much of the stack one statement may take, in units of about 4 KiB, as measured with an
/// unoptimised build of syn: what is accepted fits into 2 MiB, the smallest stack of a thread.
const LIMIT: usize = 480;

/// What a token may take, if all that follows is nested in it.
fn cost(token: &TokenTree) -> usize {
    match token {
        TokenTree::Punct(punct) => match punct.as_char() {
            '<' => 12,
            '|' | '=' => 2,
            _ => 1,
        },
        TokenTree::Ident(_) => 3 * usize::from(is_keyword(&word(Some(token)))),
        TokenTree::Literal(_) => 0,
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => 11,
        TokenTree::Group(_) => 5,
    }
}

/// One level of groups.
struct Level {
    iter: std::vec::IntoIter<TokenTree>,
    /// What the levels outside have added up.
    base: usize,
    /// What this level has added since the last separator.
    count: usize,
    /// Whether a `,` may stand in the middle of something: `|a, b| …`, `A<B, C>`.
    sticky: bool,
    /// Whether this is the inside of braces, and the last token was a group in braces.
    block: bool,
    after_block: bool,
}

/// Where the nesting gets too deep, if it does.
pub(super) fn too_deep(tokens: &[TokenTree]) -> Option<Span> {
    let mut stack = vec![level(tokens.to_vec(), 0, false)];
    while let Some(top) = stack.last_mut() {
        let Some(token) = top.iter.next() else {
            stack.pop();
            continue;
        };
        let ended = top.after_block && top.block;
        top.after_block = false;
        match &token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' => (top.count, top.sticky) = (0, false),
                ',' if !top.sticky => top.count = 0,
                character => {
                    top.sticky |= matches!(character, '|' | '<');
                    top.count += cost(&token);
                }
            },
            TokenTree::Ident(_) => {
                let text = word(Some(&token));
                if ended && !matches!(text.as_str(), "else" | "as") {
                    (top.count, top.sticky) = (0, false);
                }
                top.count += cost(&token);
            }
            TokenTree::Literal(_) => {}
            TokenTree::Group(group) => {
                top.count += 1;
                top.after_block = group.delimiter() == Delimiter::Brace;
                let base = top.base + top.count - 1 + cost(&token);
                if base <= LIMIT {
                    let inside = group.stream().into_iter().collect();
                    let block = group.delimiter() == Delimiter::Brace;
                    stack.push(level(inside, base, block));
                    continue;
                }
                return Some(group.span_open());
            }
        }
        if top.base + top.count > LIMIT {
            return Some(token.span());
        }
    }
    None
}

fn level(tokens: Vec<TokenTree>, base: usize, block: bool) -> Level {
    Level { iter: tokens.into_iter(), base, count: 0, sticky: false, block, after_block: false }
}
