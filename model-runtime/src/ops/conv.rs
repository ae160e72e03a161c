//! Convolution: `y[w] = activation(Σ kernel[p] · x[pixel of place p in window w] + bias)`.
//!
//! Where the kernels can read the images where they are, they do; else what the windows of some
//! images see is written side by side as a matrix, which is multiplied by the kernel. Each of
//! several groups is a convolution of copies of its channels.

use std::ops::Range;

use model_spec::Shape;

use super::finish::Finish;
use super::map::Map;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::gemm::{End, Matrix, Target, at_once, gemm, gemm_end};
use crate::kernels::pooling::Pooling;
use crate::kernels::threads::parallel_chunks;
use crate::kernels::windows::Windows;
use crate::pool::{self, Buffer, Numbers};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// About how many numbers the matrix of what windows see may have, so that it stays in the cache;
/// more where these are the windows of a few samples only.
// Tests run through many small ones.
const MATRIX: usize = if cfg!(test) { 1 << 7 } else { 1 << 16 };

/// Inputs: x `(samples, …, channels)`, kernel `(…, channels / groups, filters)`, and a bias
/// `(filters)` where there is one.
#[derive(Clone)]
pub(crate) struct ConvOp<T: Scalar> {
    slide: Slide,
    groups: usize,
    /// The shape of what comes out.
    output: Shape,
    finish: Finish<T>,
}

/// The sizes of a group's product.
struct Sizes {
    samples: usize,
    /// Channels of the input, and of what comes out.
    channels: usize,
    filters: usize,
    /// How many numbers of an image a window sees.
    seen: usize,
}

impl<T: Scalar> ConvOp<T> {
    pub fn new(slide: Slide, groups: usize, output: Shape, activation: Map) -> ConvOp<T> {
        ConvOp { slide, groups, output, finish: Finish::new(activation) }
    }

    /// What is applied to the sum.
    pub fn activation(&self) -> Map {
        self.finish.activation()
    }

    /// The output pooled, which is not written whole. The activation is the pooling's matter from
    /// then on: `backward` will be given the gradient before it. Does nothing and returns `false`
    /// where the kernels cannot.
    pub fn pooled(
        &mut self,
        inputs: &[&Tensor<T>],
        pooling: &Pooling,
        y: &mut [T],
        places: &mut [u32],
    ) -> bool {
        let (x, kernel) = (inputs[0], inputs[1].data());
        if self.groups > 1 {
            return false;
        }
        let windows = self.slide.windows_of(x.shape().last());
        let mut made = false;
        self.finish.whole(inputs.get(2), |end| {
            made = windows.pooled(x.data(), kernel, end, pooling, y, places);
        });
        if made {
            self.finish = Finish::new(Map::Linear);
        }
        made
    }

    fn sizes(&self, x: &Tensor<T>) -> Sizes {
        let (samples, channels) = (x.shape().dim(0), x.shape().last() / self.groups);
        let filters = self.output.last() / self.groups;
        Sizes { samples, channels, filters, seen: self.slide.places() * channels }
    }

