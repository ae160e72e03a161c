//! What to say about the mistakes that one expects, many of them Python: each with what to type.

use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream, TokenTree};

use super::chunk::{ends_operand, is_group, is_name, is_punct, word};
use crate::errors::Errors;
use crate::source;

/// Mends `use_bias: false` and `x[.., 0]`, and says so.
pub(super) fn repair(stream: TokenStream) -> (TokenStream, Vec<(Span, String)>) {
    let mut found = Vec::new();
    let stream = mend(stream.into_iter().collect(), None, &mut found);
    (stream, found)
}

fn mend(
    mut tokens: Vec<TokenTree>,
    inside: Option<Delimiter>,
    found: &mut Vec<(Span, String)>,
) -> TokenStream {
    let mut closure = false;
    for at in 0..tokens.len() {
        closure |= is_punct(&tokens[at], '|');
        let starts = at == 0 || is_punct(&tokens[at - 1], ',');
        if inside == Some(Delimiter::Parenthesis)
            && starts
            && !closure
            && is_name(&tokens[at])
            && let Some(TokenTree::Punct(colon)) = tokens.get(at + 1)
            && colon.as_char() == ':'
            && colon.spacing() == Spacing::Alone
        {
            let span = colon.span();
            let rest = tokens[at + 2..].iter().take_while(|token| !is_punct(token, ','));
            let value = show_tokens(&rest.cloned().collect());
            let name = &tokens[at];
            found.push((
                span,
                format!(
                    "an argument is named with `=`, not with `:`\n  help: write `{name} = {value}`"
                ),
            ));
            let mut equals = Punct::new('=', Spacing::Alone);
            equals.set_span(span);
            tokens[at + 1] = equals.into();
        }
        let operand = at > 0 && ends_operand(&tokens, at - 1);
        if let TokenTree::Group(group) = &tokens[at] {
            let list: Vec<_> = group.stream().into_iter().collect();
            let comma = list.iter().any(|token| is_punct(token, ','));
            let mut stream = mend(list, Some(group.delimiter()), found);
            if operand && comma && group.delimiter() == Delimiter::Bracket {
                found.push((group.span(), several_axes(&show(&tokens[at - 1]), &group.stream())));
                let inner = spanned(Group::new(Delimiter::Parenthesis, stream), group.span());
                stream = TokenTree::from(inner).into();
            }
            tokens[at] = spanned(Group::new(group.delimiter(), stream), group.span()).into();
        }
    }
    tokens.into_iter().collect()
}

/// What to say about `x[a, b]`.
fn several_axes(value: &str, inside: &TokenStream) -> String {
    let tokens: Vec<TokenTree> = inside.clone().into_iter().collect();
    let all = |axis: &[TokenTree]| matches!(axis, [colon] if is_punct(colon, ':'));
    let mut axes: Vec<_> = tokens.split(|token| is_punct(token, ',')).collect();
    if !all(axes[0]) {
        let items = source::text(inside);
        return format!("several axes stand in parentheses\n  help: write `{value}[({items})]`");
    }
    // Python's, with the samples first.
    axes.remove(0);
    while axes.len() > 1 && axes.last().is_some_and(|axis| axis.is_empty() || all(axis)) {
        axes.pop();
    }
    let axes: Vec<String> = axes
        .into_iter()
        .map(|axis| source::text(&axis.iter().cloned().collect()).replace(':', ".."))
        .collect();
    let axes = match axes.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    format!(
        "a slice does not name the axis of the samples, and a range is written with `..`\n  help: \
         write `{value}[{axes}]`"
    )
}

fn spanned(mut group: Group, span: Span) -> Group {
    group.set_span(span);
    group
}

/// Reports why an expression cannot be read: the likely reason, or else syn's.
pub(super) fn explain(tokens: &TokenStream, error: &syn::Error, errors: &mut Errors) {
    let list: Vec<_> = tokens.clone().into_iter().collect();
    if let Some((span, message)) = reason(&list, None) {
        errors.at(span, message);
        return;
    }
    let text = error.to_string();
    let text = match text.strip_prefix("unexpected end of input, ") {
        Some(expected) => format!("something is missing here: {expected}"),
        None => format!("this cannot be read: {text}"),
    };
    let message =
        format!("{text}\n  help: statements are written `name = Layer(arguments)(inputs);`");
    match list.last() {
        // syn points to the whole macro when a line ends too early.
        Some(last @ TokenTree::Punct(_)) => errors.at(last.span(), message),
        Some(last) if list.len() == 1 && !is_group(last, Delimiter::Parenthesis) => {
            errors.at(last.span(), message);
        }
        _ => errors.at(error.span(), message),
    }
}

/// The first of the expected mistakes.
fn reason(tokens: &[TokenTree], inside: Option<Delimiter>) -> Option<(Span, String)> {
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            let list: Vec<_> = group.stream().into_iter().collect();
            if let Some(found) = reason(&list, Some(group.delimiter())) {
                return Some(found);
            }
        }
        if let Some(message) = unexpected(tokens, at, inside) {
            return Some((token.span(), message));
        }
    }
    None
}

