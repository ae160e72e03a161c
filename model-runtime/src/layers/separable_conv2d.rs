use model_spec::layers::separable_conv2d::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::tuple;
use super::windows::{Convolution, convolution_arguments, kernel_arguments, penalize, ready, word};
use crate::ops::conv::ConvOp;
use crate::ops::depthwise::DepthwiseOp;
use crate::ops::map::Map;
use crate::share::share;
use crate::{
    Constraint, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor, tape,
};

/// A convolution in two: kernels of its own for each channel slide over it, and then each pixel's
/// channels are mixed, `activation(pointwise_kernel · pixel + bias)` (Chollet, 2016);
/// [Keras's
/// `SeparableConv2D`](https://keras.io/api/layers/convolution_layers/separable_convolution2d/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height', width', filters)`.
/// - Weights: `depthwise_kernel` `(height, width, channels, depth_multiplier)` and
///   `pointwise_kernel` `(1, 1, channels · depth_multiplier, filters)`, Glorot uniform by default;
///   `bias` `(filters)`, zeros by default.
///
/// With `padding` valid there are `⌈(n - extent + 1) / stride⌉` windows along a size `n`, the
/// extent being `(kernel - 1) · dilation_rate + 1`; same makes it `⌈n / stride⌉`, with more zeros
/// at the end.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = SeparableConv2D::new(3, &[3]).padding(Padding::Same);
/// layer.init(Seed::new(0), &[Value::float(&[5, 4, 1])]);
/// let shape = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::Array4::zeros((1, 5, 4, 1)))).shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 5, 4, 3]));
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
///     x = SeparableConv2D(2, 2, strides = 2, depth_multiplier = 2, activation = relu,
///         depthwise_initializer = ones, depthwise_regularizer = l1(0.1),
///         depthwise_constraint = non_neg, pointwise_initializer = ones,
///         pointwise_regularizer = l1(0.1), pointwise_constraint = non_neg,
///         bias_initializer = constant(-1), bias_regularizer = l2(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01))(x);
///     SeparableConv2D(1, 2, dilation_rate = 2, use_bias = false,
///         depthwise_initializer = ones, pointwise_initializer = ones)(x)
/// };
/// let x = Array4::<f32>::ones((1, 6, 6, 1));
/// let y = net.predict(&x)?;
/// assert_eq!(y, Array4::from_elem((1, 1, 1, 1), 56.0).into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 8 and 4 weights of the kernels, 2 of the bias, and 18 numbers that are 2 · 4 - 1 each.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 2.66).abs() < 1e-5);
/// // A step that goes far below 0, where no weight of the first layer may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// let weights = trainer.model().get_weights();
/// assert!(weights[..3].iter().flatten().all(|&number| number == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct SeparableConv2D {
    /// `(height, width, channels, depth_multiplier)`.
    pub depthwise_kernel: Parameter,
    /// `(1, 1, channels · depth_multiplier, filters)`.
    pub pointwise_kernel: Parameter,
    /// What is added, `(filters)`; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    filters: usize,
    depth_multiplier: usize,
    depthwise_initializer: Initializer,
    pointwise_initializer: Initializer,
    depthwise_regularizer: Option<Regularizer>,
    depthwise_constraint: Option<Constraint>,
    pointwise_regularizer: Option<Regularizer>,
    pointwise_constraint: Option<Constraint>,
    convolution: Convolution,
}

share!(
    SeparableConv2D: depthwise_kernel, pointwise_kernel, bias;
    filters, depth_multiplier, depthwise_initializer, pointwise_initializer,
    depthwise_regularizer, depthwise_constraint, pointwise_regularizer, pointwise_constraint,
    convolution
);

convolution_arguments!(SeparableConv2D);
kernel_arguments!(
    SeparableConv2D,
    depthwise_initializer,
    depthwise_regularizer,
    depthwise_constraint,
    "kernel of each channel"
);
kernel_arguments!(
    SeparableConv2D,
    pointwise_initializer,
    pointwise_regularizer,
    pointwise_constraint,
    "kernel that mixes channels"
);

impl SeparableConv2D {
    /// A layer with this many filters and a kernel of this size, one number for all axes or one for
    /// each, without weights until [`Layer::init`].
    pub fn new(filters: usize, kernel_size: &[i64]) -> SeparableConv2D {
        SeparableConv2D {
            depthwise_kernel: Parameter::unset(),
            pointwise_kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            filters,
            depth_multiplier: 1,
            depthwise_initializer: Initializer::GlorotUniform,
            pointwise_initializer: Initializer::GlorotUniform,
            depthwise_regularizer: None,
            depthwise_constraint: None,
            pointwise_regularizer: None,
            pointwise_constraint: None,
            convolution: Convolution::new(kernel_size),
        }
    }

    /// How many channels there are between the two for each that goes in; 1 by default.
    pub fn depth_multiplier(mut self, depth_multiplier: usize) -> SeparableConv2D {
        self.depth_multiplier = depth_multiplier;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let (depthwise, pointwise) = (&self.depthwise_kernel, &self.pointwise_kernel);
        let mut weights = vec![("depthwise_kernel", depthwise), ("pointwise_kernel", pointwise)];
        weights.extend(self.bias.as_ref().map(|bias| ("bias", bias)));
        let output = match ready(&ENTRY, &self.args(), inputs, &weights) {
            Ok(output) => output,
            Err(poison) => return poison,
        };
        let x = inputs[0];
        let slide = self.convolution.slide(&x.shape());
        let shape = output.with(3, pointwise.shape().dim(2));
        let channels = DepthwiseOp::new(slide, shape, Map::Linear);
        let between = tape::apply(channels, &[x, depthwise.var()]);
        let pixels = Convolution::new(&[1]).slide(&shape);
        let mut values = vec![between, pointwise.var()];
        values.extend(self.bias.as_ref().map(Parameter::var));
        let y = self.convolution.apply(&values, |map| ConvOp::new(pixels, 1, output, map));
        penalize(&self.depthwise_regularizer, depthwise);
        penalize(&self.pointwise_regularizer, pointwise);
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
            ArgValue::Int(self.depth_multiplier as i64),
            ArgValue::Unset,
            ArgValue::Bool(self.bias.is_some()),
        ]
    }
}

impl Layer for SeparableConv2D {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let weights = (ENTRY.weights)(&Config::new(&self.args()), inputs);
        for &(name, shape) in weights.as_slice() {
            let seed = seed.child(name);
            match name {
                "depthwise_kernel" => {
                    self.depthwise_kernel = self
                        .depthwise_initializer
                        .parameter(&seed, shape)
                        .constrained(self.depthwise_constraint.as_ref());
                }
                "pointwise_kernel" => {
                    self.pointwise_kernel = self
                        .pointwise_initializer
                        .parameter(&seed, shape)
                        .constrained(self.pointwise_constraint.as_ref());
                }
                _ => self.bias = Some(self.convolution.bias(&seed, shape)),
            }
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("depthwise_kernel", &self.depthwise_kernel);
        visitor.parameter("pointwise_kernel", &self.pointwise_kernel);
        if let Some(bias) = &self.bias {
            visitor.parameter("bias", bias);
        }
    }
}
