//! From the checked graph to plain Rust. Cannot fail: whatever could be wrong has been found
//! before.

mod alive;
mod call;
mod data;
mod docs;
mod shapes;
mod share;

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use crate::graph::{Field, Local, Model, Parameters, Port, Program, Unnamed};

/// The Rust that a macro call becomes.
pub(crate) fn expand(program: &Program) -> TokenStream {
    let models: Vec<Expansion<'_>> =
        program.models.iter().map(|model| Expansion::new(model, None, program)).collect();
    if program.expression {
        let items = program.items.iter().map(|item| &item.tokens);
        let parts = models.iter().map(|model| model.items());
        let instances = models.iter().map(|model| model.instance());
        return quote!({ #(#items)* #(#parts)* #(#instances)* });
    }
    models.iter().map(|model| model.items()).collect()
}

/// One model on its way to Rust.
struct Expansion<'a> {
    model: &'a Model,
    /// The model around, for a container.
    around: Option<&'a Model>,
    program: &'a Program,
    /// The deferred shapes of layers whose weights are counted by const evaluation.
    counted: HashSet<usize>,
}

impl<'a> Expansion<'a> {
    fn new(model: &'a Model, around: Option<&'a Model>, program: &'a Program) -> Self {
        let counted = model.calls.iter().filter_map(|call| match call.parameters {
            Parameters::Deferred { index, .. } => Some(index),
            _ => None,
        });
        Expansion { model, around, program, counted: counted.collect() }
    }

    /// The containers among the fields.
    fn containers(&self) -> impl Iterator<Item = Expansion<'a>> {
        let containers = self.model.fields.iter().flatten();
        let containers = containers.filter_map(|field| field.container.as_deref());
        containers.map(|inner| Expansion::new(inner, Some(self.model), self.program))
    }
}

