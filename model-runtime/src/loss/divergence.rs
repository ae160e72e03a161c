//! How far distributions are from each other.

use super::support::{aligned, by_class, loss, mean_last, sum_last};
use crate::float::Scalar;
use crate::ops::cross_entropy::EPSILON;
use crate::{Float, Var};

loss! {
    /// `Σ t · ln(t / p)` over the last axis, the classes, where t and p are kept from 1e-7 to 1:
    /// how far predicted probabilities p are from true ones
    /// ([Kullback and Leibler, 1951](https://doi.org/10.1214/aoms/1177729694));
    /// [Keras's
    /// `KLDivergence`](https://keras.io/api/losses/probabilistic_losses/).
    ///
    /// Targets and predictions have the same shape `(samples, …, classes)`; as in Keras, targets
    /// need not sum to 1.
    KLDivergence, "kl_divergence", by_class,
    |y_true, y_pred| {
        let bounded = |x: Var| x.clip(Float::of(EPSILON), 1.0);
        let (t, p) = (bounded(y_true), bounded(y_pred));
        sum_last(t * (t / p).ln())
    },
    |target| target.has_output_shape("kl_divergence")
}

loss! {
    /// The mean of `p - t · ln(p + 1e-7)` over the last axis, for counts t and predicted rates p;
    /// [Keras's
    /// `Poisson`](https://keras.io/api/losses/probabilistic_losses/).
    ///
    /// Targets, 0 or more, and predictions have the same shape `(samples, …)`; a last axis of size
    /// 1 may be missing in one. Predictions are above 0, as those of an exponential are.
    Poisson, "poisson", aligned,
    |y_true, y_pred| mean_last(y_pred - y_true * (y_pred + Float::of(EPSILON)).ln()),
    |target| target.is_at_least_0("poisson")
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::loss::support::tests::{check, close, gradient};

    #[test]
    fn each_is_the_formula() {
        let t = array![[0.5, 0.5], [0.0, 1.0]].into_dyn();
        let p = array![[0.25, 0.75], [0.5, 0.5]].into_dyn();
        let of = |t: f64, p: f64| t * (t / p).ln();
        let expected = [of(0.5, 0.25) + of(0.5, 0.75), of(1e-7, 0.5) + of(1.0, 0.5)];
        close(&KLDivergence, &t, &p, &expected);
        close(&KLDivergence, &t, &t, &[0.0, 0.0]);
        gradient(&KLDivergence, &t, &p);
        let counts = array![[2.0, 0.0], [1.0, 3.0]].into_dyn();
        let of = |t: f64, p: f64| p - t * (p + 1e-7).ln();
        let expected = [(of(2.0, 0.25) + 0.75) / 2.0, (of(1.0, 0.5) + of(3.0, 0.5)) / 2.0];
        close(&Poisson, &counts, &p, &expected);
        gradient(&Poisson, &counts, &p);
    }

    #[test]
    fn targets_are_checked() {
        assert_eq!(check(&KLDivergence, &[2], &[0.5, 0.9], &[2]), Ok(()));
        assert!(check(&KLDivergence, &[2], &[0.5, 0.9, 0.1], &[3]).is_err());
        let text = check(&Poisson, &[1], &[2.0, -1.0], &[1]).unwrap_err();
        assert!(text.contains("-1 in sample 1, but `poisson` takes numbers from 0"), "{text}");
    }
}
