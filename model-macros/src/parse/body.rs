//! Statements.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::chunk::{self, Chunk, End, is_assign, is_group, is_name, is_punct, word};
use super::{expr, hint, limits};
use crate::ast::{Assign, BinaryOp, Body, ExprKind, For, If, Statement};
use crate::errors::Errors;
use crate::source;

/// Reads what stands between the braces of a model, template, loop or container.
pub(super) fn parse(stream: TokenStream, span: Span, errors: &mut Errors) -> Body {
    from_chunks(chunk::split(stream), span, errors)
}

/// Reads statements that are cut already.
pub(super) fn from_chunks(chunks: Vec<Chunk>, span: Span, errors: &mut Errors) -> Body {
    let before = errors.len();
    let mut body = Body { statements: Vec::new(), tail: None, damaged: false, span };
    let mut chunks = chunks.into_iter().peekable();
    while let Some(chunk) = chunks.next() {
        let broken =
            || Statement::Broken { tokens: chunk.all(), names: chunk::bound_names(&chunk.tokens) };
        let statement = match statement(&chunk, errors) {
            Some(statement) => statement,
            None => broken(),
        };
        if let Some(layer) = layer_at_the_end(&statement)
            && let End::Missing(value) = &chunk.end
            && chunks.next_if(|next| next.tokens.len() == 1).is_some()
        {
            errors.at(value.span(), hint::parentheses(&layer, &hint::show(value)));
            body.statements.push(broken());
            continue;
        }
        match (statement, &chunk.end) {
            (Statement::Expr(value), End::Open) => body.tail = Some(value),
            (statement @ Statement::Broken { .. }, _) => body.statements.push(statement),
            (statement, End::Missing(next)) => {
                body.statements.push(statement);
                let text = hint::show(next);
                errors.at(
                    next.span(),
                    format!(
                        "a `;` is missing before `{text}`\n  help: every statement ends in `;`, \
                         only the value at the end has none"
                    ),
                );
            }
            (statement, _) => body.statements.push(statement),
        }
    }
    body.damaged = errors.len() != before;
    body
}

/// The layer that a statement gives a name: `Dense(8)` of `y = Dense(8)`.
fn layer_at_the_end(statement: &Statement) -> Option<String> {
    let Statement::Assign(assign) = statement else { return None };
    let ExprKind::Call(callee, _) = &assign.value.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    name.to_string().starts_with(char::is_uppercase).then(|| source::short(&assign.value.tokens))
}

/// Reads one statement; `None` is a mistake that has been reported.
fn statement(chunk: &Chunk, errors: &mut Errors) -> Option<Statement> {
    let docs = docs(chunk, errors);
    let tokens = chunk.tokens.as_slice();
    if let Some(public) = chunk.vis.first() {
        errors
            .at(public.span(), "the layers of a model are always public\n  help: leave `pub` out");
    }
    if tokens.is_empty() {
        if let (Some(attr), true) = (chunk.attrs.first(), chunk.vis.is_empty()) {
            errors.at(
                attr.span(),
                "nothing follows this doc comment\n  help: write it in front of a statement, or \
                 write `//` instead of `///`",
            );
        }
        return None;
    }
    if let Some(span) = limits::too_deep(tokens) {
        errors.at(
            span,
            "this statement is too long or too deeply nested\n  help: split it into several, `a = \
             …; b = …;`",
        );
        return None;
    }
    let keyword = chunk.keyword();
    if !is_assign(tokens, 1) {
        match keyword.as_str() {
            "for" => return for_loop(tokens, errors).map(Statement::For),
            "if" => return condition(tokens, errors).map(Statement::If),
            _ => {}
        }
        if let Some(message) = hint::refusal(&keyword) {
            errors.at(tokens[0].span(), message);
            return None;
        }
    }
    line(tokens, docs, matches!(chunk.end, End::Open), errors)
}

/// The doc comments among the attributes.
fn docs(chunk: &Chunk, errors: &mut Errors) -> Vec<syn::Attribute> {
    let parsed = chunk.attributes().unwrap_or_default();
    let count = parsed.len();
    let docs: Vec<_> = parsed
        .into_iter()
        .filter(|attr| attr.path().is_ident("doc") && matches!(attr.meta, syn::Meta::NameValue(_)))
        .collect();
    if docs.len() < count || (count == 0 && !chunk.attrs.is_empty()) {
        errors.push(
            &chunk.attrs.iter().cloned().collect(),
            "only doc comments can stand in front of a statement\n  help: leave the attribute \
             out, or write `/// …`",
        );
    }
    docs
}

