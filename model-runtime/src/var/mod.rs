//! What can be done with a [`Var`]: operators and methods, which see the sample axis first, as
//! NumPy's do. A mistake in shapes is recorded, and becomes the step's error.

mod axes;
mod elementwise;
mod operators;
mod products;
mod reduce;
mod shape;
mod slice;

pub(crate) use axes::{same_samples, values};
pub(crate) use reduce::{softmax, variance};
pub(crate) use shape::bounded;
