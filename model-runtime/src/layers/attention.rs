use model_spec::layers::attention::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::dropout::drop_share;
use super::windows::ready;
use crate::float::Scalar;
use crate::ops::additive_scores::AdditiveScores;
use crate::ops::attention::Allowed;
use crate::ops::binary::Binary;
use crate::ops::softmax::Softmax;
use crate::tensor::Tensor;
use crate::{Float, Initializer, Layer, Parameter, Seed, Var, Vars, Visitor, tape};

/// For each position of a query, a mean of the values at all positions, weighted by how well the
/// query goes together with the keys ([Luong et al., 2015](https://arxiv.org/abs/1508.04025));
/// [Keras's `Attention`](https://keras.io/api/layers/attention_layers/attention/).
///
/// `softmax(scores) · value`, where the scores are `scale · query · keyᵀ`, or in the mode `concat`
/// `concat_score_weight · Σ tanh(scale · (query + key))` over the features.
///
/// - Inputs: `[query, value]` or `[query, value, key]`: `(samples, t, n)`, `(samples, s, m)`,
///   `(samples, s, n)`; without a key, the value is the key as well.
/// - Output: `(samples, t, m)`.
/// - Weights: with `use_scale` one number `scale`, and in the mode `concat` one number
///   `concat_score_weight`; both start at 1.
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let layer = Attention::new();
/// let y = tape::run(Mode::Inference, || {
///     let query = Var::from_array(&array![[[0.0, 0.0]]]);
///     let value = Var::from_array(&array![[[1.0, 2.0], [3.0, 4.0]]]);
///     layer.call(&[query, value]).to_array()
/// })?;
/// assert_eq!(y, array![[[2.0, 3.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Attention {
    /// What the products are multiplied by; none without `use_scale(true)`.
    pub scale: Option<Parameter>,
    /// What the sums are multiplied by; none but with [`ScoreMode::Concat`].
    pub concat_score_weight: Option<Parameter>,
    dropout: Float,
    seed: Option<u64>,
}

/// How an [`Attention`] compares a query with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScoreMode {
    /// By the sum of their products.
    Dot,
    /// By the sum of the tanh of their sums.
    Concat,
}

impl Default for Attention {
    fn default() -> Attention {
        Attention::new()
    }
}

impl Attention {
    /// The layer that compares by products.
    pub fn new() -> Attention {
        Attention { scale: None, concat_score_weight: None, dropout: 0.0, seed: None }
    }

    /// Whether the layer learns how sharply it chooses; no by default.
    pub fn use_scale(mut self, use_scale: bool) -> Attention {
        self.scale = use_scale.then(Parameter::unset);
        self
    }

    /// How a query is compared with a key; by their product by default.
    pub fn score_mode(mut self, mode: ScoreMode) -> Attention {
        self.concat_score_weight = (mode == ScoreMode::Concat).then(Parameter::unset);
        self
    }

    /// The share of the weights of the mean that is dropped while training, in [0, 1); none by
    /// default.
    pub fn dropout(mut self, dropout: Float) -> Attention {
        self.dropout = dropout;
        self
    }

    /// A seed of its own for the dropout, mixed with the step's.
    pub fn seed(mut self, seed: u64) -> Attention {
        self.seed = Some(seed);
        self
    }

    /// The output for a query, a value and perhaps a key.
    #[track_caller]
    pub fn call(&self, inputs: &[Var]) -> Var {
        self.run(inputs, false)[0]
    }

    /// The mixed values and the weights they were mixed by.
    #[track_caller]
    fn run(&self, inputs: &[Var], causal: bool) -> [Var; 2] {
        if let Err(poison) = ready(&ENTRY, &self.args(), inputs, &self.named()) {
            return [poison; 2];
        }
        let key = inputs.get(2).copied().unwrap_or(inputs[1]);
        let times = |x: Var, weight: &Option<Parameter>| match weight {
            Some(weight) => tape::apply(Binary::Mul, &[x, weight.var()]),
            None => x,
        };
        let query = times(inputs[0], &self.scale);
        let scores = if self.concat_score_weight.is_some() {
            let scores = tape::apply(AdditiveScores, &[query, times(key, &self.scale)]);
            times(scores, &self.concat_score_weight)
        } else {
            query.matmul(key.transpose(&[0, 2, 1]))
        };
        mix(scores, inputs, causal, self.dropout, self.seed)
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 3] {
        let mode = if self.concat_score_weight.is_some() { "concat" } else { "dot" };
        [
            ArgValue::Bool(self.scale.is_some()),
            ArgValue::Word(mode),
            ArgValue::Float(self.dropout.as_f64()),
        ]
    }