/// `name = value`, or a value.
fn line(
    tokens: &[TokenTree],
    docs: Vec<syn::Attribute>,
    last: bool,
    errors: &mut Errors,
) -> Option<Statement> {
    let let_word = word(tokens.first()) == "let" && !is_assign(tokens, 1);
    let tokens = if let_word { &tokens[1..] } else { tokens };
    if let Some(at) = (0..tokens.len()).find(|at| is_assign(tokens, *at)) {
        let targets = targets(&tokens[..at], &tokens[at], errors);
        let rest: TokenStream = tokens[at + 1..].iter().cloned().collect();
        if rest.is_empty() {
            errors.at(
                tokens[at].span(),
                "a value is missing after `=`\n  help: write `name = Layer(arguments)(inputs);`",
            );
            return None;
        }
        let (targets, tuple) = targets?;
        let value = expr::parse(rest, errors)?;
        return Some(Statement::Assign(Assign { docs, targets, tuple, value }));
    }
    if let_word {
        errors.push(
            &tokens.iter().cloned().collect(),
            "a name needs its value at once\n  help: write `name = Layer(arguments)(inputs);`",
        );
        return None;
    }
    if compound(tokens, errors) {
        return None;
    }
    if let [name, second, ..] = tokens
        && is_name(name)
        && matches!(second, TokenTree::Literal(_) | TokenTree::Ident(_))
        && chunk::ends_operand(tokens, 0)
        && chunk::ends_operand(tokens, 1)
    {
        let text = format!("`=` is missing after `{name}`\n  help: write `{name} = …;`");
        errors.at(name.span(), text);
        return None;
    }
    let value = expr::parse(tokens.iter().cloned().collect(), errors)?;
    if let (ExprKind::Binary(BinaryOp::Eq, left, _), false) = (&value.kind, last) {
        let name = hint::show_tokens(&left.tokens);
        errors.push(
            &value.tokens,
            format!("`==` compares, and does not give a name\n  help: write `{name} = …;`"),
        );
        return None;
    }
    Some(Statement::Expr(value))
}

/// Reports `x += 1`.
fn compound(tokens: &[TokenTree], errors: &mut Errors) -> bool {
    let found = (0..tokens.len()).find_map(|at| {
        let operator = chunk::joint_before(tokens, at).filter(|_| is_punct(&tokens[at], '='))?;
        Some((at, operator)).filter(|(_, operator)| "+-*/%".contains(*operator))
    });
    let Some((at, operator)) = found else { return false };
    let name = hint::show_tokens(&tokens[..at - 1].iter().cloned().collect());
    errors.at(
        tokens[at - 1].span(),
        format!(
            "values are never changed, so `{operator}=` has no meaning\n  help: write `{name} = \
             {name} {operator} …;`"
        ),
    );
    true
}

/// What stands on the left of `=`: the names, and whether they stand in parentheses.
fn targets(
    tokens: &[TokenTree],
    equals: &TokenTree,
    errors: &mut Errors,
) -> Option<(Vec<Ident>, bool)> {
    let mut tokens = tokens.to_vec();
    let colon = tokens.iter().position(|token| is_punct(token, ':'));
    if let Some(at) = colon.filter(|at| *at == 1) {
        let name = hint::show_tokens(&tokens[..at].iter().cloned().collect());
        errors.push(
            &tokens[at..].iter().cloned().collect(),
            format!("types and shapes are found by the macro\n  help: write `{name} = …`"),
        );
        tokens.truncate(at);
    }
    match tokens.as_slice() {
        [] => {
            errors.at(
                equals.span(),
                "a name is missing before `=`\n  help: write `name = Layer(arguments)(inputs);`",
            );
            None
        }
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            let names = names(&list(group), true, errors)?;
            if names.is_empty() {
                errors.at(group.span(), "a name is missing\n  help: write `(a, b) = …`");
                return None;
            }
            Some((names, true))
        }
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            targets(&list(group), equals, errors)
        }
        [first, comma, ..] if is_punct(comma, ',') && is_name(first) => {
            let whole: TokenStream = tokens.iter().cloned().collect();
            errors.push(
                &whole,
                format!(
                    "several names stand in parentheses\n  help: write `({}) = …`",
                    hint::show_tokens(&whole)
                ),
            );
            Some((names(&tokens, true, errors)?, true))
        }
        _ => {
            let mut names = names(&tokens, false, errors)?;
            Some((vec![names.pop()?], false))
        }
    }
}

