//! What layers with windows share: their arguments, and how they end.

use model_spec::{ArgValue, Entry, Padding, Shape, Window};
use smallvec::SmallVec;

use super::{accepts, samples, support, tuple};
use crate::ops::map::Map;
use crate::ops::pad::Pad;
use crate::ops::slide::{Axis, Slide};
use crate::ops::strided::strides;
use crate::ops::view::View;
use crate::tape::{self, Op};
use crate::{Activation, Constraint, Float, Initializer, Parameter, Regularizer, Seed, Var};

/// The argument of a padding.
pub(crate) fn word(padding: Padding) -> ArgValue {
    ArgValue::Word(match padding {
        Padding::Valid => "valid",
        Padding::Same => "same",
        Padding::Causal => "causal",
    })
}

/// The number for an axis: one number stands for all of them.
pub(super) fn along(numbers: &[i64], axis: usize) -> usize {
    numbers[if numbers.len() > 1 { axis } else { 0 }] as usize
}

/// The axes of an image, sample axis first, between the samples and the channels.
fn axes(shape: &Shape) -> &[usize] {
    &shape.dims()[1..shape.rank() - 1]
}

/// Pools over an image. The rule has accepted them.
pub(crate) fn pools(pool_size: &[i64], strides: &[i64], padding: Padding, image: &Shape) -> Slide {
    let strides = if strides.is_empty() { pool_size } else { strides };
    let axis = |(i, &size): (usize, &usize)| {
        let (kernel, stride) = (along(pool_size, i), along(strides, i));
        Axis::new(&Window { kernel, stride, dilation: 1, padding }, size)
    };
    Slide::new(&axes(image).iter().enumerate().map(axis).collect::<Vec<_>>())
}

/// The arguments that all convolutions have.
#[derive(Clone, Debug)]
pub(crate) struct Convolution {
    pub kernel_size: Vec<i64>,
    pub strides: Vec<i64>,
    pub padding: Padding,
    pub dilation_rate: Vec<i64>,
    pub activation: Activation,
    pub bias_initializer: Initializer,
    pub bias_regularizer: Option<Regularizer>,
    pub activity_regularizer: Option<Regularizer>,
    pub bias_constraint: Option<Constraint>,
}

impl Convolution {
    /// Keras's defaults.
    pub fn new(kernel_size: &[i64]) -> Convolution {
        Convolution {
            kernel_size: kernel_size.to_vec(),
            strides: vec![1],
            padding: Padding::Valid,
            dilation_rate: vec![1],
            activation: Activation::Linear,
            bias_initializer: Initializer::Zeros,
            bias_regularizer: None,
            activity_regularizer: None,
            bias_constraint: None,
        }
    }

    fn window(&self, axis: usize) -> Window {
        Window {
            kernel: along(&self.kernel_size, axis),
            stride: along(&self.strides, axis),
            dilation: along(&self.dilation_rate, axis),
            padding: self.padding,
        }
    }

    /// The kernel over an image. The rule has accepted it.
    pub fn slide(&self, image: &Shape) -> Slide {
        let axis = |(i, &size): (usize, &usize)| Axis::new(&self.window(i), size);
        Slide::new(&axes(image).iter().enumerate().map(axis).collect::<Vec<_>>())
    }

    /// The kernel over the image that a transposed convolution makes of this one.
    pub fn slide_transposed(&self, image: &Shape, output_padding: &[i64]) -> Slide {
        let axis = |(i, &size): (usize, &usize)| {
            let more = (!output_padding.is_empty()).then(|| along(output_padding, i));
            Axis::transposed(&self.window(i), size, more)
        };
        Slide::new(&axes(image).iter().enumerate().map(axis).collect::<Vec<_>>())
    }

    /// Applies an op that ends in the activation, or the activation after it.
    #[track_caller]
    pub fn apply<O: Op<Float> + 'static>(&self, inputs: &[Var], op: impl FnOnce(Map) -> O) -> Var {
        match self.activation.map() {
            Some(map) => tape::apply(op(map), inputs),
            // Softmax is a node of its own, from which cross-entropies take their logits.
            None => self.activation.call(tape::apply(op(Map::Linear), inputs)),
        }
    }

    /// [`Convolution::apply`] for an output of this shape at which nothing but a pooling looks.
    #[track_caller]
    pub fn apply_before_pooling<O: Op<Float> + 'static>(
        &self,
        inputs: &[Var],
        output: Shape,
        op: impl FnOnce(Map) -> O,
    ) -> Var {
        match self.activation.map().filter(|_| self.activity_regularizer.is_none()) {
            Some(map) => tape::apply_later(op(map), inputs, output),
            None => self.apply(inputs, op),
        }
    }

    /// The bias as it starts.
    pub fn bias(&self, seed: &Seed, shape: Shape) -> Parameter {
        let bias = self.bias_initializer.parameter(seed, shape);
        bias.constrained(self.bias_constraint.as_ref())
    }

    /// Adds the penalties on the bias and the output to the step's loss.
    #[track_caller]
    pub fn regularize(&self, bias: Option<&Parameter>, y: Var) {
        if let Some(bias) = bias {
            penalize(&self.bias_regularizer, bias);
        }
        if let Some(regularizer) = &self.activity_regularizer {
            let count = samples(y).max(1) as Float;
            tape::add_term(y.source(), || regularizer.penalty(y) / count);
        }
    }
}

