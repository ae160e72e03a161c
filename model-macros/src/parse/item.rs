//! Items: `struct`, `fn`, `const`, `use`.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

use super::chunk::{self, Chunk, End, is_assign, is_group, is_name, is_punct, word};
use super::hint::show;
use super::limits::too_deep;
use super::{body, hint};
use crate::ast::{Body, Const, ConstParam, Item, ModelDef, Template};
use crate::errors::Errors;

/// Reads all items; several lines in a row that are none cost one error.
pub(super) fn parse(chunks: Vec<Chunk>, errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    let mut stray = false;
    for chunk in chunks {
        let known = chunk.is_item() || chunk.lacks_fn() || chunk.tokens.is_empty();
        let item = match chunk.keyword().as_str() {
            "struct" => model(&chunk, &chunk.tokens[1..], errors),
            "fn" => template(&chunk, &chunk.tokens[1..], errors),
            "const" if word(chunk.tokens.get(1)) != "fn" => constant(&chunk, errors),
            "use" => import(&chunk, errors),
            name if chunk.lacks_struct() => {
                errors.at(
                    chunk.tokens[0].span(),
                    format!(
                        "`struct` is missing before `{name}`\n  help: write `struct {name} {{ … \
                         }}`"
                    ),
                );
                model(&chunk, &chunk.tokens, errors)
            }
            name if chunk.lacks_fn() => {
                errors.at(
                    chunk.tokens[0].span(),
                    format!(
                        "`fn` is missing before `{name}`\n  help: write `fn {name}(…) {{ … }}`"
                    ),
                );
                template(&chunk, &chunk.tokens, errors)
            }
            _ => {
                if known || !stray {
                    misplaced(&chunk, errors);
                }
                None
            }
        };
        stray = !known;
        items.push(item.unwrap_or_else(|| Item::Broken { names: names(&chunk) }));
    }
    items
}

/// The names that a broken item would have made.
fn names(chunk: &Chunk) -> Vec<Ident> {
    let idents = |tokens: &[TokenTree]| {
        let idents = tokens.iter().filter(|token| is_name(token)).cloned();
        let idents = idents.filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        });
        idents.collect::<Vec<_>>()
    };
    match chunk.keyword().as_str() {
        "use" => chunk
            .tokens
            .iter()
            .flat_map(|token| match token {
                TokenTree::Group(group) => idents(&group.stream().into_iter().collect::<Vec<_>>()),
                token => idents(std::slice::from_ref(token)),
            })
            .collect(),
        "struct" | "fn" | "enum" | "trait" | "mod" | "type" | "const" | "static" => {
            idents(chunk.tokens.get(1..2).unwrap_or_default())
        }
        _ => chunk::bound_names(&chunk.tokens),
    }
}

/// Reports what is no item of a model.
fn misplaced(chunk: &Chunk, errors: &mut Errors) {
    let message = match chunk.keyword().as_str() {
        "" if chunk.tokens.is_empty() => {
            "nothing follows here\n  help: write an item behind it, such as `pub struct Name { … }`"
        }
        "enum" | "trait" | "impl" | "mod" | "static" | "type" | "const" => {
            "only `struct`, `fn name(a, b)`, `const NAME: T = …;` and `use` can stand here\n  \
             help: move it out of `model!`"
        }
        _ => {
            "next to a `struct`, statements cannot stand alone\n  help: move it into the braces of \
             a model, `struct Name { … }`"
        }
    };
    errors.push(&chunk.all(), message);
}

/// `const NAME: T = value;`
fn constant(chunk: &Chunk, errors: &mut Errors) -> Option<Item> {
    let tokens = &chunk.tokens;
    let form = "help: write `const NAME: usize = 10;`";
    let name = match &tokens[1..] {
        [name @ TokenTree::Ident(ident), ..] if is_name(name) => ident.clone(),
        _ => {
            errors.at(tokens[0].span(), format!("the name of this constant is missing\n  {form}"));
            return None;
        }
    };
    let Some(equals) = (0..tokens.len()).find(|at| is_assign(tokens, *at)) else {
        errors.at(name.span(), format!("the value of `{name}` is missing\n  {form}"));
        return None;
    };
    let ty: TokenStream = match &tokens[2..equals] {
        [colon, ty @ ..] if is_punct(colon, ':') && !ty.is_empty() => ty.iter().cloned().collect(),
        _ => {
            errors.at(
                name.span(),
                format!(
                    "the type of `{name}` is missing\n  help: write `const {name}: usize = …;`"
                ),
            );
            return None;
        }
    };
    if let Some(span) = too_deep(tokens) {
        errors.at(span, "this constant is too deeply nested\n  help: split it into several");
        return None;
    }
    if syn::parse2::<syn::Type>(ty.clone()).is_err() {
        errors.push(&ty, format!("this is no type\n  {form}"));
        return None;
    }
    let value: TokenStream = tokens[equals + 1..].iter().cloned().collect();
    if value.is_empty() {
        errors.at(name.span(), format!("the value of `{name}` is missing\n  {form}"));
        return None;
    }
    let value = super::expr::parse(value, errors)?;
    Some(Item::Const(Const { name, value, tokens: terminated(chunk, errors) }))
}

