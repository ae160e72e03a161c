use model_spec::layers::depthwise_conv2d::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::tuple;
use super::windows::{Convolution, convolution_arguments, kernel_arguments, penalize, ready, word};
use crate::ops::depthwise::DepthwiseOp;
use crate::share::share;
use crate::{Constraint, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor};

/// Kernels of its own for each channel, which slide over it: `activation(Σ kernel · window +
/// bias)`;
/// [Keras's
/// `DepthwiseConv2D`](https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height', width', channels ·
///   depth_multiplier)`.
/// - Weights: `kernel` `(height, width, channels, depth_multiplier)`, Glorot uniform by default;
///   `bias` `(channels · depth_multiplier)`, zeros by default.
///
/// With `padding` valid there are `⌈(n - extent + 1) / stride⌉` windows along a size `n`, the
/// extent being `(kernel - 1) · dilation_rate + 1`; same makes it `⌈n / stride⌉`, with more zeros
/// at the end.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = DepthwiseConv2D::new(&[3]).padding(Padding::Same);
/// layer.init(Seed::new(0), &[Value::float(&[5, 4, 1])]);
/// let shape = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::Array4::zeros((1, 5, 4, 1)))).shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 4, 1]));
/// # Ok::<(), Error>(())
/// ```
///
/// With penalties and constraints, and a second one whose kernels look at every other pixel:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array4;
/// let net = model! {
///     x = Input(6, 6, 1);
///     x = DepthwiseConv2D(2, strides = 2, depth_multiplier = 2, activation = relu,
///         depthwise_initializer = ones, depthwise_regularizer = l1(0.1),
///         depthwise_constraint = non_neg, bias_initializer = constant(-1),
///         bias_regularizer = l2(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01))(x);
///     DepthwiseConv2D(2, dilation_rate = 2, use_bias = false, depthwise_initializer = ones)(x)
/// };
/// let x = Array4::<f32>::ones((1, 6, 6, 1));
/// let y = net.predict(&x)?;
/// assert_eq!(y, Array4::from_elem((1, 1, 1, 2), 12.0).into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 8 weights of the kernels, 2 of the bias, and 18 numbers that are 2 · 2 - 1 each.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 1.54).abs() < 1e-5);
/// // A step that goes far below 0, where no weight of the first layer may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// let weights = trainer.model().get_weights();
/// assert!(weights[..2].iter().flatten().all(|&number| number == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct DepthwiseConv2D {
    /// `(height, width, channels, depth_multiplier)`.
    pub kernel: Parameter,
    /// What is added, `(channels · depth_multiplier)`; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    depth_multiplier: usize,
    depthwise_initializer: Initializer,
    depthwise_regularizer: Option<Regularizer>,
    depthwise_constraint: Option<Constraint>,
    convolution: Convolution,
}

share!(
    DepthwiseConv2D: kernel, bias;
    depth_multiplier, depthwise_initializer, depthwise_regularizer, depthwise_constraint,
    convolution
);

convolution_arguments!(DepthwiseConv2D);
kernel_arguments!(
    DepthwiseConv2D,
    depthwise_initializer,
    depthwise_regularizer,
    depthwise_constraint,
    "kernel"
);

impl DepthwiseConv2D {
    /// A layer with a kernel of this size, one number for all axes or one for each,
    /// without weights until [`Layer::init`].
    pub fn new(kernel_size: &[i64]) -> DepthwiseConv2D {
        DepthwiseConv2D {
            kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            depth_multiplier: 1,
            depthwise_initializer: Initializer::GlorotUniform,
            depthwise_regularizer: None,
            depthwise_constraint: None,
            convolution: Convolution::new(kernel_size),
        }
    }

    /// How many channels come out for each that goes in; 1 by default.
    pub fn depth_multiplier(mut self, depth_multiplier: usize) -> DepthwiseConv2D {
        self.depth_multiplier = depth_multiplier;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let mut weights = vec![("kernel", &self.kernel)];
        weights.extend(self.bias.as_ref().map(|bias| ("bias", bias)));
        let output = match ready(&ENTRY, &self.args(), inputs, &weights) {
            Ok(output) => output,
            Err(poison) => return poison,
        };
        let x = inputs[0];
        let slide = self.convolution.slide(&x.shape());
        let op = |map| DepthwiseOp::new(slide, output, map);
        let mut values = vec![x, self.kernel.var()];
        values.extend(self.bias.as_ref().map(Parameter::var));
        let y = self.convolution.apply(&values, op);
        penalize(&self.depthwise_regularizer, &self.kernel);
        self.convolution.regularize(self.bias.as_ref(), y);
        y
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 7] {
        let convolution = &self.convolution;
        [
            tuple(&convolution.kernel_size),
            tuple(&convolution.strides),
            word(convolution.padding),
            ArgValue::Int(self.depth_multiplier as i64),
            tuple(&convolution.dilation_rate),
            ArgValue::Unset,
            ArgValue::Bool(self.bias.is_some()),
        ]
    }
}

impl Layer for DepthwiseConv2D {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = (ENTRY.weights)(&Config::new(&self.args()), inputs);
        for &(name, shape) in weights.as_slice() {
            let seed = seed.child(name);
            if name == "kernel" {
                self.kernel = self
                    .depthwise_initializer
                    .parameter(&seed, shape)
                    .constrained(self.depthwise_constraint.as_ref());
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
