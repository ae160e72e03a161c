use model_spec::functions::pool as spec;
use model_spec::{Entry, Padding, Shape};

use crate::layers::{accepts, list, pools, samples, tuple, word};
use crate::ops::pool::{AveragePool, MaxPool};
use crate::ops::slide::Slide;
use crate::tape::Op;
use crate::{Float, Var, tape};

/// The largest number of each window of a sequence `(samples, steps, channels)` or an image
/// `(samples, height, width, channels)`, channel by channel.
///
/// `pool_size` and `strides` have one number for all axes or one for each; without `strides` the
/// windows move as far as they are large. What comes out is what
/// [`MaxPooling1D`](crate::MaxPooling1D) and [`MaxPooling2D`](crate::MaxPooling2D) make.
#[track_caller]
pub fn max_pool(x: Var, pool_size: &[i64], strides: &[i64], padding: Padding) -> Var {
    pool(&spec::MAX_POOL, x, (pool_size, strides, padding), MaxPool::new)
}

/// The mean of each window of a sequence or an image, as [`max_pool`] has them. What is padded
/// does not count.
#[track_caller]
pub fn average_pool(x: Var, pool_size: &[i64], strides: &[i64], padding: Padding) -> Var {
    let windows = (pool_size, strides, padding);
    pool(&spec::AVERAGE_POOL, x, windows, |slide, output| AveragePool { slide, output })
}

#[track_caller]
fn pool<O: Op<Float> + 'static>(
    entry: &Entry,
    x: Var,
    (pool_size, strides, padding): (&[i64], &[i64], Padding),
    op: impl FnOnce(Slide, Shape) -> O,
) -> Var {
    match accepts(entry, &[tuple(pool_size), list(strides), word(padding)], &[x]) {
        Ok(values) => {
            let output = values.get(0).shape.with_first(samples(x));
            tape::apply(op(pools(pool_size, strides, padding, &x.shape()), output), &[x])
        }
        Err(poison) => poison,
    }
}
