//! The functions of a model, `relu(x)` or `concatenate(&[a, b], -1)`, on values of the tape.
//!
//! Here the sample axis is excluded, as in a model: axes count from 1, the first after the
//! samples, -1 is the last, and 0 is refused. All arguments are given; an empty list stands for
//! Keras's `None`. Methods of [`Var`](crate::Var) see the sample axis instead.
//!
//! What does not fit is the step's error, in the words of the macro.
//!
//! ```
//! use model_runtime::functions;
//! use model_runtime::prelude::*;
//! let mean = tape::run(Mode::Inference, || {
//!     let x = Var::from_array(&ndarray::array![[1.0, 3.0], [5.0, 7.0]]);
//!     functions::mean(x, &[], false).to_array()
//! })?;
//! assert_eq!(mean, ndarray::array![2.0, 6.0].into_dyn());
//! # Ok::<(), Error>(())
//! ```
//!
//! What moves and chooses numbers:
//!
//! ```
//! use model_runtime::functions::*;
//! use model_runtime::prelude::*;
//! use ndarray::{ArrayD, array};
//! tape::run(Mode::Inference, || {
//!     // Two samples of three numbers.
//!     let x = Var::from_array(&array![[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]]);
//!     let is = |got: Var, expected: ArrayD<Float>| assert_eq!(got.to_array(), expected);
//!     is(flip(x, &[]), array![[2.0, 1.0, 3.0], [4.0, 5.0, 6.0]].into_dyn());
//!     is(roll(x, 1, &[1]), array![[2.0, 3.0, 1.0], [4.0, 6.0, 5.0]].into_dyn());
//!     is(sort(x, -1), array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn());
//!     is(argsort(x, -1), array![[1.0, 2.0, 0.0], [2.0, 1.0, 0.0]].into_dyn());
//!     is(argmax(x, &[-1], false), array![0.0, 0.0].into_dyn());
//!     is(argmin(x, &[-1], false), array![1.0, 2.0].into_dyn());
//!     is(cumsum(x, &[-1]), array![[3.0, 4.0, 6.0], [6.0, 11.0, 15.0]].into_dyn());
//!     is(cast(x - 1, Cast::Bool), array![[1.0, 0.0, 1.0], [1.0, 1.0, 1.0]].into_dyn());
//!     is(stop_gradient(x), x.to_array());
//!     is(drop_mask(x), x.to_array());
//!     is(squeeze(reshape(x, &[3, 1]), &[2]), x.to_array());
//!     assert_eq!(repeat(x, 2, &[-1]).to_array()[[0, 1]], 3.0);
//!     assert_eq!(tile(x, &[2]).to_array()[[0, 3]], 3.0);
//!     let largest = top_k(x, 2, true);
//!     is(largest[0], array![[3.0, 2.0], [6.0, 5.0]].into_dyn());
//!     is(take_along_axis(x, largest[1], &[-1]), largest[0].to_array());
//!     is(take(x, argmax(x, &[-1], true), &[-1]), array![[3.0], [6.0]].into_dyn());
//!     let hot = one_hot(argmin(x, &[-1], false), 3, -1);
//!     is(hot, array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].into_dyn());
//!     let counted = arange(3, &[], 1) + x * 0;
//!     is(counted, array![[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]].into_dyn());
//!     let halves = Var::from_array(&array![[0.0, 1.0, 0.0], [1.0, 1.0, 1.0]]);
//!     is(segment_sum(x, halves, 2), array![[5.0, 1.0], [0.0, 15.0]].into_dyn());
//!
//!     // Two rows that are x in each sample, and these as a sequence of three steps.
//!     let rows = stack(&[x, x], 1);
//!     is(broadcast_to(reshape(x, &[1, 3]), &[2, 3]), rows.to_array());
//!     let steps = swapaxes(rows, 1, 2);
//!     is(moveaxis(rows, &[1], &[2]), steps.to_array());
//!     assert_eq!(tril(rows, 0).to_array()[[0, 0, 1]], 0.0);
//!     assert_eq!(triu(rows, 0).to_array()[[0, 1, 0]], 0.0);
//!     assert_eq!(max_pool(steps, &[3], &[], Padding::Valid).to_array()[[1, 0, 0]], 6.0);
//!     assert_eq!(average_pool(steps, &[3], &[], Padding::Valid).to_array()[[1, 0, 0]], 5.0);
//!     let padded = pad(x, &[1, 0], PadMode::Constant, -1.0).to_array();
//!     assert_eq!(padded.index_axis(ndarray::Axis(0), 0), array![-1.0, 3.0, 1.0, 2.0].into_dyn());
//!     assert!(log_softmax(x, -1).to_array().iter().all(|number| *number < 0.0));
//! })
//! # ?;
//! # Ok::<(), Error>(())
//! ```

mod arrange;
#[cfg(test)]
mod conformance;
mod conv;
mod create;
mod elementwise;
mod indexing;
mod pool;
mod reduction;
mod shape;

pub use arrange::*;
pub use conv::*;
pub use create::*;
pub use elementwise::*;
pub use indexing::*;
pub use pool::*;
pub use reduction::*;
pub use shape::*;
