use std::fmt;
use std::sync::Arc;

use model_spec::{ShapeError, Text};

use crate::{Float, Parameter, Var, tape};

/// A penalty on weights or outputs, added to the loss; see the [Keras
/// page](https://keras.io/api/layers/regularizers/).
///
/// ```
/// use model_runtime::prelude::*;
/// let mean = Regularizer::custom(|w| w.abs().mean());
/// let penalty = tape::run(Mode::Training, || {
///     mean.penalty(Var::from_array(&ndarray::array![[1.0, -3.0]])).to_array()
/// })?;
/// assert_eq!(penalty, ndarray::arr0(2.0).into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// Rows that are orthogonal to each other cost nothing, columns that point the same way the factor:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::Vectors;
/// let of = |vectors| tape::run(Mode::Training, || {
///     let x = Var::from_array(&ndarray::array![[3.0, 3.0], [0.0, 0.0]]);
///     Regularizer::Orthogonal(0.5, vectors).penalty(x).to_array().sum()
/// });
/// assert_eq!(of(Vectors::Rows)?, 0.0);
/// assert!((of(Vectors::Columns)? - 0.5).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Regularizer {
    /// `l1 · Σ|x|`.
    L1(Float),
    /// `l2 · Σx²`.
    L2(Float),
    /// `l1 · Σ|x| + l2 · Σx²`.
    L1L2(Float, Float),
    /// `factor` times the mean of `|cos|` of the angles between the rows, or the columns, of a
    /// matrix: 0 where they are orthogonal to each other.
    Orthogonal(Float, Vectors),
    /// A function of your own; made by [`Regularizer::custom`].
    Custom(CustomRegularizer),
}

/// Which vectors of a matrix [`Regularizer::Orthogonal`] compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Vectors {
    /// The rows.
    Rows,
    /// The columns.
    Columns,
}

/// A function of your own as a [`Regularizer`].
#[derive(Clone)]
pub struct CustomRegularizer(Arc<dyn Fn(Var) -> Var + Send + Sync>);

impl Regularizer {
    /// A function of your own. Several numbers that it returns are added up.
    pub fn custom(penalty: impl Fn(Var) -> Var + Send + Sync + 'static) -> Regularizer {
        Regularizer::Custom(CustomRegularizer(Arc::new(penalty)))
    }

    /// The penalty on a value, one number.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn penalty(&self, x: Var) -> Var {
        match self {
            Regularizer::L1(l1) => x.abs().sum() * *l1,
            Regularizer::L2(l2) => x.square().sum() * *l2,
            Regularizer::L1L2(l1, l2) => x.abs().sum() * *l1 + x.square().sum() * *l2,
            Regularizer::Orthogonal(factor, vectors) => orthogonal(x, *vectors) * *factor,
            Regularizer::Custom(custom) => {
                let penalty = custom.0(x);
                if penalty.is_poison() { penalty } else { penalty.sum() }
            }
        }
    }

    /// Adds the penalty on a weight to the loss of the running step: once, however often a layer
    /// that has the weight is called. For [`Layer::call`](crate::Layer::call) of a layer of one's
    /// own.
    ///
    /// # Panics
    /// If no step runs; see [`tape::run`].
    #[track_caller]
    pub fn penalize(&self, weight: &Parameter) {
        tape::add_term(weight.id(), || self.penalty(weight.var()));
    }
}

#[track_caller]
fn orthogonal(x: Var, vectors: Vectors) -> Var {
    if x.is_poison() {
        return x;
    }
    if x.shape().rank() != 2 {
        let text = Text::new("orthogonal takes a matrix, but the weight is ").shape(&x.shape());
        let error = ShapeError::of(text).help("take l1 or l2, or a function of your own");
        return tape::fail_shape(error, &[]);
    }
    let rows = if vectors == Vectors::Rows { x } else { x.transpose(&[1, 0]) };
    let rows = rows.normalize(1);
    let n = rows.shape().dim(0);
    let pairs = (n * n.saturating_sub(1)).max(1) as Float;
    let cosines = rows.matmul(rows.transpose(&[1, 0])).abs();
    // Each pair stands twice, above and below the diagonal.
    (cosines.triu(1) + cosines.tril(-1)).sum() / pairs
}

impl fmt::Debug for Regularizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Regularizer::L1(l1) => write!(f, "L1({l1})"),
            Regularizer::L2(l2) => write!(f, "L2({l2})"),
            Regularizer::L1L2(l1, l2) => write!(f, "L1L2({l1}, {l2})"),
            Regularizer::Orthogonal(factor, vectors) => {
                write!(f, "Orthogonal({factor}, {vectors:?})")
            }
            Regularizer::Custom(_) => f.write_str("custom"),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

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
        assert_eq!(penalty(Regularizer::custom(|x| x * 2)), Ok(number(4.0)));
    }

    #[test]
    fn orthogonal_vectors_cost_nothing() {
        let penalty = |x: ndarray::Array2<Float>, vectors| {
            let regularizer = Regularizer::Orthogonal(0.5, vectors);
            let step = || regularizer.penalty(Var::from_array(&x)).to_array().sum();
            tape::run(Mode::Training, step).unwrap()
        };
        assert_eq!(penalty(array![[2.0, 0.0], [0.0, 3.0]], Vectors::Rows), 0.0);
        // By hand: the rows have the cosine 1 / √2, the columns (1, 0) and (1, 1) as well.
        let x = array![[1.0, 1.0], [0.0, 1.0]];
        for vectors in [Vectors::Rows, Vectors::Columns] {
            let found = penalty(x.clone(), vectors);
            assert!((found - 0.5 * (0.5 as Float).sqrt()).abs() < 1e-6, "{found}");
        }
        let result = tape::run(Mode::Training, || {
            let x = Var::from_array(&array![1.0, 2.0]);
            Regularizer::Orthogonal(0.5, Vectors::Rows).penalty(x).shape()
        });
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("orthogonal takes a matrix, but the weight is (2)"), "{text}");
    }
}