    /// Of a matrix whose columns are those of all groups, so many each, those of one, side by side.
    fn part<'a>(&self, matrix: &'a [T], group: usize, columns: usize) -> Numbers<'a, T> {
        if self.groups == 1 {
            return Numbers::Lent(matrix);
        }
        let mut part = pool::unset(matrix.len() / self.groups);
        let rows = matrix.chunks_exact((self.groups * columns).max(1));
        for (to, from) in part.chunks_exact_mut(columns.max(1)).zip(rows) {
            to.copy_from_slice(&from[group * columns..][..columns]);
        }
        Numbers::Own(part)
    }

    /// Calls `work` with the group's columns of a matrix, to write them, or to add to what is
    /// there.
    fn write_part(
        &self,
        matrix: &mut [T],
        (group, columns): (usize, usize),
        add: bool,
        work: impl FnOnce(&mut [T], bool),
    ) {
        if self.groups == 1 {
            return work(matrix, add);
        }
        let mut part = pool::unset(matrix.len() / self.groups);
        work(&mut part, false);
        let rows = matrix.chunks_exact_mut((self.groups * columns).max(1));
        for (to, from) in rows.zip(part.chunks_exact(columns.max(1))) {
            let to = &mut to[group * columns..][..columns];
            match add {
                true => to.iter_mut().zip(from).for_each(|(to, &from)| *to += from),
                false => to.copy_from_slice(from),
            }
        }
    }

    /// For how many samples the matrix has room; for all where none is written.
    fn room(&self, sizes: &Sizes) -> usize {
        if self.slide.is_identity() {
            return sizes.samples.max(1);
        }
        (MATRIX / (self.slide.windows() * sizes.seen).max(1)).max(self.slide.together())
    }

    /// The samples, as many at a time as the matrix has room for.
    fn chunks(&self, sizes: &Sizes) -> impl Iterator<Item = Range<usize>> {
        let (room, samples) = (self.room(sizes), sizes.samples);
        (0..samples).step_by(room).map(move |from| from..samples.min(from + room))
    }

    /// Room for what the windows of some samples see.
    fn scratch(&self, sizes: &Sizes) -> Buffer<T> {
        pool::empty(MATRIX.max(self.slide.together() * self.slide.windows() * sizes.seen))
    }

    /// What the windows of these samples see.
    fn unfold<'a>(
        &self,
        x: &'a [T],
        sizes: &Sizes,
        samples: &Range<usize>,
        scratch: &'a mut Buffer<T>,
    ) -> Matrix<'a, T> {
        let (image, rows) = (self.slide.pixels() * sizes.channels, self.slide.windows());
        let all = &x[samples.start * image..samples.end * image];
        if self.slide.is_identity() {
            return Matrix::new(all, samples.len() * rows, sizes.seen);
        }
        scratch.resize(samples.len() * rows * sizes.seen, T::zero());
        for i in 0..samples.len() {
            let matrix = &mut scratch[i * rows * sizes.seen..][..rows * sizes.seen];
            self.slide.unfold(&all[i * image..][..image], sizes.channels, matrix);
        }
        Matrix::new(scratch, samples.len() * rows, sizes.seen)
    }

    /// The windows, where they can be multiplied with the images where they are.
    fn direct(&self, sizes: &Sizes) -> Option<Windows> {
        (!self.slide.is_identity()).then(|| self.slide.windows_of(sizes.channels))
    }

    /// Of the output, the numbers of these samples.
    fn numbers(&self, sizes: &Sizes, samples: &Range<usize>) -> Range<usize> {
        let size = self.slide.windows() * sizes.filters;
        samples.start * size..samples.end * size
    }

    /// What comes out.
    fn product(&self, x: &[T], kernel: &[T], sizes: &Sizes, y: &mut [T], end: &End<'_, T>) {
        if self.direct(sizes).is_some_and(|w| w.product(x, kernel, y, false, end)) {
            return;
        }
        let mut scratch = self.scratch(sizes);
        let kernel = Matrix::new(kernel, sizes.seen, sizes.filters);
        for samples in self.chunks(sizes) {
            let seen = self.unfold(x, sizes, &samples, &mut scratch);
            let y = &mut y[self.numbers(sizes, &samples)];
            gemm_end(seen, kernel, Target::apart(y, sizes.filters, false), end);
        }
    }

    fn kernel_gradient(&self, x: &[T], dz: &[T], sizes: &Sizes, dk: &mut [T], add: bool) {
        if !add {
            dk.fill(T::zero());
        }
        if self.direct(sizes).is_some_and(|windows| windows.pull_kernel(x, dz, dk)) {
            return;
        }
        let mut scratch = self.scratch(sizes);
        for samples in self.chunks(sizes) {
            let rows = samples.len() * self.slide.windows();
            let dz = Matrix::new(&dz[self.numbers(sizes, &samples)], rows, sizes.filters);
            gemm(self.unfold(x, sizes, &samples, &mut scratch).t(), dz, dk, true);
        }
    }

    fn input_gradient(&self, kernel: &[T], dz: &[T], sizes: &Sizes, dx: &mut [T], add: bool) {
        if self.direct(sizes).is_some_and(|w| w.pull_images(kernel, dz, dx, add)) {
            return;
        }
        let (image, windows) = (self.slide.pixels() * sizes.channels, self.slide.windows());
        let kernel = Matrix::new(kernel, sizes.seen, sizes.filters).t();
        if self.slide.is_identity() {
            let dz = Matrix::new(dz, sizes.samples * windows, sizes.filters);
            return gemm(dz, kernel, dx, add);
        }
        if !add {
            dx.fill(T::zero());
        }
        let some = at_once(sizes.samples, windows, sizes.seen, sizes.filters);
        let some = some.max(self.slide.together()).min(self.room(sizes));
        parallel_chunks(dx, some * image.max(1), |part, dx| {
            let samples = part * some..sizes.samples.min((part + 1) * some);
            let rows = samples.len() * windows;
            let mut scratch = pool::unset(rows * sizes.seen);
            let dz = Matrix::new(&dz[self.numbers(sizes, &samples)], rows, sizes.filters);
            gemm(dz, kernel, &mut scratch, false);
            for (i, image) in dx.chunks_exact_mut(image).enumerate() {
                let matrix = &scratch[i * windows * sizes.seen..][..windows * sizes.seen];
                self.slide.fold(matrix, sizes.channels, image);
            }
        });
    }
}

impl<T: Scalar> Op<T> for ConvOp<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0], inputs[1].data());
        let sizes = self.sizes(x);
        let all = sizes.samples * self.slide.windows() * self.output.last();
        let mut y = pool::unset(all);
        self.finish.during(inputs.get(2), |end| {
            for group in 0..self.groups {
                let x = self.part(x.data(), group, sizes.channels);
                let kernel = self.part(kernel, group, sizes.filters);
                let bias = end.bias.map(|bias| &bias[group * sizes.filters..][..sizes.filters]);
                self.write_part(&mut y, (group, sizes.filters), false, |y, _| {
                    self.product(&x, &kernel, &sizes, y, &End { bias, ..*end });
                });
            }
        });
        self.finish.after(&mut y);
        Tensor::of(self.output, y)
    }

    fn convolution(&mut self) -> Option<&mut ConvOp<T>> {
        Some(self)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, kernel) = (step.inputs[0], step.inputs[1]);
        let sizes = self.sizes(x);
        let dz = self.finish.pull(step);
        step.write(0, |dx, add| {
            for group in 0..self.groups {
                let kernel = self.part(kernel.data(), group, sizes.filters);
                let dz = self.part(&dz, group, sizes.filters);
                self.write_part(dx, (group, sizes.channels), add, |dx, add| {
                    self.input_gradient(&kernel, &dz, &sizes, dx, add);
                });
            }
        });
        step.write(1, |dk, add| {
            for group in 0..self.groups {
                let x = self.part(x.data(), group, sizes.channels);
                let dz = self.part(&dz, group, sizes.filters);
                self.write_part(dk, (group, sizes.filters), add, |dk, add| {
                    self.kernel_gradient(&x, &dz, &sizes, dk, add);
                });
            }
        });
        Finish::bias(step, &dz);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        self.finish.backward_recorded(
            step,
            &ConvOp::new(self.slide, self.groups, self.output, Map::Linear),
        );
    }
}
