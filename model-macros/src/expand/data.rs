//! What is said of the model as data: its graph, and how inputs and outputs are put together.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::Expansion;
use super::shapes::numbered;
use crate::graph::{Call, Callee, Parameters, Port, Source};

impl Expansion<'_> {
    /// The constant that holds the graph.
    pub fn data(&self) -> TokenStream {
        let (head, ty) = self.header();
        let (vis, name) = (&self.model.vis, self.model.name.unraw().to_string());
        let inputs = self.model.inputs.iter().map(|port| self.port(port));
        let outputs = self.model.outputs.iter().map(|port| self.port(port));
        let calls = self.model.calls.iter().map(|call| self.call_data(call));
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
        let source = source(&port.source);
        quote!(port(#name, #value, #source))
    }

    fn call_data(&self, call: &Call) -> TokenStream {
        let inputs = call.inputs.iter().map(source);
        let outputs = call.outputs.iter().map(|shape| self.short_value(*shape));
        let ports = quote!(&[#(#inputs),*], &[#(#outputs),*]);
        let (index, layer, updates) = match &call.callee {
            Callee::Field { index, layer, updates } => (*index, layer, *updates),
            Callee::Function(name) => return quote!(function(#name, #ports)),
            Callee::Term(function, name) => return quote!(term(#function, #name, #ports)),
        };
        let field = self.model.fields[index].as_ref();
        let name = field.map_or_else(String::new, |field| field.name.unraw().to_string());
        let parameters = match (&call.parameters, field.map(|field| &field.ty)) {
            (Parameters::Known(count), _) => {
                let count = Literal::usize_unsuffixed(*count);
                quote!(Some(#count))
            }
            (Parameters::Deferred { index, copies }, _) => {
                let size = numbered("SIZE", *index);
                let copies = (*copies > 1).then(|| {
                    let copies = Literal::usize_unsuffixed(*copies);
                    quote!(* #copies)
                });
                quote!(Some(Self::#size #copies))
            }
            (Parameters::Inside, Some(ty)) => {
                let bare = ty.clone().into_iter().count() == 1;
                let ty = if bare { ty.clone() } else { quote!(<#ty>) };
                return quote!(model(#name, #layer, &#ty::GRAPH, #ports));
            }
            (Parameters::Inside | Parameters::Unknown, _) => quote!(None),
        };
        let made = quote!(layer(#name, #layer, #parameters, #ports));
        if updates { quote!(updated(#made)) } else { made }
    }

    /// The traits of the struct for several inputs or outputs. `Clone`, `Copy` and `Debug` are
    /// written out: what a `derive` expands to is harder to read.
    pub fn port_traits(&self, suffix: &str, ports: &[Port]) -> TokenStream {
        if ports.len() < 2 {
            return TokenStream::new();
        }
        let ty = format_ident!("{}{suffix}", self.model.name);
        let (text, names) = (ty.to_string(), ports.iter().map(|port| &port.name));
        let names: Vec<_> = names.collect();
        let texts = names.iter().map(|name| name.to_string());
        let types = &super::type_parameters(ports.len());
        quote! {
            impl<#(#types: ::core::clone::Clone),*> ::core::clone::Clone for #ty<#(#types),*> {
                fn clone(&self) -> Self {
                    #ty { #(#names: ::core::clone::Clone::clone(&self.#names)),* }
                }
            }

            impl<#(#types: ::core::marker::Copy),*> ::core::marker::Copy for #ty<#(#types),*> {}

            impl<#(#types: ::core::fmt::Debug),*> ::core::fmt::Debug for #ty<#(#types),*> {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(#text)#(.field(#texts, &self.#names))*.finish()
                }
            }

            impl<G, #(#types: ::model_runtime::IntoPorts<G>),*> ::model_runtime::IntoPorts<#ty<G>>
                for #ty<#(#types),*>
            {
                fn into_ports(self) -> #ty<G> {
                    #ty { #(#names: ::model_runtime::IntoPorts::into_ports(self.#names)),* }
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

/// What made a value.
fn source(source: &Source) -> TokenStream {
    match source {
        Source::Input(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote!(Input(#index))
        }
        Source::Call(call, output) => {
            let (call, output) =
                (Literal::usize_unsuffixed(*call), Literal::usize_unsuffixed(*output));
            quote!(Call(#call, #output))
        }
        Source::Nothing => quote!(Nothing),
    }
}
