//! Functions with gradients of the user's.

use model_spec::{ShapeError, Text};

use crate::pool;
use crate::tape::{self, Mode, Op, Recorded, Step};
use crate::tensor::Tensor;
use crate::{Float, Var};

type Gradient = dyn Fn(&[Var], Var) -> Vec<Var> + Send;

/// A value that has been computed already, and how its gradient goes back.
struct Custom {
    value: Option<Tensor>,
    gradient: Box<Gradient>,
}

impl Op<Float> for Custom {
    fn forward(&mut self, _inputs: &[&Tensor]) -> Tensor {
        self.value.take().unwrap_or_else(|| Tensor::scalar(Float::NAN))
    }

    fn backward(&self, step: &mut Step<'_, Float>) {
        let output = *step.output.shape();
        let gradients = tape::run(Mode::Inference, || {
            let inputs: Vec<Var> =
                step.inputs.iter().map(|input| tape::constant((*input).clone())).collect();
            let upstream = tape::constant(Tensor::of(output, pool::copy(step.gradient)));
            let gradients = (self.gradient)(&inputs, upstream);
            fits(&gradients, &inputs);
            gradients.into_iter().map(Var::tensor).collect::<Vec<_>>()
        });
        match gradients {
            Ok(gradients) => {
                for (input, gradient) in gradients.iter().enumerate() {
                    step.add(input, |i| gradient.data()[i]);
                }
            }
            Err(error) => {
                tape::fail(error);
            }
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let inputs = step.inputs.clone();
        let gradients = (self.gradient)(&inputs, step.gradient);
        fits(&gradients, &inputs);
        for (input, gradient) in gradients.into_iter().enumerate().take(inputs.len()) {
            step.add(input, || gradient);
        }
    }
}

/// Records an error where the gradients are not those of the inputs.
fn fits(gradients: &[Var], inputs: &[Var]) {
    if gradients.iter().any(|gradient| gradient.is_poison()) {
        return;
    }
    let text = if gradients.len() == inputs.len() {
        let mut pairs = gradients.iter().zip(inputs).enumerate();
        let Some((i, (gradient, input))) = pairs.find(|(_, (g, x))| g.shape() != x.shape()) else {
            return;
        };
        let text = Text::new("custom_gradient: the gradient of input ").int(i as i64).str(" is ");
        text.shape(&gradient.shape()).str(", but the input is ").shape(&input.shape())
    } else {
        let text = Text::new("custom_gradient: there are ").int(inputs.len() as i64);
        text.str(" inputs, but ").int(gradients.len() as i64).str(" gradients")
    };
    let error = ShapeError::of(text).help("return for each input a gradient of its shape");
    tape::fail_shape(error, &[]);
}

impl Var {
    /// What `forward` makes of values, with a gradient of your own: `gradient` is given the values
    /// and the gradient of the result, and returns the gradient of each value, in its shape. Both
    /// closures see constants, but for `gradient` within
    /// [`tape::grad_recorded`](crate::tape::grad_recorded), which differentiates what it computes.
    /// Keras's `custom_gradient`.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// /// Rounds, but lets the gradient through.
    /// fn round(x: Var) -> Var {
    ///     Var::custom_gradient(&[x], |xs| xs[0].round(), |_, upstream| vec![upstream])
    /// }
    /// let y = tape::run(Mode::Training, || {
    ///     round(Var::from_array(&ndarray::array![0.4, 0.6])).to_array()
    /// })?;
    /// assert_eq!(y, ndarray::array![0.0, 1.0].into_dyn());
    /// # Ok::<(), Error>(())
    /// ```
    #[track_caller]
    pub fn custom_gradient(
        vars: &[Var],
        forward: impl FnOnce(&[Var]) -> Var,
        gradient: impl Fn(&[Var], Var) -> Vec<Var> + Send + 'static,
    ) -> Var {
        let constants: Vec<Var> = vars.iter().map(|var| var.detach()).collect();
        let value = forward(&constants);
        if value.is_poison() {
            return value;
        }
        let gradient = Box::new(gradient);
        tape::apply(Custom { value: Some(value.tensor()), gradient }, vars)
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Shape;

    use super::*;

    fn x() -> Var {
        tape::variable(Tensor::new(Shape::new(&[2]), vec![0.4, 1.6]))
    }

    #[test]
    fn the_gradient_is_that_of_the_closure() {
        tape::run(Mode::Training, || {
            let (a, b) = (x(), x());
            let y = Var::custom_gradient(
                &[a, b],
                |xs| xs[0] * xs[1] * 100,
                |xs, upstream| vec![upstream * xs[1], upstream * 7],
            );
            assert_eq!(y.to_array().sum(), (y.to_array()[0] + y.to_array()[1]));
            let gradients = tape::backward((y * 2).sum());
            assert_eq!(gradients.of(a), Some([0.8, 3.2].as_slice()));
            assert_eq!(gradients.of(b), Some([14.0, 14.0].as_slice()));
        })
        .unwrap();
    }

    #[test]
    fn a_gradient_that_does_not_fit_is_an_error() {
        let run = |gradient: fn(&[Var], Var) -> Vec<Var>| {
            let result = tape::run(Mode::Training, || {
                let y = Var::custom_gradient(&[x()], |xs| xs[0] * 2, gradient);
                tape::backward(y.sum());
            });
            result.unwrap_err().to_string()
        };
        let text = run(|_, upstream| vec![upstream.sum()]);
        let sentence = "custom_gradient: the gradient of input 0 is (), but the input is (2)";
        assert!(text.starts_with(sentence), "{text}");
        let text = run(|_, _| Vec::new());
        assert!(text.starts_with("custom_gradient: there are 1 inputs, but 0 gradients"), "{text}");
        let text = run(|_, upstream| vec![upstream.argmax(3, false)]);
        assert!(text.starts_with("argmax: there is no axis 3"), "{text}");
    }
}
