use model_spec::layers::dense::{self, ENTRY};
use model_spec::{ArgValue, Config, Value};
use smallvec::{SmallVec, smallvec};

use super::samples;
use super::support::ready;
use crate::ops::dense::DenseOp;
use crate::ops::map::Map;
use crate::share::share;
use crate::tape;
use crate::{
    Activation, Constraint, Float, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars,
    Visitor,
};

/// `activation(x · kernel + bias)` over the last axis;
/// [Keras's `Dense`](https://keras.io/api/layers/core_layers/dense/).
///
/// - Input: `(samples, …, n)`. Output: `(samples, …, units)`.
/// - Weights: `kernel` `(n, units)`, Glorot uniform by default; `bias` `(units)`, zeros by default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut dense = Dense::new(3).activation(Activation::Relu);
/// dense.init(Seed::new(0), &[Value::float(&[2])]);
/// let shape = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&ndarray::array![[1.0, 2.0]]);
///     dense.call(x).shape()
/// })?;
/// assert_eq!(shape, Shape::new(&[1, 3]));
/// # Ok::<(), Error>(())
/// ```
///
/// In a model, with penalties and constraints:
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! {
///     x = Input(3);
///     Dense(2, relu, kernel_initializer = ones, kernel_regularizer = l1(0.1),
///         kernel_constraint = non_neg, bias_initializer = constant(-1),
///         bias_regularizer = l2(0.1), bias_constraint = non_neg,
///         activity_regularizer = l1(0.01))(x)
/// };
/// let x = ndarray::array![[1.0, 2.0, 3.0]];
/// let y = net.predict(&x)?;
/// assert_eq!(y, ndarray::array![[5.0, 5.0]].into_dyn());
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// // 6 weights of the kernel, 2 of the bias, and 2 numbers that are 6 - 1 each.
/// let loss = trainer.evaluate(&x, &y)?["loss"];
/// assert!((loss - 0.9).abs() < 1e-5);
/// // A step that goes far below 0, where no weight may be.
/// trainer.train_on_batch(&x, &(y * 0.0))?;
/// assert!(trainer.model().get_weights().iter().flatten().all(|&number| number == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Dense {
    /// The matrix, `(n, units)`.
    pub kernel: Parameter,
    /// What is added, `(units)`; none with `use_bias(false)`.
    pub bias: Option<Parameter>,
    units: usize,
    activation: Activation,
    kernel_initializer: Initializer,
    bias_initializer: Initializer,
    kernel_regularizer: Option<Regularizer>,
    bias_regularizer: Option<Regularizer>,
    activity_regularizer: Option<Regularizer>,
    kernel_constraint: Option<Constraint>,
    bias_constraint: Option<Constraint>,
}

share!(
    Dense: kernel, bias;
    units, activation, kernel_initializer, bias_initializer, kernel_regularizer,
    bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
);

impl Dense {
    /// A layer with this many outputs, without weights until [`Layer::init`].
    pub fn new(units: usize) -> Dense {
        Dense {
            kernel: Parameter::unset(),
            bias: Some(Parameter::unset()),
            units,
            activation: Activation::Linear,
            kernel_initializer: Initializer::GlorotUniform,
            bias_initializer: Initializer::Zeros,
            kernel_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            kernel_constraint: None,
            bias_constraint: None,
        }
    }

    /// What is applied to the sum; linear by default.
    pub fn activation(mut self, activation: Activation) -> Dense {
        self.activation = activation;
        self
    }

    /// Whether a bias is added; yes by default.
    pub fn use_bias(mut self, use_bias: bool) -> Dense {
        self.bias = use_bias.then(Parameter::unset);
        self
    }

    /// How the kernel starts; Glorot uniform by default.
    pub fn kernel_initializer(mut self, initializer: Initializer) -> Dense {
        self.kernel_initializer = initializer;
        self
    }

    /// How the bias starts; zeros by default.
    pub fn bias_initializer(mut self, initializer: Initializer) -> Dense {
        self.bias_initializer = initializer;
        self
    }

    /// A penalty on the kernel, added to the loss.
    pub fn kernel_regularizer(mut self, regularizer: Regularizer) -> Dense {
        self.kernel_regularizer = Some(regularizer);
        self
    }

    /// A penalty on the bias, added to the loss.
    pub fn bias_regularizer(mut self, regularizer: Regularizer) -> Dense {
        self.bias_regularizer = Some(regularizer);
        self
    }

    /// A penalty on the output, added to the loss as a mean over the samples.
    pub fn activity_regularizer(mut self, regularizer: Regularizer) -> Dense {
        self.activity_regularizer = Some(regularizer);
        self
    }

    /// What is made of the kernel after each update.
    pub fn kernel_constraint(mut self, constraint: Constraint) -> Dense {
        self.kernel_constraint = Some(constraint);
        self
    }

    /// What is made of the bias after each update.
    pub fn bias_constraint(mut self, constraint: Constraint) -> Dense {
        self.bias_constraint = Some(constraint);
        self
    }