/// `use path::Name;`
fn import(chunk: &Chunk, errors: &mut Errors) -> Option<Item> {
    let mut tokens: TokenStream = chunk.tokens.iter().cloned().collect();
    tokens.extend([TokenTree::from(Punct::new(';', Spacing::Alone))]);
    let parsed = match too_deep(&chunk.tokens) {
        None => syn::parse2::<syn::ItemUse>(tokens).ok(),
        Some(_) => None,
    };
    match parsed {
        Some(mut import) => {
            import.attrs = chunk.attributes().unwrap_or_default();
            import.vis = chunk.visibility();
            terminated(chunk, errors);
            Some(Item::Use(import))
        }
        None => {
            errors.push(
                &chunk.all(),
                "this `use` cannot be read\n  help: write `use crate::layers::{A, B};`",
            );
            None
        }
    }
}

/// All tokens of an item with its `;`, which is reported if it is missing.
fn terminated(chunk: &Chunk, errors: &mut Errors) -> TokenStream {
    let mut tokens = chunk.all();
    let help = "help: `const` and `use` end in `;`";
    match &chunk.end {
        End::Semicolon(_) => return tokens,
        End::Missing(next) => {
            let text = show(next);
            errors.at(next.span(), format!("a `;` is missing before `{text}`\n  {help}"));
        }
        End::Open | End::Block => {
            errors.push(&tokens, format!("a `;` is missing at the end\n  {help}"));
        }
    }
    tokens.extend([TokenTree::from(Punct::new(';', Spacing::Alone))]);
    tokens
}

/// `fn name(a, b) { … }`, without the `fn`
fn template(chunk: &Chunk, tokens: &[TokenTree], errors: &mut Errors) -> Option<Item> {
    let form = "help: write `fn name(x, filters) { … }`";
    let start = chunk.tokens[0].span();
    let name = name_of(tokens, start, "template", form, errors)?;
    let (body, head) = braces_of(tokens, &name, form, errors)?;
    let list = head.iter().position(|token| is_group(token, Delimiter::Parenthesis));
    let Some(list) = list else {
        errors.at(name.span(), format!("the parameters of `{name}` are missing\n  {form}"));
        return None;
    };
    if list > 1 {
        errors.push(
            &head[1..list].iter().cloned().collect(),
            format!("a template has no generic parameters\n  {form}"),
        );
    }
    if head.len() > list + 1 {
        errors.push(
            &head[list + 1..].iter().cloned().collect(),
            format!("what a template returns is found by the macro\n  {form}"),
        );
    }
    let mut params = Vec::new();
    let mut damaged = false;
    if let TokenTree::Group(group) = &head[list] {
        let tokens: Vec<_> = group.stream().into_iter().collect();
        let mut parts = split_params(&tokens);
        // A comma may stand behind the last, and there may be none.
        parts.pop_if(|last| last.is_empty());
        if parts.iter().any(|part| part.is_empty()) {
            errors.at(group.span_open(), format!("a parameter is missing\n  {form}"));
            parts.retain(|part| !part.is_empty());
            damaged = true;
        }
        params.extend(parts.into_iter().map(|part| param(part, errors)));
    }
    let params = params.into_iter().collect::<Option<Vec<_>>>();
    let span = name.span();
    let mut body = body::parse(body.stream(), span, errors);
    body.damaged |= damaged;
    Some(Item::Template(Template { name, params: params?, body }))
}

