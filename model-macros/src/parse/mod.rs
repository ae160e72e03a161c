//! Tokens → [`Program`]. It never fails: what is broken is reported, and kept as `Broken` with the
//! names it would have bound, so that nothing is said twice.

mod body;
mod chunk;
mod container;
mod expr;
mod hint;
mod item;
mod limits;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::ast::Program;
use crate::errors::Errors;

/// Reads what stands between the braces of one `model! { … }`.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Program {
    let chunks = chunk::split(unwrap(tokens));
    let all_items = !chunks.is_empty() && chunks.iter().all(|chunk| chunk.is_item());
    if all_items || chunks.iter().any(|chunk| chunk.is_model()) {
        return Program::Items(item::parse(chunks, errors));
    }
    let (items, statements) = chunks.into_iter().partition(|chunk| chunk.is_item());
    Program::Body {
        items: item::parse(items, errors),
        body: body::from_chunks(statements, Span::call_site(), errors),
    }
}

/// What stands inside, if the whole input is one group in braces, as in `model!({ … })`.
fn unwrap(mut tokens: TokenStream) -> TokenStream {
    loop {
        let mut iter = tokens.clone().into_iter();
        match (iter.next(), iter.next()) {
            (Some(TokenTree::Group(group)), None)
                if matches!(group.delimiter(), Delimiter::Brace | Delimiter::None) =>
            {
                tokens = group.stream();
            }
            _ => return tokens,
        }
    }
}
