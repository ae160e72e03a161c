//! The forward pass: one line for each statement, in the same order and with the same names.

use model_spec::Inputs;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::{Expansion, alive, captured_name};
use crate::ast::Place;
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
        let statements = self.statements(&self.model.statements, &self.model.results);
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
        self.with_items(quote!(#statements #result))
    }

    /// The statements in front of these results. After each of them, the memory of what is not used
    /// any more is given back.
    fn statements(&self, statements: &[Statement], results: &[Node]) -> TokenStream {
        if statements.len() < 2 {
            return statements.iter().map(|statement| self.statement(statement)).collect();
        }
        let scope = Ident::new("scope", Span::mixed_site());
        let steps = statements.iter().zip(alive::after(statements, results));
        let steps = steps.map(|(statement, names)| {
            let (statement, names) = (self.statement(statement), names.into_values().map(local));
            quote!(#statement #scope.keep(&[#(#names),*]);)
        });
        quote!(let mut #scope = ::model_runtime::private::Scope::new(); #(#steps)*)
    }

    fn statement(&self, statement: &Statement) -> TokenStream {
        let value = self.node(&statement.value);
        let targets: Vec<Ident> = statement.targets.iter().map(local).collect();
        match targets.as_slice() {
            [] => quote!(#value;),
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
            Node::Term(function, name, value, place) => {
                let (function, value) = (Ident::new(function, place.first), self.node(value));
                let path = quote_spanned!(place.first=> ::model_runtime::);
                let given = parentheses(quote!(#name, #value), place.last);
                quote!(#path #function #given)
            }
            Node::Call { field, style, inputs, args, take, within, place } => {
                let Some(field) = &self.model.fields[*field] else { return TokenStream::new() };
                let inputs: Vec<TokenStream> = inputs.iter().map(|node| self.node(node)).collect();
                let name = &field.name;
                let made = match style {
                    CallStyle::Values => {
                        let call = method("call", quote!(#(#inputs,)* #(#args),*), *place);
                        quote!(self.#name #call)
                    }
                    CallStyle::BeforePooling => {
                        let call = method("before_pooling", quote!(#(#inputs),*), *place);
                        quote!(self.#name #call)
                    }
                    CallStyle::List => {
                        let call = method("call", quote!(&[#(#inputs),*] #(, #args)*), *place);
                        quote!(self.#name #call)
                    }
                    CallStyle::Trait => {
                        let call = quote_spanned!(place.last=> ::model_runtime::Layer::call);
                        quote!(#call(&self.#name, &[#(#inputs),*]))
                    }
                };
                let made = if *within {
                    let text = field.name.unraw().to_string();
                    quote!(::model_runtime::within(#text, || #made))
                } else {
                    made
                };
                let Some(outputs) = take else { return made };
                let take = if *outputs == 1 { "one" } else { "array" };
                let take = method(take, TokenStream::new(), *place);
                quote!(#made #take)
            }
            Node::Function { entry, name, inputs, args, take, place } => {
                let inputs: Vec<TokenStream> = inputs.iter().map(|node| self.node(node)).collect();
                let path = quote_spanned!(place.first=> ::model_runtime::functions::);
                let given = match entry.inputs {
                    Inputs::Exactly(_) => quote!(#(#inputs,)* #(#args),*),
                    Inputs::AtLeast(_) | Inputs::Between { .. } => {
                        quote!(&[#(#inputs),*] #(, #args)*)
                    }
                };
                let given = parentheses(given, place.last);
                let made = quote!(#path #name #given);
                let Some(outputs) = take else { return made };
                let take = if *outputs == 1 { "one" } else { "array" };
                let take = method(take, TokenStream::new(), *place);
                quote!(#made #take)
            }
            Node::Binary(left, operator, right, place) => {
                // `Location::caller` of an operator is the span of both operands: parentheses give
                // them that of what the user wrote.
                let operand = |node: &Node, at: Option<Span>| {
                    let tokens = match node {
                        Node::Paren(inner) if at.is_some() => self.node(inner),
                        node => self.node(node),
                    };
                    match (at, node) {
                        (Some(_), Node::Function { .. } | Node::Binary(.., Some(_))) => tokens,
                        (Some(at), _) => TokenTree::from(parentheses(tokens, at)).into(),
                        // A block in front of an operator would be a statement.
                        (None, Node::Block(..)) => quote!((#tokens)),
                        (None, _) => tokens,
                    }
                };
                let left = operand(left, place.map(|place| place.first));
                let right = operand(right, place.map(|place| place.last));
                let mut operator = Punct::new(*operator, Spacing::Alone);
                operator.set_span(place.map_or_else(Span::call_site, |place| place.last));
                quote!(#left #operator #right)
            }
            Node::Neg(inner, span) => {
                let inner = self.node(inner);
                let minus = quote_spanned!(*span=> -);
                quote!(#minus #inner)
            }
            Node::Paren(inner) => {
                let tokens = self.node(inner);
                match **inner {
                    // Parentheses at the macro's place would lend it to what they contain.
                    Node::Binary(.., Some(place)) => {
                        TokenTree::from(parentheses(tokens, place.first)).into()
                    }
                    _ => quote!((#tokens)),
                }
            }
            Node::Slice(base, items, place) => {
                let base = self.node(base);
                let items = quote!(::model_runtime::axes![.., #(#items),*]);
                let slice = method("slice", items, *place);
                quote!(#base #slice)
            }
            Node::Block(statements, results) => {
                let statements = self.statements(statements, results);
                let results: Vec<TokenStream> =
                    results.iter().map(|node| self.node(node)).collect();
                match results.as_slice() {
                    [result] => quote!({ #statements #result }),
                    results => quote!({ #statements [#(#results),*] }),
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

/// `.name(arguments)`. `Location::caller` is where the name or the parentheses begin; the name
/// stands at the end, where an editor looks for it.
fn method(name: &str, arguments: TokenStream, place: Place) -> TokenStream {
    let name = Ident::new(name, place.last);
    let arguments = parentheses(arguments, place.first);
    quote!(.#name #arguments)
}

/// The tokens in parentheses that stand at this place.
fn parentheses(tokens: TokenStream, place: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(place);
    group
}
