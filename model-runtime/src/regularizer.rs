use crate::{Float, Var};

/// A penalty on weights or outputs, added to the loss; see the [Keras
/// page](https://keras.io/api/layers/regularizers/).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Regularizer {
    /// `l1 · Σ|x|`.
    L1(Float),
    /// `l2 · Σx²`.
    L2(Float),
    /// `l1 · Σ|x| + l2 · Σx²`.
    L1L2(Float, Float),
}

impl Regularizer {
    /// The penalty on a value, one number.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`](crate::tape::run).
    #[track_caller]
    pub fn penalty(&self, x: Var) -> Var {
        match *self {
            Regularizer::L1(l1) => x.abs().sum() * l1,
            Regularizer::L2(l2) => x.square().sum() * l2,
            Regularizer::L1L2(l1, l2) => x.abs().sum() * l1 + x.square().sum() * l2,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::{Mode, tape};

    #[test]
    fn penalties_are_weighted_norms() {
        let penalty = |regularizer: Regularizer| {
            let x = array![[1.0, -2.0], [0.0, 3.0]];
            tape::run(Mode::Training, || regularizer.penalty(Var::from_array(&x)).to_array())
        };
        let number = |value: Float| ndarray::arr0(value).into_dyn();
        assert_eq!(penalty(Regularizer::L1(0.5)), Ok(number(3.0)));
        assert_eq!(penalty(Regularizer::L2(0.5)), Ok(number(7.0)));
        assert_eq!(penalty(Regularizer::L1L2(0.5, 0.25)), Ok(number(6.5)));
    }
}
