//! Transposed convolution: what a convolution's gradient by its input is.
//! `y[pixel of place p in window w] += kernel[p] · x[w]`, then the bias and the activation.

use std::ops::Range;

use model_spec::Shape;

use super::finish::Finish;
use super::map::Map;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::gemm::{End, Matrix, at_once, gemm};
use crate::kernels::threads::parallel_chunks;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// Inputs: x `(samples, …, channels)`, kernel `(…, filters, channels)`, and a bias `(filters)`
/// where there is one. The windows slide over what comes out; there is one for each pixel of x.
#[derive(Clone)]
pub(crate) struct ConvTransposeOp<T: Scalar> {
    slide: Slide,
    /// The shape of what comes out.
    output: Shape,
    finish: Finish<T>,
}

impl<T: Scalar> ConvTransposeOp<T> {
    pub fn new(slide: Slide, output: Shape, activation: Map) -> ConvTransposeOp<T> {
        ConvTransposeOp { slide, output, finish: Finish::new(activation) }
    }

    /// The sizes of one sample: of x, of y, and of the numbers that a window sees.
    fn sizes(&self, x: &Tensor<T>) -> (usize, usize, usize) {
        let filters = self.output.last();
        let (x, y) = (self.slide.windows() * x.shape().last(), self.slide.pixels() * filters);
        (x, y, self.slide.places() * filters)
    }
}

impl<T: Scalar> Op<T> for ConvTransposeOp<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0], inputs[1]);
        let (channels, filters, windows) =
            (x.shape().last(), self.output.last(), self.slide.windows());
        let (x_size, y_size, seen) = self.sizes(x);
        let samples = x.shape().dim(0);
        let mut y = Finish::start(inputs.get(2), samples * self.slide.pixels(), filters);
        let direct = self.slide.windows_of(filters);
        if !direct.pull_images(kernel.data(), x.data(), &mut y, true) {
            let kernel = Matrix::new(kernel.data(), seen, channels).t();
            let together = self.slide.together();
            let some = at_once(samples, windows, channels, seen).next_multiple_of(together);
            parallel_chunks(&mut y, some * y_size.max(1), |part, y| {
                let mut matrix = pool::empty(together * windows * seen);
                for (i, y) in y.chunks_mut(together * y_size).enumerate() {
                    let (first, count) = (part * some + i * together, y.len() / y_size);
                    let x = &x.data()[first * x_size..][..count * x_size];
                    matrix.resize(count * windows * seen, T::zero());
                    let x = Matrix::new(x, count * windows, channels);
                    gemm(x, kernel, &mut matrix, false);
                    let matrices = matrix.chunks_exact((windows * seen).max(1));
                    for (y, matrix) in y.chunks_exact_mut(y_size).zip(matrices) {
                        self.slide.fold(matrix, filters, y);
                    }
                }
            });
        }
        self.finish.apply(&mut y);
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, kernel) = (step.inputs[0], step.inputs[1]);
        let (channels, filters, windows) =
            (x.shape().last(), self.output.last(), self.slide.windows());
        let (x_size, y_size, seen) = self.sizes(x);
        let samples = x.shape().dim(0);
        let dz = self.finish.pull(step);
        let direct = self.slide.windows_of(filters);
        let together = self.slide.together();
        let mut matrix = pool::empty(together * windows * seen);
        // What the windows of some samples see, and which these are.
        let mut each_some = |work: &mut dyn FnMut(Matrix<'_, T>, Range<usize>)| {
            for first in (0..samples).step_by(together) {
                let some = first..samples.min(first + together);
                matrix.resize(some.len() * windows * seen, T::zero());
                for (i, matrix) in
                    some.clone().zip(matrix.chunks_exact_mut((windows * seen).max(1)))
                {
                    let dz = &dz[i * y_size..][..y_size];
                    self.slide.unfold(dz, filters, matrix);
                }
                work(Matrix::new(&matrix, some.len() * windows, seen), some);
            }
        };
        step.write(0, |dx, add| {
            if direct.product(&dz, kernel.data(), dx, add, &End::default()) {
                return;
            }
            let kernel = Matrix::new(kernel.data(), seen, channels);
            each_some(&mut |matrix, some| {
                gemm(matrix, kernel, &mut dx[some.start * x_size..some.end * x_size], add);
            });
        });
        step.write(1, |dk, add| {
            if !add {
                dk.fill(T::zero());
            }
            if direct.pull_kernel(&dz, x.data(), dk) {
                return;
            }
            each_some(&mut |matrix, some| {
                let x = &x.data()[some.start * x_size..some.end * x_size];
                gemm(matrix.t(), Matrix::new(x, some.len() * windows, channels), dk, true);
            });
        });
        Finish::bias(step, &dz);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        self.finish
            .backward_recorded(step, &ConvTransposeOp::new(self.slide, self.output, Map::Linear));
    }
}
