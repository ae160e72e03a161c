use model_spec::layers::additive_attention::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::attention::{mix, weigh};
use super::support::{dropout_arguments, together};
use super::windows::ready;
use crate::float::Scalar;
use crate::ops::additive_scores::AdditiveScores;
use crate::share::share;
use crate::{Float, Initializer, Layer, Parameter, Seed, Var, Vars, Visitor, tape};

/// For each position of a query, a mean of the values at all positions, weighted by how well the
/// query goes together with the keys by their sums
/// ([Bahdanau et al., 2015](https://arxiv.org/abs/1409.0473));
/// [Keras's `AdditiveAttention`](https://keras.io/api/layers/attention_layers/additive_attention/).
///
/// `softmax(Σ scale · tanh(query + key)) · value`, the sum being over the features.
///
/// - Inputs: `[query, value]` or `[query, value, key]`: `(samples, t, n)`, `(samples, s, m)`,
///   `(samples, s, n)`; without a key, the value is the key as well.
/// - Output: `(samples, t, m)`; with `return_attention_scores = true` in the call the weights of
///   the mean as well, `(samples, t, s)`, after dropout.
/// - Masks: a value that is masked gets no weight, a query that is masked gets zeros, and the
///   output carries the query's mask. As in Keras, the mask of a key is not looked at. With
///   `use_causal_mask = true` in the call a position attends only to itself and those before it.
/// - Weights: `scale` `(n)`, Glorot uniform; none with `use_scale(false)`.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = AdditiveAttention::new().use_scale(false);
/// let y = tape::run(Mode::Inference, || {
///     let query = Var::from_array(&array![[[0.0, 0.0]]]);
///     let value = Var::from_array(&array![[[1.0, 2.0], [2.0, 1.0]]]);
///     layer.call(&[query, value], false, false).one().to_array()
/// })?;
/// assert_eq!(y, array![[[1.5, 1.5]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Dropout, with a seed of its own, is there in training only, where it leaves out weights of the
/// mean:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = AdditiveAttention::new().use_scale(false).dropout(0.5).seed(7);
/// let [query, value] = [array![[[0.0]]], array![[[3.0]]]];
/// let y = tape::run(Mode::Training, || {
///     let inputs = [Var::from_array(&query), Var::from_array(&value)];
///     layer.call(&inputs, false, false).one().to_array()
/// })?;
/// assert!([0.0, 2.0 * 3.0].contains(&y[[0, 0, 0]]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct AdditiveAttention {
    /// How much each feature counts, `(n)`; none with `use_scale(false)`.
    pub scale: Option<Parameter>,
    dropout: Float,
    seed: Option<u64>,
}

share!(AdditiveAttention: scale; dropout, seed);

impl Default for AdditiveAttention {
    fn default() -> AdditiveAttention {
        AdditiveAttention::new()
    }
}

dropout_arguments!(AdditiveAttention);
impl AdditiveAttention {
    /// The layer, without weights until [`Layer::init`].
    pub fn new() -> AdditiveAttention {
        AdditiveAttention { scale: Some(Parameter::unset()), dropout: 0.0, seed: None }
    }

    /// Whether the layer learns how much each feature counts; yes by default.
    pub fn use_scale(mut self, use_scale: bool) -> AdditiveAttention {
        self.scale = use_scale.then(Parameter::unset);
        self
    }

    /// The output for a query, a value and perhaps a key; with `return_attention_scores` the
    /// weights of the mean as well. With `use_causal_mask` a position attends only to itself and
    /// those before it.
    #[track_caller]
    pub fn call(
        &self,
        inputs: &[Var],
        return_attention_scores: bool,
        use_causal_mask: bool,
    ) -> Vars {
        let weights: Vec<_> = self.scale.iter().map(|scale| ("scale", scale)).collect();
        if let Err(poison) = ready(&ENTRY, &self.args(return_attention_scores), inputs, &weights) {
            return if return_attention_scores { [poison; 2].into() } else { poison.into() };
        }
        let inputs = &together(inputs.to_vec());
        let [query, key] = [0, inputs.len() - 1].map(|i| inputs[i].drop_mask());
        let mut values = vec![query, key];
        values.extend(self.scale.as_ref().map(Parameter::var));
        let scores = tape::apply(AdditiveScores, &values);
        let weights = weigh(scores, inputs, use_causal_mask, (self.dropout, self.seed));
        mix(weights, inputs, return_attention_scores)
    }

    /// What the rules need to know of the arguments.
    fn args(&self, return_attention_scores: bool) -> [ArgValue; 4] {
        [
            ArgValue::Bool(self.scale.is_some()),
            ArgValue::Float(self.dropout.as_f64()),
            ArgValue::Unset,
            ArgValue::Bool(return_attention_scores),
        ]
    }
}

impl Layer for AdditiveAttention {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = (ENTRY.weights)(&Config::new(&self.args(false)), inputs);
        for &(name, shape) in weights.as_slice() {
            self.scale = Some(Initializer::GlorotUniform.parameter(&seed.child(name), shape));
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.call(inputs, false, false)
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        if let Some(scale) = &self.scale {
            visitor.parameter("scale", scale);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn each_feature_counts_as_much_as_its_scale() {
        let mut layer = AdditiveAttention::new();
        layer.init(Seed::new(0), &[Value::float(&[1, 2])]);
        layer.scale.as_ref().unwrap().set(&array![2.0, 0.0]).unwrap();
        let y = tape::run(Mode::Inference, || {
            let query = Var::from_array(&array![[[0.5, 9.0]]]);
            let value = Var::from_array(&array![[[0.5, 1.0], [-0.5, 0.0]]]);
            layer.call(&[query, value], false, false).one().to_array()
        });
        // Scores 2 tanh(1) and 2 tanh(0); the second feature of the mean is the first's weight.
        let weight = 1.0 / (1.0 + (-2.0 * 1.0f64.tanh()).exp());
        assert!((y.unwrap()[[0, 0, 1]].as_f64() - weight).abs() < 1e-6);
    }
}
