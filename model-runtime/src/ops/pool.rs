//! Pooling: the largest number or the mean of what each window sees, channel by channel. What is
//! padded is neither looked at nor counted.
//!
//! A convolution that waits for its pooling is made with it: then no more than some rows of its
//! output exist at a time. The derivative of its activation is taken at what comes out, which is as
//! good as that of each number, since the others have no gradient.

use std::sync::Arc;

use model_spec::Shape;

use super::gather::Scatter;
use super::map::Map;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::parts::{self, each_piece};
use crate::kernels::pooling::{Pooling, Taken};
use crate::pool::{self, Buffer, Numbers};
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// The largest number; of several that are, the first. A NaN is larger than every number.
pub(crate) struct MaxPool {
    slide: Slide,
    output: Shape,
    /// For each number that comes out, its place in the window.
    places: Buffer<u32>,
    /// What the convolution that it was made with has applied to the numbers.
    activation: Map,
}

/// The mean.
#[derive(Clone)]
pub(crate) struct AveragePool {
    pub slide: Slide,
    pub output: Shape,
}

parts::same! { [] Pooling; }

fn pooling(slide: &Slide, output: &Shape, taken: Taken) -> Pooling {
    Pooling { windows: slide.windows_of(output.last()), taken }
}

kernel! {
    /// Pools images; writes the places of the largest numbers unless `places` is empty.
    fn pool_all<T: Scalar>(
        pooling: Pooling, x: &[T], y: &mut [T], places: &mut [u32],
    ) in (y.len() / pooling.sizes().1.max(1)) {
        let (image, pooled) = pooling.sizes();
        for (i, y) in y.chunks_exact_mut(pooled.max(1)).enumerate() {
            let places =
                if places.is_empty() { &mut [] } else { &mut places[i * pooled..][..pooled] };
            let rows = 0..pooling.windows.rows.windows;
            pooling.pool(&x[i * image..][..image], 0, rows, y, places);
        }
    }
}

/// The gradient by the images.
fn pull_all<T: Scalar>(pooling: &Pooling, dy: &[T], places: &[u32], dx: &mut [T], add: bool) {
    let (image, pooled) = pooling.sizes();
    each_piece(dx, image, |i, dx| {
        let places = if places.is_empty() { places } else { &places[i * pooled..][..pooled] };
        pooling.pull(&dy[i * pooled..][..pooled], places, dx, add);
    });
}

/// A convolution and its pooling at once, where that is possible: what comes out, and what the
/// convolution has applied, which is the pooling's matter from now on.
fn together<T: Scalar>(
    maker: &mut dyn Op<T>,
    inputs: &[&Tensor<T>],
    pooling: &Pooling,
    output: &Shape,
    recorded: bool,
) -> Option<(Tensor<T>, Buffer<u32>, Map)> {
    let convolution = maker.convolution().filter(|_| !pooling.overlaps())?;
    let activation = convolution.activation();
    let largest = pooling.taken == Taken::Largest;
    let known = if largest { !activation.needs_input() } else { activation == Map::Linear };
    if recorded && !known {
        return None;
    }
    let size = output.size().unwrap_or(0);
    let (mut y, mut places) =
        (pool::unset(size), pool::unset(if recorded && largest { size } else { 0 }));
    let made = convolution.pooled(inputs, pooling, &mut y, &mut places);
    made.then(|| (Tensor::of(*output, y), places, activation))
}

impl MaxPool {
    pub fn new(slide: Slide, output: Shape) -> MaxPool {
        MaxPool { slide, output, places: Buffer::default(), activation: Map::Linear }
    }

    fn pooling(&self) -> Pooling {
        pooling(&self.slide, &self.output, Taken::Largest)
    }

    /// For each number that comes out, where it stands in x.
    fn winners(&self) -> Buffer<usize> {
        let Slide { rows, cols } = &self.slide;
        let channels = self.output.last();
        let winner = |(i, &place): (usize, &u32)| {
            let (window, channel) = (i / channels, i % channels);
            let (sample, window) = (window / self.slide.windows(), window % self.slide.windows());
            let (row, col) = (window / cols.output, window % cols.output);
            let (down, across) = (place as usize / cols.kernel, place as usize % cols.kernel);
            let pixel = rows.position(row, down) * cols.input + cols.position(col, across);
            (sample * self.slide.pixels() + pixel) * channels + channel
        };
        self.places.iter().enumerate().map(winner).collect()
    }
}

impl<T: Scalar> Op<T> for MaxPool {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let size = self.output.size().unwrap_or(0);
        let (mut y, mut places) = (pool::unset(size), pool::unset(size));
        pool_all(self.pooling(), inputs[0].data(), &mut y, &mut places);
        self.places = places;
        Tensor::of(self.output, y)
    }

    fn forward_with(
        &mut self,
        maker: &mut dyn Op<T>,
        inputs: &[&Tensor<T>],
        recorded: bool,
    ) -> Option<Tensor<T>> {
        let (y, places, activation) =
            together(maker, inputs, &self.pooling(), &self.output, recorded)?;
        (self.places, self.activation) = (places, activation);
        Some(y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (y, dy) = (step.output.data(), step.gradient);
        let dy = if self.activation == Map::Linear {
            Numbers::Lent(dy)
        } else {
            let mut through = pool::unset(dy.len());
            self.activation.pull(y, y, dy, &mut through, false);
            Numbers::Own(through)
        };
        step.write(0, |dx, add| pull_all(&self.pooling(), &dy, &self.places, dx, add));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (shape, y, dy) = (step.inputs[0].shape(), step.output, step.gradient);
        let places = Arc::new(self.winners());
        step.add(0, || {
            let dy = self.activation.pull_recorded(y, y, dy);
            tape::apply(Scatter { shape, places }, &[dy])
        });
    }
}

impl AveragePool {
    fn pooling(&self) -> Pooling {
        pooling(&self.slide, &self.output, Taken::Mean)
    }
}

impl<T: Scalar> Op<T> for AveragePool {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let mut y = pool::unset(self.output.size().unwrap_or(0));
        pool_all(self.pooling(), inputs[0].data(), &mut y, &mut []);
        Tensor::of(self.output, y)
    }

    fn forward_with(
        &mut self,
        maker: &mut dyn Op<T>,
        inputs: &[&Tensor<T>],
        recorded: bool,
    ) -> Option<Tensor<T>> {
        Some(together(maker, inputs, &self.pooling(), &self.output, recorded)?.0)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let dy = step.gradient;
        step.write(0, |dx, add| pull_all(&self.pooling(), dy, &[], dx, add));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.pull(self);
    }
}