    fn named(&self) -> Vec<(&'static str, &Parameter)> {
        let scale = self.scale.as_ref().map(|weight| ("scale", weight));
        let concat = self.concat_score_weight.as_ref();
        scale.into_iter().chain(concat.map(|weight| ("concat_score_weight", weight))).collect()
    }
}

/// The mean of the values, weighted by the softmax of the scores `(samples, t, s)`, and those
/// weights.
#[track_caller]
pub(super) fn mix(
    scores: Var,
    inputs: &[Var],
    causal: bool,
    dropout: Float,
    seed: Option<u64>,
) -> [Var; 2] {
    let allowed = Allowed { causal, ..Allowed::default() };
    let scores = hide(scores, &allowed);
    let weights = tape::apply(Softmax::new(2, 3, false), &[scores]);
    let weights = drop_share(weights, dropout, seed);
    [weights.matmul(inputs[1]), weights]
}

/// As in Keras, scores that do not count lose 1e9, which no other score makes up for.
#[track_caller]
fn hide(scores: Var, allowed: &Allowed) -> Var {
    if !allowed.causal && allowed.keys.is_none() {
        return scores;
    }
    let shape = scores.shape();
    let (t, s) = (shape.dim(1), shape.dim(2));
    let loss = |i: usize| {
        let (sample, query, key) = (i / (t * s), i / s % t, i % s);
        let counts = allowed.range(query, s).contains(&key) && allowed.key(sample * s + key);
        if counts { 0.0 } else { -1e9 }
    };
    let losses = (0..shape.size().unwrap_or(0)).map(loss).collect();
    tape::apply(Binary::Add, &[scores, tape::constant(Tensor::new(shape, losses))])
}

impl Layer for Attention {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let args = self.args();
        let weights = (ENTRY.weights)(&Config::new(&args), inputs);
        for &(name, shape) in weights.as_slice() {
            let one = Some(Initializer::Ones.parameter(&seed.child(name), shape));
            if name == "scale" {
                self.scale = one;
            } else {
                self.concat_score_weight = one;
            }
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs, false)[0].into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        for (name, parameter) in self.named() {
            visitor.parameter(name, parameter);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    /// One query of one feature, three keys, and values that show the weights.
    fn weights(layer: &Attention, causal: bool) -> Vec<Float> {
        tape::run(Mode::Inference, || {
            let query = Var::from_array(&array![[[2.0], [1.0]]]);
            let key = Var::from_array(&array![[[0.0], [1.0], [-1.0]]]);
            let value =
                Var::from_array(&array![[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]);
            let [y, weights] = layer.run(&[query, value, key], causal);
            assert_eq!(y.to_array(), weights.to_array());
            y.to_array().iter().copied().collect()
        })
        .unwrap()
    }

    fn softmax(scores: &[f64]) -> Vec<f64> {
        let sum: f64 = scores.iter().map(|x| x.exp()).sum();
        scores.iter().map(|x| x.exp() / sum).collect()
    }

    #[track_caller]
    fn close(got: &[Float], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got.as_f64() - expected).abs() < 1e-6, "{got}, not {expected}");
        }
    }

    #[test]
    fn weights_are_a_softmax_of_products_or_sums() {
        let dot = [softmax(&[0.0, 2.0, -2.0]), softmax(&[0.0, 1.0, -1.0])].concat();
        close(&weights(&Attention::new(), false), &dot);
        let causal = [vec![1.0, 0.0, 0.0], softmax(&[0.0, 1.0]), vec![0.0]].concat();
        close(&weights(&Attention::new(), true), &causal);
        let mut layer = Attention::new().use_scale(true).score_mode(ScoreMode::Concat);
        layer.init(Seed::new(0), &[]);
        layer.scale.as_ref().unwrap().set(&ndarray::arr0(0.5)).unwrap();
        layer.concat_score_weight.as_ref().unwrap().set(&ndarray::arr0(3.0)).unwrap();
        let score = |q: f64, k: f64| 3.0 * (0.5 * (q + k)).tanh();
        let row = |q: f64| softmax(&[score(q, 0.0), score(q, 1.0), score(q, -1.0)]);
        close(&weights(&layer, false), &[row(2.0), row(1.0)].concat());
    }

    #[test]
    fn a_layer_without_weights_says_so() {
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[[1.0]]]);
            Attention::new().use_scale(true).call(&[x, x]).shape()
        });
        assert!(matches!(result, Err(crate::Error::NotInitialized { .. })));
    }
}
