use model_spec::layers::conv1d::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::tuple;
use super::windows::{Convolution, convolution_arguments, kernel_arguments, penalize, ready, word};
use crate::ops::conv::ConvOp;
use crate::share::share;
use crate::{Constraint, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor};

/// A kernel that slides over a sequence: `activation(Σ kernel · window + bias)` for every window;
/// [Keras's `Conv1D`](https://keras.io/api/layers/convolution_layers/convolution1d/).
///
/// - Input: `(samples, steps, channels)`. Output: `(samples, steps', filters)`.
/// - Weights: `kernel` `(steps, channels / groups, filters)`, Glorot uniform by default; `bias`
///   `(filters)`, zeros by default.
///
/// With `padding` valid there are `⌈(n - extent + 1) / stride⌉` windows along a size `n`, the
/// extent being `(kernel - 1) · dilation_rate + 1`; same makes it `⌈n / stride⌉`, with more zeros
/// at the end, and causal pads the start only, so that nothing is seen of later steps.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = Conv1D::new(3, &[3]).padding(Padding::Same);
/// layer.init(Seed::new(0), &[Value::float(&[5, 1])]);
/// let shape = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::Array3::zeros((1, 5, 1)))).shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 3]));
/// # Ok::<(), Error>(())
/// ```
///
/// With penalties and constraints, and a second one whose kernel looks at every other step:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array3;
/// let net = model! {
///     x = Input(6, 2);
///     x = Conv1D(2, 2, strides = 2, groups = 2, activation = relu,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         bias_initializer = constant(-1), bias_regularizer = l2(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01))(x);
///     Conv1D(1, 2, dilation_rate = 2, use_bias = false, kernel_initializer = ones)(x)
/// };
/// let x = Array3::<f32>::ones((1, 6, 2));
/// let y = net.predict(&x)?;
/// assert_eq!(y, Array3::from_elem((1, 1, 1), 4.0).into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 4 weights of the kernel, 2 of the bias, and 6 numbers that are 2 - 1 each.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.66).abs() < 1e-5);
/// // A step that goes far below 0, where no weight of the first layer may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// let weights = trainer.model().get_weights();
/// assert!(weights[..2].iter().flatten().all(|&number| number == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Conv1D {
    /// `(steps, channels / groups, filters)`.
    pub kernel: Parameter,
    /// What is added, `(filters)`; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    filters: usize,
    groups: usize,
    kernel_initializer: Initializer,
    kernel_regularizer: Option<Regularizer>,
    kernel_constraint: Option<Constraint>,
    convolution: Convolution,
}

share!(
    Conv1D: kernel, bias;
    filters, groups, kernel_initializer, kernel_regularizer, kernel_constraint, convolution
);

convolution_arguments!(Conv1D);
kernel_arguments!(Conv1D, kernel_initializer, kernel_regularizer, kernel_constraint, "kernel");

impl Conv1D {
    /// A layer with this many filters and a kernel of this size,
    /// without weights until [`Layer::init`].
    pub fn new(filters: usize, kernel_size: &[i64]) -> Conv1D {
        Conv1D {
            kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            filters,
            groups: 1,
            kernel_initializer: Initializer::GlorotUniform,
            kernel_regularizer: None,
            kernel_constraint: None,
            convolution: Convolution::new(kernel_size),
        }
    }

    /// In how many parts channels and filters are divided; each part of the filters sees only its
    /// part of the channels. 1 by default.
    pub fn groups(mut self, groups: usize) -> Conv1D {
        self.groups = groups;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        self.apply(inputs, false)
    }

    /// The output for `x`, at which nothing but a pooling layer looks: it is made together with
    /// what comes out of that, and never exists as a whole.
    #[doc(hidden)]
    #[track_caller]
    pub fn before_pooling(&self, x: Var) -> Var {
        self.apply(&[x], true)
    }

    #[track_caller]
    fn apply(&self, inputs: &[Var], pooled: bool) -> Var {
        let mut weights = vec![("kernel", &self.kernel)];
        weights.extend(self.bias.as_ref().map(|bias| ("bias", bias)));
        let output = match ready(&ENTRY, &self.args(), inputs, &weights) {
            Ok(output) => output,
            Err(poison) => return poison,
        };
        let x = inputs[0];
        let slide = self.convolution.slide(&x.shape());
        let op = |map| ConvOp::new(slide, self.groups, output, map);
        let mut values = vec![x, self.kernel.var()];
        values.extend(self.bias.as_ref().map(Parameter::var));
        let y = match pooled {
            true => self.convolution.apply_before_pooling(&values, output, op),
            false => self.convolution.apply(&values, op),
        };
        penalize(&self.kernel_regularizer, &self.kernel);
        self.convolution.regularize(self.bias.as_ref(), y);
        y
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 8] {
        let convolution = &self.convolution;
        [
            ArgValue::Int(self.filters as i64),
            tuple(&convolution.kernel_size),
            tuple(&convolution.strides),
            word(convolution.padding),
            tuple(&convolution.dilation_rate),
            ArgValue::Int(self.groups as i64),
            ArgValue::Unset,
            ArgValue::Bool(self.bias.is_some()),
        ]
    }
}

impl Layer for Conv1D {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = (ENTRY.weights)(&Config::new(&self.args()), inputs);
        for &(name, shape) in weights.as_slice() {
            let seed = seed.child(name);
            if name == "kernel" {
                self.kernel = self
                    .kernel_initializer
                    .parameter(&seed, shape)
                    .constrained(self.kernel_constraint.as_ref());
            } else {
                self.bias = Some(self.convolution.bias(&seed, shape));
            }
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("kernel", &self.kernel);
        if let Some(bias) = &self.bias {
            visitor.parameter("bias", bias);
        }
    }
}
