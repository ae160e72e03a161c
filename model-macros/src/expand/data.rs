//! What is said of the model as data: its graph, and how inputs and outputs are put together.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Expansion;
use crate::graph::{Call, Parameters, Port, Source};

impl Expansion<'_> {
    /// `Graph { … }`
    pub fn graph(&self) -> TokenStream {
        let name = self.model.name.to_string();
        let inputs = self.model.inputs.iter().map(|port| self.port(port));
        let outputs = self.model.outputs.iter().map(|port| self.port(port));
        let calls = self.model.calls.iter().map(|call| self.call_data(call));
        quote! {
            ::model_runtime::Graph {
                name: #name,
                inputs: &[#(#inputs),*],
                outputs: &[#(#outputs),*],
                calls: &[#(#calls),*],
            }
        }
    }

    fn port(&self, port: &Port) -> TokenStream {
        let (name, value) = (port.name.to_string(), self.value(port.shape, &quote!(Self)));
        quote!(::model_runtime::model::Port { name: #name, value: #value })
    }

    fn call_data(&self, call: &Call) -> TokenStream {
        let Some(field) = &self.model.fields[call.field] else { return TokenStream::new() };
        let (field, layer) = (field.name.to_string(), &call.layer);
        let inputs = call.inputs.iter().map(|source| match source {
            Source::Field(index) => self.model.fields[*index]
                .as_ref()
                .map_or_else(String::new, |field| field.name.to_string()),
            Source::Name(name) => name.clone(),
        });
        let outputs = call.outputs.iter().map(|shape| self.value(*shape, &quote!(Self)));
        let parameters = match call.parameters {
            Parameters::Known(count) => quote!(::core::option::Option::Some(#count)),
            Parameters::Deferred(index) => {
                let size = format_ident!("SIZE_{index}");
                quote!(::core::option::Option::Some(Self::#size))
            }
            Parameters::Unknown => quote!(::core::option::Option::None),
        };
        quote! {
            ::model_runtime::model::Call {
                field: #field,
                layer: #layer,
                inputs: &[#(#inputs),*],
                outputs: &[#(#outputs),*],
                parameters: #parameters,
            }
        }
    }

    /// `impl Functional`: the types of inputs and outputs.
    pub fn functional(&self) -> TokenStream {
        let (head, ty) = self.header();
        let (inputs, inputs_to_vec) = self.family("Inputs", &self.model.inputs, "inputs");
        let (outputs, outputs_to_vec) = self.family("Outputs", &self.model.outputs, "outputs");
        let take = if self.model.outputs.len() < 2 {
            quote!(outputs.next())
        } else {
            let ty = format_ident!("{}Outputs", self.model.name);
            let fields = self.model.outputs.iter().map(|port| {
                let name = &port.name;
                quote!(#name: outputs.next()?)
            });
            quote!(::core::option::Option::Some(#ty { #(#fields),* }))
        };
        quote! {
            #head ::model_runtime::Functional for #ty {
                type Inputs<T> = #inputs;
                type Outputs<T> = #outputs;

                fn inputs_to_vec<T>(inputs: Self::Inputs<T>) -> ::std::vec::Vec<T> {
                    #inputs_to_vec
                }

                fn outputs_to_vec<T>(outputs: Self::Outputs<T>) -> ::std::vec::Vec<T> {
                    #outputs_to_vec
                }

                fn outputs_from_iter<T>(
                    mut outputs: impl ::core::iter::Iterator<Item = T>,
                ) -> ::core::option::Option<Self::Outputs<T>> {
                    #take
                }
            }
        }
    }

    /// The type that holds one `T` for each port, and how it becomes a `Vec`.
    fn family(&self, suffix: &str, ports: &[Port], variable: &str) -> (TokenStream, TokenStream) {
        let variable = format_ident!("{variable}");
        if ports.len() < 2 {
            return (quote!(T), quote!(::std::vec::Vec::from([#variable])));
        }
        let ty = format_ident!("{}{suffix}", self.model.name);
        let names = ports.iter().map(|port| &port.name);
        (quote!(#ty<T>), quote!(::std::vec::Vec::from([#(#variable.#names),*])))
    }
}
