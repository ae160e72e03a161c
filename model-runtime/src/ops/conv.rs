//! Convolution: `y[w] = activation(Σ kernel[p] · x[pixel of place p in window w] + bias)`.
//!
//! Where the kernels can read the images where they are, they do; else what the windows of some
//! images see is written side by side as a matrix, which is multiplied by the kernel.

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
use crate::pool::{self, Buffer};
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

/// The sizes of a product.
struct Sizes {
    samples: usize,
    /// Channels of the input, and of what comes out.
    channels: usize,
    filters: usize,
    /// The same for each group.
    part_in: usize,
    part_out: usize,
    /// How many numbers of an image a window sees in a group.
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
        let (samples, channels, filters) = (x.shape().dim(0), x.shape().last(), self.output.last());
        let part_in = channels / self.groups;
        let seen = self.slide.places() * part_in;
        Sizes { samples, channels, filters, part_in, part_out: filters / self.groups, seen }
    }

    /// For how many samples the matrix has room; for all where none is written.
    fn room(&self, sizes: &Sizes) -> usize {
        if self.groups == 1 && self.slide.is_identity() {
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

    /// What the windows of these samples see of a group's channels.
    fn unfold<'a>(
        &self,
        x: &'a [T],
        sizes: &Sizes,
        samples: &Range<usize>,
        group: usize,
        scratch: &'a mut Buffer<T>,
    ) -> Matrix<'a, T> {
        let (image, rows) = (self.slide.pixels() * sizes.channels, self.slide.windows());
        let all = &x[samples.start * image..samples.end * image];
        if self.groups == 1 && self.slide.is_identity() {
            return Matrix::new(all, samples.len() * rows, sizes.seen);
        }
        scratch.resize(samples.len() * rows * sizes.seen, T::zero());
        let part = group * sizes.part_in..(group + 1) * sizes.part_in;
        for i in 0..samples.len() {
            let matrix = &mut scratch[i * rows * sizes.seen..][..rows * sizes.seen];
            self.slide.unfold(&all[i * image..][..image], sizes.channels, part.clone(), matrix);
        }
        Matrix::new(scratch, samples.len() * rows, sizes.seen)
    }

    /// The windows, where they can be multiplied with the images where they are.
    fn direct(&self, sizes: &Sizes) -> Option<Windows> {
        let direct = self.groups == 1 && !self.slide.is_identity();
        direct.then(|| self.slide.windows_of(sizes.channels))
    }

    /// The product by a matrix of what the windows see.
    fn unfolded(&self, x: &[T], kernel: &[T], sizes: &Sizes, y: &mut [T], end: &End<'_, T>) {
        let mut scratch = self.scratch(sizes);
        for group in 0..self.groups {
            let kernel = self.columns(kernel, sizes, group);
            let bias = end.bias.map(|bias| &bias[group * sizes.part_out..][..sizes.part_out]);
            for samples in self.chunks(sizes) {
                let seen = self.unfold(x, sizes, &samples, group, &mut scratch);
                let y = &mut y[self.numbers(sizes, &samples)];
                let target = self.target(y, sizes, group, false);
                gemm_end(seen, kernel, target, &End { bias, ..*end });
            }
        }
    }

    /// The columns of a group in a matrix of all filters.
    fn columns<'a>(&self, matrix: &'a [T], sizes: &Sizes, group: usize) -> Matrix<'a, T> {
        let rows = matrix.len() / sizes.filters;
        let matrix = &matrix[(group * sizes.part_out).min(matrix.len())..];
        Matrix::apart(matrix, rows, sizes.part_out, sizes.filters)
    }

    /// [`ConvOp::columns`], to write to.
    fn target<'a>(
        &self,
        matrix: &'a mut [T],
        sizes: &Sizes,
        group: usize,
        add: bool,
    ) -> Target<'a, T> {
        let from = (group * sizes.part_out).min(matrix.len());
        Target::apart(&mut matrix[from..], sizes.filters, add)
    }

    /// Of the output, the numbers of these samples.
    fn numbers(&self, sizes: &Sizes, samples: &Range<usize>) -> Range<usize> {
        let size = self.slide.windows() * sizes.filters;
        samples.start * size..samples.end * size
    }

    fn kernel_gradient(&self, x: &[T], dz: &[T], sizes: &Sizes, dk: &mut [T]) {
        if self.direct(sizes).is_some_and(|windows| windows.pull_kernel(x, dz, dk)) {
            return;
        }
        let mut scratch = self.scratch(sizes);
        for samples in self.chunks(sizes) {
            let dz = &dz[self.numbers(sizes, &samples)];
            for group in 0..self.groups {
                let seen = self.unfold(x, sizes, &samples, group, &mut scratch).t();
                let dz = self.columns(dz, sizes, group);
                gemm_end(seen, dz, self.target(dk, sizes, group, true), &End::default());
            }
        }
    }

    fn input_gradient(&self, kernel: &[T], dz: &[T], sizes: &Sizes, dx: &mut [T], add: bool) {
        if self.direct(sizes).is_some_and(|w| w.pull_images(kernel, dz, dx, add)) {
            return;
        }
        if !add {
            dx.fill(T::zero());
        }
        let (image, windows) = (self.slide.pixels() * sizes.channels, self.slide.windows());
        if self.groups == 1 && self.slide.is_identity() {
            let (dz, kernel) = (self.columns(dz, sizes, 0), self.columns(kernel, sizes, 0));
            return gemm(dz, kernel.t(), dx, true);
        }
        let some = at_once(sizes.samples, windows, sizes.seen, sizes.filters);
        let some = some.max(self.slide.together()).min(self.room(sizes));
        parallel_chunks(dx, some * image.max(1), |part, dx| {
            let samples = part * some..sizes.samples.min((part + 1) * some);
            let rows = samples.len() * windows;
            let mut scratch = pool::zeros(rows * sizes.seen);
            for group in 0..self.groups {
                let dz = self.columns(&dz[self.numbers(sizes, &samples)], sizes, group);
                gemm(dz, self.columns(kernel, sizes, group).t(), &mut scratch, false);
                let part = group * sizes.part_in..(group + 1) * sizes.part_in;
                for (i, image) in dx.chunks_exact_mut(image).enumerate() {
                    let matrix = &scratch[i * windows * sizes.seen..][..windows * sizes.seen];
                    self.slide.fold(matrix, sizes.channels, part.clone(), image);
                }
            }
        });
    }
}

impl<T: Scalar> Op<T> for ConvOp<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0], inputs[1]);
        let sizes = self.sizes(x);
        let all = sizes.samples * self.slide.windows();
        let mut y = pool::unset(all * sizes.filters);
        let direct = self.direct(&sizes);
        let (x, kernel) = (x.data(), kernel.data());
        self.finish.during(inputs.get(2), |end| {
            if direct.is_none_or(|windows| !windows.product(x, kernel, &mut y, false, end)) {
                self.unfolded(x, kernel, &sizes, &mut y, end);
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
            self.input_gradient(kernel.data(), &dz, &sizes, dx, add);
        });
        step.write(1, |dk, add| {
            if !add {
                dk.fill(T::zero());
            }
            self.kernel_gradient(x.data(), &dz, &sizes, dk);
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
