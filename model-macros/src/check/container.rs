//! Containers: `Container(|a, b| { … })` is a model of its own, whose inputs have the shapes of its
//! first call. It is walked at each call whose shapes are new, with the same instances.

use std::collections::{HashMap, HashSet};

use model_spec::Value;
use proc_macro2::{Delimiter, Group, Ident, Span};
use quote::quote;
use syn::ext::IdentExt;

use super::model::{Binding, Checker, Instance, InstanceId, Kind, ValueId, ValueInfo, field_of};
use super::{Context, known};
use crate::ast::{Argument, Body, Closure, Expr, ExprKind, ModelDef};
use crate::graph::{self, Deferred, Rule, Source, Static, Unnamed};

/// A container, as it was written and as it is known so far.
pub(super) struct Container {
    instance: InstanceId,
    params: Vec<Ident>,
    body: Body,
    /// What it sees of the names around it: loop variables, words that a template was given.
    scope: HashMap<String, Binding>,
    outside: Outside,
    /// The templates that it stands in.
    templates: Vec<String>,
    built: Option<Built>,
}

/// The names around a container that it cannot use.
#[derive(Clone, Default)]
pub(super) struct Outside {
    pub values: HashSet<String>,
    pub layers: HashSet<String>,
}

/// What the first call of a container has made of it.
struct Built {
    model: graph::Model,
    instances: Vec<Instance>,
    containers: Vec<Container>,
    deferred: Vec<Deferred>,
    /// The inputs and outputs of each call whose shapes were new.
    calls: Vec<(Vec<Static>, Vec<Static>)>,
}

impl Container {
    pub fn is_built(&self) -> bool {
        self.built.is_some()
    }

    pub fn has_terms(&self) -> bool {
        self.built.as_ref().is_some_and(|built| built.model.has_terms)
    }

    /// The number of weights, where the macro knows it.
    pub fn parameters(&self) -> Option<usize> {
        self.built.as_ref()?.model.fields.iter().flatten().map(|field| field.parameters).sum()
    }
}

impl Checker<'_, '_> {
    /// `Container(|a, b| { … })`: its body is looked at when it is called.
    pub fn container(&mut self, expr: &Expr, args: &[Argument]) -> Option<InstanceId> {
        let mut name = None;
        let mut closure: Option<&Closure> = None;
        for arg in args {
            match (&arg.name, &arg.value.kind) {
                (Some(ident), ExprKind::Str(text)) if ident == "name" => {
                    name = syn::parse_str::<Ident>(text).ok();
                }
                (None, ExprKind::Closure(found)) if closure.is_none() => closure = Some(found),
                _ => {
                    self.error(
                        &arg.value,
                        "a Container takes one closure: its parameters and its statements\n  \
                         help: Container(|x| { … })",
                    );
                    return None;
                }
            }
        }
        let Some(closure) = closure else {
            self.error(
                expr,
                "a Container needs its parameters and its statements\n  help: Container(|x| { … })",
            );
            return None;
        };
        let params = self.parameters_of(expr, closure)?;
        let body = *closure.body.clone()?;
        let names: Vec<String> = params.iter().map(Ident::to_string).collect();
        let id = self.add_container(expr, params, body, name);
        self.instances[id.0].source = format!("Container(|{}| …)", names.join(", "));
        Some(id)
    }

    fn add_container(
        &mut self,
        expr: &Expr,
        params: Vec<Ident>,
        body: Body,
        name: Option<Ident>,
    ) -> InstanceId {
        let again = self.made < self.instances.len();
        let instance = self.add_instance(expr, Kind::Container(self.containers.len()), name);
        if !again {
            let (scope, outside) = self.seen_inside();
            let (templates, built) = (self.templates.clone(), None);
            self.containers.push(Container {
                instance,
                params,
                body,
                scope,
                outside,
                templates,
                built,
            });
        }
        instance
    }