/// Names with commas between them; `_` leaves one of `several` values out.
fn names(tokens: &[TokenTree], several: bool, errors: &mut Errors) -> Option<Vec<Ident>> {
    let mut names = Vec::new();
    for part in tokens.split(|token| is_punct(token, ',')) {
        let part = match part {
            [] => continue,
            [first, rest @ ..] if word(Some(first)) == "mut" && !rest.is_empty() => {
                errors.at(first.span(), "values are never changed\n  help: leave `mut` out");
                rest
            }
            part => part,
        };
        match part {
            [TokenTree::Ident(name)] if is_name(&part[0]) => names.push(name.clone()),
            [TokenTree::Ident(blank)] if several && blank == "_" => names.push(blank.clone()),
            [TokenTree::Ident(word)] => {
                errors.at(word.span(), hint::bad_name(&word.to_string()));
                return None;
            }
            part => {
                errors.push(
                    &part.iter().cloned().collect(),
                    "only a name can stand on the left of `=`\n  help: write `name = …` or `(a, \
                     b) = …`",
                );
                return None;
            }
        }
    }
    Some(names)
}

/// `for i in 0..3 { … }`
fn for_loop(tokens: &[TokenTree], errors: &mut Errors) -> Option<For> {
    let span = tokens[0].span();
    let form = "help: write `for i in 0..3 { … }`";
    let Some((group, head)) = braces(tokens) else {
        errors.at(span, format!("the body of this `for` is missing\n  {form}"));
        return None;
    };
    let Some(at) = head.iter().position(|token| word(Some(token)) == "in") else {
        errors.at(span, format!("`in` is missing in this `for`\n  {form}"));
        return None;
    };
    let written = &head[1..at];
    let (targets, tuple) = match written {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            (loop_names(&list(group)), true)
        }
        one => (loop_names(one).filter(|names| names.len() == 1), false),
    };
    let Some(targets) = targets else {
        let message = match written {
            [] => format!("a name is missing after `for`\n  {form}"),
            _ => format!(
                "a `for` binds a name, or several in parentheses\n  {form}, or `for (a, b) in [(1, \
                 2), (3, 4)] {{ … }}`"
            ),
        };
        let about = if written.is_empty() { &tokens[..1] } else { written };
        errors.push(&about.iter().cloned().collect(), message);
        return None;
    };
    let over: TokenStream = head[at + 1..].iter().cloned().collect();
    if over.is_empty() {
        errors.at(head[at].span(), format!("what to loop over is missing after `in`\n  {form}"));
        return None;
    }
    let over = expr::parse(over, errors)?;
    Some(For { span, targets, tuple, over, body: parse(group.stream(), span, errors) })
}

/// The names that a `for` binds, `_` among them.
fn loop_names(tokens: &[TokenTree]) -> Option<Vec<Ident>> {
    let parts = tokens.split(|token| is_punct(token, ',')).filter(|part| !part.is_empty());
    let names: Option<Vec<Ident>> = parts
        .map(|part| match part {
            [name @ TokenTree::Ident(ident)] if is_name(name) || ident == "_" => {
                Some(ident.clone())
            }
            _ => None,
        })
        .collect();
    names.filter(|names| !names.is_empty())
}

/// `if N > 3 { … } else { … }`
fn condition(tokens: &[TokenTree], errors: &mut Errors) -> Option<If> {
    let span = tokens[0].span();
    let form = "help: write `if N > 3 { … } else { … }`, where `N` is a constant";
    // `if A { … }`, and what follows the first `else`
    let cut = tokens.iter().position(|token| word(Some(token)) == "else");
    let (head, rest) = tokens.split_at(cut.unwrap_or(tokens.len()));
    let Some((group, head)) = braces(head) else {
        errors.at(span, format!("the body of this `if` is missing\n  {form}"));
        return None;
    };
    if word(head.get(1)) == "let" {
        errors.at(span, format!("`if let` cannot be used in a model\n  {form}"));
        return None;
    }
    let condition: TokenStream = head[1..].iter().cloned().collect();
    if condition.is_empty() {
        errors.at(span, format!("the condition of this `if` is missing\n  {form}"));
        return None;
    }
    let condition = expr::parse(condition, errors)?;
    let then = parse(group.stream(), span, errors);
    let otherwise = match rest {
        [] => None,
        [_, chain @ ..] if word(chain.first()) == "if" => {
            let span = chain[0].span();
            let inner = self::condition(chain, errors)?;
            Some(Body { statements: vec![Statement::If(inner)], tail: None, damaged: false, span })
        }
        [_, TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
            Some(parse(group.stream(), group.span_open(), errors))
        }
        [other, ..] => {
            errors.at(other.span(), format!("the body of this `else` is missing\n  {form}"));
            return None;
        }
    };
    Some(If { span, condition, then, otherwise })
}

/// The group in braces at the end, and what stands in front of it.
fn braces(tokens: &[TokenTree]) -> Option<(&Group, &[TokenTree])> {
    match tokens.split_last()? {
        (TokenTree::Group(group), head) if is_group(&tokens[head.len()], Delimiter::Brace) => {
            Some((group, head))
        }
        _ => None,
    }
}

fn list(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}
