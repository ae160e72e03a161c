//! What is said of the model as data: its graph, and how inputs and outputs are put together.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::Expansion;
use super::shapes::numbered;
use crate::graph::{Call, Parameters, Port, Source};

impl Expansion<'_> {
    /// The constant that holds the graph.
    pub fn data(&self) -> TokenStream {
        let (head, ty) = self.header();
        let (vis, name) = (&self.model.vis, self.model.name.unraw().to_string());
        let inputs = self.model.inputs.iter().map(|port| self.port(port));
        let outputs = self.model.outputs.iter().map(|port| self.port(port));
        let calls = self.model.calls.iter().filter_map(|call| self.call_data(call));
        quote! {
            #head #ty {
                /// The graph as plain data.
                #vis const GRAPH: ::model_runtime::Graph = {
                    use ::model_runtime::private::short::*;
                    Graph {
                        name: #name,
                        inputs: &[#(#inputs),*],
                        outputs: &[#(#outputs),*],
                        calls: &[#(#calls),*],
                    }
                };
            }
        }
    }

    fn port(&self, port: &Port) -> TokenStream {
        let (name, value) = (port.name.unraw().to_string(), self.short_value(port.shape));
        quote!(Port { name: #name, value: #value })
    }

    fn call_data(&self, call: &Call) -> Option<TokenStream> {
        let place = self.model.fields[call.field].as_ref()?;
        let (field, layer) = (place.name.unraw().to_string(), &call.layer);
        let inputs = call.inputs.iter().map(|source| match source {
            Source::Field(index) => self.model.fields[*index]
                .as_ref()
                .map_or_else(String::new, |field| field.name.unraw().to_string()),
            Source::Name(name) => name.clone(),
        });
        let outputs = call.outputs.iter().map(|shape| self.short_value(*shape));
        let parameters = match call.parameters {
            Parameters::Known(count) => {
                let count = Literal::usize_unsuffixed(count);
                quote!(Some(#count))
            }
            Parameters::Deferred { index, copies } => {
                let size = numbered("SIZE", index);
                let copies = (copies > 1).then(|| {
                    let copies = Literal::usize_unsuffixed(copies);
                    quote!(* #copies)
                });
                quote!(Some(Self::#size #copies))
            }
            Parameters::Inside => {
                let ty = &place.ty;
                quote!(<#ty>::GRAPH.parameters())
            }
            Parameters::Unknown => quote!(None),
        };
        Some(quote! {
            Call {
                field: #field,
                layer: #layer,
                inputs: &[#(#inputs),*],
                outputs: &[#(#outputs),*],
                parameters: #parameters,
            }
        })
    }

    /// `Clone`, `Copy` and `Debug` of the struct for several inputs or outputs, written out: what a
    /// `derive` expands to is harder to read.
    pub fn port_traits(&self, suffix: &str, ports: &[Port]) -> TokenStream {
        if ports.len() < 2 {
            return TokenStream::new();
        }
        let ty = format_ident!("{}{suffix}", self.model.name);
        let (text, names) = (ty.to_string(), ports.iter().map(|port| &port.name));
        let names: Vec<_> = names.collect();
        let texts = names.iter().map(|name| name.to_string());
        quote! {
            impl<T: ::core::clone::Clone> ::core::clone::Clone for #ty<T> {
                fn clone(&self) -> Self {
                    #ty { #(#names: ::core::clone::Clone::clone(&self.#names)),* }
                }
            }

            impl<T: ::core::marker::Copy> ::core::marker::Copy for #ty<T> {}

            impl<T: ::core::fmt::Debug> ::core::fmt::Debug for #ty<T> {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(#text)#(.field(#texts, &self.#names))*.finish()
                }
            }
        }
    }

    /// `impl Functional`: the types of inputs and outputs.
    pub fn functional(&self) -> TokenStream {
        let (head, ty) = self.header();
        let (inputs, inputs_to_vec) = self.family("Inputs", &self.model.inputs, "inputs");
        let (outputs, outputs_to_vec) = self.family("Outputs", &self.model.outputs, "outputs");
        let inputs_from_iter = self.taking("Inputs", &self.model.inputs, "inputs");
        let outputs_from_iter = self.taking("Outputs", &self.model.outputs, "outputs");
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

                #inputs_from_iter

                #outputs_from_iter
            }
        }
    }

    /// The type that holds one `T` for each port, and how it becomes a `Vec`.
    fn family(&self, suffix: &str, ports: &[Port], variable: &str) -> (TokenStream, TokenStream) {
        let variable = format_ident!("{variable}");
        if ports.len() < 2 {
            return (quote!(T), quote!(::std::vec![#variable]));
        }
        let ty = format_ident!("{}{suffix}", self.model.name);
        let names = ports.iter().map(|port| &port.name);
        (quote!(#ty<T>), quote!(::std::vec![#(#variable.#names),*]))
    }
}