    /// The output for `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = self.args();
        let (kernel, bias) = (self.kernel.var(), self.bias.as_ref().map(Parameter::var));
        let mut has: SmallVec<[_; 2]> = smallvec![("kernel", kernel.shape())];
        has.extend(bias.map(|bias| ("bias", bias.shape())));
        if let Err(poison) = ready(&ENTRY, &args, inputs, &has) {
            return poison;
        }
        let mut values: SmallVec<[Var; 3]> = smallvec![inputs[0], kernel];
        values.extend(bias);
        let y = match self.activation.map() {
            Some(map) => tape::apply(DenseOp::new(map), &values),
            // Softmax is a node of its own, from which cross-entropies take their logits.
            None => self.activation.call(tape::apply(DenseOp::new(Map::Linear), &values)),
        };
        self.regularize(y);
        y
    }

    /// What the rules need to know of the arguments.
    fn args(&self) -> [ArgValue; 3] {
        let units = ArgValue::Int(self.units as i64);
        [units, ArgValue::Unset, ArgValue::Bool(self.bias.is_some())]
    }

    /// Adds the penalties to the step's loss: those of weights once, however often the layer is
    /// called, that of the output each time.
    #[track_caller]
    fn regularize(&self, y: Var) {
        if let Some(regularizer) = &self.kernel_regularizer {
            tape::add_term(self.kernel.id(), || regularizer.penalty(self.kernel.var()));
        }
        if let (Some(regularizer), Some(bias)) = (&self.bias_regularizer, &self.bias) {
            tape::add_term(bias.id(), || regularizer.penalty(bias.var()));
        }
        if let Some(regularizer) = &self.activity_regularizer {
            let count = samples(y).max(1) as Float;
            tape::add_term(y.source(), || regularizer.penalty(y) / count);
        }
    }
}

impl Layer for Dense {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        let args = self.args();
        let weights = dense::weights(&Config::new(&args), inputs);
        // More numbers than can be, or an open size: no weights, which `call` reports.
        if weights.size() > isize::MAX as usize / size_of::<Float>() {
            return;
        }
        for &(name, shape) in weights.as_slice() {
            let seed = seed.child(name);
            if name == "kernel" {
                let kernel = self.kernel_initializer.parameter(&seed, shape);
                self.kernel = kernel.constrained(self.kernel_constraint.as_ref());
            } else {
                let bias = self.bias_initializer.parameter(&seed, shape);
                self.bias = Some(bias.constrained(self.bias_constraint.as_ref()));
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

#[cfg(test)]
mod tests {
    use model_spec::Shape;
    use ndarray::{Array2, array};

    use super::*;
    use crate::{Error, Mode};

    #[test]
    fn an_input_that_does_not_fit_the_kernel_is_an_error() {
        let mut dense = Dense::new(64);
        dense.init(Seed::new(0), &[Value::float(&[784])]);
        let result = tape::run(Mode::Inference, || {
            dense.call(Var::from_array(&Array2::<Float>::zeros((2, 100)))).shape()
        });
        let text = result.unwrap_err().to_string();
        let sentence = "one Dense has one set of weights: its kernel is (784, 64), but this input \
                        needs (100, 64)\n";
        assert!(text.starts_with(sentence), "{text}");
        let result = tape::run(Mode::Inference, || {
            Dense::new(1).call(Var::from_array(&array![[1.0]])).shape()
        });
        assert!(matches!(result, Err(Error::NotInitialized { .. })));
    }

    #[test]
    fn a_bias_that_does_not_fit_is_an_error() {
        let made = |units| {
            let mut dense = Dense::new(units);
            dense.init(Seed::new(0), &[Value::float(&[2])]);
            dense
        };
        let call = |dense: &Dense| {
            let x = array![[1.0, 2.0]];
            tape::run(Mode::Inference, || dense.call(Var::from_array(&x)).shape())
        };
        let mut dense = made(3);
        dense.bias = made(4).bias;
        let text = call(&dense).unwrap_err().to_string();
        assert!(text.contains("its bias is (4), but this input needs (3)"), "{text}");
        let mut dense = Dense::new(3);
        dense.kernel = made(3).kernel;
        assert!(matches!(call(&dense), Err(Error::NotInitialized { .. })));
    }

    #[test]
    fn weights_that_no_memory_holds_are_not_made() {
        let sizes = [(usize::MAX / 4, 3), (2, Shape::ANY)];
        for (units, features) in sizes {
            let mut dense = Dense::new(units);
            dense.init(Seed::new(0), &[Value::float(&[features])]);
            let result = tape::run(Mode::Inference, || {
                dense.call(Var::from_array(&array![[1.0, 2.0, 3.0]])).shape()
            });
            assert!(result.is_err());
        }
    }

    #[test]
    fn a_softmax_knows_its_logits() {
        let mut dense = Dense::new(3).activation(Activation::Softmax);
        dense.init(Seed::new(0), &[Value::float(&[2])]);
        tape::run(Mode::Inference, || {
            let y = dense.call(Var::from_array(&array![[1.0, -2.0]]));
            let logits = y.softmax_logits().expect("the softmax is a node of its own");
            assert_eq!(logits.softmax().to_array(), y.to_array());
        })
        .unwrap();
    }
}
