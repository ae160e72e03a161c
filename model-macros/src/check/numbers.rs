//! Arguments that are numbers: sizes, axes, shapes, rates, switches.

use model_spec::{Arg, ArgKind, ArgValue, Entry, Form, Tuple, leaves_a_rest};
use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::args::Given;
use super::expr::constant_tokens;
use super::model::{Checker, ConfigValue};
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::errors::ends;
use crate::eval::{Constant, eval};

impl Checker<'_, '_> {
    pub fn whole(&mut self, entry: &Entry, arg: &Arg, value: &Expr, wanted: &str) -> Option<Given> {
        if arg.exact && self.leaves_a_rest(entry, arg, value) {
            return None;
        }
        let written = self.written(&value.tokens);
        let rust = match arg.kind {
            ArgKind::Int => int(value, written.clone()),
            _ => plain(value, written.clone()),
        };
        match self.constant_arg(entry, arg, value, wanted)? {
            Constant::Int(number) => {
                Some(Given { config: ConfigValue::Known(ArgValue::Int(number)), rust })
            }
            Constant::Opaque => {
                let arg_value = quote!(::model_runtime::spec::ArgValue);
                let config = match &value.kind {
                    ExprKind::Binary(BinaryOp::Div, whole, parts) if arg.exact => {
                        let [whole, parts] = [whole, parts].map(|side| self.written(&side.tokens));
                        quote!(#arg_value::quotient((#whole) as i64, (#parts) as i64))
                    }
                    _ => quote!(#arg_value::Int((#written) as i64)),
                };
                Some(Given { config: ConfigValue::Deferred(config), rust })
            }
            _ => {
                self.wrong_kind(entry, arg, value, wanted);
                None
            }
        }
    }

    /// Records an error for a division that does not come out even, such as features by heads.
    fn leaves_a_rest(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> bool {
        let ExprKind::Binary(BinaryOp::Div, whole, parts) = &value.kind else { return false };
        let (Ok(Constant::Int(whole)), Ok(Constant::Int(parts))) =
            (eval(whole, self), eval(parts, self))
        else {
            return false;
        };
        if whole <= 0 || parts <= 0 || whole % parts == 0 {
            return false;
        }
        let message = leaves_a_rest(entry.name, arg.name, whole, parts).message(&[]);
        self.error(value, message);
        true
    }

    pub fn ints(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        // Nested ones, `((1, 0), (2, 3))`, stand one after the other.
        let outer = self.items(value);
        let items: Vec<&Expr> = outer.into_iter().flat_map(|item| self.items(item)).collect();
        self.numbers(entry, arg, value, &items, false)
    }

    pub fn shape(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        let items = self.items(value);
        self.numbers(entry, arg, value, &items, true)
    }

    pub fn float(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        let rust = self.written(&value.tokens);
        match self.constant_arg(entry, arg, value, "a number")? {
            Constant::Int(number) => {
                let tokens = constant_tokens(&Constant::Float(number as f64), value.first())?;
                Some(Given {
                    config: ConfigValue::Known(ArgValue::Float(number as f64)),
                    rust: tokens,
                })
            }
            Constant::Float(number) => Some(Given {
                config: ConfigValue::Known(ArgValue::Float(number)),
                rust: plain(value, rust),
            }),
            Constant::Opaque => Some(Given {
                config: ConfigValue::Known(ArgValue::Rust),
                rust: quote!((#rust) as ::model_runtime::Float),
            }),
            _ => {
                self.wrong_kind(entry, arg, value, "a number");
                None
            }
        }
    }

    /// A number, or several in parentheses.
    pub fn floats(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        let (ExprKind::Tuple(items) | ExprKind::List(items)) = &value.kind else {
            // What is Rust may be a list as well: the layer sees.
            return self.float(entry, arg, value).map(|given| match given.config {
                ConfigValue::Known(ArgValue::Rust) => {
                    Given { rust: self.written(&value.tokens), ..given }
                }
                _ => given,
            });
        };
        let (mut numbers, mut rust) = (Vec::new(), Vec::new());
        for item in items {
            let given = self.float(entry, arg, item)?;
            match given.config {
                ConfigValue::Known(ArgValue::Float(number)) => numbers.push(number),
                // What is not known is checked where the layer runs.
                _ => numbers.push(0.0),
            }
            rust.push(given.rust);
        }
        let config = ConfigValue::Known(ArgValue::floats(&numbers));
        Some(Given { config, rust: quote!([#(#rust),*]) })
    }

    pub fn bool(&mut self, entry: &Entry, arg: &Arg, value: &Expr) -> Option<Given> {
        if let ExprKind::Name(name) = &value.kind
            && (name == "True" || name == "False")
        {
            let word = name.to_string().to_lowercase();
            self.error(
                value,
                format!(
                    "{}: `{}` takes true or false, but got `{name}`\n  help: did you mean \
                     `{word}`?",
                    entry.name, arg.name
                ),
            );
            return None;
        }
        let rust = self.written(&value.tokens);
        match self.constant_arg(entry, arg, value, "true or false")? {
            Constant::Bool(known) => {
                Some(Given { config: ConfigValue::Known(ArgValue::Bool(known)), rust })
            }
            Constant::Opaque => Some(Given {
                config: ConfigValue::Deferred(quote!(::model_runtime::spec::ArgValue::Bool(#rust))),
                rust,
            }),
            _ => {
                self.wrong_kind(entry, arg, value, "true or false");
                None
            }
        }
    }

    /// The items of a list: those of a tuple, or the one number that is written.
    pub fn items<'e>(&self, value: &'e Expr) -> Vec<&'e Expr> {
        match &value.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().collect(),
            ExprKind::Paren(inner) => self.items(inner),
            _ => vec![value],
        }
    }

    /// Several whole numbers. In a shape, `_` is a size of any kind.
    fn numbers(
        &mut self,
        entry: &Entry,
        arg: &Arg,
        value: &Expr,
        items: &[&Expr],
        shape: bool,
    ) -> Option<Given> {
        let most = if shape { model_spec::MAX_RANK - 1 } else { model_spec::MAX_RANK };
        if items.len() > most {
            self.error(
                value,
                format!(
                    "{}: `{}` has {} numbers, but there can be at most {most}\n  help: put axes \
                     together",
                    entry.name,
                    arg.name,
                    items.len()
                ),
            );
            return None;
        }
        // An output shape is given to Rust in `usize`s, as shapes are; all else in `i64`s.
        let dims = matches!(arg.kind, ArgKind::OutputShape);
        let (mut known, mut rust, mut given) = (Vec::new(), Vec::new(), Vec::new());
        let mut all_known = true;
        let wanted = if shape { "sizes" } else { "whole numbers" };
        if matches!(
            (arg.kind, &value.kind),
            (ArgKind::Cuts, ExprKind::Tuple(_) | ExprKind::List(_))
        ) && items.len() == 1
        {
            known.push(0);
            rust.push(quote!(0));
            given.push(quote!(0));
        }
        for item in items {
            if shape && matches!(item.kind, ExprKind::Any) {
                known.push(-1);
                rust.push(quote!(-1));
                given.push(if dims { quote!(::model_runtime::Shape::ANY) } else { quote!(-1) });
                continue;
            }
            let tokens = self.written(&item.tokens);
            match self.constant_arg(entry, arg, item, wanted)? {
                Constant::Int(-1) if entry.form == Form::Input => {
                    self.error(
                        item,
                        "Input: a size must be positive, but is -1\n  help: write `_` for a size \
                         that may be anything",
                    );
                    return None;
                }
                Constant::Int(number) => {
                    known.push(number);
                    let plain = plain(item, tokens.clone());
                    given.push(if dims { plain.clone() } else { int(item, tokens) });
                    rust.push(plain);
                }
                Constant::Opaque => {
                    all_known = false;
                    rust.push(quote!((#tokens) as i64));
                    given.push(if dims { tokens } else { int(item, tokens) });
                }
                _ => {
                    self.wrong_kind(entry, arg, item, wanted);
                    return None;
                }
            }
        }
        let config = if all_known {
            ConfigValue::Known(ArgValue::Tuple(Tuple::new(&known)))
        } else {
            let tuple = quote!(::model_runtime::spec::Tuple::new(&[#(#rust),*]));
            ConfigValue::Deferred(quote!(::model_runtime::spec::ArgValue::Tuple(#tuple)))
        };
        Some(Given { config, rust: quote!(&[#(#given),*]) })
    }
}

/// The tokens as an `i64`, whatever whole number the names in them are.
fn int(value: &Expr, tokens: TokenStream) -> TokenStream {
    if !has_name(&tokens) {
        return plain(value, tokens);
    }
    let (first, _) = ends(&tokens);
    let convert = quote_spanned!(first=> ::model_runtime::private::int);
    quote!(#convert(#tokens))
}

/// Whether a name stands among the tokens.
pub(super) fn has_name(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Group(group) => has_name(&group.stream()),
        _ => false,
    })
}

/// The tokens without a suffix of a literal: `64usize` may be given where Rust wants another type.
fn plain(value: &Expr, tokens: TokenStream) -> TokenStream {
    if let ExprKind::Number(literal) = &value.kind {
        let (mut plain, span) = match syn::Lit::new(literal.clone()) {
            syn::Lit::Int(int) if !int.suffix().is_empty() => {
                let Ok(number) = int.base10_parse::<i64>() else { return tokens };
                (proc_macro2::Literal::i64_unsuffixed(number), literal.span())
            }
            syn::Lit::Float(float) if !float.suffix().is_empty() => {
                let Ok(number) = float.base10_parse::<f64>() else { return tokens };
                (proc_macro2::Literal::f64_unsuffixed(number), literal.span())
            }
            _ => return tokens,
        };
        plain.set_span(span);
        return quote!(#plain);
    }
    tokens
}
