use model_spec::layers::multi_head_attention::ENTRY;
use model_spec::{ArgValue, Config, Shape, Value};

use super::attention::{counts, mask};
use super::support::generator;
use super::windows::{penalize, ready};
use super::{list, samples};
use crate::float::Scalar;
use crate::ops::attention::{Allowed, AttentionOp};
use crate::ops::dense::DenseOp;
use crate::ops::map::Map;
use crate::ops::strided::strides;
use crate::ops::view::{Reshape, View};
use crate::{
    Constraint, Float, Initializer, Layer, Mode, Parameter, Regularizer, Seed, Var, Vars, Visitor,
    tape,
};

/// For each position of a query, a mean of the values at all positions, weighted by how well the
/// query goes together with the keys; several times side by side, on vectors that the layer learns
/// to make ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762));
/// [Keras's `MultiHeadAttention`](https://keras.io/api/layers/attention_layers/multi_head_attention/).
///
/// `softmax(Q Kᵀ / √key_dim) V` for each head, where Q, K and V are query, key and value times the
/// head's matrices, plus a bias; then the heads side by side, times a matrix, plus a bias. Since
/// the layer makes its own vectors, `num_heads · key_dim` need not be the features of its inputs.
///
/// - Inputs: `[query, value]` or `[query, value, key]`: `(samples, t, n)`, `(samples, s, m)`,
///   `(samples, s, k)`; without a key, the value is the key as well. Other ranks, and so Keras's
///   `attention_axes`, are refused: put the axes of the positions together with `Reshape`.
/// - Output: `(samples, t, n)`, or `(samples, t, output_shape…)`; with `return_attention_scores =
///   true` in the call the scores as well, `(samples, num_heads, t, s)`, before dropout.
/// - Masks: a value or key that is masked is not attended to, a query that is masked attends to
///   nothing, and the output carries the query's mask. With `use_causal_mask = true` in the call a
///   position attends only to itself and those before it. A query that attends to nothing gets a
///   mean of 0, as Keras's masked softmax has it; Keras's fused ways differ there.
/// - Weights: `query.kernel` `(n, num_heads, key_dim)`, `key.kernel` `(k, num_heads, key_dim)`,
///   `value.kernel` `(m, num_heads, value_dim)`, `attention_output.kernel` `(num_heads, value_dim,
///   n)`, Glorot uniform by default; with each a `bias` of the last axes, zeros by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = MultiHeadAttention::new(2, 4);
/// layer.init(Seed::new(0), &[Value::float(&[5, 6]); 2]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::Array3::zeros((1, 5, 6)));
///     layer.call(&[x, x], false, false).one().shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 6]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct MultiHeadAttention {
    /// What makes the queries, `(n, num_heads, key_dim)`.
    pub query: Projection,
    /// What makes the keys, `(k, num_heads, key_dim)`.
    pub key: Projection,
    /// What makes the values, `(m, num_heads, value_dim)`.
    pub value: Projection,
    /// What makes the output of all heads, `(num_heads, value_dim, n)`.
    pub attention_output: Projection,
    num_heads: usize,
    key_dim: usize,
    value_dim: Option<usize>,
    dropout: Float,
    output_shape: Vec<i64>,
    sliding_window: Option<usize>,
    kernel_initializer: Initializer,
    bias_initializer: Initializer,
    kernel_regularizer: Option<Regularizer>,
    bias_regularizer: Option<Regularizer>,
    activity_regularizer: Option<Regularizer>,
    kernel_constraint: Option<Constraint>,
    bias_constraint: Option<Constraint>,
    seed: Option<u64>,
}

/// One of the matrices of a [`MultiHeadAttention`].
#[derive(Debug)]
pub struct Projection {
    /// What the vectors are multiplied by.
    pub kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
}

impl Projection {
    fn unset() -> Projection {
        Projection { kernel: Parameter::unset(), bias: Some(Parameter::unset()) }
    }

