//! Sharing and duplicating a model, and the way back from a list to inputs and outputs with names.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Expansion;
use crate::graph::Port;

impl Expansion<'_> {
    /// `impl Share`: the same fields again.
    pub fn share(&self) -> TokenStream {
        let (head, ty) = self.header();
        let (bounds, broken) = (self.share_bounds(), self.model.broken);
        let fields = self.fields().map(|field| {
            let name = &field.name;
            quote!(#name: Share::copy_with(&self.#name, copier),)
        });
        let captured = self.captured().map(|name| quote!(#name: self.#name,));
        let body = if broken {
            quote!(::model_runtime::private::broken())
        } else {
            let name = &self.model.name;
            let names = (self.fields().next().is_some()).then(|| {
                quote!(
                    use ::model_runtime::private::short::*;
                )
            });
            quote!(#names #name { #(#fields)* #(#captured)* })
        };
        let unused = broken || self.fields().next().is_none();
        let copier = if unused { quote!(_copier) } else { quote!(copier) };
        quote! {
            #head ::model_runtime::Share for #ty #bounds {
                fn copy_with(&self, #copier: &mut ::model_runtime::Copier) -> Self {
                    #body
                }
            }
        }
    }

    /// What the fields must be for the model to be shared: layers of the catalogue can be, others
    /// need not. A bound for a lifetime that does not occur is allowed not to hold.
    fn share_bounds(&self) -> TokenStream {
        let mut seen = Vec::new();
        let bounds: Vec<TokenStream> = self
            .fields()
            .filter_map(|field| {
                let (ty, text) = (&field.ty, field.ty.to_string());
                let in_catalogue =
                    text.starts_with(":: model_runtime") && !text.contains(['<', ',']);
                if in_catalogue || seen.contains(&text) {
                    return None;
                }
                seen.push(text);
                Some(quote!(for<'a> #ty: ::model_runtime::Share))
            })
            .collect();
        if bounds.is_empty() { TokenStream::new() } else { quote!(where #(#bounds),*) }
    }

    /// The function that makes inputs or outputs of an iterator, whose name is `variable`.
    pub fn taking(&self, suffix: &str, ports: &[Port], variable: &str) -> TokenStream {
        let (function, family) = (format_ident!("{variable}_from_iter"), format_ident!("{suffix}"));
        let variable = format_ident!("{variable}");
        let take = if ports.len() < 2 {
            quote!(#variable.next())
        } else {
            let ty = format_ident!("{}{suffix}", self.model.name);
            let names = ports.iter().map(|port| &port.name);
            quote!(::core::option::Option::Some(#ty { #(#names: #variable.next()?),* }))
        };
        quote! {
            fn #function<T>(
                mut #variable: impl ::core::iter::Iterator<Item = T>,
            ) -> ::core::option::Option<Self::#family<T>> {
                #take
            }
        }
    }
}
