//! Shapes as constants: what the macro could not find is left to const evaluation, with guards that
//! say what is wrong.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::Expansion;
use crate::graph::{Deferred, Rule, Static};
use crate::rules::quote_value;

impl Expansion<'_> {
    /// Rust for what is known of a value. `owner` is the type that holds the constants.
    pub fn value(&self, shape: Static, owner: &TokenStream) -> TokenStream {
        match shape {
            Static::Known(value) => quote_value(&quote!(::model_runtime::), &value),
            Static::Deferred { index, output } => {
                let (name, output) = (shape_name(index), Literal::usize_unsuffixed(output));
                quote!(::model_runtime::private::value(&#owner::#name, #output))
            }
            Static::Poison => quote!(::model_runtime::Value::POISON),
        }
    }

    /// The same where the names of `private::short` are in scope.
    pub fn short_value(&self, shape: Static) -> TokenStream {
        match shape {
            Static::Known(value) => quote_value(&TokenStream::new(), &value),
            Static::Deferred { index, output } => {
                let (name, output) = (shape_name(index), Literal::usize_unsuffixed(output));
                quote!(value(&Self::#name, #output))
            }
            Static::Poison => quote!(Value::POISON),
        }
    }

    /// The constants behind the readable part, `output_shape` for models that contain this one, and
    /// the guards.
    pub fn shapes(&self) -> TokenStream {
        let (head, ty) = self.header();
        if self.program.expression && self.model.deferred.is_empty() {
            return TokenStream::new();
        }
        let constants = self.model.deferred.iter().enumerate();
        let constants = constants.map(|(index, deferred)| self.constant(index, deferred));
        let output_shape = (!self.program.expression).then(|| self.output_shape());
        let checks = self.generic_check_constants();
        let guards = self.guards();
        quote! {
            #[doc(hidden)]
            #head #ty {
                #output_shape
                #(#constants)*
                #checks
            }

            #guards
        }
    }

    /// `INPUTS_3`, `ARGS_3`, `SHAPE_3`, and `SIZE_3` where the layer has weights to be counted.
    fn constant(&self, index: usize, deferred: &Deferred) -> TokenStream {
        let (name, inputs) = (shape_name(index), numbered("INPUTS", index));
        let values = deferred.inputs.iter().map(|shape| self.value(*shape, &quote!(Self)));
        let rule = self.rule(index, deferred);
        let blamed = &deferred.blamed;
        let body = quote!(::model_runtime::private::outcome(#blamed, Self::#inputs, #rule));
        let body = match &deferred.rule {
            Rule::Slice(_) | Rule::Foreign { .. } => self.block_with_items(body),
            _ => body,
        };
        let args = self.args(index, deferred);
        let size = self.size(index, deferred);
        quote! {
            const #inputs: &[::model_runtime::Value] = &[#(#values),*];
            #args
            const #name: ::model_runtime::private::Outcome = #body;
            #size
        }
    }

    /// The arguments of a layer as a constant. A function as `output_shape` names `inputs`.
    fn args(&self, index: usize, deferred: &Deferred) -> TokenStream {
        let config = match &deferred.rule {
            Rule::Entry { config, .. }
            | Rule::Outer { config, .. }
            | Rule::Shared { config, .. } => config,
            _ => return TokenStream::new(),
        };
        let (name, inputs) = (numbered("ARGS", index), numbered("INPUTS", index));
        let list = quote!(&[#(#config),*]);
        let body = if super::mentions(&list, "inputs") {
            let items = self.with_items(list);
            quote!({ let inputs = Self::#inputs; #items })
        } else {
            self.block_with_items(list)
        };
        quote!(const #name: &[::model_runtime::spec::ArgValue] = #body;)
    }

    fn rule(&self, index: usize, deferred: &Deferred) -> TokenStream {
        let inputs = numbered("INPUTS", index);
        let args = numbered("ARGS", index);
        let config = quote!(&::model_runtime::spec::Config::new(Self::#args));
        match &deferred.rule {
            Rule::Entry { entry, outputs, .. } => {
                let module = module(entry.module);
                let rule = quote!(::model_runtime::spec::#module::rule(#config, Self::#inputs));
                match outputs.map(Literal::usize_unsuffixed) {
                    Some(outputs) => quote!(::model_runtime::private::returns(#rule, #outputs)),
                    None => rule,
                }
            }
            Rule::Outer { entry, own, .. } => {
                let (module, own) = (module(entry.module), Literal::usize_unsuffixed(*own));
                quote! {{
                    let (inputs, inner) = Self::#inputs.split_at(#own);
                    ::model_runtime::spec::#module::outer(#config, inputs, inner)
                }}
            }
            Rule::Operator => quote! {
                ::model_runtime::spec::operators::rule(
                    &::model_runtime::spec::Config::new(&[]),
                    Self::#inputs,
                )
            },
            Rule::Term(function) => {
                quote!(::model_runtime::spec::term(#function, Self::#inputs))
            }
            Rule::Slice(items) => {
                quote!(::model_runtime::spec::slice(&[#(#items),*], Self::#inputs))
            }
            Rule::Foreign { path, args, outputs } => {
                let outputs = Literal::usize_unsuffixed(*outputs);
                quote! {
                    ::model_runtime::private::returns(
                        <#path>::output_shape(#(#args,)* Self::#inputs),
                        #outputs,
                    )
                }
            }
            Rule::Given { index, output } => {
                let Some(around) = self.around else { return TokenStream::new() };
                let (_, ty) = Expansion::new(around, None, self.program).header();
                let shape = Static::Deferred { index: *index, output: *output };
                let value = self.value(shape, &quote!(<#ty>));
                quote!(::core::result::Result::Ok(::model_runtime::Values::one(#value)))
            }
            Rule::Container { field, outputs } => {
                let field = self.model.fields[*field].as_ref();
                let Some(inner) = field.and_then(|field| field.container.as_deref()) else {
                    return TokenStream::new();
                };
                let (_, ty) = Expansion::new(inner, None, self.program).header();
                let values = outputs.iter().map(|shape| self.value(*shape, &quote!(<#ty>)));
                quote!(::core::result::Result::Ok(::model_runtime::Values::new(&[#(#values),*])))
            }
            Rule::Shared { entry, source, .. } => {
                let module = module(entry.module);
                let half = Literal::usize_unsuffixed(deferred.inputs.len() / 2);
                quote! {
                    ::model_runtime::private::shared(#source, {
                        let (first, this) = Self::#inputs.split_at(#half);
                        let rule = ::model_runtime::spec::#module::rule(#config, this);
                        let first = ::model_runtime::spec::#module::weights(#config, first);
                        let this = ::model_runtime::spec::#module::weights(#config, this);
                        (rule.is_ok(), first, this)
                    })
                }
            }
        }
    }

    /// The number of weights of a layer whose inputs const evaluation finds.
    fn size(&self, index: usize, deferred: &Deferred) -> TokenStream {
        let Rule::Entry { entry, .. } = &deferred.rule else { return TokenStream::new() };
        if !self.counted.contains(&index) {
            return TokenStream::new();
        }
        let (name, module) = (numbered("SIZE", index), module(entry.module));
        let (args, inputs) = (numbered("ARGS", index), numbered("INPUTS", index));
        quote! {
            const #name: usize = ::model_runtime::spec::#module::weights(
                &::model_runtime::spec::Config::new(Self::#args),
                Self::#inputs,
            )
            .size();
        }
    }

    /// The tokens as a block with the items of the macro that they mention, if they mention any.
    fn block_with_items(&self, tokens: TokenStream) -> TokenStream {
        let items = self.items_in(&tokens);
        if items.is_empty() { tokens } else { quote!({ #(#items)* #tokens }) }
    }

    /// What comes out of this model where it is a layer of another.
    fn output_shape(&self) -> TokenStream {
        let vis = &self.model.vis;
        let name = self.model.name.unraw().to_string();
        let names = self.model.inputs.iter().map(|port| port.name.unraw().to_string());
        let inputs = self.model.inputs.iter().map(|port| self.value(port.shape, &quote!(Self)));
        let outputs = self.model.outputs.iter().map(|port| self.value(port.shape, &quote!(Self)));
        quote! {
            #[allow(dead_code, reason = "called by models that contain it")]
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
        self.generic_checks_of(&quote!(Self))
    }

    /// Those of this model and of its containers.
    fn generic_checks_of(&self, owner: &TokenStream) -> TokenStream {
        let names = self.model.deferred.iter().enumerate();
        let names = names.map(|(index, deferred)| check_path(index, deferred, owner.clone()));
        let inside = self.containers().map(|inner| {
            let (_, ty) = inner.header();
            inner.generic_checks_of(&quote!(<#ty>))
        });
        quote!(#(let () = #names;)* #(#inside)*)
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
                let path = check_path(index, deferred, quote!(<#ty>));
                return quote!(const _: () = #path;);
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
        let outcome = quote!(&#owner::#name, &[#(#operands),*]);
        let (function, arguments) = match deferred.within.as_slice() {
            [] => ("check", outcome),
            within => ("check_in", quote!(#outcome, &[#(#within),*])),
        };
        let function = Ident::new(function, deferred.first);
        let mut group = Group::new(Delimiter::Parenthesis, arguments);
        group.set_span(deferred.last);
        let head = quote_spanned!(deferred.first=> ::model_runtime::private::#function);
        quote!(#head #group)
    }
}

fn shape_name(index: usize) -> Ident {
    numbered("SHAPE", index)
}

/// `Self::CHECK_3` under the user's tokens, which rustc marks when it finds the error there.
fn check_path(index: usize, deferred: &Deferred, owner: TokenStream) -> TokenStream {
    let mut name = check_name(index);
    name.set_span(deferred.last.resolved_at(Span::call_site()));
    let spanned = owner.into_iter().map(|mut token| {
        token.set_span(deferred.first.resolved_at(Span::call_site()));
        token
    });
    let owner: TokenStream = spanned.collect();
    quote!(#owner::#name)
}

fn check_name(index: usize) -> Ident {
    numbered("CHECK", index)
}

/// The name of a hidden constant: `SIZE_3`.
pub(super) fn numbered(kind: &str, index: usize) -> Ident {
    Ident::new(&format!("{kind}_{index}"), Span::call_site())
}

/// `layers::dense` as a path.
fn module(path: &str) -> TokenStream {
    let parts = path.split("::").map(|part| Ident::new(part, Span::call_site()));
    quote!(#(#parts)::*)
}
