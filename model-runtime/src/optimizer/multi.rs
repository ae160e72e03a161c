use std::collections::HashSet;

use super::Optimizer;
use crate::{Error, Layer, Parameter, Visitor, names};

/// Different optimizers, or different learning rates, for parts of a model; [Keras's
/// `MultiOptimizer`](https://keras.io/api/optimizers/multi_optimizer/).
///
/// A part is named by a path, or is a layer. Of several parts that a weight belongs to, the one
/// that was added last counts. Each optimizer has its own learning rate, clipping (a
/// `global_clipnorm` is that of its part) and number of steps.
///
/// ```
/// use model_runtime::prelude::*;
/// model! {
///     struct Net {
///         x = Input(4);
///         features = Dense(8, relu)(x);
///         scores = Dense(3)(features);
///     }
/// }
/// let net = Net::new(0);
/// let optimizer = MultiOptimizer::new(Adam::new(1e-3))
///     .with("features", SGD::new(1e-4))
///     .with_layer(&net.scores, SGD::new(1e-2));
/// let trainer = net.compile(optimizer, "mse")?;
/// assert_eq!(trainer.learning_rate_of("features.kernel")?, 1e-4);
/// assert_eq!(trainer.learning_rate_of("scores.bias")?, 1e-2);
/// # Ok::<(), Error>(())
/// ```
pub struct MultiOptimizer {
    rest: Box<dyn Optimizer>,
    parts: Vec<(Part, Box<dyn Optimizer>)>,
}

/// Which weights an optimizer is for.
enum Part {
    Path(String),
    Weights(HashSet<u64>),
}

impl Part {
    fn has(&self, path: &str, weight: &Parameter) -> bool {
        match self {
            Part::Path(part) => within(path, part),
            Part::Weights(weights) => weights.contains(&weight.id()),
        }
    }
}

/// Whether a path is that of a part, or begins with it.
pub(crate) fn within(path: &str, part: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl MultiOptimizer {
    /// With an optimizer for all weights that are in no part.
    pub fn new(rest: impl Optimizer + 'static) -> MultiOptimizer {
        MultiOptimizer { rest: Box::new(rest), parts: Vec::new() }
    }

    /// Adds an optimizer for the weight of this path, or for all whose paths begin with it:
    /// `"encoder"` is for `encoder.dense.kernel`, but not for `encoder_1.kernel`.
    pub fn with(
        mut self,
        path: impl Into<String>,
        optimizer: impl Optimizer + 'static,
    ) -> MultiOptimizer {
        self.parts.push((Part::Path(path.into()), Box::new(optimizer)));
        self
    }

    /// Adds an optimizer for the weights of a layer, or of a model in the model.
    pub fn with_layer(
        mut self,
        layer: &dyn Layer,
        optimizer: impl Optimizer + 'static,
    ) -> MultiOptimizer {
        let mut weights = HashSet::new();
        layer.visit(&mut Visitor::new(&mut |_, weight| {
            weights.insert(weight.id());
        }));
        self.parts.push((Part::Weights(weights), Box::new(optimizer)));
        self
    }

    /// Checks all settings, and that each part has weights.
    pub(crate) fn check(&self, weights: &[(String, Parameter)]) -> Result<(), Error> {
        for index in 0..self.len() {
            let optimizer = self.get(index);
            optimizer.options().check()?;
            optimizer.check()?;
        }
        for (part, _) in &self.parts {
            if weights.iter().any(|(path, weight)| part.has(path, weight)) {
                continue;
            }
            return Err(match part {
                Part::Path(part) => unknown_path(part, weights),
                Part::Weights(_) => Error::Option {
                    name: "with_layer",
                    value: "a layer".to_owned(),
                    expected: "one of this model's that has weights",
                },
            });
        }
        Ok(())
    }

    /// The place of the optimizer for a weight: 0 for the one of the rest.
    pub(crate) fn place(&self, path: &str, weight: &Parameter) -> usize {
        self.parts.iter().rposition(|(part, _)| part.has(path, weight)).map_or(0, |i| i + 1)
    }

    /// How many optimizers there are.
    pub(crate) fn len(&self) -> usize {
        self.parts.len() + 1
    }

    pub(crate) fn get(&self, place: usize) -> &dyn Optimizer {
        match place {
            0 => self.rest.as_ref(),
            part => self.parts[part - 1].1.as_ref(),
        }
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> &mut dyn Optimizer {
        match place {
            0 => self.rest.as_mut(),
            part => self.parts[part - 1].1.as_mut(),
        }
    }
}

/// The error for a path that no weight's begins with.
pub(crate) fn unknown_path(part: &str, weights: &[(String, Parameter)]) -> Error {
    names::unknown_path(part, weights.iter().map(|(path, _)| path.as_str()))
}
