use model_spec::layers::p_re_lu::ENTRY;
use model_spec::{ArgValue, Value};

use super::affine::needed;
use super::list;
use super::support::ready;
use super::windows::penalize;
use crate::ops::binary::Binary;
use crate::ops::view::Reshape;
use crate::share::share;
use crate::{
    Constraint, Initializer, Layer, Parameter, Regularizer, Seed, Var, Vars, Visitor, tape,
};

/// `x` where it is above 0, else `alpha · x`, with slopes that are learned;
/// [Keras's `PReLU`](https://keras.io/api/layers/activation_layers/prelu/),
/// [He et al., 2015](https://arxiv.org/abs/1502.01852).
///
/// - Input: `(samples, …)`. Output: the same shape.
/// - Weights: `alpha`, a slope for each position of a sample, one along shared axes; zeros by
///   default.
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = PReLU::new().alpha_initializer(Initializer::Constant(0.5));
/// layer.init(Seed::new(0), &[Value::float(&[2])]);
/// let y = tape::run(Mode::Inference, || {
///     layer.call(Var::from_array(&ndarray::array![[3.0, -3.0]])).to_array()
/// })?;
/// assert_eq!(y, ndarray::array![[3.0, -1.5]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// One slope for each channel, which starts at a quarter and may not fall below 0:
///
/// ```
/// use model_runtime::prelude::*;
/// let mut layer = PReLU::new()
///     .alpha_initializer(Initializer::Constant(0.25))
///     .alpha_regularizer(Regularizer::L2(0.1))
///     .alpha_constraint(Constraint::NonNeg)
///     .shared_axes(&[1, 2]);
/// layer.init(Seed::new(0), &[Value::float(&[8, 8, 3])]);
/// assert_eq!(layer.alpha.shape(), Shape::new(&[1, 1, 3]));
///
/// let net = model! {
///     x = Input(2, 2, 3);
///     PReLU(alpha_initializer = constant(0.25), alpha_regularizer = l2(0.1),
///         alpha_constraint = non_neg, shared_axes = [1, 2])(x)
/// };
/// let x = ndarray::Array4::<f32>::ones((1, 2, 2, 3));
/// let mut trainer = net.compile(SGD::new(100.0), "mse")?;
/// assert!((trainer.evaluate(&x, &x)?["loss"] - 3.0 * 0.25 * 0.25 * 0.1).abs() < 1e-6);
/// trainer.train_on_batch(&x, &x)?;
/// assert!(trainer.model().get_weights()[0].iter().all(|&slope| slope == 0.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct PReLU {
    /// The slopes.
    pub alpha: Parameter,
    alpha_initializer: Initializer,
    alpha_regularizer: Option<Regularizer>,
    alpha_constraint: Option<Constraint>,
    shared_axes: Vec<i64>,
}

share!(PReLU: alpha; alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes);

impl PReLU {
    /// A layer without weights until [`Layer::init`].
    pub fn new() -> PReLU {
        PReLU {
            alpha: Parameter::unset(),
            alpha_initializer: Initializer::Zeros,
            alpha_regularizer: None,
            alpha_constraint: None,
            shared_axes: Vec::new(),
        }
    }

    /// How the slopes start; zeros by default.
    pub fn alpha_initializer(mut self, initializer: Initializer) -> PReLU {
        self.alpha_initializer = initializer;
        self
    }

    /// A penalty on the slopes, added to the loss.
    pub fn alpha_regularizer(mut self, regularizer: Regularizer) -> PReLU {
        self.alpha_regularizer = Some(regularizer);
        self
    }

    /// What is made of the slopes after each update.
    pub fn alpha_constraint(mut self, constraint: Constraint) -> PReLU {
        self.alpha_constraint = Some(constraint);
        self
    }

    /// The axes along which there is one slope, from 1 (the first after the samples); none by
    /// default. `&[1, 2]` makes one for each channel of an image.
    pub fn shared_axes(mut self, axes: &[i64]) -> PReLU {
        self.shared_axes = axes.to_vec();
        self
    }

    /// The output for `x`.
    #[track_caller]
    pub fn call(&self, x: Var) -> Var {
        self.run(&[x])
    }

    fn args(&self) -> [ArgValue; 4] {
        [ArgValue::Unset, ArgValue::Unset, ArgValue::Unset, list(&self.shared_axes)]
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let has = [("alpha", self.alpha.shape())];
        if let Err(poison) = ready(&ENTRY, &self.args(), inputs, &has) {
            return poison;
        }
        penalize(&self.alpha_regularizer, &self.alpha);
        let x = inputs[0];
        let alpha = tape::apply(Reshape(self.alpha.shape().with_first(1)), &[self.alpha.var()]);
        // Not by operators, which stretch nothing where a model runs inside of a loss.
        let below = tape::apply(Binary::Mul, &[(-x).relu(), alpha]);
        x.relu() - below
    }
}

impl Default for PReLU {
    fn default() -> PReLU {
        PReLU::new()
    }
}

impl Layer for PReLU {
    fn init(&mut self, seed: Seed, inputs: &[Value]) {
        for &(name, shape) in needed(&ENTRY, &self.args(), inputs).as_slice() {
            let alpha = self.alpha_initializer.parameter(&seed.child(name), shape);
            self.alpha = alpha.constrained(self.alpha_constraint.as_ref());
        }
    }

    #[track_caller]
    fn call(&self, inputs: &[Var]) -> Vars {
        self.run(inputs).into()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.parameter("alpha", &self.alpha);
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Shape;
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn slopes_are_shared_and_learned() {
        let mut layer = PReLU::new().shared_axes(&[1]);
        layer.init(Seed::new(0), &[Value::float(&[2, 2])]);
        assert_eq!(layer.alpha.shape(), Shape::new(&[1, 2]));
        layer.alpha.set(&array![[0.5, 2.0]]).unwrap();
        let x = array![[[1.0, -1.0], [-2.0, -3.0]], [[-4.0, 0.0], [5.0, 6.0]]];
        tape::run(Mode::Training, || {
            let y = layer.call(Var::from_array(&x));
            let expected = array![[[1.0, -2.0], [-1.0, -6.0]], [[-2.0, 0.0], [5.0, 6.0]]];
            assert_eq!(y.to_array(), expected.into_dyn());
            // The sums of what is below 0.
            let gradient = tape::backward(y.sum()).take(&layer.alpha);
            assert_eq!(gradient, Some(vec![-6.0, -4.0].into()));
        })
        .unwrap();
    }
}