/// What to say about a token that cannot stand where it stands.
fn unexpected(tokens: &[TokenTree], at: usize, inside: Option<Delimiter>) -> Option<String> {
    let token = &tokens[at];
    let text = word(Some(token));
    let operand = at > 0 && ends_operand(tokens, at - 1);
    let before = at.checked_sub(1).map(|at| show(&tokens[at])).unwrap_or_default();
    if inside == Some(Delimiter::Bracket) && is_slice_colon(tokens, at) {
        return Some("a range is written with `..`\n  help: write `x[..5]`".into());
    }
    if operand && is_punct(token, '@') {
        let after = tokens.get(at + 1).map(show).unwrap_or_default();
        return Some(format!("`@` is not an operator\n  help: write `matmul({before}, {after})`"));
    }
    let python = match text.as_str() {
        "and" => "&&",
        "or" => "||",
        "is" => "==",
        "not" => "!",
        _ => "",
    };
    if !python.is_empty() && (operand || text == "not") && at + 1 < tokens.len() {
        return Some(format!("`{text}` is not an operator\n  help: write `{python}`"));
    }
    if operand && text == "if" {
        return Some(
            "a condition stands in front of what it decides\n  help: write `if N > 3 { x = a; } \
             else { x = b; }`, where `N` is a constant"
                .into(),
        );
    }
    let next_operand = match token {
        TokenTree::Ident(_) => ends_operand(tokens, at),
        TokenTree::Literal(_) => true,
        _ => false,
    };
    if next_operand && before == "lambda" {
        return Some("a function is written `|x| …`\n  help: write `|x|`, not `lambda x:`".into());
    }
    if !operand || !next_operand {
        return None;
    }
    let after = show(token);
    if before.starts_with(char::is_uppercase) && matches!(tokens[at - 1], TokenTree::Ident(_)) {
        return Some(parentheses(&before, &after));
    }
    Some(match inside {
        Some(Delimiter::Parenthesis | Delimiter::Bracket) => {
            format!("a `,` is missing before `{after}`\n  help: write `{before}, {after}`")
        }
        _ => format!(
            "an operator or a `;` is missing before `{after}`\n  help: write `{before} + \
             {after}`, for example, or end the statement with `;`"
        ),
    })
}

/// What to say about `Dense 8` and `Dense(8)x`.
pub(super) fn parentheses(before: &str, after: &str) -> String {
    format!("parentheses are missing around `{after}`\n  help: write `{before}({after})`")
}

/// Whether it is the colon of `x[1:5]`.
fn is_slice_colon(tokens: &[TokenTree], at: usize) -> bool {
    let double = at > 0 && is_punct(&tokens[at - 1], ':')
        || tokens.get(at + 1).is_some_and(|token| is_punct(token, ':'));
    is_punct(&tokens[at], ':') && !double && !tokens.iter().any(|token| is_punct(token, '|'))
}

/// What to say about statements of Rust that a model has not.
pub(super) fn refusal(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "while" => {
            "`while` cannot be used, as the number of layers must be known when the model is \
             compiled\n  help: write `for _ in 0..3 { … }`"
        }
        "loop" => {
            "`loop` cannot be used, as the number of layers must be known when the model is \
             compiled\n  help: write `for _ in 0..3 { … }`"
        }
        "match" => {
            "`match` cannot be used in a model\n  help: write `if N == 1 { … } else { … }`, where \
             `N` is a constant"
        }
        "return" => {
            "`return` cannot be used in a model\n  help: write the value that is returned as the \
             last line, without `;`"
        }
        "break" | "continue" => {
            "a loop in a model always runs to its end\n  help: choose its range, `for _ in 0..3`, \
             or put `if` around the statements"
        }
        "unsafe" | "async" => {
            "this cannot be used in a model\n  help: statements are written `name = \
             Layer(arguments)(inputs);`"
        }
        "const" | "use" | "fn" | "struct" | "static" | "type" | "enum" | "impl" | "trait"
        | "mod" => {
            "items cannot stand inside of a model\n  help: move it in front, between `model! {` \
             and the `struct`"
        }
        _ => return None,
    })
}

/// What to say about a word that cannot be a name.
pub(super) fn bad_name(word: &str) -> String {
    if word == "_" {
        return "every value has a name\n  help: write a name that starts with `_`, such as \
                `_unused`"
            .into();
    }
    format!("`{word}` is a word of Rust and cannot be a name\n  help: write `{word}_`, for example")
}

/// A token for a message.
pub(super) fn show(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => "(…)".into(),
            Delimiter::Bracket => "[…]".into(),
            Delimiter::Brace => "{…}".into(),
            Delimiter::None => group.stream().to_string(),
        },
        token => token.to_string(),
    }
}

/// Tokens for a `help`; long ones are left out.
pub(super) fn show_tokens(tokens: &TokenStream) -> String {
    let text = tokens.to_string().replace(" ,", ",");
    if text.chars().count() > 40 || text.contains('\n') { "…".into() } else { text }
}
