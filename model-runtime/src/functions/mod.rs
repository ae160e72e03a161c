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
