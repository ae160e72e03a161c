//! Convolution: `y[w] = activation(Σ kernel[p] · x[pixel of place p in window w] + bias)`.
//!
//! What the windows see of some images is written side by side as a matrix, which is multiplied by
//! the kernel.

use std::ops::Range;

use model_spec::Shape;

use super::finish::Finish;
use super::map::Map;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::gemm::{Matrix, gemm};
use crate::pool::{self, Buffer, Numbers};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// About how many numbers the matrix of what windows see may have, so that it stays in the cache.
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

    fn sizes(&self, x: &Tensor<T>) -> Sizes {
        let (samples, channels, filters) = (x.shape().dim(0), x.shape().last(), self.output.last());
        let part_in = channels / self.groups;
        let seen = self.slide.places() * part_in;
        Sizes { samples, channels, filters, part_in, part_out: filters / self.groups, seen }
    }

    /// The samples, as many at a time as the matrix has room for.
    fn chunks(&self, sizes: &Sizes) -> impl Iterator<Item = Range<usize>> {
        let room = (MATRIX / (self.slide.windows() * sizes.seen).max(1)).max(1);
        let samples = sizes.samples;
        (0..samples).step_by(room).map(move |from| from..samples.min(from + room))
    }

    /// Room for what the windows of some samples see.
    fn scratch(&self, sizes: &Sizes) -> Buffer<T> {
        pool::empty(MATRIX.max(self.slide.windows() * sizes.seen))
    }

    /// What the windows of these samples see of a group's channels.
    fn unfold<'a>(
        &self,
        x: &'a [T],
        sizes: &Sizes,
        samples: &Range<usize>,
        group: usize,
        scratch: &'a mut Vec<T>,
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

    /// The columns of a group: `rows × filters` becomes `rows × part_out`.
    fn columns<'a>(&self, matrix: &'a [T], sizes: &Sizes, group: usize) -> Numbers<'a, T> {
        if self.groups == 1 {
            return Numbers::Lent(matrix);
        }
        let part = group * sizes.part_out..(group + 1) * sizes.part_out;
        let mut columns = pool::empty(matrix.len() / self.groups);
        let rows = matrix.chunks_exact(sizes.filters);
        rows.for_each(|row| columns.extend_from_slice(&row[part.clone()]));
        Numbers::Own(columns)
    }

    /// The way back of [`ConvOp::columns`]: adds to the columns of a group.
    fn add_columns(&self, matrix: &mut [T], sizes: &Sizes, group: usize, part: &[T]) {
        let from = group * sizes.part_out;
        let rows = matrix.chunks_exact_mut(sizes.filters);
        for (row, part) in rows.zip(part.chunks_exact(sizes.part_out)) {
            row[from..].iter_mut().zip(part).for_each(|(sum, &x)| *sum += x);
        }
    }

    /// Of the output, the numbers of these samples.
    fn numbers(&self, sizes: &Sizes, samples: &Range<usize>) -> Range<usize> {
        let size = self.slide.windows() * sizes.filters;
        samples.start * size..samples.end * size
    }

    fn kernel_gradient(&self, x: &[T], dz: &[T], sizes: &Sizes, dk: &mut [T]) {
        let mut scratch = self.scratch(sizes);
        let mut part = pool::zeros(sizes.seen * sizes.part_out);
        for samples in self.chunks(sizes) {
            let rows = samples.len() * self.slide.windows();
            let dz = &dz[self.numbers(sizes, &samples)];
            for group in 0..self.groups {
                let seen = self.unfold(x, sizes, &samples, group, &mut scratch).t();
                let dz = self.columns(dz, sizes, group);
                let dz = Matrix::new(&dz, rows, sizes.part_out);
                if self.groups == 1 {
                    gemm(seen, dz, dk, true);
                } else {
                    gemm(seen, dz, &mut part, false);
                    self.add_columns(dk, sizes, group, &part);
                }
            }
        }
    }

    fn input_gradient(&self, kernel: &[T], dz: &[T], sizes: &Sizes, dx: &mut [T]) {
        let (image, windows) = (self.slide.pixels() * sizes.channels, self.slide.windows());
        let mut scratch = self.scratch(sizes);
        for group in 0..self.groups {
            let kernel = self.columns(kernel, sizes, group);
            let kernel = Matrix::new(&kernel, sizes.seen, sizes.part_out).t();
            let part = group * sizes.part_in..(group + 1) * sizes.part_in;
            for samples in self.chunks(sizes) {
                let rows = samples.len() * windows;
                let dz = self.columns(&dz[self.numbers(sizes, &samples)], sizes, group);
                let dz = Matrix::new(&dz, rows, sizes.part_out);
                let dx = &mut dx[samples.start * image..samples.end * image];
                if self.groups == 1 && self.slide.is_identity() {
                    gemm(dz, kernel, dx, true);
                    continue;
                }
                scratch.resize(rows * sizes.seen, T::zero());
                gemm(dz, kernel, &mut scratch, false);
                for i in 0..samples.len() {
                    let matrix = &scratch[i * windows * sizes.seen..][..windows * sizes.seen];
                    let image = &mut dx[i * image..][..image];
                    self.slide.fold(matrix, sizes.channels, part.clone(), image);
                }
            }
        }
    }
}

impl<T: Scalar> Op<T> for ConvOp<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0], inputs[1]);
        let sizes = self.sizes(x);
        let all = sizes.samples * self.slide.windows();
        let mut y = Finish::start(inputs.get(2), all, sizes.filters);
        let mut scratch = self.scratch(&sizes);
        for group in 0..self.groups {
            let kernel = self.columns(kernel.data(), &sizes, group);
            let kernel = Matrix::new(&kernel, sizes.seen, sizes.part_out);
            for samples in self.chunks(&sizes) {
                let rows = samples.len() * self.slide.windows();
                let seen = self.unfold(x.data(), &sizes, &samples, group, &mut scratch);
                let y = &mut y[self.numbers(&sizes, &samples)];
                if self.groups == 1 {
                    gemm(seen, kernel, y, true);
                } else {
                    let mut part = pool::zeros(rows * sizes.part_out);
                    gemm(seen, kernel, &mut part, false);
                    self.add_columns(y, &sizes, group, &part);
                }
            }
        }
        self.finish.apply(&mut y);
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, kernel) = (step.inputs[0], step.inputs[1]);
        let sizes = self.sizes(x);
        let dz = self.finish.pull(step);
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            self.input_gradient(kernel.data(), &dz, &sizes, dx);
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
