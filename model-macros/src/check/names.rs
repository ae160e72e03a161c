//! The names of fields, which are the paths of weights.

use std::collections::{HashMap, HashSet};

use model_spec::Form;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::model::{Checker, Instance, Kind, NameWish};
use super::shapes::known_shape;
use crate::graph::{Field, Unnamed};
use crate::rules::quote_dims;

impl Checker<'_, '_> {
    /// A name for every instance: the one that was written, else that of the instance, else that of
    /// its value where that is bound once, else kind and ordinal. Written ones are reserved first.
    pub fn field_names(&mut self) -> Vec<Ident> {
        self.name_chains();
        let mut taken: HashSet<String> = HashSet::new();
        let mut names: Vec<Option<Ident>> = self.instances.iter().map(|_| None).collect();
        let mut twice = Vec::new();
        for (slot, instance) in names.iter_mut().zip(&self.instances) {
            if instance.inside.is_some() {
                // It has no field; any name will do.
                *slot = Some(Ident::new("layer", instance.span));
                continue;
            }
            let wish = match &instance.name {
                NameWish::Explicit(ident) => ident,
                NameWish::Instance(ident) => ident,
                _ => continue,
            };
            let name = prefixed(&instance.prefix, wish);
            if taken.insert(name.to_string()) {
                *slot = Some(name);
            } else if !matches!(instance.kind, Kind::Chain(_)) {
                twice.push((wish.span(), name.to_string()));
            }
        }
        for (span, name) in twice {
            self.context.errors.at(
                span,
                format!("two layers are called `{name}`\n  help: give one of them another name"),
            );
        }
        for (slot, instance) in names.iter_mut().zip(&self.instances) {
            if let (NameWish::Value(ident), None) = (&instance.name, instance.inside) {
                let bound = self.bound.get(&format!("{}{ident}", instance.prefix)).copied();
                let name = prefixed(&instance.prefix, ident);
                if bound == Some(1) && taken.insert(name.to_string()) {
                    *slot = Some(name);
                }
            }
        }
        let mut ordinals: HashMap<String, usize> = HashMap::new();
        let instances = names.into_iter().zip(&self.instances);
        instances
            .map(|(name, instance)| {
                name.unwrap_or_else(|| ordinal(instance, &mut taken, &mut ordinals))
            })
            .collect()
    }

    /// The layers of a chain that has a name begin with it.
    fn name_chains(&mut self) {
        for index in 0..self.instances.len() {
            let Kind::Chain(layers) = self.instances[index].kind.clone() else { continue };
            let (NameWish::Explicit(name) | NameWish::Instance(name)) = &self.instances[index].name
            else {
                continue;
            };
            let prefix = format!("{}{name}_", self.instances[index].prefix);
            for (layer, _) in layers {
                self.instances[layer.0].prefix.clone_from(&prefix);
            }
        }
    }

    /// The fields of the struct, by instance.
    pub fn fields(&self, names: Vec<Ident>) -> Vec<Option<Field>> {
        self.instances
            .iter()
            .zip(names)
            .map(|(instance, name)| {
                let (ty, make) = self.make(instance).filter(|_| instance.inside.is_none())?;
                let first = instance.first.as_ref();
                Some(Field {
                    name,
                    docs: instance.docs.clone(),
                    source: instance.source.clone(),
                    ty,
                    entry: match &instance.kind {
                        Kind::Layer(layer) => Some(layer.entry),
                        _ => None,
                    },
                    make,
                    inputs: first.map(|first| first.inputs.clone()),
                    outputs: first.map(|first| first.outputs.clone()).unwrap_or_default(),
                    parameters: self.parameters(instance),
                    lines: instance.lines.clone(),
                    container: None,
                })
            })
            .collect()
    }

    /// The type of an instance, and what makes it.
    fn make(&self, instance: &Instance) -> Option<(TokenStream, TokenStream)> {
        match &instance.kind {
            Kind::Layer(layer) => {
                let name = Ident::new(layer.entry.name, instance.span);
                let mut ty = quote!(::model_runtime::#name);
                let mut new = layer.new.clone();
                let methods = layer.methods.iter().map(|(name, value)| {
                    let name = format_ident!("{name}");
                    quote!(.#name(#value))
                });
                let made_by = ty.clone();
                if let Some(inner) = layer.inner {
                    let (inner, make) = self.make(&self.instances[inner.0])?;
                    ty = quote!(#ty<#inner>);
                    new.insert(0, make);
                }
                let mut make = quote!(#made_by::new(#(#new),*) #(#methods)*);
                if layer.output_shape.is_some()
                    && layer.entry.form == Form::Lambda
                    && let Some(shape) = instance
                        .first
                        .as_ref()
                        .and_then(|first| known_shape(*first.outputs.first()?))
                {
                    let dims = quote_dims(&shape);
                    make = quote!(#make.output_shape(#dims));
                }
                Some((ty, make))
            }
            Kind::Model(name) => {
                let name = Ident::new(name, instance.span);
                Some((quote!(#name), quote!(#name::unset())))
            }
            // Named when all of the model is known.
            Kind::Container(index) => self.containers[*index].is_built().then(|| {
                let unnamed = Unnamed::here();
                (quote!(#unnamed), quote!(#unnamed))
            }),
            Kind::Foreign { path, args } if args.is_empty() => {
                Some((path.clone(), quote!(<#path as ::core::default::Default>::default())))
            }
            Kind::Foreign { path, args } => Some((path.clone(), quote!(<#path>::new(#(#args),*)))),
            Kind::Chain(_) => None,
        }
    }
}

fn prefixed(prefix: &str, name: &Ident) -> Ident {
    if prefix.is_empty() {
        return name.clone();
    }
    Ident::new(&format!("{prefix}{}", name.unraw()), name.span())
}

/// The kind, and a number where it is not the first: `dense`, `dense_1`.
fn ordinal(
    instance: &Instance,
    taken: &mut HashSet<String>,
    ordinals: &mut HashMap<String, usize>,
) -> Ident {
    let kind = match &instance.kind {
        Kind::Layer(layer) => layer.entry.snake.to_owned(),
        Kind::Model(name) => snake(name),
        Kind::Foreign { path, .. } => snake(&last_ident(path)),
        Kind::Container(_) => "container".to_owned(),
        Kind::Chain(_) => "sequential".to_owned(),
    };
    let base = format!("{}{kind}", instance.prefix);
    loop {
        let ordinal = ordinals.entry(base.clone()).or_default();
        let name = if *ordinal == 0 { base.clone() } else { format!("{base}_{ordinal}") };
        *ordinal += 1;
        if taken.insert(name.clone()) {
            return syn::parse_str(&name)
                .unwrap_or_else(|_| Ident::new("layer", Span::call_site()));
        }
    }
}

/// The last identifier of a path that stands outside of generic arguments.
fn last_ident(path: &TokenStream) -> String {
    match syn::parse2::<syn::Path>(path.clone()) {
        Ok(path) => {
            path.segments.last().map_or_else(String::new, |segment| segment.ident.to_string())
        }
        Err(_) => "layer".to_owned(),
    }
}

/// `VisionEncoder` as a field: `vision_encoder`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, c) in name.chars().enumerate() {
        if c.is_uppercase() && index > 0 && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
