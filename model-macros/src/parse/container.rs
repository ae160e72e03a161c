//! Containers: closures whose bodies are read as those of models.

use model_spec::Form;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::body;
use super::chunk::{is_group, is_punct};
use crate::ast::{Argument, ExprKind};
use crate::errors::Errors;

/// Whether what is called by this name is a container.
pub(super) fn is_named(name: &Ident) -> bool {
    model_spec::find(&name.to_string()).is_some_and(|entry| entry.form == Form::Container)
}

/// Reads the statements of a container's closure.
pub(super) fn read(argument: &mut Argument, errors: &mut Errors) {
    let span = argument.value.first();
    let ExprKind::Closure(closure) = &mut argument.value.kind else { return };
    let stream = match &*closure.rust.body {
        syn::Expr::Block(block) if block.label.is_none() => inside(block.block.to_token_stream()),
        value => value.to_token_stream(),
    };
    closure.body = Some(Box::new(body::parse(stream, span, errors)));
}

/// What stands in the only group of these tokens.
fn inside(tokens: TokenStream) -> TokenStream {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => tokens,
    }
}

/// Reports the mistakes in the containers of an expression that is no Rust, if it would be without
/// what stands in them.
pub(super) fn explain(tokens: &TokenStream, errors: &mut Errors) -> bool {
    let mut bodies = Vec::new();
    let emptied = empty(tokens.clone(), &mut bodies);
    if bodies.is_empty() || syn::parse2::<syn::Expr>(emptied).is_err() {
        return false;
    }
    let before = errors.len();
    for group in bodies {
        body::parse(group.stream(), Span::call_site(), errors);
    }
    errors.len() != before
}

/// The tokens with nothing between the braces of containers, which are collected.
fn empty(stream: TokenStream, bodies: &mut Vec<Group>) -> TokenStream {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let is_container = |at: usize| match at.checked_sub(1).map(|before| &tokens[before]) {
        Some(TokenTree::Ident(name)) => is_named(name),
        _ => false,
    };
    let emptied = tokens.iter().enumerate().map(|(at, token)| match token {
        TokenTree::Group(group) => {
            let inner = if is_container(at) && group.delimiter() == Delimiter::Parenthesis {
                empty_closure(group.stream(), bodies)
            } else {
                empty(group.stream(), bodies)
            };
            with_stream(group, inner)
        }
        token => token.clone(),
    });
    emptied.collect()
}

/// The arguments of a container with nothing between the braces of its closure.
fn empty_closure(stream: TokenStream, bodies: &mut Vec<Group>) -> TokenStream {
    let mut bars = 0;
    let emptied = stream.into_iter().map(|token| {
        bars += usize::from(is_punct(&token, '|'));
        match &token {
            TokenTree::Group(group) if bars == 2 && is_group(&token, Delimiter::Brace) => {
                bodies.push(group.clone());
                with_stream(group, TokenStream::new())
            }
            _ => token,
        }
    });
    emptied.collect()
}

fn with_stream(group: &Group, stream: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    new.into()
}