impl Expansion<'_> {
    /// Everything that is emitted for the model: what is meant to be read first, the guards last.
    fn items(&self) -> TokenStream {
        let Model { inputs, outputs, .. } = self.model;
        let parts = [
            self.structure(),
            self.ports("Inputs", inputs),
            self.ports("Outputs", outputs),
            self.inherent(),
            self.layer(),
            self.model(),
            self.functional(),
            self.share(),
            self.port_traits("Inputs", inputs),
            self.port_traits("Outputs", outputs),
            self.data(),
            self.shapes(),
            self.completions(),
        ];
        parts.into_iter().chain(self.containers().map(|inner| inner.items())).collect()
    }

    /// The statements of a model with errors, in a place where only an editor looks, so that it can
    /// still complete them.
    fn completions(&self) -> TokenStream {
        if !self.model.broken {
            return TokenStream::new();
        }
        let written = &self.model.written;
        quote! {
            #[allow(unexpected_cfgs, reason = "only rust-analyzer sets this cfg")]
            const _: () = {
                #[cfg(rust_analyzer)]
                ::model_runtime::__complete! { #(#written)* }
            };
        }
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.model.fields.iter().flatten()
    }

    fn captured(&self) -> impl Iterator<Item = Ident> {
        (0..self.model.captured.len()).map(captured_name)
    }

    fn structure(&self) -> TokenStream {
        let Model { attrs, vis, name, .. } = self.model;
        let (declared, _) = self.generics();
        let table = self.summary();
        let fields = self.fields().map(|field| {
            let Field { name, ty, docs, .. } = field;
            let doc = self.field_doc(field);
            let gap = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
            quote!(#(#docs)* #gap #[doc = #doc] pub #name: #ty,)
        });
        let captured = self.captured().map(|name| {
            quote!(#[doc = " A number from around the model."] pub #name: ::model_runtime::Float,)
        });
        quote! {
            #(#attrs)*
            #(#[doc = #table])*
            #vis struct #name #declared {
                #(#fields)*
                #(#captured)*
            }
        }
    }

    /// The generic parameters as declared, and as used.
    fn generics(&self) -> (TokenStream, TokenStream) {
        self.generics_with(true)
    }

    fn generics_with(&self, defaults: bool) -> (TokenStream, TokenStream) {
        if self.model.generics.is_empty() {
            return (TokenStream::new(), TokenStream::new());
        }
        let declared = self.model.generics.iter().map(|param| {
            let (name, ty) = (&param.name, &param.ty);
            match &param.default {
                Some(default) if defaults => quote!(const #name: #ty = #default),
                _ => quote!(const #name: #ty),
            }
        });
        let used = self.model.generics.iter().map(|param| &param.name);
        (quote!(<#(#declared),*>), quote!(<#(#used),*>))
    }

    /// `impl<const H: usize>`, `Net<H>`
    fn header(&self) -> (TokenStream, TokenStream) {
        let (declared, used) = self.generics_with(false);
        let name = &self.model.name;
        (quote!(impl #declared), quote!(#name #used))
    }

    fn inherent(&self) -> TokenStream {
        let (head, ty) = self.header();
        let vis = &self.model.vis;
        let (new, unset) = if self.program.expression {
            (TokenStream::new(), TokenStream::new())
        } else {
            (self.new_function(), self.unset())
        };
        let call = self.call();
        let signature = self.signature_doc();
        let (parameters, result) = (self.parameters(), self.result_type());
        quote! {
            #head #ty {
                #new

                #[doc = #signature]
                #vis fn call(&self, #parameters) -> #result {
                    #call
                }

                #unset
            }
        }
    }

    fn new_function(&self) -> TokenStream {
        let vis = &self.model.vis;
        let checks = self.generic_checks();
        quote! {
            /// A model with new weights, which follow from the seed.
            #vis fn new(seed: u64) -> Self {
                #checks
                let mut model = Self::unset();
                ::model_runtime::Model::reset(&mut model, seed);
                model
            }
        }
    }

    /// The struct without weights, which `new` and models that contain this one start from.
    fn unset(&self) -> TokenStream {
        let body = self.with_items(self.struct_literal());
        quote! {
            /// The layers as they were written, before they have weights.
            fn unset() -> Self {
                #body
            }
        }
    }

    /// The struct, its layers without weights.
    fn struct_literal(&self) -> TokenStream {
        if self.model.broken {
            return quote!(::model_runtime::private::broken());
        }
        let name = &self.model.name;
        let fields = self.fields().map(|field| {
            let (name, make) = (&field.name, &field.make);
            let Some(inner) = &field.container else { return quote!(#name: #make,) };
            let ty = &inner.name;
            let unset = match self.program.expression {
                // It may take locals from around.
                true => Expansion::new(inner, None, self.program).struct_literal(),
                false => quote!(#ty::unset()),
            };
            let make = Unnamed::replaced(make.clone(), &unset);
            quote!(#name: #make,)
        });
        let captured = self.captured().zip(&self.model.captured);
        let captured = captured.map(|(name, value)| quote!(#name: #value,));
        quote!(#name { #(#fields)* #(#captured)* })
    }

    /// The value of a macro call that stands where an expression is meant.
    fn instance(&self) -> TokenStream {
        let literal = self.struct_literal();
        let model = Ident::new("model", Span::mixed_site());
        let ty = &self.model.name;
        quote! {
            let mut #model: #ty = #literal;
            ::model_runtime::Model::reset(&mut #model, 0);
            #model
        }
    }

    /// `impl Layer`: weights, the call by position, the walk through the fields.
    fn layer(&self) -> TokenStream {
        let (head, ty) = self.header();
        let init = self.fields().map(|field| {
            let (name, inputs) = (&field.name, field.inputs.as_deref().unwrap_or_default());
            let text = field.name.unraw().to_string();
            let inputs = inputs.iter().map(|shape| self.short_value(*shape));
            quote!(Layer::init(&mut self.#name, seed.child(#text), &[#(#inputs),*]);)
        });
        let unused = self.fields().next().is_none() || self.model.broken;
        let init = (!unused).then(|| {
            quote! {
                use ::model_runtime::private::short::*;
                #(#init)*
            }
        });
        let visit = self.fields().map(|field| {
            let (name, text) = (&field.name, field.name.unraw().to_string());
            quote!(visitor.child(#text, &self.#name);)
        });
        let seed = if unused { quote!(_seed) } else { quote!(seed) };
        let no_fields = self.fields().next().is_none();
        let visitor = if no_fields { quote!(_visitor) } else { quote!(visitor) };
        let call = self.call_by_position();
        quote! {
            #head ::model_runtime::Layer for #ty {
                fn init(
                    &mut self,
                    #seed: ::model_runtime::Seed,
                    _inputs: &[::model_runtime::Value],
                ) {
                    #init
                }

                fn call(&self, inputs: &[::model_runtime::Var]) -> ::model_runtime::Vars {
                    #call
                }

                fn visit(&self, #visitor: &mut ::model_runtime::Visitor<'_>) {
                    #(#visit)*
                }
            }
        }
    }

    fn model(&self) -> TokenStream {
        let (head, ty) = self.header();
        let default = (!self.program.expression).then(|| {
            quote! {
                #head ::core::default::Default for #ty {
                    fn default() -> Self {
                        Self::new(0)
                    }
                }
            }
        });
        quote! {
            #default

            #head ::model_runtime::Model for #ty {
                fn graph(&self) -> &'static ::model_runtime::Graph {
                    &Self::GRAPH
                }
            }
        }
    }

    /// The items of the macro that these tokens mention, before them.
    fn with_items(&self, tokens: TokenStream) -> TokenStream {
        let items = self.items_in(&tokens);
        quote!(#(#items)* #tokens)
    }

    /// The items of the macro that these tokens mention, in the order of the source.
    fn items_in(&self, tokens: &TokenStream) -> Vec<&TokenStream> {
        if self.program.expression {
            return Vec::new();
        }
        let items = &self.program.items;
        let mut chosen = vec![false; items.len()];
        let mut open = vec![tokens];
        while let Some(next) = open.pop() {
            for (chosen, item) in chosen.iter_mut().zip(items) {
                if !*chosen && mentions(next, &item.name) {
                    *chosen = true;
                    open.push(&item.tokens);
                }
            }
        }
        let chosen = items.iter().zip(chosen).filter(|(_, chosen)| *chosen);
        chosen.map(|(item, _): (&Local, _)| &item.tokens).collect()
    }

    /// The struct with a field for each input or output, where there are several.
    fn ports(&self, suffix: &str, ports: &[Port]) -> TokenStream {
        if ports.len() < 2 {
            return TokenStream::new();
        }
        let vis = &self.model.vis;
        let name = format_ident!("{}{suffix}", self.model.name);
        let what = if suffix == "Inputs" { "input" } else { "output" };
        let doc = format!(" One `T` for each {what} of [`{}`].", self.model.name);
        let types = type_parameters(ports.len());
        let fields = ports.iter().zip(&types).map(|(port, ty)| {
            let name = &port.name;
            let doc = format!(" The {what} `{name}`, {}.", docs::shape(port.shape));
            quote!(#[doc = #doc] pub #name: #ty,)
        });
        let others = &types[1..];
        quote! {
            #[doc = #doc]
            #vis struct #name<T #(, #others = T)*> {
                #(#fields)*
            }
        }
    }
}

/// A parameter for the type of each input or output, so that each may be given as what it is.
fn type_parameters(count: usize) -> Vec<Ident> {
    let others = (1..count).map(|i| format_ident!("T{i}"));
    std::iter::once(format_ident!("T")).chain(others).collect()
}

/// The field that holds a number from around an expression form.
fn captured_name(index: usize) -> Ident {
    format_ident!("captured_{index}")
}

/// Whether the name stands somewhere in the tokens where an item could be meant: not behind `::` or
/// a single dot.
fn mentions(tokens: &TokenStream, name: &str) -> bool {
    let mut before = [' ', ' '];
    tokens.clone().into_iter().any(|token| {
        let behind = before == [':', ':'] || (before[1] == '.' && before[0] != '.');
        before[0] = before[1];
        before[1] = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match token {
            TokenTree::Ident(ident) => !behind && ident == name,
            TokenTree::Group(group) => mentions(&group.stream(), name),
            _ => false,
        }
    })
}
