//! Shapes: found here where everything is known, left to const evaluation where it is not.

use model_spec::{Config, Operand, Outputs, Shape, ShapeError, SliceItem, Value, Values};
use proc_macro2::TokenStream;

use super::known;
use super::model::{Checker, ConfigValue, Layer, ValueId};
use crate::errors::ends;
use crate::graph::{Deferred, Rule, Static};
use crate::rules::quote_arg;

/// What a shape follows from.
pub(super) enum Follows<'a> {
    /// The layer, and how many values come out.
    Entry(&'a Layer, usize),
    /// The layer around another one, the number of its own inputs, and how many values come out.
    Outer {
        layer: &'a Layer,
        own: usize,
        outputs: usize,
    },
    Operator,
    Term(&'static str),
    Slice(Vec<SliceArg>),
    Model(&'a str),
    Foreign {
        path: &'a TokenStream,
        args: &'a [TokenStream],
        outputs: usize,
    },
}

impl Follows<'_> {
    /// Who is to blame if a mask is lost here; nobody where it may end.
    fn loses_masks(&self) -> Option<String> {
        match self {
            Follows::Entry(layer, _) if layer.entry.wraps.is_some() || layer.entry.uses_mask => {
                None
            }
            Follows::Outer { layer, .. } if layer.entry.uses_mask => None,
            Follows::Entry(layer, _) | Follows::Outer { layer, .. } => {
                Some(layer.entry.name.to_owned())
            }
            Follows::Operator | Follows::Term(_) => None,
            Follows::Slice(_) => Some(model_spec::SLICE.to_owned()),
            Follows::Model(name) => Some((*name).to_owned()),
            Follows::Foreign { path, .. } => Some(crate::source::short(path)),
        }
    }
}

/// One axis of a slice: what the macro knows of it, and Rust for the `SliceItem`.
pub(super) struct SliceArg {
    pub known: Option<SliceItem>,
    pub tokens: TokenStream,
}

impl Checker<'_, '_> {
    /// The shapes that come out. A mistake is recorded about `tokens`.
    pub fn shapes(
        &mut self,
        tokens: &TokenStream,
        follows: &Follows<'_>,
        inputs: &[ValueId],
    ) -> Vec<Static> {
        let shapes: Vec<Static> = inputs.iter().map(|id| self.values[id.0].shape).collect();
        let outputs = self.output_count(follows);
        if shapes.contains(&Static::Poison) {
            return vec![Static::Poison; outputs];
        }
        let found = known(shapes.iter().copied()).and_then(|values| {
            let outcome = self.apply(follows, &values)?;
            Some(match follows.loses_masks() {
                Some(layer) => model_spec::keep_mask(&layer, &values, outcome),
                None => outcome,
            })
        });
        match found {
            Some(Ok(values)) => {
                values.as_slice().iter().map(|value| Static::Known(*value)).collect()
            }
            Some(Err(error)) => {
                let operands = self.operands(inputs);
                self.report(tokens, &error, &operands, &shapes);
                vec![Static::Poison; outputs]
            }
            None => self.defer(tokens, follows, inputs, outputs),
        }
    }

    /// The result of a rule, if the macro knows all that it needs.
    fn apply(&self, follows: &Follows<'_>, inputs: &[Value]) -> Option<Result<Values, ShapeError>> {
        match follows {
            Follows::Entry(layer, _) => {
                let config = layer.known_config()?;
                Some((layer.entry.rule)(&Config::new(&config), inputs))
            }
            Follows::Outer { layer, own, .. } => {
                let config = layer.known_config()?;
                let (inputs, inner) = inputs.split_at(*own);
                Some((layer.entry.wraps?.rule)(&Config::new(&config), inputs, inner))
            }
            Follows::Operator => Some(model_spec::operators::rule(&Config::new(&[]), inputs)),
            Follows::Term(function) => Some(model_spec::term(function, inputs)),
            Follows::Slice(items) => {
                let items: Option<Vec<SliceItem>> = items.iter().map(|item| item.known).collect();
                Some(model_spec::slice(&items?, inputs))
            }
            Follows::Model(name) => {
                let signature = self.context.signatures.get(*name)?;
                let names: Vec<&str> =
                    signature.inputs.iter().map(|(name, _)| name.as_str()).collect();
                let expected = signature.known_inputs()?;
                let outputs = known(signature.outputs.iter().copied())?;
                let accepted = model_spec::accept_inputs(name, &names, &expected, inputs);
                Some(accepted.map(|()| Values::new(&outputs)))
            }
            Follows::Foreign { .. } => None,
        }
    }

    fn output_count(&self, follows: &Follows<'_>) -> usize {
        match follows {
            Follows::Model(name) => {
                self.context.signatures.get(*name).map_or(1, |signature| signature.outputs.len())
            }
            Follows::Entry(_, outputs)
            | Follows::Outer { outputs, .. }
            | Follows::Foreign { outputs, .. } => *outputs,
            Follows::Operator | Follows::Term(_) | Follows::Slice(_) => 1,
        }
    }

    /// Leaves a shape to const evaluation.
    fn defer(
        &mut self,
        tokens: &TokenStream,
        follows: &Follows<'_>,
        inputs: &[ValueId],
        outputs: usize,
    ) -> Vec<Static> {
        let rule = match follows {
            Follows::Entry(layer, outputs) => {
                let varies = matches!(layer.entry.outputs, Outputs::Several(_));
                let (entry, config) = (layer.entry, config_tokens(layer));
                Rule::Entry { entry, config, outputs: varies.then_some(*outputs) }
            }
            Follows::Outer { layer, own, .. } => {
                Rule::Outer { entry: layer.entry, config: config_tokens(layer), own: *own }
            }
            Follows::Operator => Rule::Operator,
            Follows::Term(function) => Rule::Term(function),
            Follows::Slice(items) => {
                Rule::Slice(items.iter().map(|item| item.tokens.clone()).collect())
            }
            Follows::Model(name) => {
                let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
                Rule::Foreign { path: quote::quote!(#name), args: Vec::new(), outputs }
            }
            Follows::Foreign { path, args, outputs } => {
                let (path, args) = ((*path).clone(), args.to_vec());
                Rule::Foreign { path, args, outputs: *outputs }
            }
        };
        let index = self.push_deferred(tokens, rule, inputs);
        self.deferred[index].blamed = follows.loses_masks().unwrap_or_default();
        (0..outputs).map(|output| Static::Deferred { index, output }).collect()
    }

    pub fn push_deferred(&mut self, tokens: &TokenStream, rule: Rule, inputs: &[ValueId]) -> usize {
        let (first, last) = ends(tokens);
        self.deferred.push(Deferred {
            rule,
            blamed: String::new(),
            inputs: inputs.iter().map(|id| self.values[id.0].shape).collect(),
            operands: self.operands(inputs),
            within: self.context.errors.calls(first),
            first,
            last,
        });
        self.deferred.len() - 1
    }

    /// How messages call the values, and where they come from.
    pub fn operands(&self, values: &[ValueId]) -> Vec<(String, String)> {
        let operand = |id: &ValueId| {
            let value = &self.values[id.0];
            (value.name.clone(), value.origin.clone())
        };
        values.iter().map(operand).collect()
    }

    /// Records an error of the catalogue, with a line for each operand.
    pub fn report(
        &mut self,
        tokens: &TokenStream,
        error: &ShapeError,
        operands: &[(String, String)],
        shapes: &[Static],
    ) {
        let operands: Vec<Operand<'_>> = operands
            .iter()
            .zip(shapes)
            .map(|((name, origin), shape)| {
                let value = if let Static::Known(value) = shape { *value } else { Value::POISON };
                Operand { name, value, origin }
            })
            .collect();
        self.context.errors.push(tokens, error.message(&operands));
    }
}

/// Rust for the arguments of a layer.
pub(super) fn config_tokens(layer: &Layer) -> Vec<TokenStream> {
    let tokens = |value: &ConfigValue| match value {
        ConfigValue::Known(value) => quote_arg(value),
        ConfigValue::Deferred(tokens) => tokens.clone(),
    };
    layer.config.iter().map(tokens).collect()
}

/// The shape of a known value; for docs and messages.
pub(super) fn known_shape(shape: Static) -> Option<Shape> {
    if let Static::Known(value) = shape { Some(value.shape) } else { None }
}
