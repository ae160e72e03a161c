use super::target::align;
use super::{Loss, PerSample, Target};
use crate::{Error, Var};

macro_rules! regression {
    ($(#[$doc:meta])* $loss:ident, $name:literal, |$error:ident| $each:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $loss;

        impl Loss for $loss {
            #[track_caller]
            fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
                match align(y_true, y_pred, $name) {
                    Ok(y_true) => {
                        let $error = y_pred - y_true;
                        $each.mean_per_sample()
                    }
                    Err(poison) => PerSample::new(poison),
                }
            }

            fn name(&self) -> String {
                $name.to_owned()
            }

            fn needs_target(&self) -> bool {
                true
            }

            fn check(&self, target: &Target<'_>) -> Result<(), Error> {
                target.has_output_shape($name)
            }
        }
    };
}

regression! {
    /// The mean of `(y_pred - y_true)²` over a sample;
    /// [Keras's
    /// `MeanSquaredError`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Targets and predictions have the same shape `(samples, …)`; a last axis of size 1 may be
    /// missing in one.
    MeanSquaredError, "mean_squared_error", |error| error.square()
}

regression! {
    /// The mean of `|y_pred - y_true|` over a sample;
    /// [Keras's
    /// `MeanAbsoluteError`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Targets and predictions have the same shape `(samples, …)`; a last axis of size 1 may be
    /// missing in one.
    MeanAbsoluteError, "mean_absolute_error", |error| error.abs()
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::{Float, Mode, tape};

    fn run(loss: &dyn Loss, t: &ArrayD<Float>, p: &ArrayD<Float>) -> Result<ArrayD<Float>, Error> {
        tape::run(Mode::Inference, || {
            loss.per_sample(Var::from_array(t), Var::from_array(p)).var().to_array()
        })
    }

    #[test]
    fn the_mean_is_taken_over_each_sample() {
        let t = array![[1.0, 2.0], [0.0, 0.0]].into_dyn();
        let p = array![[2.0, 4.0], [-3.0, 1.0]].into_dyn();
        assert_eq!(run(&MeanSquaredError, &t, &p), Ok(array![2.5, 5.0].into_dyn()));
        assert_eq!(run(&MeanAbsoluteError, &t, &p), Ok(array![1.5, 2.0].into_dyn()));
    }

    #[test]
    fn one_number_a_sample_needs_no_axis_and_nothing_else_is_stretched() {
        let t = array![1.0, 2.0].into_dyn();
        let p = array![[2.0], [4.0]].into_dyn();
        assert_eq!(run(&MeanSquaredError, &t, &p), Ok(array![1.0, 4.0].into_dyn()));
        let wide = array![[2.0, 4.0], [1.0, 1.0]].into_dyn();
        let text = run(&MeanSquaredError, &p, &wide).unwrap_err().to_string();
        assert_eq!(
            text,
            "the target has samples of the shape (1), but `mean_squared_error` takes (2)\n  help: \
             give the target the shape of the output, or the model an output of the target's"
        );
    }
}
