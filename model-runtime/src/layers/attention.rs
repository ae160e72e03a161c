use model_spec::layers::attention::ENTRY;
use model_spec::{ArgValue, Config, Shape, Value};

use super::dropout::drop_share;
use super::support::{dropout_arguments, together};
use super::windows::ready;
use crate::float::Scalar;
use crate::ops::additive_scores::AdditiveScores;
use crate::ops::attention::Allowed;
use crate::ops::binary::Binary;
use crate::ops::softmax::Softmax;
use crate::ops::view::View;
use crate::pool::{self, Buffer};
use crate::share::share;
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
/// - Output: `(samples, t, m)`; with `return_attention_scores = true` in the call the weights of
///   the mean as well, `(samples, t, s)`, after dropout.
/// - Masks: a value that is masked gets no weight, a query that is masked gets zeros, and the
///   output carries the query's mask. As in Keras, the mask of a key is not looked at. With
///   `use_causal_mask = true` in the call a position attends only to itself and those before it.
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
///     layer.call(&[query, value], false, false).one().to_array()
/// })?;
/// assert_eq!(y, array![[[2.0, 3.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// With scores that are learned; dropout, with a seed of its own, is there in training only:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let mut layer = Attention::new()
///     .use_scale(true)
///     .score_mode(model_runtime::ScoreMode::Concat)
///     .dropout(0.2)
///     .seed(7);
/// layer.init(Seed::new(0), &[Value::float(&[1, 1]), Value::float(&[2, 1])]);
/// let y = tape::run(Mode::Inference, || {
///     let query = Var::from_array(&array![[[0.0]]]);
///     let value = Var::from_array(&array![[[-1.0], [1.0]]]);
///     layer.call(&[query, value], false, false).one().to_array()
/// })?;
/// // Both factors start at 1, so that the scores are tanh(-1) and tanh(1).
/// let (low, high) = ((-1.0 as Float).tanh().exp(), (1.0 as Float).tanh().exp());
/// assert!((y[[0, 0, 0]] - (high - low) / (high + low)).abs() < 1e-6);
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

share!(Attention: scale, concat_score_weight; dropout, seed);

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

dropout_arguments!(Attention);
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
        if let Err(poison) =
            ready(&ENTRY, &self.args(return_attention_scores), inputs, &self.named())
        {
            return if return_attention_scores { [poison; 2].into() } else { poison.into() };
        }
        let inputs = &together(inputs.to_vec());
        let [query, key] = [0, inputs.len() - 1].map(|i| inputs[i].drop_mask());
        let times = |x: Var, weight: &Option<Parameter>| match weight {
            Some(weight) => tape::apply(Binary::Mul, &[x, weight.var()]),
            None => x,
        };
        let query = times(query, &self.scale);
        let scores = if self.concat_score_weight.is_some() {
            let scores = tape::apply(AdditiveScores, &[query, times(key, &self.scale)]);
            times(scores, &self.concat_score_weight)
        } else {
            query.matmul(key.transpose(&[0, 2, 1]))
        };
        let weights = weigh(scores, inputs, use_causal_mask, (self.dropout, self.seed));
        mix(weights, inputs, return_attention_scores)
    }

    /// What the rules need to know of the arguments.
    fn args(&self, return_attention_scores: bool) -> [ArgValue; 5] {
        let mode = if self.concat_score_weight.is_some() { "concat" } else { "dot" };
        [
            ArgValue::Bool(self.scale.is_some()),
            ArgValue::Word(mode),
            ArgValue::Float(self.dropout.as_f64()),
            ArgValue::Unset,
            ArgValue::Bool(return_attention_scores),
        ]
    }

    fn named(&self) -> Vec<(&'static str, &Parameter)> {
        let scale = self.scale.as_ref().map(|weight| ("scale", weight));
        let concat = self.concat_score_weight.as_ref();
        scale.into_iter().chain(concat.map(|weight| ("concat_score_weight", weight))).collect()
    }
}

/// The weights of the values: a softmax of the scores `(samples, t, s)` that count, of which a
/// share is dropped.
#[track_caller]
pub(super) fn weigh(
    scores: Var,
    inputs: &[Var],
    causal: bool,
    (dropout, seed): (Float, Option<u64>),
) -> Var {
    let allowed = Allowed { causal, keys: counts(inputs[1]), ..Allowed::default() };
    let weights = tape::apply(Softmax::new(2, 3, false), &[hide(scores, &allowed)]);
    drop_share(weights, dropout, seed)
}