/// Cuts at commas, but not at those between `<` and `>`.
fn split_params(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut parts = Vec::new();
    let (mut start, mut angles) = (0, 0usize);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => angles += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => {
                angles = angles.saturating_sub(1);
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' && angles == 0 => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// One parameter of a template.
fn param(part: &[TokenTree], errors: &mut Errors) -> Option<Ident> {
    let part = match part {
        [first, rest @ ..] if word(Some(first)) == "mut" && !rest.is_empty() => {
            errors.at(first.span(), "parameters are never changed\n  help: leave `mut` out");
            rest
        }
        part => part,
    };
    match part {
        [name @ TokenTree::Ident(ident), rest @ ..] if is_name(name) => {
            let list: TokenStream = rest.iter().cloned().collect();
            match rest.first() {
                None => {}
                Some(colon) if is_punct(colon, ':') => errors.push(
                    &list,
                    format!("the parameters of a template have no types\n  help: write `{ident}`"),
                ),
                Some(equals) if is_punct(equals, '=') => errors.push(
                    &list,
                    format!(
                        "the parameters of a template have no defaults\n  help: write `{ident}`"
                    ),
                ),
                Some(other) => errors.at(
                    other.span(),
                    format!(
                        "a `,` is missing before `{}`\n  help: write `fn name(a, b) {{ … }}`",
                        show(other)
                    ),
                ),
            }
            Some(ident.clone())
        }
        [TokenTree::Ident(word)] => {
            errors.at(word.span(), hint::bad_name(&word.to_string()));
            None
        }
        other => {
            errors.push(
                &other.iter().cloned().collect(),
                "a parameter of a template is a name\n  help: write `fn name(a, b) { … }`",
            );
            None
        }
    }
}

/// `pub struct Name<const N: usize> { … }`, without the `pub struct`
fn model(chunk: &Chunk, tokens: &[TokenTree], errors: &mut Errors) -> Option<Item> {
    let form = "help: write `pub struct Name { … }`";
    let attrs = chunk.attributes().unwrap_or_else(|| {
        errors.push(
            &chunk.attrs.iter().cloned().collect(),
            "this attribute cannot be read\n  help: write `/// …` or `#[…]` before the `struct`",
        );
        Vec::new()
    });
    let vis = chunk.visibility();
    let name = name_of(tokens, chunk.tokens[0].span(), "model", form, errors)?;
    let span = name.span();
    let Some((body, head)) = braces_of(tokens, &name, form, errors) else {
        // The struct is there all the same, for the rest of the program.
        let body = Body { statements: Vec::new(), tail: None, damaged: true, span };
        return Some(Item::Model(ModelDef { attrs, vis, name, generics: Vec::new(), body }));
    };
    let generics = generics(&head[1..], errors);
    let body = body::parse(body.stream(), span, errors);
    Some(Item::Model(ModelDef { attrs, vis, name, generics, body }))
}

/// `<const N: usize = 28>`
fn generics(tokens: &[TokenTree], errors: &mut Errors) -> Vec<ConstParam> {
    let stream: TokenStream = tokens.iter().cloned().collect();
    let form = "help: write `struct Name<const N: usize = 28> { … }`";
    let parser = |input: ParseStream| {
        let generics: syn::Generics = input.parse()?;
        let clause: Option<syn::WhereClause> = input.parse()?;
        Ok((generics, clause))
    };
    let parsed = if too_deep(tokens).is_some() { None } else { parser.parse2(stream.clone()).ok() };
    let Some((generics, clause)) = parsed else {
        errors.push(&stream, format!("only constants can stand behind a model's name\n  {form}"));
        // The names, so that the body is not full of unknown ones.
        let names = tokens.windows(2).filter(|pair| word(pair.first()) == "const");
        let param = |name: &TokenTree| match name {
            TokenTree::Ident(name) => {
                Some(ConstParam { name: name.clone(), ty: syn::parse_quote!(usize), default: None })
            }
            _ => None,
        };
        return names.filter_map(|pair| param(&pair[1])).collect();
    };
    if let Some(clause) = clause {
        let clause = quote::ToTokens::to_token_stream(&clause);
        errors.push(&clause, "a model has no `where`\n  help: leave it out");
    }
    let mut params = Vec::new();
    for param in generics.params {
        match param {
            syn::GenericParam::Const(param) => {
                params.push(ConstParam { name: param.ident, ty: param.ty, default: param.default });
            }
            other => {
                let tokens = quote::ToTokens::to_token_stream(&other);
                errors.push(&tokens, format!("a model has no parameters but constants\n  {form}"));
            }
        }
    }
    params
}

/// The name of a model or template.
fn name_of(
    tokens: &[TokenTree],
    start: Span,
    what: &str,
    form: &str,
    errors: &mut Errors,
) -> Option<Ident> {
    match tokens.first() {
        Some(name @ TokenTree::Ident(ident)) if is_name(name) => Some(ident.clone()),
        Some(TokenTree::Ident(ident)) => {
            errors.at(ident.span(), hint::bad_name(&ident.to_string()));
            None
        }
        _ => {
            errors.at(start, format!("the name of this {what} is missing\n  {form}"));
            None
        }
    }
}

/// The braces at the end, and what stands in front of them.
fn braces_of<'a>(
    tokens: &'a [TokenTree],
    name: &Ident,
    form: &str,
    errors: &mut Errors,
) -> Option<(&'a Group, &'a [TokenTree])> {
    match tokens.split_last() {
        Some((TokenTree::Group(group), head)) if group.delimiter() == Delimiter::Brace => {
            Some((group, head))
        }
        _ => {
            errors.at(name.span(), format!("the body of `{name}` is missing\n  {form}"));
            None
        }
    }
}
