use model_spec::layers::multi_head_attention::ENTRY;
use model_spec::{ArgValue, Config, Shape, Value};

use super::attention::{counts, mask};
use super::support::{dropout_arguments, generator, together};
use super::windows::{penalize, ready};
use super::{list, samples};
use crate::float::Scalar;
use crate::ops::attention::{Allowed, AttentionOp};
use crate::ops::dense::DenseOp;
use crate::ops::map::Map;
use crate::ops::strided::{stretched, strides, walk};
use crate::ops::view::{Reshape, View};
use crate::pool::{self, Buffer};
use crate::share::share;
use crate::{
    Constraint, Float, Initializer, Layer, Mode, Parameter, Regularizer, Seed, Var, Vars, Visitor,
    tape,
};

/// For each position of a query, a mean of the values at all positions, weighted by how well the
/// query goes together with the keys; several times side by side, on vectors that the layer learns
/// to make ([Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)); [Keras's
/// `MultiHeadAttention`](https://keras.io/api/layers/attention_layers/multi_head_attention/).
///
/// `softmax(Q Kᵀ / √key_dim) V` for each head, where Q, K and V are query, key and value times the
/// head's matrices, plus a bias; then the heads side by side, times a matrix, plus a bias. Since
/// the layer makes its own vectors, `num_heads · key_dim` need not be the features of its inputs.
///
/// - Inputs: `[query, value]`, `[query, value, key]` or `[query, value, key, attention_mask]`:
///   `(samples, t, n)`, `(samples, s, m)`, `(samples, s, k)`, `(samples, t, s)`; without a key, the
///   value is the key as well. Other ranks, and so Keras's
///   `attention_axes`, are refused: put the axes of the positions together with `Reshape`.
/// - Output: `(samples, t, n)`, or `(samples, t, output_shape…)`; with `return_attention_scores =
///   true` in the call the scores as well, `(samples, num_heads, t, s)`, before dropout.
/// - Masks: where an `attention_mask`, `(samples, t, s)` or with 1 for `t` or `s`, is 0, the query
///   does not attend to the key; in a model it is `attention(q, v, attention_mask = m)`. A value or
///   key that is masked is not attended to, a query that is masked attends to nothing, and the
///   output carries the query's mask. With `use_causal_mask = true` in the call a position attends
///   only to itself and those before it. A query that attends to nothing gets a mean of 0, as
///   Keras's masked softmax has it; Keras's fused ways differ there.
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
///
/// With all that can be said of weights. Where all positions are equal, their mean is each of them:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array3;
/// let net = model! {
///     x = Input(4, 2);
///     MultiHeadAttention(2, 1, value_dim = 3, output_shape = 1, sliding_window = 2,
///         kernel_initializer = ones, kernel_regularizer = l1(0.01), kernel_constraint = non_neg,
///         bias_initializer = ones, bias_regularizer = l1(0.01), bias_constraint = non_neg,
///         activity_regularizer = l1(0.001), dropout = 0.1, seed = 7)(x, x)
/// };
/// let x = Array3::<f32>::ones((1, 4, 2));
/// let y = net.predict(&x)?;
/// // Each of 2 · 3 numbers of the values is 2 + 1.
/// assert!(y.iter().all(|&number| (number - (18.0 + 1.0)).abs() < 1e-5));
/// let mut trainer = net.compile(SGD::new(1000.0), "mse")?;
/// // 4 + 4 + 12 + 6 weights, 2 + 2 + 6 + 1 biases; at 4 positions 10 numbers that are 3, and a 19.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - (0.26 + 0.11 + 4.0 * (30.0 + 19.0) * 0.001)).abs() < 1e-5);
/// // A step that goes far below 0, where no weight may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
///
/// let net = model! { x = Input(4, 2); MultiHeadAttention(2, 1, use_bias = false)(x, x) };
/// let query: &model_runtime::Projection = &net.multi_head_attention.query;
/// assert!(query.bias.is_none());
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

share!(
    MultiHeadAttention: query, key, value, attention_output;
    num_heads, key_dim, value_dim, dropout, output_shape, sliding_window, kernel_initializer,
    bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
    kernel_constraint, bias_constraint, seed
);

/// One of the matrices of a [`MultiHeadAttention`].
#[derive(Debug)]
pub struct Projection {
    /// What the vectors are multiplied by.
    pub kernel: Parameter,
    /// What is added; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
}

share!(Projection: kernel, bias;);

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

dropout_arguments!(MultiHeadAttention);
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

    /// The output for a query, a value and perhaps a key and a mask; with `return_attention_scores`
    /// the scores as well. With `use_causal_mask` a position attends only to itself and those
    /// before it.
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
        let inputs = together(inputs.to_vec());
        let (query, value) = (inputs[0], inputs[1]);
        let key = inputs.get(2).copied().unwrap_or(value);
        let pairs = inputs.get(3).map(|&mask| pairs(mask, &query.shape(), &value.shape()));
        let allowed = Allowed { pairs, ..self.allowed([query, value, key], use_causal_mask) };
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
        let mut y = tape::apply(Reshape(output.with(0, samples(query))), &[flat]);
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
            (Some(a), Some(b)) => Some(a.iter().zip(&b).map(|(&a, &b)| a && b).collect()),
            (a, b) => a.or(b),
        };
        let (window, queries) = (self.sliding_window, counts(query));
        Allowed { causal, window, queries, keys, pairs: None }
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

/// Which query attends to which key, of a mask that may be stretched to them.
#[track_caller]
fn pairs(mask: Var, query: &Shape, value: &Shape) -> Buffer<bool> {
    let shape = Shape::new(&[query.dim(0), query.dim(1), value.dim(1)]);
    let (mask, strides) = (mask.tensor(), stretched(&mask.shape(), &shape));
    let mut pairs = pool::empty(shape.size().unwrap_or(0));
    walk(shape.dims(), [0], [&strides], |[at]| pairs.push(mask.data()[at] != 0.0));
    pairs
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
#[path = "multi_head_attention_tests.rs"]
mod tests;