    /// The vectors of the last axis times the kernel, whose axes on either side count as one.
    #[track_caller]
    fn call(&self, x: Var) -> Var {
        let rows = x.shape().last();
        let columns = self.kernel.tensor().len() / rows.max(1);
        let flat = |weight: &Parameter, dims: &[usize]| {
            tape::apply(Reshape(Shape::new(dims)), &[weight.var()])
        };
        let mut values = vec![x, flat(&self.kernel, &[rows, columns])];
        values.extend(self.bias.as_ref().map(|bias| flat(bias, &[columns])));
        tape::apply(DenseOp::new(Map::Linear), &values)
    }
}

impl MultiHeadAttention {
    /// A layer with this many heads, whose queries and keys have this many features, without
    /// weights until [`Layer::init`].
    pub fn new(num_heads: usize, key_dim: usize) -> MultiHeadAttention {
        MultiHeadAttention {
            query: Projection::unset(),
            key: Projection::unset(),
            value: Projection::unset(),
            attention_output: Projection::unset(),
            num_heads,
            key_dim,
            value_dim: None,
            dropout: 0.0,
            output_shape: Vec::new(),
            sliding_window: None,
            kernel_initializer: Initializer::GlorotUniform,
            bias_initializer: Initializer::Zeros,
            kernel_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            kernel_constraint: None,
            bias_constraint: None,
            seed: None,
        }
    }

    /// How many features the values of a head have; `key_dim` by default.
    pub fn value_dim(mut self, value_dim: usize) -> MultiHeadAttention {
        self.value_dim = Some(value_dim);
        self
    }

    /// The share of the weights of the mean that is dropped while training, in [0, 1); none by
    /// default.
    pub fn dropout(mut self, dropout: Float) -> MultiHeadAttention {
        self.dropout = dropout;
        self
    }

    /// Whether a bias is added; yes by default.
    pub fn use_bias(mut self, use_bias: bool) -> MultiHeadAttention {
        for projection in self.projections_mut() {
            projection.bias = use_bias.then(Parameter::unset);
        }
        self
    }

    /// The shape of what comes out at each position; the features of the query by default.
    pub fn output_shape(mut self, output_shape: &[i64]) -> MultiHeadAttention {
        self.output_shape = output_shape.to_vec();
        self
    }

    /// Only keys nearer than this are attended to; all by default.
    pub fn sliding_window(mut self, sliding_window: usize) -> MultiHeadAttention {
        self.sliding_window = Some(sliding_window);
        self
    }

    /// How the kernels start; Glorot uniform by default.
    pub fn kernel_initializer(mut self, initializer: Initializer) -> MultiHeadAttention {
        self.kernel_initializer = initializer;
        self
    }

    /// How the biases start; zeros by default.
    pub fn bias_initializer(mut self, initializer: Initializer) -> MultiHeadAttention {
        self.bias_initializer = initializer;
        self
    }

    /// A penalty on each kernel, added to the loss.
    pub fn kernel_regularizer(mut self, regularizer: Regularizer) -> MultiHeadAttention {
        self.kernel_regularizer = Some(regularizer);
        self
    }

    /// A penalty on each bias, added to the loss.
    pub fn bias_regularizer(mut self, regularizer: Regularizer) -> MultiHeadAttention {
        self.bias_regularizer = Some(regularizer);
        self
    }

    /// A penalty on queries, keys, values and output, added to the loss as a mean over the samples.
    pub fn activity_regularizer(mut self, regularizer: Regularizer) -> MultiHeadAttention {
        self.activity_regularizer = Some(regularizer);
        self
    }

    /// What is made of each kernel after each update.
    pub fn kernel_constraint(mut self, constraint: Constraint) -> MultiHeadAttention {
        self.kernel_constraint = Some(constraint);
        self
    }

    /// What is made of each bias after each update.
    pub fn bias_constraint(mut self, constraint: Constraint) -> MultiHeadAttention {
        self.bias_constraint = Some(constraint);
        self
    }