    /// A chain of layers as the container that calls it, where it is to be one layer.
    pub fn chain_as_container(&mut self, chain: &Expr) -> InstanceId {
        let (scope, _) = self.seen_inside();
        let mut name = "inputs".to_owned();
        while scope.contains_key(&name) {
            name.push('_');
        }
        let param = Ident::new(&name, Span::mixed_site());
        let place = chain.place();
        let mut parentheses = Group::new(Delimiter::Parenthesis, quote!(#param));
        parentheses.set_span(place.last);
        let list = &chain.tokens;
        let value = Expr { kind: ExprKind::Name(param.clone()), tokens: quote!(#param) };
        let call = vec![Argument { name: None, value }];
        let tail = Expr {
            kind: ExprKind::Call(Box::new(chain.clone()), call),
            tokens: quote!(#list #parentheses),
        };
        let body =
            Body { statements: Vec::new(), tail: Some(tail), damaged: false, span: place.first };
        self.add_container(chain, vec![param], body, None)
    }

    /// The names of the parameters, each once.
    fn parameters_of(&mut self, expr: &Expr, closure: &Closure) -> Option<Vec<Ident>> {
        let params = match &closure.params {
            Some(params) if !params.is_empty() => params.clone(),
            Some(_) => {
                self.error(
                    expr,
                    "this container has no parameter, so nothing can go in\n  help: Container(|x| \
                     { … })",
                );
                return None;
            }
            None => {
                self.error(
                    expr,
                    "the parameters of a container are names, without types\n  help: \
                     Container(|a, b| { … })",
                );
                return None;
            }
        };
        for (index, param) in params.iter().enumerate() {
            if params[..index].contains(param) {
                self.context.errors.at(
                    param.span(),
                    format!(
                        "the parameter `{param}` is there twice\n  help: give one of them another \
                         name"
                    ),
                );
                return None;
            }
        }
        Some(params)
    }

    /// What of the names that are bound here a container can use, and what not.
    fn seen_inside(&self) -> (HashMap<String, Binding>, Outside) {
        let (mut scope, mut outside) = (HashMap::new(), self.outside.clone().unwrap_or_default());
        for (name, binding) in self.scopes.iter().flatten() {
            match binding {
                Binding::Value(_) => _ = outside.values.insert(name.clone()),
                Binding::Instance(_) => _ = outside.layers.insert(name.clone()),
                other => _ = scope.insert(name.clone(), other.clone()),
            }
        }
        (scope, outside)
    }

    /// The message for a name that stands around this container.
    pub fn outside(&self, name: &str) -> Option<String> {
        let outside = self.outside.as_ref()?;
        let params: Vec<String> = self.inputs.iter().map(|(name, ..)| name.to_string()).collect();
        if outside.values.contains(name) {
            return Some(format!(
                "`{name}` is a value from outside of this container\n  help: make it a parameter: \
                 Container(|{}, {name}| …)",
                params.join(", ")
            ));
        }
        outside.layers.contains(name).then(|| {
            format!(
                "`{name}` is a layer from outside of this container\n  help: make it in here, or \
                 call it outside and make its value a parameter: Container(|{}, y| …)",
                params.join(", ")
            )
        })
    }

    /// The shapes that come out of a call.
    pub fn contained(&mut self, expr: &Expr, index: usize, ids: &[ValueId]) -> Vec<Static> {
        let given: Vec<Static> = ids.iter().map(|id| self.values[id.0].shape).collect();
        if !self.takes(expr, index, ids) || given.contains(&Static::Poison) {
            return vec![Static::Poison];
        }
        let known = self.containers[index].built.as_ref();
        let known = known.and_then(|built| built.calls.iter().find(|(inputs, _)| *inputs == given));
        let outputs = match known {
            Some((_, outputs)) => outputs.clone(),
            None => self.walk(expr, index, ids, given),
        };
        self.handed_out(expr, index, ids, outputs)
    }

    /// Refuses another number of values than the container has parameters.
    fn takes(&mut self, expr: &Expr, index: usize, ids: &[ValueId]) -> bool {
        let poison = |count| vec![Value::POISON; count];
        let (params, got) = (self.containers[index].params.len(), poison(ids.len()));
        let source = self.instances[self.containers[index].instance.0].source.clone();
        let accepted = model_spec::accept_inputs(&source, &[], &poison(params), &got);
        let Err(error) = accepted else { return true };
        let shapes: Vec<Static> = ids.iter().map(|id| self.values[id.0].shape).collect();
        let operands = self.operands(ids);
        self.report(&expr.tokens, &error, &operands, &shapes);
        false
    }

    /// Checks the body for these inputs: the first time it makes the model, later ones only see
    /// whether its weights fit.
    fn walk(
        &mut self,
        expr: &Expr,
        index: usize,
        ids: &[ValueId],
        given: Vec<Static>,
    ) -> Vec<Static> {
        let line = expr.first().start().line;
        let origin = |(name, _): (String, String)| format!("{name}, line {line}");
        let origins: Vec<String> = self.operands(ids).into_iter().map(origin).collect();
        let container = &mut self.containers[index];
        let (params, body) = (container.params.clone(), container.body.clone());
        let built = container.built.take();
        let (scope, outside) = (container.scope.clone(), container.outside.clone());
        let (templates, generics) = (container.templates.clone(), self.generics.clone());
        self.context.errors.enter(expr);
        let mut inner = Checker::new(&mut *self.context, generics);
        (inner.outside, inner.scopes) = (Some(outside), vec![scope]);
        (inner.templates, inner.turns) = (templates, self.turns);
        let (model, mut calls) = match built {
            Some(built) => {
                (inner.instances, inner.containers) = (built.instances, built.containers);
                inner.deferred = built.deferred;
                (Some(built.model), built.calls)
            }
            None => (None, Vec::new()),
        };
        for ((param, shape), origin) in params.iter().zip(&given).zip(origins) {
            inner.parameter_of_container(param, *shape, origin);
        }
        let (statements, outputs) = inner.check_body(&body);
        let shape = |output: &super::model::Output| {
            output.value.map_or(Static::Poison, |id| inner.values[id.0].shape)
        };
        let shapes: Vec<Static> = outputs.iter().map(shape).collect();
        if model.is_none() && inner.is_clean() {
            inner.check_use(body.span, &outputs);
        }
        let clean = inner.is_clean();
        let deferred = std::mem::take(&mut inner.deferred);
        let model = model.unwrap_or_else(|| inner.finish(unnamed(body), statements, outputs));
        let Checker { instances, containers, turns, poisoned, .. } = inner;
        self.context.errors.leave();
        (self.turns, self.poisoned) = (turns, self.poisoned | poisoned);
        let result = if clean && !shapes.is_empty() { shapes } else { vec![Static::Poison] };
        calls.push((given, result.clone()));
        let built = Built { model, instances, containers, deferred, calls };
        self.containers[index].built = Some(built);
        result
    }

    /// Binds a parameter to a value of this shape, which is that of the model around.
    fn parameter_of_container(&mut self, param: &Ident, shape: Static, origin: String) {
        let shape = match shape {
            Static::Deferred { index, output } => {
                let (first, last) = (param.span(), param.span());
                self.deferred.push(Deferred {
                    rule: Rule::Given { index, output },
                    blamed: String::new(),
                    inputs: Vec::new(),
                    operands: Vec::new(),
                    within: Vec::new(),
                    first,
                    last,
                });
                Static::Deferred { index: self.deferred.len() - 1, output: 0 }
            }
            known => known,
        };
        let (name, input) = (param.to_string(), Some(self.inputs.len()));
        let source = Source::Input(self.inputs.len());
        let info = ValueInfo { name, shape, origin, reached: true, source, input };
        let id = self.value(info);
        self.bind(&param.to_string(), Binding::Value(id));
        self.inputs.push((param.clone(), id, Vec::new()));
    }

    /// The shapes of a container's outputs as those of this model.
    fn handed_out(
        &mut self,
        expr: &Expr,
        index: usize,
        ids: &[ValueId],
        outputs: Vec<Static>,
    ) -> Vec<Static> {
        if known(outputs.iter().copied()).is_some() || outputs.contains(&Static::Poison) {
            return outputs;
        }
        let field = field_of(&self.instances, self.containers[index].instance).0;
        let rule = Rule::Container { field, outputs: outputs.clone() };
        let index = self.push_deferred(&expr.tokens, rule, ids);
        let hand_out = |(output, shape)| match shape {
            Static::Deferred { .. } => Static::Deferred { index, output },
            known => known,
        };
        outputs.into_iter().enumerate().map(hand_out).collect()
    }
}

/// A container as a model, before it has a name.
fn unnamed(body: Body) -> ModelDef {
    ModelDef {
        attrs: Vec::new(),
        vis: syn::Visibility::Inherited,
        name: Ident::new("Container", Span::call_site()),
        generics: Vec::new(),
        body,
    }
}

impl Context<'_> {
    /// Puts the containers of a model, and theirs, into its fields, as types that are named after
    /// both.
    pub(super) fn put_in(
        &mut self,
        model: &mut graph::Model,
        containers: Vec<Container>,
        instances: &[Instance],
    ) {
        for ports in [("Inputs", model.inputs.len()), ("Outputs", model.outputs.len())] {
            if ports.1 > 1 {
                self.types.insert(format!("{}{}", model.name.unraw(), ports.0));
            }
        }
        for container in containers {
            let outer = field_of(instances, container.instance);
            let field = &mut model.fields[outer.0];
            let (Some(built), Some(place)) = (container.built, field.as_mut()) else { continue };
            let text = place.name.unraw().to_string();
            let name = format!("{}{}", model.name.unraw(), camel(&text));
            if !self.types.insert(name.clone()) {
                let message = format!(
                    "the container `{text}` of `{}` would be the type `{name}`, which is there \
                     already\n  help: give the container another name",
                    model.name
                );
                self.errors.at(place.name.span(), message);
                *field = None;
                model.broken = true;
                continue;
            }
            let what = if outer == container.instance { "container" } else { "layer inside of" };
            let doc = format!(" The {what} `{text}` of [`{}`].", model.name);
            let mut inner = built.model;
            inner.deferred = built.deferred;
            inner.attrs = vec![syn::parse_quote!(#[doc = #doc])];
            (inner.vis, inner.generics) = (model.vis.clone(), model.generics.clone());
            inner.name = Ident::new(&name, place.name.span());
            self.put_in(&mut inner, built.containers, &built.instances);
            model.broken |= inner.broken;
            let (ty, used) = (&inner.name, inner.generics.iter().map(|param| &param.name));
            let ty = if inner.generics.is_empty() { quote!(#ty) } else { quote!(#ty<#(#used),*>) };
            place.ty = Unnamed::replaced(std::mem::take(&mut place.ty), &ty);
            place.container = Some(Box::new(inner));
        }
    }
}

/// `word_encoder` as the end of a type's name: `WordEncoder`.
fn camel(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    words.collect()
}
