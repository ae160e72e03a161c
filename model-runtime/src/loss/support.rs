//! What losses are made with.

use model_spec::{Shape, ShapeError, Text};

use super::PerSample;
use super::target::align;
use crate::ops::view::Reshape;
use crate::{Error, Float, Var, tape};

/// Defines a loss without options: its name, how targets and predictions are brought together
/// ([`aligned`] or [`by_class`]), the formula, and the check of its targets.
macro_rules! loss {
    (
        $(#[$doc:meta])*
        $loss:ident, $name:literal, $together:ident,
        |$t:ident, $p:ident| $each:expr, |$target:ident| $check:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $loss;

        impl $crate::loss::Loss for $loss {
            #[track_caller]
            fn per_sample(&self, y_true: $crate::Var, y_pred: $crate::Var) -> $crate::PerSample {
                $together(y_true, y_pred, $name, |$t, $p| $each)
            }

            fn name(&self) -> String {
                $name.to_owned()
            }

            fn needs_target(&self) -> bool {
                true
            }

            fn check(&self, $target: &$crate::loss::Target<'_>) -> Result<(), $crate::Error> {
                $check
            }
        }
    };
}

pub(super) use loss;

/// The loss of each position, of targets in the shape of the predictions.
#[track_caller]
pub(super) fn aligned(
    y_true: Var,
    y_pred: Var,
    loss: &str,
    each: impl FnOnce(Var, Var) -> Var,
) -> PerSample {
    match align(y_true, y_pred, loss) {
        Ok(y_true) => positions(each(y_true, y_pred)),
        Err(poison) => PerSample::new(poison),
    }
}

/// [`aligned`], where there is an axis of classes.
#[track_caller]
pub(super) fn by_class(
    y_true: Var,
    y_pred: Var,
    loss: &str,
    each: impl FnOnce(Var, Var) -> Var,
) -> PerSample {
    if !y_pred.is_poison() && !has_classes(y_pred) {
        return no_classes(y_true, loss);
    }
    aligned(y_true, y_pred, loss, each)
}

/// Whether a prediction has an axis of classes after that of the samples.
#[track_caller]
pub(super) fn has_classes(y_pred: Var) -> bool {
    let shape = y_pred.shape();
    shape.rank() > 1 && shape.last() > 0
}

/// The error for a prediction without an axis of classes.
#[track_caller]
pub(super) fn no_classes(y_true: Var, loss: &str) -> PerSample {
    let sentence = Text::new(loss).str(" needs an axis of classes, the last");
    let error = ShapeError::of(sentence).help("for yes or no, use binary_crossentropy");
    PerSample::new(tape::fail_shape(error, &[y_true]))
}

/// The mean over the last axis, unless that is the samples', or a mask says what of it counts.
#[track_caller]
pub(super) fn mean_last(var: Var) -> Var {
    let rank = var.shape().rank();
    let is_masked = var.mask().is_some_and(|mask| mask.shape().rank() == rank);
    if rank > 1 && !is_masked { var.mean_axes(&[-1], false) } else { var }
}

/// The sum over the last axis.
#[track_caller]
pub(super) fn sum_last(var: Var) -> Var {
    var.sum_axes(&[-1], false)
}

/// One number for each position of each sample: all axes after the samples' are made one.
#[track_caller]
pub(super) fn positions(var: Var) -> PerSample {
    let shape = var.shape();
    if shape.rank() <= 2 {
        return PerSample::new(var);
    }
    let count = shape.dims()[1..].iter().product();
    PerSample::new(tape::apply(Reshape(Shape::new(&[shape.dim(0), count])), &[var]))
}

/// Refuses an option outside of 0 to 1.
pub(super) fn from_0_to_1(name: &'static str, value: Float) -> Result<(), Error> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(Error::Option { name, value: value.to_string(), expected: "a number from 0 to 1" })
}

/// Refuses an option below 0.
pub(super) fn from_0(name: &'static str, value: Float) -> Result<(), Error> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(Error::Option { name, value: value.to_string(), expected: "a number from 0 on" })
}

#[cfg(test)]
pub(super) mod tests {
    use ndarray::ArrayD;

    use crate::float::Scalar;
    use crate::loss::Loss;
    use crate::{Error, Float, Mode, Var, tape};

    /// The numbers of a loss.
    pub fn run(
        loss: &dyn Loss,
        t: &ArrayD<Float>,
        p: &ArrayD<Float>,
    ) -> Result<ArrayD<Float>, Error> {
        tape::run(Mode::Inference, || {
            loss.per_sample(Var::from_array(t), Var::from_array(p)).var().to_array()
        })
    }

    /// Compares the numbers of a loss.
    #[track_caller]
    pub fn close(loss: &dyn Loss, t: &ArrayD<Float>, p: &ArrayD<Float>, expected: &[f64]) {
        let got = run(loss, t, p).unwrap();
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            let error = (got.as_f64() - expected).abs();
            assert!(error < 2e-6 * expected.abs().max(1.0), "{got}, not {expected}");
        }
    }

    /// Compares the gradient of a loss's mean by the prediction with differences; only in `f64` are
    /// they exact enough to say more than that a sign is right.
    #[track_caller]
    pub fn gradient(loss: &dyn Loss, t: &ArrayD<Float>, p: &ArrayD<Float>) {
        let mean = |p: &ArrayD<Float>| {
            let mean = tape::run(Mode::Inference, || {
                loss.per_sample(Var::from_array(t), Var::from_array(p)).mean().to_array().sum()
            });
            mean.unwrap().as_f64()
        };
        let found = tape::run(Mode::Training, || {
            let shape = model_spec::Shape::new(p.shape());
            let p = tape::variable(crate::tensor::Tensor::new(shape, p.iter().copied().collect()));
            let mean = loss.per_sample(Var::from_array(t), p).mean();
            tape::backward(mean).of(p).map(<[Float]>::to_vec)
        });
        let found = found.unwrap().expect("the loss depends on the prediction");
        let exact = size_of::<Float>() == 8;
        let (step, tolerance) = if exact { (1e-5, 1e-7) } else { (1e-2, 2e-2) };
        for (i, found) in found.iter().enumerate() {
            let at = |offset: f64| {
                let mut p = p.clone();
                p.as_slice_mut().unwrap()[i] += Float::of(offset * step);
                mean(&p)
            };
            let numeric = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step);
            let error = (found.as_f64() - numeric).abs();
            assert!(error < tolerance * numeric.abs().max(1.0), "{i}: {found}, not {numeric}");
        }
    }

    /// What the check of a target says: its shape of one sample, its numbers, and the output's.
    pub fn check(
        loss: &dyn Loss,
        shape: &[usize],
        values: &[Float],
        output: &[usize],
    ) -> Result<(), String> {
        let (shape, output) = (model_spec::Shape::new(shape), model_spec::Shape::new(output));
        let target = crate::loss::Target { data: "the target of `y`", shape, values, output };
        loss.check(&target).map_err(|error| error.to_string())
    }
}
