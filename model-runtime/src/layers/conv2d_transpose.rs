use model_spec::layers::conv2d_transpose::ENTRY;
use model_spec::{ArgValue, Config, Value};

use super::windows::{Convolution, convolution_arguments, kernel_arguments, penalize, ready, word};
use super::{list, tuple};
use crate::ops::conv_transpose::ConvTransposeOp;
use crate::share::share;
use crate::{Constraint, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor};

/// The way back through a convolution: every number of the input adds the kernel, times itself, to
/// the output, and a bias and an activation follow;
/// [Keras's
/// `Conv2DTranspose`](https://keras.io/api/layers/convolution_layers/convolution2d_transpose/).
///
/// - Input: `(samples, height, width, channels)`. Output: `(samples, height', width', filters)`.
/// - Weights: `kernel` `(height, width, filters, channels)`, Glorot uniform by default; `bias`
///   `(filters)`, zeros by default.
///
/// With `padding` valid a size `n` becomes `(n - 1) · stride + max(kernel, stride)`, with same it
/// becomes `n · stride`; with `output_padding` `p` these are `(n - 1) · stride + kernel + p`, and
/// `(n - 1) · stride + kernel % 2 + p`.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = Conv2DTranspose::new(3, &[2]).strides(&[2]);
/// layer.init(Seed::new(0), &[Value::float(&[5, 4, 1])]);
/// let shape = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::Array4::zeros((1, 5, 4, 1)))).shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 10, 8, 3]));
/// # Ok::<(), Error>(())
/// ```
///
/// With penalties and constraints, and a second one whose kernel has gaps:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::{Array4, array};
/// let net = model! {
///     x = Input(1, 1, 1);
///     x = Conv2DTranspose(1, 2, strides = 2, output_padding = 1, activation = relu,
///         kernel_initializer = ones, kernel_regularizer = l1(0.1), kernel_constraint = non_neg,
///         bias_initializer = constant(1), bias_regularizer = l2(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01))(x);
///     Conv2DTranspose(1, 3, padding = "same", dilation_rate = 2, use_bias = false,
///         kernel_initializer = ones)(x)
/// };
/// let x = Array4::<f32>::ones((1, 1, 1, 1));
/// let y = net.predict(&x)?;
/// assert_eq!(y, array![[5.0, 3.0, 5.0], [3.0, 2.0, 3.0], [5.0, 3.0, 5.0]]
///     .into_shape_with_order((1, 3, 3, 1))
///     .expect("9 numbers")
///     .into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 4 weights of the kernel, 1 of the bias, and 9 numbers: 4 are 1 + 1, the others 0 + 1.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.63).abs() < 1e-5);
/// // A step that goes far below 0, where no weight of the first layer may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// let weights = trainer.model().get_weights();
/// assert!(weights[..2].iter().flatten().all(|&number| number == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Conv2DTranspose {
    /// `(height, width, filters, channels)`.
    pub kernel: Parameter,
    /// What is added, `(filters)`; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    filters: usize,
    output_padding: Vec<i64>,
    kernel_initializer: Initializer,
    kernel_regularizer: Option<Regularizer>,
    kernel_constraint: Option<Constraint>,
    convolution: Convolution,
}

share!(
    Conv2DTranspose: kernel, bias;
    filters, output_padding, kernel_initializer, kernel_regularizer, kernel_constraint,
    convolution
);

convolution_arguments!(Conv2DTranspose);
kernel_arguments!(
    Conv2DTranspose,
    kernel_initializer,
    kernel_regularizer,
    kernel_constraint,
    "kernel"
);

impl Conv2DTranspose {
    /// A layer with this many filters and a kernel of this size, one number for all axes or one for
    /// each, without weights until [`Layer::init`].
    pub fn new(filters: usize, kernel_size: &[i64]) -> Conv2DTranspose {
        Conv2DTranspose {
            kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            filters,
            output_padding: Vec::new(),
            kernel_initializer: Initializer::GlorotUniform,
            kernel_regularizer: None,
            kernel_constraint: None,
            convolution: Convolution::new(kernel_size),
        }
    }

    /// How much larger the output is than the smallest that is possible, one number for all axes or
    /// one for each; by default as the formulas say.
    pub fn output_padding(mut self, output_padding: &[i64]) -> Conv2DTranspose {
        self.output_padding = output_padding.to_vec();
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
        let slide = self.convolution.slide_transposed(&x.shape(), &self.output_padding);
        let op = |map| ConvTransposeOp::new(slide, output, map);
        let mut values = vec![x, self.kernel.var()];
        values.extend(self.bias.as_ref().map(Parameter::var));
        let y = self.convolution.apply(&values, op);
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
            list(&self.output_padding),
            tuple(&convolution.dilation_rate),
            ArgValue::Unset,
            ArgValue::Bool(self.bias.is_some()),
        ]
    }
}

impl Layer for Conv2DTranspose {
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