    /// A seed of its own for the dropout, mixed with the step's.
    pub fn seed(mut self, seed: u64) -> MultiHeadAttention {
        self.seed = Some(seed);
        self
    }

    /// The output for a query, a value and perhaps a key; with `return_attention_scores` the scores
    /// as well. With `use_causal_mask` a position attends only to itself and those before it.
    #[track_caller]
    pub fn call(
        &self,
        inputs: &[Var],
        return_attention_scores: bool,
        use_causal_mask: bool,
    ) -> Vars {
        let scores = return_attention_scores;
        let output = match ready(&ENTRY, &self.args(scores), inputs, &self.named()) {
            Ok(output) => output,
            Err(poison) if scores => return [poison; 2].into(),
            Err(poison) => return poison.into(),
        };
        let (query, value) = (inputs[0], inputs[1]);
        let key = inputs.get(2).copied().unwrap_or(value);
        let allowed = self.allowed([query, value, key], use_causal_mask);
        let scale = 1.0 / (self.key_dim as f64).sqrt();
        let mut op = AttentionOp::new(self.num_heads, scale, allowed).scores(scores);
        if tape::mode() == Mode::Training && self.dropout > 0.0 {
            op = op.dropout(self.dropout.as_f64(), generator(self.seed));
        }
        let [q, k, v] = [self.query.call(query), self.key.call(key), self.value.call(value)];
        let mut mixed = tape::apply(op, &[q, k, v]);
        let mut returned = Vec::new();
        if scores {
            let parts = self.split(mixed, &query.shape(), &value.shape());
            mixed = parts[0];
            returned.push(parts[1]);
        }
        let flat = self.attention_output.call(mixed);
        let mut y = tape::apply(Reshape(output), &[flat]);
        if let Some(mask) = mask(query) {
            y = tape::set_mask(y, mask);
        }
        self.regularize(&[q, k, v, y]);
        returned.insert(0, y);
        returned.into()
    }

    /// Which positions see which.
    #[track_caller]
    fn allowed(&self, [query, value, key]: [Var; 3], causal: bool) -> Allowed {
        let keys = match (counts(value), counts(key)) {
            (Some(a), Some(b)) => Some(a.iter().zip(b).map(|(&a, b)| a && b).collect()),
            (a, b) => a.or(b),
        };
        Allowed { causal, window: self.sliding_window, queries: counts(query), keys }
    }

    /// The values of all heads, `(samples, t, num_heads · value_dim)`, and the scores, `(samples,
    /// num_heads, t, s)`, of a line of both.
    #[track_caller]
    fn split(&self, both: Var, query: &Shape, value: &Shape) -> [Var; 2] {
        let (samples, t, s) = (query.dim(0), query.dim(1), value.dim(1));
        let features = self.num_heads * self.value_dim.unwrap_or(self.key_dim);
        let part = |start: usize, dims: &[usize]| {
            let shape = Shape::new(dims);
            let view = View { shape, start: start as isize, strides: strides(&shape) };
            tape::apply(view, &[both])
        };
        let mixed = part(0, &[samples, t, features]);
        [mixed, part(samples * t * features, &[samples, self.num_heads, t, s])]
    }

    /// Adds the penalties to the step's loss: those of weights once, however often the layer is
    /// called, those of what the matrices make each time.
    #[track_caller]
    fn regularize(&self, made: &[Var]) {
        for (_, projection) in self.projections() {
            penalize(&self.kernel_regularizer, &projection.kernel);
            if let Some(bias) = &projection.bias {
                penalize(&self.bias_regularizer, bias);
            }
        }
        if let Some(regularizer) = &self.activity_regularizer {
            for &y in made {
                let count = samples(y).max(1) as Float;
                tape::add_term(y.source(), || regularizer.penalty(y) / count);
            }
        }
    }

