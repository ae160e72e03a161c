use super::support::{aligned, from_0, loss, mean_last};
use super::{Loss, PerSample, Target};
use crate::float::Scalar;
use crate::ops::cross_entropy::EPSILON;
use crate::ops::map::Map;
use crate::{Error, Float, Var, tape};

loss! {
    /// The mean of `(y_pred - y_true)²` over the last axis;
    /// [Keras's
    /// `MeanSquaredError`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Targets and predictions have the same shape `(samples, …)`; a last axis of size 1 may be
    /// missing in one.
    MeanSquaredError, "mean_squared_error", aligned,
    |y_true, y_pred| mean_last((y_pred - y_true).square()),
    |target| target.has_output_shape("mean_squared_error")
}

loss! {
    /// The mean of `|y_pred - y_true|` over the last axis;
    /// [Keras's
    /// `MeanAbsoluteError`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Shapes as for [`MeanSquaredError`].
    MeanAbsoluteError, "mean_absolute_error", aligned,
    |y_true, y_pred| mean_last((y_pred - y_true).abs()),
    |target| target.has_output_shape("mean_absolute_error")
}

loss! {
    /// The mean of `100 · |y_pred - y_true| / |y_true|` over the last axis, the divisor at least
    /// 1e-7;
    /// [Keras's
    /// `MeanAbsolutePercentageError`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Shapes as for [`MeanSquaredError`].
    MeanAbsolutePercentageError, "mean_absolute_percentage_error", aligned,
    |y_true, y_pred| {
        let least = Float::of(EPSILON);
        let share = (y_pred - y_true).abs() / y_true.abs().clip(least, Float::INFINITY);
        mean_last(share) * 100
    },
    |target| target.has_output_shape("mean_absolute_percentage_error")
}

loss! {
    /// The mean of `(ln(1 + y_pred) - ln(1 + y_true))²` over the last axis, where predictions and
    /// targets are at least 1e-7;
    /// [Keras's
    /// `MeanSquaredLogarithmicError`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Shapes as for [`MeanSquaredError`]; targets are 0 or more.
    MeanSquaredLogarithmicError, "mean_squared_logarithmic_error", aligned,
    |y_true, y_pred| {
        let log = |x: Var| x.clip(Float::of(EPSILON), Float::INFINITY).log1p();
        mean_last((log(y_pred) - log(y_true)).square())
    },
    |target| target.is_at_least_0("mean_squared_logarithmic_error")
}

loss! {
    /// The mean of `ln cosh(y_pred - y_true)` over the last axis: about half the square of a small
    /// error, and a large one less ln 2;
    /// [Keras's
    /// `LogCosh`](https://keras.io/api/losses/regression_losses/).
    ///
    /// Shapes as for [`MeanSquaredError`].
    LogCosh, "log_cosh", aligned,
    |y_true, y_pred| {
        // ln cosh x = x + ln(1 + exp(-2x)) - ln 2, which does not overflow.
        let error = y_pred - y_true;
        let rest = tape::apply(Map::Softplus, &[error * -2]);
        mean_last(error + rest - Float::of(core::f64::consts::LN_2))
    },
    |target| target.has_output_shape("log_cosh")
}

/// The mean over the last axis of `e² / 2` for an error `e = |y_pred - y_true|` up to `delta`, and
/// of `delta · e - delta² / 2` for a larger one
/// ([Huber, 1964](https://doi.org/10.1214/aoms/1177703732));
/// [Keras's
/// `Huber`](https://keras.io/api/losses/regression_losses/).
///
/// Shapes as for [`MeanSquaredError`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    delta: Float,
}

const HUBER: &str = "huber";

impl Default for Huber {
    fn default() -> Huber {
        Huber::new()
    }
}

impl Huber {
    /// With `delta` 1.
    pub fn new() -> Huber {
        Huber { delta: 1.0 }
    }

    /// Up to which error the loss is a square; 1 by default.
    pub fn delta(mut self, delta: Float) -> Huber {
        self.delta = delta;
        self
    }
}

impl Loss for Huber {
    #[track_caller]
    fn per_sample(&self, y_true: Var, y_pred: Var) -> PerSample {
        aligned(y_true, y_pred, HUBER, |y_true, y_pred| {
            let error = (y_pred - y_true).abs();
            let small = error.clip(0.0, self.delta);
            mean_last(small.square() * 0.5 + (error - small) * self.delta)
        })
    }

