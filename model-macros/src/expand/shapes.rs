//! Shapes as constants: what the macro could not find is left to const evaluation, with guards that say what is wrong.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Expansion;
use crate::graph::{Deferred, Rule, Static};
use crate::rules::quote_value;

impl Expansion<'_> {
    /// Rust for what is known of a value. `owner` is the type that holds the constants.
    pub fn value(&self, shape: Static, owner: &TokenStream) -> TokenStream {
        match shape {
            Static::Known(value) => quote_value(&value),
            Static::Deferred { index, output } => {
                let name = shape_name(index);
                quote!(::model_runtime::private::value(&#owner::#name, #output))
            }
            Static::Poison => quote!(::model_runtime::Value::POISON),
        }
    }

    /// The constants behind the readable part, `output_shape` for models that contain this one, and the guards.
    pub fn shapes(&self) -> TokenStream {
        let (head, ty) = self.header();
        let constants = self.model.deferred.iter().enumerate();
        let constants = constants.map(|(index, deferred)| self.constant(index, deferred));
        let output_shape = (!self.program.expression).then(|| self.output_shape());
        let checks = self.generic_check_constants();
        let guards = self.guards();
        quote! {
            #[doc(hidden)]
            #head #ty {
                #(#constants)*
                #checks
                #output_shape
            }

            #guards
        }
    }

    /// `SHAPE_3`, and `SIZE_3` where the layer has weights to be counted.
    fn constant(&self, index: usize, deferred: &Deferred) -> TokenStream {
        let name = shape_name(index);
        let inputs = deferred.inputs.iter().map(|shape| self.value(*shape, &quote!(Self)));
        let count = deferred.inputs.len();
        let inputs = quote! {
            let inputs: [::model_runtime::Value; #count] = [#(#inputs),*];
        };
        let rule = self.rule(deferred);
        let body = self.with_items(quote! {
            #inputs
            ::model_runtime::private::outcome(&inputs, #rule)
        });
        let size = self.size(index, deferred, &inputs);
        quote! {
            const #name: ::model_runtime::private::Outcome = { #body };
            #size
        }
    }

    fn rule(&self, deferred: &Deferred) -> TokenStream {
        match &deferred.rule {
            Rule::Entry { entry, config } => {
                let module = module(entry.module);
                quote! {
                    ::model_runtime::spec::#module::rule(
                        &::model_runtime::spec::Config::new(&[#(#config),*]),
                        &inputs,
                    )
                }
            }
            Rule::Operator => quote! {
                ::model_runtime::spec::operators::rule(
                    &::model_runtime::spec::Config::new(&[]),
                    &inputs,
                )
            },
            Rule::Slice(items) => quote!(::model_runtime::spec::slice(&[#(#items),*], &inputs)),
            Rule::Foreign { path, args, outputs } => quote! {
                ::model_runtime::private::returns(
                    <#path>::output_shape(#(#args,)* &inputs),
                    #outputs,
                )
            },
            Rule::Shared { entry, config, source } => {
                let module = module(entry.module);
                quote! {
                    ::model_runtime::private::shared(#source, {
                        let config = [#(#config),*];
                        let config = ::model_runtime::spec::Config::new(&config);
                        let (first, this) = inputs.split_at(inputs.len() / 2);
                        let rule = ::model_runtime::spec::#module::rule(&config, this);
                        let first = ::model_runtime::spec::#module::weights(&config, first);
                        let this = ::model_runtime::spec::#module::weights(&config, this);
                        (rule.is_ok(), first, this)
                    })
                }
            }
        }
    }

    /// The number of weights of a layer whose inputs const evaluation finds.
    fn size(&self, index: usize, deferred: &Deferred, inputs: &TokenStream) -> TokenStream {
        let Rule::Entry { entry, config } = &deferred.rule else { return TokenStream::new() };
        let is_counted = self.model.calls.iter().any(
            |call| matches!(call.parameters, crate::graph::Parameters::Deferred(at) if at == index),
        );
        if !is_counted {
            return TokenStream::new();
        }
        let name = format_ident!("SIZE_{index}");
        let module = module(entry.module);
        let body = self.with_items(quote! {
            #inputs
            ::model_runtime::spec::#module::weights(
                &::model_runtime::spec::Config::new(&[#(#config),*]),
                &inputs,
            )
            .size()
        });
        quote!(const #name: usize = { #body };)
    }

    /// What comes out of this model where it is a layer of another.
    fn output_shape(&self) -> TokenStream {
        let vis = &self.model.vis;
        let name = self.model.name.to_string();
        let names = self.model.inputs.iter().map(|port| port.name.to_string());
        let inputs = self.model.inputs.iter().map(|port| self.value(port.shape, &quote!(Self)));
        let outputs = self.model.outputs.iter().map(|port| self.value(port.shape, &quote!(Self)));
        quote! {
            #vis const fn output_shape(
                inputs: &[::model_runtime::Value],
            ) -> ::model_runtime::private::Outcome {
                ::model_runtime::private::model_shape(
                    #name,
                    &[#(#names),*],
                    &[#(#inputs),*],
                    inputs,
                    &[#(#outputs),*],
                )
            }
        }
    }

    /// For a generic model, a constant for each check: they are looked at when the model is built.
    fn generic_check_constants(&self) -> TokenStream {
        if self.model.generics.is_empty() {
            return TokenStream::new();
        }
        let checks = self.model.deferred.iter().enumerate().map(|(index, deferred)| {
            let name = check_name(index);
            let check = self.check(index, deferred, &quote!(Self));
            quote!(const #name: () = #check;)
        });
        quote!(#(#checks)*)
    }

    /// Makes a generic model's checks part of `new`.
    pub fn generic_checks(&self) -> TokenStream {
        if self.model.generics.is_empty() {
            return TokenStream::new();
        }
        let names = (0..self.model.deferred.len()).map(check_name);
        quote!(#(let () = Self::#names;)*)
    }

    fn guards(&self) -> TokenStream {
        if self.model.deferred.is_empty() {
            return TokenStream::new();
        }
        let ty = &self.model.name;
        let generic = !self.model.generics.is_empty();
        if generic && self.model.generics.iter().any(|param| param.default.is_none()) {
            return TokenStream::new();
        }
        let checks = self.model.deferred.iter().enumerate().map(|(index, deferred)| {
            if generic {
                let name = check_name(index);
                return quote!(const _: () = <#ty>::#name;);
            }
            let check = self.check(index, deferred, &quote!(#ty));
            quote!(const _: () = #check;)
        });
        quote!(const _: () = { #(#checks)* };)
    }

    /// Panics in const evaluation, under the user's own tokens, if the shape could not be found.
    fn check(&self, index: usize, deferred: &Deferred, owner: &TokenStream) -> TokenStream {
        let name = shape_name(index);
        let operands = deferred.operands.iter().zip(&deferred.inputs);
        let operands = operands.map(|((name, origin), shape)| {
            let value = self.value(*shape, owner);
            quote! {
                ::model_runtime::spec::Operand { name: #name, value: #value, origin: #origin }
            }
        });
        let arguments = quote!(&#owner::#name, &[#(#operands),*]);
        let mut group = Group::new(Delimiter::Parenthesis, arguments);
        group.set_span(deferred.last);
        let head = quote_spanned!(deferred.first=> ::model_runtime::private::check);
        quote!(#head #group)
    }
}

fn shape_name(index: usize) -> Ident {
    Ident::new(&format!("SHAPE_{index}"), Span::call_site())
}

fn check_name(index: usize) -> Ident {
    Ident::new(&format!("CHECK_{index}"), Span::call_site())
}

/// `layers::dense` as a path.
fn module(path: &str) -> TokenStream {
    let parts = path.split("::").map(|part| Ident::new(part, Span::call_site()));
    quote!(#(#parts)::*)
}
