use model_spec::ArgValue;
use model_spec::layers::activity_regularization::ENTRY;

use super::support::one_input;
use super::{accepts, samples};
use crate::float::Scalar;
use crate::{Float, Regularizer, Var, tape};

/// The input itself, and a penalty on it that is added to the loss: `(l1 · Σ|x| + l2 · Σx²) /
/// samples`;
/// [Keras's `ActivityRegularization`].
///
/// - Input: `(samples, …)`. Output: the same.
///
/// [Keras's `ActivityRegularization`]:
/// <https://keras.io/api/layers/regularization_layers/activity_regularization/>
///
/// ```
/// use model_runtime::prelude::*;
/// let net = model! { x = Input(1); ActivityRegularization(l1 = 0.5, l2 = 0.25)(x * 1) };
/// let mut trainer = net.compile("sgd", "mse")?;
/// let x = ndarray::array![[2.0], [4.0]];
/// assert_eq!(trainer.evaluate(&x, &x)?["loss"], (3.0 + 5.0) / 2.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ActivityRegularization {
    l1: Float,
    l2: Float,
}

one_input!(ActivityRegularization);

impl ActivityRegularization {
    /// A penalty of nothing, until one of the others says otherwise.
    pub fn new() -> ActivityRegularization {
        ActivityRegularization::default()
    }

    /// How much the absolute numbers count; 0 by default.
    pub fn l1(mut self, l1: Float) -> ActivityRegularization {
        self.l1 = l1;
        self
    }

    /// How much the squares count; 0 by default.
    pub fn l2(mut self, l2: Float) -> ActivityRegularization {
        self.l2 = l2;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [self.l1, self.l2].map(|factor| ArgValue::Float(factor.as_f64()));
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        // A value of its own, whose penalty counts beside that of another layer on the input.
        let y = inputs[0] * 1;
        let count = samples(y).max(1) as Float;
        let regularizer = Regularizer::L1L2(self.l1, self.l2);
        tape::add_term(y.source(), || regularizer.penalty(y) / count);
        y
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn each_call_adds_its_penalty() {
        let layer = ActivityRegularization::new().l1(1.0).l2(0.5);
        tape::run(Mode::Training, || {
            let x = Var::from_array(&array![[1.0, -2.0], [0.0, 3.0]]);
            let y = layer.call(layer.call(x));
            assert_eq!(y.to_array(), x.to_array());
            let terms: Vec<_> = tape::terms().iter().map(|term| term.value.to_array()).collect();
            // (6 + 14 / 2) / 2.
            assert_eq!(terms, [ndarray::arr0(6.5).into_dyn(), ndarray::arr0(6.5).into_dyn()]);
        })
        .unwrap();
    }

    #[test]
    fn a_negative_factor_is_an_error() {
        let step = || ActivityRegularization::new().l1(-1.0).call(Var::scalar(1.0)).shape();
        let text = tape::run(Mode::Inference, step).unwrap_err().to_string();
        assert!(text.starts_with("ActivityRegularization: l1 must not be negative"), "{text}");
    }
}
