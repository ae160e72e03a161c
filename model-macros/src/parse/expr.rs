//! Expressions: syn reads them as Rust, this gives them the shape that a model has.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;

use super::{container, hint};
use crate::ast::{Argument, BinaryOp, Closure, Expr, ExprKind};
use crate::errors::Errors;

/// Reads an expression; `None` is a mistake that has been reported. The tokens must have passed
/// [`super::limits::too_deep`].
pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Expr> {
    let tokens = raw_where(tokens);
    let parsed = match syn::parse2::<syn::Expr>(tokens.clone()) {
        Ok(parsed) => parsed,
        Err(_) if container::explain(&tokens, errors) => return None,
        Err(error) => {
            let (repaired, found) = hint::repair(tokens.clone());
            let again = syn::parse2::<syn::Expr>(repaired);
            if found.is_empty() {
                hint::explain(&tokens, &error, errors);
            }
            for (span, message) in found {
                errors.at(span, message);
            }
            again.ok()?
        }
    };
    if let syn::Expr::Assign(assign) = ungroup(&parsed) {
        errors.at(
            assign.eq_token.span,
            "a statement has one `=`\n  help: write two statements, `a = …; b = a;`",
        );
        return None;
    }
    let before = errors.len();
    let value = convert(&parsed, errors);
    Some(value).filter(|_| errors.len() == before)
}

/// The tokens with `where(…)`, which Rust has as a keyword, as a name.
fn raw_where(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut result = TokenStream::new();
    while let Some(token) = tokens.next() {
        let called = matches!(
            tokens.peek(),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
        );
        result.extend([match token {
            TokenTree::Ident(ident) if called && ident == "where" => {
                Ident::new_raw("where", ident.span()).into()
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), raw_where(group.stream()));
                inner.set_span(group.span());
                inner.into()
            }
            other => other,
        }]);
    }
    result
}

/// What is inside of invisible groups.
fn ungroup(mut expr: &syn::Expr) -> &syn::Expr {
    while let syn::Expr::Group(group) = expr {
        expr = &group.expr;
    }
    expr
}

fn convert(expr: &syn::Expr, errors: &mut Errors) -> Expr {
    let tokens = expr.to_token_stream();
    let kind = match ungroup(expr) {
        syn::Expr::Path(path) if path.qself.is_none() => match path.path.get_ident() {
            Some(name) => ExprKind::Name(name.clone()),
            None => ExprKind::Path(path.path.clone()),
        },
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Int(number) => ExprKind::Number(number.token()),
            syn::Lit::Float(number) => ExprKind::Number(number.token()),
            syn::Lit::Bool(value) => ExprKind::Bool(value.value),
            syn::Lit::Str(text) => ExprKind::Str(text.value()),
            _ => ExprKind::Rust,
        },
        syn::Expr::Infer(_) => ExprKind::Any,
        syn::Expr::Call(call) => {
            let callee = boxed(&call.func, errors);
            let arguments =
                call.args.iter().filter_map(|argument| self::argument(argument, errors));
            let mut arguments: Vec<Argument> = arguments.collect();
            if matches!(&callee.kind, ExprKind::Name(name) if container::is_named(name)) {
                arguments.iter_mut().for_each(|argument| container::read(argument, errors));
            }
            ExprKind::Call(callee, arguments)
        }
        syn::Expr::Array(array) => ExprKind::List(list(&array.elems, errors)),
        syn::Expr::Tuple(tuple) => {
            ExprKind::Tuple(tuple.elems.iter().map(|item| element(item, errors)).collect())
        }
        syn::Expr::Paren(paren) => ExprKind::Paren(boxed(&paren.expr, errors)),
        syn::Expr::Unary(unary) => match unary.op {
            syn::UnOp::Neg(_) => ExprKind::Neg(boxed(&unary.expr, errors)),
            syn::UnOp::Not(_) => ExprKind::Not(boxed(&unary.expr, errors)),
            _ => ExprKind::Rust,
        },
        syn::Expr::Binary(binary) => match operator(&binary.op) {
            Some(op) => {
                ExprKind::Binary(op, boxed(&binary.left, errors), boxed(&binary.right, errors))
            }
            None => ExprKind::Rust,
        },
        syn::Expr::Index(index) => {
            let axes = match ungroup(&index.index) {
                syn::Expr::Tuple(tuple) => list(&tuple.elems, errors),
                single => vec![convert(single, errors)],
            };
            ExprKind::Index(boxed(&index.expr, errors), axes)
        }
        syn::Expr::Range(range) => {
            let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
            let start = range.start.as_ref().map(|start| boxed(start, errors));
            let end = range.end.as_ref().map(|end| boxed(end, errors));
            ExprKind::Range(start, end, inclusive)
        }
        syn::Expr::Closure(closure) => ExprKind::Closure(self::closure(closure)),
        _ => ExprKind::Rust,
    };
    Expr { kind, tokens }
}