    /// What the rules need to know of the arguments.
    fn args(&self, return_attention_scores: bool) -> [ArgValue; 16] {
        let optional = |size: Option<usize>| size.map_or(ArgValue::Unset, int);
        let mut args = [ArgValue::Unset; 16];
        args[..7].copy_from_slice(&[
            int(self.num_heads),
            int(self.key_dim),
            optional(self.value_dim),
            ArgValue::Float(self.dropout.as_f64()),
            ArgValue::Bool(self.query.bias.is_some()),
            list(&self.output_shape),
            optional(self.sliding_window),
        ]);
        args[15] = ArgValue::Bool(return_attention_scores);
        args
    }

    fn projections(&self) -> [(&'static str, &Projection); 4] {
        [
            ("query", &self.query),
            ("key", &self.key),
            ("value", &self.value),
            ("attention_output", &self.attention_output),
        ]
    }

    fn projections_mut(&mut self) -> [&mut Projection; 4] {
        [&mut self.query, &mut self.key, &mut self.value, &mut self.attention_output]
    }

    /// The weights under the names that the rules give them.
    fn named(&self) -> Vec<(&'static str, &Parameter)> {
        let names = [
            ["query.kernel", "query.bias"],
            ["key.kernel", "key.bias"],
            ["value.kernel", "value.bias"],
            ["attention_output.kernel", "attention_output.bias"],
        ];
        let mut all = Vec::new();
        for ((_, projection), [kernel, bias]) in self.projections().into_iter().zip(names) {
            all.push((kernel, &projection.kernel));
            all.extend(projection.bias.as_ref().map(|weight| (bias, weight)));
        }
        all
    }
}

fn int(size: usize) -> ArgValue {
    ArgValue::Int(size as i64)
}

impl Layer for MultiHeadAttention {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = (ENTRY.weights)(&Config::new(&self.args(false)), inputs);
        // More numbers than can be, or an open size: no weights, which `call` reports.
        if weights.size() > isize::MAX as usize / size_of::<Float>() {
            return;
        }
        let kernel = (self.kernel_initializer.clone(), self.kernel_constraint.clone());
        let bias = (self.bias_initializer.clone(), self.bias_constraint.clone());
        let mut shapes = weights.as_slice().iter();
        for projection in self.projections_mut() {
            let mut next = |(initializer, constraint): &(Initializer, Option<Constraint>)| {
                let &(name, shape) = shapes.next()?;
                let weight = initializer.parameter(&seed.child(name), shape);
                Some(weight.constrained(constraint.as_ref()))
            };
            projection.kernel = next(&kernel).unwrap_or_else(Parameter::unset);
            if projection.bias.is_some() {
                projection.bias = next(&bias);
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
    use ndarray::{Array3, ArrayD, array};

    use super::*;
    use crate::gradcheck::random;

    fn made(inputs: &[&[usize]], mut layer: MultiHeadAttention) -> MultiHeadAttention {
        let values: Vec<Value> = inputs.iter().map(|dims| Value::float(dims)).collect();
        layer.init(Seed::new(3), &values);
        layer
    }

    /// `x · kernel + bias` for one head, from the definition.
    fn project(x: &ArrayD<Float>, w: &Projection, head: usize, sample: usize) -> Vec<Vec<Float>> {
        let (kernel, bias) = (w.kernel.get(), w.bias.as_ref().map(Parameter::get));
        let row = |t: usize| {
            let feature = |c: usize| {
                let sum: Float =
                    (0..x.shape()[2]).map(|i| x[[sample, t, i]] * kernel[[i, head, c]]).sum();
                sum + bias.as_ref().map_or(0.0, |bias| bias[[head, c]])
            };
            (0..kernel.shape()[2]).map(feature).collect()
        };
        (0..x.shape()[1]).map(row).collect()
    }

    #[test]
    fn the_output_is_that_of_the_formula() {
        let dims: [&[usize]; 3] = [&[4, 6], &[5, 3], &[5, 2]];
        let layer = MultiHeadAttention::new(2, 3)
            .value_dim(4)
            .output_shape(&[7])
            .bias_initializer(Initializer::RandomNormal(0.0, 1.0));
        let layer = made(&dims, layer);
        let sizes: [&[usize]; 3] = [&[2, 4, 6], &[2, 5, 3], &[2, 5, 2]];
        let x = [0, 1, 2].map(|i| random::<Float>(sizes[i], i as u64).to_array());
        let both = tape::run(Mode::Training, || {
            let inputs = [0, 1, 2].map(|i| Var::from_array(&x[i]));
            let [y, scores] = layer.call(&inputs, true, true).array();
            let alone = layer.call(&inputs, false, true).one();
            assert_eq!(y.to_array(), alone.to_array());
            [y.to_array(), scores.to_array()]
        });
        let [y, scores] = both.unwrap();
        assert_eq!((y.shape(), scores.shape()), (&[2, 4, 7][..], &[2, 2, 4, 5][..]));
        let (kernel, bias) = (&layer.attention_output.kernel, &layer.attention_output.bias);
        let (kernel, bias) = (kernel.get(), bias.as_ref().unwrap().get());
        for (sample, t) in [(0, 0), (0, 2), (1, 3)] {
            let mut expected: Vec<Float> = bias.iter().copied().collect();
            for head in 0..2 {
                let q = project(&x[0], &layer.query, head, sample);
                let k = project(&x[2], &layer.key, head, sample);
                let v = project(&x[1], &layer.value, head, sample);
                let dot = |s: usize| q[t].iter().zip(&k[s]).map(|(q, k)| q * k).sum::<Float>();
                // A causal mask: the first t + 1 keys.
                let exp: Vec<Float> =
                    (0..=t).map(|s| (dot(s) / Float::of(3.0).sqrt()).exp()).collect();
                let sum: Float = exp.iter().sum();
                for s in 0..=t {
                    let p = exp[s] / sum;
                    assert!((scores[[sample, head, t, s]] - p).abs() < 1e-5);
                    for (out, expected) in expected.iter_mut().enumerate() {
                        let mixed = (0..4).map(|c| v[s][c] * kernel[[head, c, out]]);
                        *expected += p * mixed.sum::<Float>();
                    }
                }
            }
            for (out, expected) in expected.iter().enumerate() {
                assert!((y[[sample, t, out]] - expected).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn every_weight_gets_a_gradient_that_differences_confirm() {
        let dims: &[&[usize]] = &[&[3, 4], &[3, 4]];
        let layer = made(dims, MultiHeadAttention::new(2, 3));
        let x = random::<Float>(&[2, 3, 4], 5).to_array();
        let loss = || {
            let x = Var::from_array(&x);
            let [y, scores] = layer.call(&[x, x], true, true).array();
            y.square().sum() + scores.square().sum()
        };
        for (name, weight) in layer.named() {
            let gradient = tape::run(Mode::Training, || tape::backward(loss()).take(weight));
            let gradient = gradient.unwrap().unwrap_or_else(|| panic!("{name} gets no gradient"));
            let start = weight.get();
            let at = |i: usize, step: Float| {
                let mut moved = start.clone();
                moved.as_slice_mut().unwrap()[i] += step;
                weight.set(&moved).unwrap();
                tape::run(Mode::Inference, || loss().to_array().sum()).unwrap()
            };
            for i in [0, gradient.len() - 1] {
                let numeric = (at(i, 1e-2) - at(i, -1e-2)) / 2e-2;
                let error = (numeric - gradient[i]).abs();
                assert!(error < 2e-2, "{name}[{i}]: {} by backward, {numeric}", gradient[i]);
            }
            weight.set(&start).unwrap();
        }
    }

    #[test]
    fn a_share_is_dropped_while_training_only() {
        let layer = made(&[&[4, 6], &[4, 6]], MultiHeadAttention::new(2, 3).dropout(0.5).seed(1));
        let x = random::<Float>(&[1, 4, 6], 5).to_array();
        let run = |mode, seed| {
            tape::run_seeded(mode, seed, || {
                let x = Var::from_array(&x);
                layer.call(&[x, x], false, false).one().to_array()
            })
            .unwrap()
        };
        assert_eq!(run(Mode::Inference, 1), run(Mode::Inference, 2));
        assert_eq!(run(Mode::Training, 1), run(Mode::Training, 1), "the seed decides");
        assert_ne!(run(Mode::Training, 1), run(Mode::Training, 2), "each step drops others");
        assert_ne!(run(Mode::Training, 1), run(Mode::Inference, 1));
    }

    #[test]
    fn padding_changes_nothing() {
        let layer = made(&[&[3, 6], &[3, 6]], MultiHeadAttention::new(2, 3));
        let long = random::<Float>(&[2, 5, 6], 5).to_array();
        let short = long.slice(ndarray::s![.., ..3, ..]).to_owned();
        let mask = array![[1.0, 1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0, 0.0]];
        let run = |query: bool, value: bool, key: bool| {
            tape::run(Mode::Inference, || {
                let mask = Var::from_array(&mask);
                let x = Var::from_array(&long);
                let input = |masked: bool| if masked { x.with_mask(mask) } else { x };
                let inputs = [input(query), input(value), input(key)];
                let y = layer.call(&inputs, false, false).one();
                assert_eq!(y.mask().is_some(), query);
                let short = Var::from_array(&short);
                let expected = layer.call(&[short, short], false, false).one();
                [y.to_array(), expected.to_array()]
            })
            .unwrap()
        };
        for (query, value, key) in [(true, true, true), (false, true, false), (true, false, true)] {
            let [y, expected] = run(query, value, key);
            let difference = &y.slice(ndarray::s![.., ..3, ..]) - &expected;
            assert!(difference.iter().all(|x| x.abs() < 1e-6), "{query} {value} {key}");
            if query {
                // A query that is masked attends to nothing, and the bias is 0.
                assert!(y.slice(ndarray::s![.., 3.., ..]).iter().all(|&x| x == 0.0));
            }
        }
        let [y, expected] = run(true, false, false);
        assert!((&y.slice(ndarray::s![.., ..3, ..]) - &expected).iter().any(|x| x.abs() > 1e-3));
    }

    #[test]
    fn a_regularizer_counts_each_weight_once() {
        let layer = MultiHeadAttention::new(1, 1)
            .kernel_initializer(Initializer::Constant(2.0))
            .kernel_regularizer(Regularizer::L1(0.5));
        let layer = made(&[&[1, 1], &[1, 1]], layer);
        let sum = tape::run(Mode::Training, || {
            let x = Var::from_array(&Array3::<Float>::ones((1, 1, 1)));
            layer.call(&[x, x], false, false);
            layer.call(&[x, x], false, false);
            tape::terms().iter().map(|term| term.value.to_array().sum()).sum::<Float>()
        });
        assert_eq!(sum.unwrap(), 4.0);
    }

    #[test]
    fn inputs_that_do_not_fit_are_an_error() {
        let layer = made(&[&[4, 6], &[4, 6]], MultiHeadAttention::new(2, 3));
        let call = |dims: [usize; 3], layer: &MultiHeadAttention| {
            let x = Array3::<Float>::zeros(dims);
            let y = tape::run(Mode::Inference, || {
                let x = Var::from_array(&x);
                layer.call(&[x, x], false, false).one().shape()
            });
            y.unwrap_err().to_string()
        };
        let text = call([2, 4, 5], &layer);
        let sentence = "one MultiHeadAttention has one set of weights: its query.kernel is (6, 2, \
                        3), but this input needs (5, 2, 3)\n";
        assert!(text.starts_with(sentence), "{text}");
        let text = call([2, 4, 6], &MultiHeadAttention::new(2, 3));
        assert!(text.contains("MultiHeadAttention"), "{text}");
    }
}