/// The mean of the values with these weights, 0 where the query is masked; and if they are wanted,
/// the weights.
#[track_caller]
pub(super) fn mix(weights: Var, inputs: &[Var], return_weights: bool) -> Vars {
    let mut y = weights.matmul(inputs[1].drop_mask());
    if let Some(mask) = mask(inputs[0]) {
        y = tape::set_mask(tape::apply(Binary::Mul, &[y, mask.expand_dims(-1)]), mask);
    }
    if return_weights { [y, weights].into() } else { y.into() }
}

/// The mask of a sequence, `(samples, t)`: a position counts if something at it does.
#[track_caller]
pub(super) fn mask(x: Var) -> Option<Var> {
    let mask = x.mask()?;
    match mask.shape().rank() {
        2 => Some(mask),
        // One number for each sample.
        1 => {
            let shape = Shape::new(&x.shape().dims()[..2]);
            let view = View { shape, start: 0, strides: vec![1, 0] };
            Some(tape::apply(view, &[mask]))
        }
        _ => Some(mask.max_axes(&[2], false)),
    }
}

/// Which positions of a sequence count, over all samples.
#[track_caller]
pub(super) fn counts(x: Var) -> Option<Buffer<bool>> {
    Some(mask(x)?.tensor().data().iter().map(|&number| number != 0.0).collect())
}

/// As in Keras, scores that do not count lose 1e9, which no other score makes up for.
#[track_caller]
fn hide(scores: Var, allowed: &Allowed) -> Var {
    if !allowed.causal && allowed.keys.is_none() {
        return scores;
    }
    let shape = scores.shape();
    let (t, s) = (shape.dim(1), shape.dim(2));
    let mut losses = pool::full(shape.size().unwrap_or(0), -1e9);
    for (row, losses) in losses.chunks_exact_mut(s.max(1)).enumerate() {
        let (sample, range) = (row / t, allowed.range(row % t, s));
        for (loss, key) in losses[range.clone()].iter_mut().zip(range) {
            *loss = if allowed.key(sample * s + key) { 0.0 } else { *loss };
        }
    }
    tape::apply(Binary::Add, &[scores, tape::constant(Tensor::of(shape, losses))])
}

impl Layer for Attention {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let args = self.args(false);
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
        self.call(inputs, false, false)
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
            let [y, weights] = layer.call(&[query, value, key], true, causal).array();
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
    fn what_is_masked_gets_no_weight_and_no_value() {
        let (y, weights, mask) = tape::run(Mode::Inference, || {
            let query = Var::from_array(&array![[[2.0], [1.0]]]);
            let value = Var::from_array(&array![[[0.0], [1.0], [5.0]]]);
            let query = query.with_mask(Var::from_array(&array![[1.0, 0.0]]));
            let value = value.with_mask(Var::from_array(&array![[1.0, 1.0, 0.0]]));
            // The mask of a key is not looked at.
            let key = value.with_mask(Var::from_array(&array![[0.0, 0.0, 0.0]]));
            let [y, weights] = Attention::new().call(&[query, value, key], true, false).array();
            let mask = y.mask().map(Var::to_array);
            (y.to_array(), weights.to_array(), mask)
        })
        .unwrap();
        let row = |scores: &[f64]| [softmax(scores), vec![0.0]].concat();
        let expected = [row(&[0.0, 2.0]), row(&[0.0, 1.0])].concat();
        close(weights.as_slice().unwrap(), &expected);
        close(y.as_slice().unwrap(), &[expected[1], 0.0]);
        assert_eq!(mask, Some(array![[1.0, 0.0]].into_dyn()));
    }

    #[test]
    fn a_mask_of_samples_or_of_numbers_is_one_of_positions() {
        tape::run(Mode::Inference, || {
            let x = Var::from_array(&ndarray::Array3::<Float>::ones((2, 3, 2)));
            let samples = x.with_mask(Var::from_array(&array![1.0, 0.0]));
            let expected = array![[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]];
            assert_eq!(mask(samples).map(Var::to_array), Some(expected.into_dyn()));
            let of_numbers =
                array![[[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]], [[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]]];
            let expected = array![[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]];
            let numbers = x.with_mask(Var::from_array(&of_numbers));
            assert_eq!(mask(numbers).map(Var::to_array), Some(expected.into_dyn()));
        })
        .unwrap();
    }

    #[test]
    fn a_layer_without_weights_says_so() {
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[[1.0]]]);
            Attention::new().use_scale(true).call(&[x, x], false, false).one().shape()
        });
        assert!(matches!(result, Err(crate::Error::NotInitialized { .. })));
    }
}
