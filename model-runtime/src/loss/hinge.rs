//! Losses of a margin: what is right by less than 1 still costs.

use super::Target;
use super::support::{aligned, by_class, loss, mean_last, sum_last};
use super::target::first_other;
use crate::{Error, Var};

/// `1 - t · p` where that is above 0, else 0, for targets of -1 or 1; of 0 and 1 are made -1 and 1
/// if there are no others, as in Keras.
#[track_caller]
fn margin(y_true: Var, y_pred: Var) -> Var {
    let other = first_other(y_true.tensor().data(), |t| (t == 0.0) | (t == 1.0));
    let y_true = if other.is_none() { y_true * 2 - 1 } else { y_true };
    (1 - y_true * y_pred).relu()
}

/// Refuses what is neither -1 and 1, nor 0 and 1.
fn check_signs(target: &Target<'_>, wanted_by: &str) -> Result<(), Error> {
    target.has_output_shape(wanted_by)?;
    let least = if target.values.contains(&0.0) { 0.0 } else { -1.0 };
    // Without a branch, which nobody could foresee.
    let fits = |value| (value == 1.0) | (value == least);
    target.is_made_of("-1 and 1, or 0 and 1", fits, wanted_by)
}

loss! {
    /// The mean of `max(1 - y_true · y_pred, 0)` over the last axis, for targets of -1 or 1;
    /// [Keras's
    /// `Hinge`](https://keras.io/api/losses/hinge_losses/).
    ///
    /// Targets and predictions have the same shape `(samples, …)`. Targets of 0 and 1 are made -1
    /// and 1.
    Hinge, "hinge", aligned,
    |y_true, y_pred| mean_last(margin(y_true, y_pred)),
    |target| check_signs(target, "hinge")
}

loss! {
    /// The mean of `max(1 - y_true · y_pred, 0)²` over the last axis, for targets of -1 or 1;
    /// [Keras's
    /// `SquaredHinge`](https://keras.io/api/losses/hinge_losses/).
    ///
    /// Targets and shapes as for [`Hinge`].
    SquaredHinge, "squared_hinge", aligned,
    |y_true, y_pred| mean_last(margin(y_true, y_pred).square()),
    |target| check_signs(target, "squared_hinge")
}

loss! {
    /// `max(1 + n - p, 0)`, where p is the prediction of the true class and n the largest of the
    /// others: `p = Σ t · y_pred`, `n = max (1 - t) · y_pred` over the last axis;
    /// [Keras's
    /// `CategoricalHinge`](https://keras.io/api/losses/hinge_losses/).
    ///
    /// Targets `t`, which are one-hot, and predictions have the same shape `(samples, …, classes)`.
    CategoricalHinge, "categorical_hinge", by_class,
    |y_true, y_pred| {
        let right = sum_last(y_true * y_pred);
        let wrong = ((1 - y_true) * y_pred).max_axes(&[-1], false);
        (wrong - right + 1).relu()
    },
    |target| target.has_probabilities("categorical_hinge")
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::loss::Loss;
    use crate::loss::support::tests::{check, close, gradient, run};

    #[test]
    fn each_is_the_formula() {
        let signs = array![[-1.0, 1.0], [1.0, 1.0]].into_dyn();
        let binary = array![[0.0, 1.0], [1.0, 1.0]].into_dyn();
        let p = array![[0.5, 0.25], [3.0, -1.0]].into_dyn();
        for t in [&signs, &binary] {
            close(&Hinge, t, &p, &[(1.5 + 0.75) / 2.0, (0.0 + 2.0) / 2.0]);
            close(&SquaredHinge, t, &p, &[(2.25 + 0.5625) / 2.0, (0.0 + 4.0) / 2.0]);
        }
        let one_hot = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]].into_dyn();
        let p = array![[0.5, 0.75, -1.0], [3.0, 1.0, 0.0]].into_dyn();
        close(&CategoricalHinge, &one_hot, &p, &[0.75, 0.0]);
        gradient(&Hinge, &signs, &array![[0.5, 0.25], [3.0, -1.0]].into_dyn());
        gradient(&SquaredHinge, &signs, &array![[0.5, 0.25], [3.0, -1.0]].into_dyn());
        gradient(&CategoricalHinge, &one_hot, &p);
    }

    #[test]
    fn targets_are_checked() {
        assert_eq!(check(&Hinge, &[2], &[-1.0, 1.0], &[2]), Ok(()));
        assert_eq!(check(&Hinge, &[2], &[0.0, 1.0], &[2]), Ok(()));
        for (loss, values) in [(&Hinge as &dyn Loss, [-1.0, 2.0]), (&SquaredHinge, [0.0, -1.0])] {
            let text = check(loss, &[2], &values, &[2]).unwrap_err();
            assert!(text.ends_with("takes -1 and 1, or 0 and 1"), "{text}");
        }
        assert!(check(&CategoricalHinge, &[2], &[1.0, 1.0], &[2]).is_err());
        let one = array![1.0].into_dyn();
        let text = run(&CategoricalHinge, &one, &one).unwrap_err().to_string();
        assert!(text.starts_with("categorical_hinge needs an axis of classes"), "{text}");
    }
}
