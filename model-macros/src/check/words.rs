//! Arguments that are words (`relu`, `l2(0.01)`), and closures.

use model_spec::words::{Word, WordDefault, Words};
use model_spec::{Arg, ArgValue, Entry};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::args::Given;
use super::model::{Binding, Checker, ConfigValue};
use crate::ast::{Argument, Expr, ExprKind};
use crate::eval::{Constant, NotConstant, eval};
use crate::source;
use crate::suggest::nearest;

impl Checker<'_, '_> {
    /// A word of a list: `relu`, `"relu"`, `l2(0.01)`; or Rust, where the list allows it.
    pub fn word(
        &mut self,
        entry: &Entry,
        arg: &Arg,
        words: &'static Words,
        value: &Expr,
    ) -> Option<Given> {
        let (name, args, span): (String, &[Argument], Span) = match &value.kind {
            ExprKind::Name(name) => (name.to_string(), &[], name.span()),
            ExprKind::Str(text) => (text.clone(), &[], value.first()),
            ExprKind::Call(callee, args) => match &callee.kind {
                ExprKind::Name(name) => (name.to_string(), args, name.span()),
                _ => return self.custom(entry, arg, words, value),
            },
            _ => return self.custom(entry, arg, words, value),
        };
        let Some(word) = words.words.iter().find(|word| word.name == name) else {
            let message = unknown_word(entry, arg, words, &name);
            self.context.errors.at(span, message);
            return None;
        };
        let numbers = self.word_numbers(words, word, args, value)?;
        let variant = variant(words, word.name, span);
        let rust = if numbers.is_empty() { variant } else { quote!(#variant(#(#numbers),*)) };
        Some(Given { config: ConfigValue::Known(ArgValue::Word(word.name)), rust })
    }

    /// The numbers that a word takes, as Rust.
    fn word_numbers(
        &mut self,
        words: &Words,
        word: &Word,
        args: &[Argument],
        value: &Expr,
    ) -> Option<Vec<TokenStream>> {
        let mut numbers: Vec<Option<TokenStream>> = word.args.iter().map(|_| None).collect();
        for (position, given) in args.iter().enumerate() {
            let index = match &given.name {
                Some(name) => word.args.iter().position(|arg| name == arg.name),
                None => Some(position),
            };
            let Some(slot) = index.and_then(|index| numbers.get_mut(index)) else {
                let names: Vec<&str> = word.args.iter().map(|arg| arg.name).collect();
                let takes = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
                self.error(
                    &given.value,
                    format!(
                        "the {} `{}` takes {takes}\n  help: take this argument out",
                        words.noun, word.name
                    ),
                );
                return None;
            };
            let Some(default) = index.map(|index| word.args[index].default) else { continue };
            *slot = Some(match default {
                WordDefault::Axes(_) => self.word_axes(words, word, &given.value)?,
                WordDefault::Word(choice, _) => {
                    self.word_choice(words, word, choice, &given.value)?
                }
                _ => self.word_number(words, word, &given.value)?,
            });
        }
        let complete = word.args.iter().zip(numbers).map(|(arg, number)| {
            number.or_else(|| match arg.default {
                WordDefault::Required => None,
                WordDefault::Number(number) => {
                    let literal = proc_macro2::Literal::f64_unsuffixed(number);
                    Some(quote!(#literal))
                }
                WordDefault::Axes(axes) => Some(axes_tokens(axes)),
                WordDefault::Word(choice, default) => {
                    Some(variant(choice, default, Span::call_site()))
                }
            })
        });
        let complete: Option<Vec<TokenStream>> = complete.collect();
        if complete.is_none() {
            self.error(
                value,
                format!(
                    "the {} `{}` needs its numbers\n  help: for example {}",
                    words.noun,
                    word.name,
                    word_example(word)
                ),
            );
        }
        complete
    }

    /// A number that a word takes, as Rust.
    fn word_number(&mut self, words: &Words, word: &Word, value: &Expr) -> Option<TokenStream> {
        match eval(value, self) {
            Ok(Constant::Int(number)) => {
                let literal = proc_macro2::Literal::f64_unsuffixed(number as f64);
                Some(quote!(#literal))
            }
            Ok(Constant::Float(_)) => Some(self.written(&value.tokens)),
            Ok(Constant::Opaque) => {
                let tokens = self.written(&value.tokens);
                Some(quote!((#tokens) as ::model_runtime::Float))
            }
            Ok(Constant::Poison) | Err(NotConstant::Poison) => {
                self.poisoned = true;
                None
            }
            _ => {
                self.error(
                    value,
                    format!(
                        "the {} `{}` takes numbers\n  help: for example {}",
                        words.noun,
                        word.name,
                        word_example(word)
                    ),
                );
                None
            }
        }
    }

    /// Axes that a word takes, as Rust: they are known here, since the word holds them for good.
    fn word_axes(&mut self, words: &Words, word: &Word, value: &Expr) -> Option<TokenStream> {
        let mut axes = Vec::new();
        for item in self.items(value) {
            match eval(item, self) {
                Ok(Constant::Int(axis)) => axes.push(axis),
                Ok(Constant::Poison) | Err(NotConstant::Poison) => {
                    self.poisoned = true;
                    return None;
                }
                _ => {
                    self.error(
                        item,
                        format!(
                            "the {} `{}` takes axes, which are whole numbers\n  help: for example \
                             axis = 0, or axis = (0, 1, 2)",
                            words.noun, word.name
                        ),
                    );
                    return None;
                }
            }
        }
        Some(axes_tokens(&axes))
    }

    /// A word as an argument of a word: `fan_in` in `variance_scaling(2.0, fan_in)`.
    fn word_choice(
        &mut self,
        words: &Words,
        word: &Word,
        choice: &'static Words,
        value: &Expr,
    ) -> Option<TokenStream> {
        let written = match &value.kind {
            ExprKind::Name(name) => name.to_string(),
            ExprKind::Str(text) => text.clone(),
            _ => source::short(&value.tokens),
        };
        if choice.words.iter().any(|known| known.name == written) {
            return Some(variant(choice, &written, value.first()));
        }
        let names: Vec<&str> = choice.words.iter().map(|word| word.name).collect();
        let help = match nearest(&written, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        };
        self.error(
            value,
            format!(
                "the {} `{}` knows no {} `{written}`\n  help: {help}",
                words.noun, word.name, choice.noun
            ),
        );
        None
    }

    /// A text in quotes.
    pub fn text(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        let ExprKind::Str(text) = &value.kind else {
            self.wrong_kind(entry, arg, value, "a text in quotes");
            return None;
        };
        // The catalogue holds texts that live as long as the program, which here ends soon.
        let config = ConfigValue::Known(ArgValue::Word(String::leak(text.clone())));
        Some(Given { config, rust: value.tokens.clone() })
    }

    /// Rust in the place of a word: a path with `::`, or a closure.
    fn custom(&mut self, entry: &Entry, arg: &Arg, words: &Words, value: &Expr) -> Option<Given> {
        let rust = match &value.kind {
            ExprKind::Path(_) if words.custom => value.tokens.clone(),
            ExprKind::Closure(closure) if words.custom => {
                self.check_captures(closure, &[])?;
                // `custom` says what the parameters are.
                let mut closure = closure.rust.clone();
                closure.capture = Some(syn::Token![move](closure.or1_token.span));
                quote!(#closure)
            }
            _ => {
                // `tf.nn.relu`
                let last = value.tokens.clone().into_iter().last().map(|last| last.to_string());
                let known = words.words.iter().find(|word| last.as_deref() == Some(word.name));
                let message = format!(
                    "{}: `{}` takes the name of {} {}, but got `{}`\n  help: for example {} = {}",
                    entry.name,
                    arg.name,
                    if words.noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" },
                    words.noun,
                    source::short(&value.tokens),
                    arg.name,
                    known.unwrap_or(&words.words[0]).name
                );
                self.error(value, message);
                return None;
            }
        };
        let rust_type = format_ident!("{}", words.rust_type);
        Some(Given {
            config: ConfigValue::Known(ArgValue::Rust),
            rust: quote!(::model_runtime::#rust_type::custom(#rust)),
        })
    }

    /// A closure over values, or the path of a function.
    pub fn closure(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        let rust = match &value.kind {
            ExprKind::Closure(closure) => {
                self.check_captures(closure, &[])?;
                typed_closure(&closure.rust)
            }
            ExprKind::Path(_) | ExprKind::Rust => value.tokens.clone(),
            ExprKind::Name(name)
                if self.find(&name.to_string()).is_none() && self.context.expression =>
            {
                value.tokens.clone()
            }
            ExprKind::Name(name) => {
                self.error(
                    value,
                    format!(
                        "{}: `{}` takes a closure, but got `{name}`\n  help: write `|x| \
                         {name}(x)`, or its path, `self::{name}`",
                        entry.name, arg.name
                    ),
                );
                return None;
            }
            _ => {
                self.error(
                    value,
                    format!(
                        "{}: `{}` takes a closure over values\n  help: for example |x| x * 2",
                        entry.name, arg.name
                    ),
                );
                return None;
            }
        };
        Some(Given { config: ConfigValue::Known(ArgValue::Rust), rust })
    }

    /// Refuses values of the graph inside a closure: they exist only as its parameters.
    fn check_captures(&mut self, closure: &crate::ast::Closure, allowed: &[String]) -> Option<()> {
        use quote::ToTokens;
        let mut own: Vec<String> = allowed.to_vec();
        for input in &closure.rust.inputs {
            idents(&input.to_token_stream(), &mut |ident, _| own.push(ident.to_string()));
        }
        let body = closure.rust.body.to_token_stream();
        let mut after_let = false;
        idents(&body, &mut |ident, _| {
            if after_let {
                own.push(ident.to_string());
            }
            after_let = ident == "let" || (after_let && ident == "mut");
        });
        let mut found = None;
        idents(&body, &mut |ident, after_dot| {
            let name = ident.to_string();
            let is_value = match self.find(&name) {
                Some(binding) => matches!(binding, Binding::Value(_)),
                None => self.outside.as_ref().is_some_and(|outside| outside.values.contains(&name)),
            };
            if found.is_none() && !after_dot && is_value && !own.contains(&name) {
                found = Some(ident.clone());
            }
        });
        let Some(ident) = found else { return Some(()) };
        self.context.errors.at(
            ident.span(),
            format!(
                "`{ident}` is a value of the graph, which a closure cannot see\n  help: pass it: \
                 Lambda(|x, {ident}| …)([x, {ident}])"
            ),
        );
        None
    }
}

/// Every identifier, and whether it stands behind a dot or a colon.
fn idents(tokens: &TokenStream, see: &mut dyn FnMut(&Ident, bool)) {
    let mut behind = false;
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            proc_macro2::TokenTree::Ident(ident) => {
                let path = matches!(
                    tokens.peek(),
                    Some(proc_macro2::TokenTree::Punct(p)) if ":!".contains(p.as_char())
                );
                see(&ident, behind || path);
                behind = false;
            }
            proc_macro2::TokenTree::Group(group) => {
                idents(&group.stream(), see);
                behind = false;
            }
            proc_macro2::TokenTree::Punct(punct) => {
                behind = (punct.as_char() == '.' && punct.spacing() == proc_macro2::Spacing::Alone)
                    || punct.as_char() == ':';
            }
            proc_macro2::TokenTree::Literal(_) => behind = false,
        }
    }
}

/// The closure as a field can hold it: `move`, and with types.
fn typed_closure(closure: &syn::ExprClosure) -> TokenStream {
    let mut closure = closure.clone();
    closure.capture = Some(syn::Token![move](closure.or1_token.span));
    for input in &mut closure.inputs {
        if !matches!(input, syn::Pat::Type(_)) {
            let pattern = input.clone();
            *input = syn::Pat::Type(syn::PatType {
                attrs: Vec::new(),
                pat: Box::new(pattern),
                colon_token: syn::Token![:](closure.or1_token.span),
                ty: Box::new(syn::parse_quote!(::model_runtime::Var)),
            });
        }
    }
    quote!(#closure)
}

fn axes_tokens(axes: &[i64]) -> TokenStream {
    let axes = axes.iter().map(|&axis| proc_macro2::Literal::i64_unsuffixed(axis));
    quote!(&[#(#axes),*])
}

/// How a word that takes numbers could be written.
fn word_example(word: &Word) -> String {
    let required = word.args.iter().filter(|arg| matches!(arg.default, WordDefault::Required));
    let required: Vec<String> =
        required.enumerate().map(|(i, arg)| format!("{} = {i}", arg.name)).collect();
    if required.is_empty() {
        return format!("{}(0.01)", word.name);
    }
    format!("{}({})", word.name, required.join(", "))
}

fn unknown_word(entry: &Entry, arg: &Arg, words: &Words, name: &str) -> String {
    let help = match nearest(name, words.words.iter().map(|word| word.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if name == "None" => "leave the argument out".to_owned(),
        None => {
            let names: Vec<&str> = words.words.iter().map(|word| word.name).collect();
            let own = if words.custom {
                "; a function of your own is written with its path, self::f"
            } else {
                ""
            };
            format!("there are {}{own}", names.join(", "))
        }
    };
    format!("{}: `{}` knows no {} `{name}`\n  help: {help}", entry.name, arg.name, words.noun)
}

/// A word as Rust: `::model_runtime::Activation::HardSigmoid`.
pub(super) fn variant(words: &Words, word: &str, span: Span) -> TokenStream {
    let rust_type = format_ident!("{}", words.rust_type);
    let variant = Ident::new(&camel(word), span);
    quote!(::model_runtime::#rust_type::#variant)
}

/// `hard_sigmoid` as a variant: `HardSigmoid`.
fn camel(word: &str) -> String {
    let mut camel = String::new();
    for part in word.split('_') {
        let mut chars = part.chars();
        camel.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        camel.extend(chars);
    }
    camel
}