fn boxed(expr: &syn::Expr, errors: &mut Errors) -> Box<Expr> {
    Box::new(convert(expr, errors))
}

fn list(items: &Punctuated<syn::Expr, syn::Token![,]>, errors: &mut Errors) -> Vec<Expr> {
    items.iter().map(|item| convert(item, errors)).collect()
}

/// An element of a tuple: `a`, or `digit = a`.
fn element(expr: &syn::Expr, errors: &mut Errors) -> Expr {
    if let syn::Expr::Assign(assign) = ungroup(expr)
        && let syn::Expr::Path(path) = ungroup(&assign.left)
        && let Some(name) = path.path.get_ident()
    {
        let kind = ExprKind::Named(name.clone(), boxed(&assign.right, errors));
        return Expr { kind, tokens: expr.to_token_stream() };
    }
    convert(expr, errors)
}

/// `64` or `use_bias = false`; `None` is a mistake that has been reported.
fn argument(expr: &syn::Expr, errors: &mut Errors) -> Option<Argument> {
    let syn::Expr::Assign(assign) = ungroup(expr) else {
        return Some(Argument { name: None, value: convert(expr, errors) });
    };
    if let syn::Expr::Assign(second) = ungroup(&assign.right) {
        errors.at(
            second.eq_token.span,
            "an argument has one `=`\n  help: write a `,` between two arguments",
        );
        return None;
    }
    match ungroup(&assign.left) {
        syn::Expr::Path(path) if path.path.get_ident().is_some() => {
            let value = convert(&assign.right, errors);
            Some(Argument { name: path.path.get_ident().cloned(), value })
        }
        other => {
            errors.push(
                &other.to_token_stream(),
                "the name of an argument is one word\n  help: write `use_bias = false`, for \
                 example",
            );
            None
        }
    }
}

fn operator(op: &syn::BinOp) -> Option<BinaryOp> {
    Some(match op {
        syn::BinOp::Add(_) => BinaryOp::Add,
        syn::BinOp::Sub(_) => BinaryOp::Sub,
        syn::BinOp::Mul(_) => BinaryOp::Mul,
        syn::BinOp::Div(_) => BinaryOp::Div,
        syn::BinOp::Rem(_) => BinaryOp::Rem,
        syn::BinOp::Eq(_) => BinaryOp::Eq,
        syn::BinOp::Ne(_) => BinaryOp::Ne,
        syn::BinOp::Lt(_) => BinaryOp::Lt,
        syn::BinOp::Le(_) => BinaryOp::Le,
        syn::BinOp::Gt(_) => BinaryOp::Gt,
        syn::BinOp::Ge(_) => BinaryOp::Ge,
        syn::BinOp::And(_) => BinaryOp::And,
        syn::BinOp::Or(_) => BinaryOp::Or,
        _ => return None,
    })
}

/// A closure. Its body may be plain Rust, so what cannot be read as a model's is no mistake here.
fn closure(rust: &syn::ExprClosure) -> Closure {
    let params = rust.inputs.iter().map(plain_name).collect();
    let mut trial = Errors::default();
    let value = match ungroup(&rust.body) {
        syn::Expr::Block(_) => None,
        value => Some(boxed(value, &mut trial)),
    };
    let value = value.filter(|_| trial.len() == 0);
    trial.forget();
    Closure { rust: rust.clone(), params, value, body: None }
}

/// The name of a parameter that is nothing else.
fn plain_name(pattern: &syn::Pat) -> Option<Ident> {
    match pattern {
        syn::Pat::Ident(name)
            if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() =>
        {
            Some(name.ident.clone())
        }
        _ => None,
    }
}