/// Adds the penalty on a weight to the step's loss, once however often the layer is called.
#[track_caller]
pub(super) fn penalize(regularizer: &Option<Regularizer>, weight: &Parameter) {
    if let Some(regularizer) = regularizer {
        regularizer.penalize(weight);
    }
}

/// Checks arguments, inputs and weights, the kernel first. Returns the shape of what comes out,
/// sample axis first; after an error, the value that stands for it.
#[track_caller]
pub(super) fn ready(
    entry: &Entry,
    args: &[ArgValue],
    inputs: &[Var],
    weights: &[(&'static str, &Parameter)],
) -> Result<Shape, Var> {
    let has: SmallVec<[_; 3]> = weights.iter().map(|(name, w)| (*name, w.shape())).collect();
    let values = support::ready(entry, args, inputs, &has)?;
    Ok(values.get(0).shape.with_first(samples(inputs[0])))
}

/// How many positions stand before each axis, the samples and the channels included.
fn starts(sides: &[i64], shape: &Shape) -> Vec<usize> {
    let axes = shape.rank() - 2;
    let start = |axis| along(sides, if sides.len() == 2 * axes { 2 * axis } else { axis });
    std::iter::once(0).chain((0..axes).map(start)).chain([0]).collect()
}

/// Zeros around the input.
#[track_caller]
pub(super) fn pad(entry: &Entry, padding: &[i64], inputs: &[Var]) -> Var {
    match accepts(entry, &[tuple(padding)], inputs) {
        Ok(values) => {
            let output = values.get(0).shape.with_first(samples(inputs[0]));
            let before = starts(padding, &inputs[0].shape());
            tape::apply(Pad { before, output }, inputs)
        }
        Err(poison) => poison,
    }
}

/// The input without its edges.
#[track_caller]
pub(super) fn crop(entry: &Entry, cropping: &[i64], inputs: &[Var]) -> Var {
    match accepts(entry, &[tuple(cropping)], inputs) {
        Ok(values) => {
            let input = inputs[0].shape();
            let (starts, strides) = (starts(cropping, &input), strides(&input));
            let start = starts.iter().zip(&strides).map(|(&n, stride)| n as isize * stride).sum();
            let shape = values.get(0).shape.with_first(samples(inputs[0]));
            tape::apply(View { shape, start, strides }, inputs)
        }
        Err(poison) => poison,
    }
}

/// The methods for the arguments that all convolutions have.
macro_rules! convolution_arguments {
    ($layer:ident) => {
        impl $layer {
            /// How far the kernel moves, one number for all axes or one for each; 1 by default.
            pub fn strides(mut self, strides: &[i64]) -> $layer {
                self.convolution.strides = strides.to_vec();
                self
            }

            /// What is put around the input; nothing (`Padding::Valid`) by default.
            pub fn padding(mut self, padding: model_spec::Padding) -> $layer {
                self.convolution.padding = padding;
                self
            }

            /// How far the places of the kernel stand apart, one number for all axes or one for
            /// each; 1 by default.
            pub fn dilation_rate(mut self, dilation_rate: &[i64]) -> $layer {
                self.convolution.dilation_rate = dilation_rate.to_vec();
                self
            }

            /// What is applied to the sum; linear by default.
            pub fn activation(mut self, activation: crate::Activation) -> $layer {
                self.convolution.activation = activation;
                self
            }

            /// Whether a bias is added; yes by default.
            pub fn use_bias(mut self, use_bias: bool) -> $layer {
                self.bias = use_bias.then(crate::Parameter::unset);
                self
            }

            /// How the bias starts; zeros by default.
            pub fn bias_initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.convolution.bias_initializer = initializer;
                self
            }

            /// A penalty on the bias, added to the loss.
            pub fn bias_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.convolution.bias_regularizer = Some(regularizer);
                self
            }

            /// A penalty on the output, added to the loss as a mean over the samples.
            pub fn activity_regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.convolution.activity_regularizer = Some(regularizer);
                self
            }

            /// What is made of the bias after each update.
            pub fn bias_constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.convolution.bias_constraint = Some(constraint);
                self
            }

            /// The output for `x`.
            #[track_caller]
            pub fn call(&self, x: crate::Var) -> crate::Var {
                self.run(&[x])
            }
        }
    };
}
pub(super) use convolution_arguments;

/// The methods for the start, the penalty and the constraint of a weight.
macro_rules! kernel_arguments {
    ($layer:ident, $initializer:ident, $regularizer:ident, $constraint:ident, $what:literal) => {
        impl $layer {
            #[doc = concat!("How the ", $what, " starts; Glorot uniform by default.")]
            pub fn $initializer(mut self, initializer: crate::Initializer) -> $layer {
                self.$initializer = initializer;
                self
            }

            #[doc = concat!("A penalty on the ", $what, ", added to the loss.")]
            pub fn $regularizer(mut self, regularizer: crate::Regularizer) -> $layer {
                self.$regularizer = Some(regularizer);
                self
            }

            #[doc = concat!("What is made of the ", $what, " after each update.")]
            pub fn $constraint(mut self, constraint: crate::Constraint) -> $layer {
                self.$constraint = Some(constraint);
                self
            }
        }
    };
}
pub(super) use kernel_arguments;
