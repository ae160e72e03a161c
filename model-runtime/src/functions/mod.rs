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
//! What changes each number, at -2, ½ and 3:
//!
//! ```
//! use model_runtime::functions::*;
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! tape::run(Mode::Inference, || {
//!     let x = Var::from_array(&array![[-2.0, 0.5, 3.0]]);
//!     let is = |got: Var, expected: [f64; 3]| {
//!         let all = got.to_array().into_iter().zip(expected);
//!         all.for_each(|(a, b)| assert!((f64::from(a) - b).abs() < 1e-5, "{a} {b}"));
//!     };
//!     let of = |f: fn(f64) -> f64| [f(-2.0), f(0.5), f(3.0)];
//!     is(relu(x), [0.0, 0.5, 3.0]);
//!     is(relu6(x * 3), [0.0, 1.5, 6.0]);
//!     is(leaky_relu(x, 0.25), [-0.5, 0.5, 3.0]);
//!     is(celu(x, 2.0), [2.0 * (f64::exp(-1.0) - 1.0), 0.5, 3.0]);
//!     is(selu(x) / 1.050_701, [1.673_263 * (f64::exp(-2.0) - 1.0), 0.5, 3.0]);
//!     is(silu(x), of(|x| x / (1.0 + (-x).exp())));
//!     is(swish(x), of(|x| x / (1.0 + (-x).exp())));
//!     is(softplus(x), of(|x| (1.0 + x.exp()).ln()));
//!     is(softsign(x), of(|x| x / (1.0 + x.abs())));
//!     is(log_sigmoid(x), of(|x| -(1.0 + (-x).exp()).ln()));
//!     is(mish(x), of(|x| x * (1.0 + x.exp()).ln().tanh()));
//!     is(squareplus(x, 4.0), of(|x| (x + (x * x + 4.0).sqrt()) / 2.0));
//!     is(sparse_plus(x), [0.0, 1.5 * 1.5 / 4.0, 3.0]);
//!     is(sparse_sigmoid(x), [0.0, 0.75, 1.0]);
//!     is(hard_sigmoid(x), [1.0 / 6.0, 0.5 / 6.0 + 0.5, 1.0]);
//!     is(hard_silu(x), [-2.0 / 6.0, 0.5 * (0.5 / 6.0 + 0.5), 3.0]);
//!     is(hard_tanh(x), [-1.0, 0.5, 1.0]);
//!     is(hard_shrink(x, 0.5), [-2.0, 0.0, 3.0]);
//!     is(soft_shrink(x, 0.5), [-1.5, 0.0, 2.5]);
//!     is(tanh_shrink(x), of(|x| x - x.tanh()));
//!     is(exponential(x), of(f64::exp));
//!     is(expm1(x), of(f64::exp_m1));
//!     is(log1p(abs(x)), of(|x| x.abs().ln_1p()));
//!     is(rsqrt(square(x)), of(|x| 1.0 / x.abs()));
//!     is(reciprocal(x), of(f64::recip));
//!     is(negative(x), of(|x| -x));
//!     is(cos(x), of(f64::cos));
//!     is(erf(x), [-0.995_322_3, 0.520_499_9, 0.999_977_9]);
//!     is(floor(x), of(f64::floor));
//!     is(ceil(x), of(f64::ceil));
//!     is(elu(x), [f64::exp(-2.0) - 1.0, 0.5, 3.0]);
//!     is(gelu(x, false) / x, [0.022_750_1, 0.691_462_5, 0.998_650_1]); // P(X < x)
//!     is(sigmoid(x), of(|x| 1.0 / (1.0 + (-x).exp())));
//!     is(tanh(x), of(f64::tanh));
//!     is(threshold(x, 1.0, -7.0), [-7.0, -7.0, 3.0]);
//!     is(clip(x, -1.0, 1.0), [-1.0, 0.5, 1.0]);
//!     is(sign(x), [-1.0, 1.0, 1.0]);
//!     is(sin(x), of(f64::sin));
//!     is(sqrt(abs(x)), of(|x| x.abs().sqrt()));
//!     is(log(exp(x)), [-2.0, 0.5, 3.0]);
//!     is(softmax(log(square(x)), -1), [4.0 / 13.25, 0.25 / 13.25, 9.0 / 13.25]);
//! })?;
//! # Ok::<(), Error>(())
//! ```
//!
//! What takes two values, what asks, which is 1 for yes, and what makes one number of several:
//!
//! ```
//! use model_runtime::functions::*;
//! use model_runtime::prelude::*;
//! use ndarray::array;
//! tape::run(Mode::Training, || {
//!     let a = Var::from_array(&array![[1.0, 2.0, 4.0]]);
//!     let b = Var::from_array(&array![[2.0, 2.0, 2.0]]);
//!     let is = |got: Var, expected: [Float; 3]| {
//!         assert_eq!(got.to_array(), array![expected].into_dyn());
//!     };
//!     is(add(a, b), [3.0, 4.0, 6.0]);
//!     is(subtract(a, b), [-1.0, 0.0, 2.0]);
//!     is(multiply(a, b), [2.0, 4.0, 8.0]);
//!     is(divide(a, b), [0.5, 1.0, 2.0]);
//!     is(maximum(a, b), [2.0, 2.0, 4.0]);
//!     is(minimum(a, b), [1.0, 2.0, 2.0]);
//!     is(equal(a, b), [0.0, 1.0, 0.0]);
//!     is(not_equal(a, b), [1.0, 0.0, 1.0]);
//!     is(greater_equal(a, b), [0.0, 1.0, 1.0]);
//!     is(less(a, b), [1.0, 0.0, 0.0]);
//!     is(less_equal(a, b), [1.0, 1.0, 0.0]);
//!     is(logical_and(a - b, b), [1.0, 0.0, 1.0]);
//!     is(logical_or(a - b, b), [1.0, 1.0, 1.0]);
//!     is(logical_not(a - b), [0.0, 1.0, 0.0]);
//!     is(power(a, b), [1.0, 4.0, 16.0]);
//!     is(average(&[a, b]), [1.5, 2.0, 3.0]);
//!     is(full_like(a, 0.5), [0.5; 3]);
//!     is(ones_like(a) + zeros_like(a), [1.0; 3]);
//!     is(greater(random_uniform(a, 2.0, 3.0), ones_like(a)), [1.0; 3]);
//!     let coins = bernoulli(a, 0.5);
//!     is(coins * (1 - coins), [0.0; 3]);
//!     // The second difference is 0.
//!     is(isfinite(a), [1.0; 3]);
//!     is(isinf(divide(b, a - b)), [0.0, 1.0, 0.0]);
//!     is(isnan(divide(a - b, a - b)), [0.0, 1.0, 0.0]);
//!
//!     let number = |x: Var| x.to_array().sum();
//!     assert_eq!(number(sum(a, &[], false)), 7.0);
//!     assert_eq!(number(max(a, &[], false)), 4.0);
//!     assert_eq!(number(min(a, &[], false)), 1.0);
//!     assert_eq!(number(prod(a, &[], false)), 8.0);
//!     assert!((number(std(a, &[], false)) - (14.0 as Float / 9.0).sqrt()).abs() < 1e-6);
//!     assert_eq!(number(norm(a - 1, 1.0, &[], false)), 4.0);
//!     assert!((number(logsumexp(a * 0, &[], false)) - (3.0 as Float).ln()).abs() < 1e-6);
//! })?;
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
//!     is(transpose(rows, &[2, 1]), steps.to_array());
//!     is(expand_dims(x, 1), reshape(x, &[1, 3]).to_array());
//!     is(matmul(expand_dims(x, 1), steps), array![[[14.0, 14.0]], [[77.0, 77.0]]].into_dyn());
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
