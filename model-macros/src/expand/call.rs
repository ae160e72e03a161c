//! The forward pass: one line for each statement, in the same order and with the same names.

use model_spec::Inputs;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::{Expansion, captured_name};
use crate::graph::{CallStyle, Node, Statement};

impl Expansion<'_> {
    /// The parameters of `call` after `&self`.
    pub fn parameters(&self) -> TokenStream {
        let names = self.model.inputs.iter().map(|port| local(&port.name));
        match self.model.inputs.as_slice() {
            [] => quote!(_: ::model_runtime::Var),
            [input] => {
                let name = local(&input.name);
                if self.model.broken {
                    quote!(_: ::model_runtime::Var)
                } else {
                    quote!(#name: ::model_runtime::Var)
                }
            }
            _ if self.model.broken => {
                let ty = format_ident!("{}Inputs", self.model.name);
                quote!(_: #ty<::model_runtime::Var>)
            }
            _ => {
                let ty = format_ident!("{}Inputs", self.model.name);
                quote!(#ty { #(#names),* }: #ty<::model_runtime::Var>)
            }
        }
    }

    pub fn result_type(&self) -> TokenStream {
        if self.model.outputs.len() < 2 {
            return quote!(::model_runtime::Var);
        }
        let ty = format_ident!("{}Outputs", self.model.name);
        quote!(#ty<::model_runtime::Var>)
    }

    /// The body of `call`.
    pub fn call(&self) -> TokenStream {
        if self.model.broken {
            return quote!(::model_runtime::private::broken());
        }
        let statements = self.model.statements.iter().map(|statement| self.statement(statement));
        let results: Vec<TokenStream> =
            self.model.results.iter().map(|node| self.node(node)).collect();
        let result = match results.as_slice() {
            [result] => quote!(#result),
            _ => {
                let ty = format_ident!("{}Outputs", self.model.name);
                let fields = self.model.outputs.iter().zip(&results).map(|(port, result)| {
                    let name = &port.name;
                    quote!(#name: #result)
                });
                quote!(#ty { #(#fields),* })
            }
        };
        self.with_items(quote!(#(#statements)* #result))
    }

    fn statement(&self, statement: &Statement) -> TokenStream {
        let value = self.node(&statement.value);
        let targets: Vec<Ident> = statement.targets.iter().map(local).collect();
        match targets.as_slice() {
            [target] => quote!(let #target = #value;),
            targets => quote!(let [#(#targets),*] = #value;),
        }
    }

    fn node(&self, node: &Node) -> TokenStream {
        match node {
            Node::Name(name) => {
                let name = local(name);
                quote!(#name)
            }
            Node::Number(tokens) | Node::Rust(tokens) => tokens.clone(),
            Node::Captured(index) => {
                let name = captured_name(*index);
                quote!(self.#name)
            }
            Node::Scalar(number) => {
                let number = self.node(number);
                quote!(::model_runtime::Var::scalar(#number as ::model_runtime::Float))
            }
            Node::Call { field, style, inputs, span } => {
                let Some(field) = &self.model.fields[*field] else { return TokenStream::new() };
                let inputs: Vec<TokenStream> = inputs.iter().map(|node| self.node(node)).collect();
                let name = &field.name;
                let call = Ident::new("call", *span);
                match style {
                    CallStyle::Values => quote!(self.#name.#call(#(#inputs),*)),
                    CallStyle::List => quote!(self.#name.#call(&[#(#inputs),*])),
                    CallStyle::Trait(outputs) => {
                        let call = quote_spanned!(*span=> ::model_runtime::Layer::call);
                        let take = if *outputs == 1 { quote!(one) } else { quote!(array) };
                        quote!(#call(&self.#name, &[#(#inputs),*]).#take())
                    }
                }
            }
            Node::Function { entry, name, inputs, args, outputs } => {
                let inputs: Vec<TokenStream> = inputs.iter().map(|node| self.node(node)).collect();
                let call = match entry.inputs {
                    Inputs::Exactly(_) => {
                        quote!(::model_runtime::functions::#name(#(#inputs,)* #(#args),*))
                    }
                    Inputs::AtLeast(_) => {
                        quote!(::model_runtime::functions::#name(&[#(#inputs),*] #(, #args)*))
                    }
                };
                match outputs {
                    None => call,
                    Some(1) => quote!(#call.one()),
                    Some(_) => quote!(#call.array()),
                }
            }
            Node::Binary(left, operator, right) => {
                let (left, right) = (self.node(left), self.node(right));
                quote!(#left #operator #right)
            }
            Node::Neg(inner, span) => {
                let inner = self.node(inner);
                let minus = quote_spanned!(*span=> -);
                quote!(#minus #inner)
            }
            Node::Paren(inner) => {
                let inner = self.node(inner);
                quote!((#inner))
            }
            Node::Slice(base, items) => {
                let base = self.node(base);
                quote!(#base.slice(::model_runtime::axes![.., #(#items),*]))
            }
            Node::Block(statements, results) => {
                let statements = statements.iter().map(|statement| self.statement(statement));
                let results: Vec<TokenStream> =
                    results.iter().map(|node| self.node(node)).collect();
                match results.as_slice() {
                    [result] => quote!({ #(#statements)* #result }),
                    results => quote!({ #(#statements)* [#(#results),*] }),
                }
            }
        }
    }

    /// `Layer::call`, which takes and returns values by position.
    pub fn call_by_position(&self) -> TokenStream {
        if self.model.broken || self.model.inputs.is_empty() {
            return quote!({
                let _ = inputs;
                ::model_runtime::private::broken()
            });
        }
        let model = self.model.name.unraw().to_string();
        let names: Vec<Ident> = self.model.inputs.iter().map(|port| local(&port.name)).collect();
        let given = match names.as_slice() {
            [name] => quote!(#name),
            names => {
                let ty = format_ident!("{}Inputs", self.model.name);
                quote!(#ty { #(#names),* })
            }
        };
        let result = if self.model.outputs.len() < 2 {
            quote!(::core::convert::Into::into(outputs))
        } else {
            let fields = self.model.outputs.iter().map(|port| &port.name);
            quote!(::core::convert::Into::into([#(outputs.#fields),*]))
        };
        quote! {
            let [#(#names),*] = ::model_runtime::private::inputs(#model, inputs);
            let outputs = self.call(#given);
            #result
        }
    }
}

/// A value's name as Rust sees it: the checker goes by what is written, so Rust must not tell apart
/// what a `macro_rules!` around the macro wrote and what it was given.
fn local(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(name.span().resolved_at(Span::call_site()));
    name
}
