//! What can be done with a [`Var`]: operators and methods, which see the sample axis first, as
//! NumPy's do. A mistake in shapes is recorded, and becomes the step's error.

mod arrange;
mod axes;
mod conv;
mod create;
mod custom;
mod einsum;
mod elementwise;
mod indexing;
mod operators;
mod places;
mod products;
mod reduce;
mod shape;
mod slice;

pub(crate) use arrange::permuted;
pub(crate) use axes::{same_samples, value, values};
pub(crate) use create::{coins, like, normal, uniform};
pub(crate) use einsum::einsum;
pub(crate) use indexing::segments;
pub(crate) use places::{Batch, positions, take, take_along};
pub(crate) use reduce::{norm, normalized, softmax, variance};
pub(crate) use shape::bounded;