    fn name(&self) -> String {
        HUBER.to_owned()
    }

    fn needs_target(&self) -> bool {
        true
    }

    fn check(&self, target: &Target<'_>) -> Result<(), Error> {
        from_0("delta", self.delta)?;
        target.has_output_shape(HUBER)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;
    use crate::loss::support::tests::{check, close, gradient, run};

    fn pair() -> (ArrayD<Float>, ArrayD<Float>) {
        let t = array![[1.0, 2.0], [0.5, 0.25]].into_dyn();
        let p = array![[2.0, 4.0], [3.5, 0.5]].into_dyn();
        (t, p)
    }

    #[test]
    fn the_mean_is_taken_over_the_last_axis() {
        let t = array![[1.0, 2.0], [0.0, 0.0]].into_dyn();
        let p = array![[2.0, 4.0], [-3.0, 1.0]].into_dyn();
        assert_eq!(run(&MeanSquaredError, &t, &p), Ok(array![2.5, 5.0].into_dyn()));
        assert_eq!(run(&MeanAbsoluteError, &t, &p), Ok(array![1.5, 2.0].into_dyn()));
        let sequence = |x: ArrayD<Float>| x.into_shape_with_order(vec![1, 2, 1, 2]).unwrap();
        let losses = run(&MeanSquaredError, &sequence(t), &sequence(p));
        assert_eq!(losses, Ok(array![[2.5, 5.0]].into_dyn()));
    }

    #[test]
    fn each_is_the_formula() {
        let (t, p) = pair();
        close(&MeanAbsolutePercentageError, &t, &p, &[100.0, (600.0 + 100.0) / 2.0]);
        let log = |p: f64, t: f64| ((1.0 + p).ln() - (1.0 + t).ln()).powi(2);
        let expected =
            [(log(2.0, 1.0) + log(4.0, 2.0)) / 2.0, (log(3.5, 0.5) + log(0.5, 0.25)) / 2.0];
        close(&MeanSquaredLogarithmicError, &t, &p, &expected);
        let of = |e: f64| e.cosh().ln();
        close(&LogCosh, &t, &p, &[(of(1.0) + of(2.0)) / 2.0, (of(3.0) + of(0.25)) / 2.0]);
        close(&Huber::new(), &t, &p, &[(0.5 + 1.5) / 2.0, (2.5 + 0.03125) / 2.0]);
        close(&Huber::new().delta(2.0), &t, &p, &[(0.5 + 2.0) / 2.0, (4.0 + 0.03125) / 2.0]);
    }

    #[test]
    fn what_is_small_or_large_is_kept_in_bounds() {
        let zero = array![[0.0]].into_dyn();
        // |1e-7 - 0| / 1e-7, in percent.
        close(&MeanAbsolutePercentageError, &zero, &array![[1e-7]].into_dyn(), &[100.0]);
        close(&MeanSquaredLogarithmicError, &zero, &array![[-5.0]].into_dyn(), &[0.0]);
        let far = 1000.0 - core::f64::consts::LN_2;
        close(
            &LogCosh,
            &array![[1000.0], [0.0]].into_dyn(),
            &array![[0.0], [1000.0]].into_dyn(),
            &[far, far],
        );
    }

    #[test]
    fn gradients() {
        let (t, p) = pair();
        for loss in [
            &MeanAbsolutePercentageError as &dyn Loss,
            &MeanSquaredLogarithmicError,
            &LogCosh,
            &Huber::new().delta(1.5),
        ] {
            gradient(loss, &t, &p);
        }
    }

    #[test]
    fn targets_and_options_are_checked() {
        let text = check(&MeanSquaredLogarithmicError, &[2], &[0.0, 1.0, 2.0, -3.0], &[2]);
        assert_eq!(
            text.unwrap_err(),
            "the target of `y` has -3 in sample 1, but `mean_squared_logarithmic_error` takes \
             numbers from 0 on"
        );
        let text = check(&Huber::new().delta(-1.0), &[1], &[0.0], &[1]).unwrap_err();
        assert_eq!(text, "`delta` is -1, but must be a number from 0 on");
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
