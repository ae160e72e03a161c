//! Pooling: the largest number or the mean of what each window sees, channel by channel. What is
//! padded is neither looked at nor counted.

use std::sync::Arc;

use model_spec::Shape;

use super::gather::Scatter;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::sums::add_to;
use crate::pool::{self, Buffer};
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// The largest number; of several that are, the first. A NaN is larger than every number.
pub(crate) struct MaxPool {
    slide: Slide,
    output: Shape,
    /// For each number that comes out, where it stands in x.
    winners: Buffer<usize>,
}

/// The mean.
#[derive(Clone)]
pub(crate) struct AveragePool {
    pub slide: Slide,
    pub output: Shape,
}

/// Visits the places in x and y where the channels of a pixel and of a window that sees it begin.
fn walk(slide: &Slide, samples: usize, channels: usize, mut visit: impl FnMut(usize, usize)) {
    for i in 0..samples {
        slide.runs(|run| {
            let window = (i * slide.windows() + run.window) * channels;
            for j in 0..run.count {
                visit((i * slide.pixels() + run.pixel + j) * channels, window);
            }
        });
    }
}

impl MaxPool {
    pub fn new(slide: Slide, output: Shape) -> MaxPool {
        MaxPool { slide, output, winners: Buffer::default() }
    }
}

/// Where no number has been seen.
const NOBODY: usize = usize::MAX;

kernel! {
    /// Puts those of some numbers, of which the first stands at `start`, in the place of the best
    /// so far that are better.
    fn take_best<T: Scalar>(x: &[T], start: usize, best: &mut [T], winners: &mut [usize]) {
        let all = x.iter().zip(best.iter_mut()).zip(winners.iter_mut());
        for (c, ((x, best), winner)) in all.enumerate() {
            let nan = x.is_nan() & !best.is_nan();
            let wins = (*x > *best) | nan | (*winner == NOBODY);
            *best = if wins { *x } else { *best };
            *winner = if wins { start + c } else { *winner };
        }
    }
}

impl<T: Scalar> Op<T> for MaxPool {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, channels) = (inputs[0].data(), self.output.last());
        let size = self.output.size().unwrap_or(0);
        let mut y = pool::full(size, T::neg_infinity());
        let mut winners = pool::full(size, NOBODY);
        walk(&self.slide, inputs[0].shape().dim(0), channels, |pixel, window| {
            let (best, winners) = (&mut y[window..], &mut winners[window..]);
            take_best(&x[pixel..][..channels], pixel, best, winners);
        });
        self.winners = winners;
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            self.winners.iter().zip(dy).for_each(|(&at, &dy)| dx[at] += dy);
        });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (shape, dy) = (step.inputs[0].shape(), step.gradient);
        let places = Arc::new(self.winners.to_vec());
        step.add(0, || tape::apply(Scatter { shape, places }, &[dy]));
    }
}

impl AveragePool {
    /// Divides what belongs to each window by how many pixels it sees.
    fn divide<T: Scalar>(&self, y: &mut [T]) {
        let counts = self.slide.counts();
        for (window, numbers) in y.chunks_exact_mut(self.output.last()).enumerate() {
            let count = T::of(counts[window % counts.len()] as f64);
            numbers.iter_mut().for_each(|y| *y /= count);
        }
    }
}

impl<T: Scalar> Op<T> for AveragePool {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, channels) = (inputs[0].data(), self.output.last());
        let mut y = pool::zeros(self.output.size().unwrap_or(0));
        walk(&self.slide, inputs[0].shape().dim(0), channels, |pixel, window| {
            let x = &x[pixel..][..channels];
            add_to(x, &mut y[window..]);
        });
        self.divide(&mut y);
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (samples, channels) = (step.shape(0).dim(0), self.output.last());
        let mut dy = pool::copy(step.gradient);
        self.divide(&mut dy);
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            walk(&self.slide, samples, channels, |pixel, window| {
                let dy = &dy[window..][..channels];
                add_to(dy, &mut dx[pixel..]);
            });
        });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.pull(self);
    }
}
