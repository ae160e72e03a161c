//! Depthwise convolution: each channel has kernels of its own.
//! `y[w, c, m] = activation(Σ kernel[p, c, m] · x[pixel of place p in window w, c] + bias)`.

use model_spec::Shape;

use super::finish::Finish;
use super::map::Map;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::depthwise::{add_products, pull_image, pull_kernel};
use crate::kernels::parts::each_piece;
use crate::kernels::windows::Windows;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// Inputs: x `(samples, …, channels)`, kernel `(…, channels, multiplier)`, and a bias `(channels ·
/// multiplier)` where there is one.
#[derive(Clone)]
pub(crate) struct DepthwiseOp<T: Scalar> {
    slide: Slide,
    /// The shape of what comes out.
    output: Shape,
    finish: Finish<T>,
}

impl<T: Scalar> DepthwiseOp<T> {
    pub fn new(slide: Slide, output: Shape, activation: Map) -> DepthwiseOp<T> {
        DepthwiseOp { slide, output, finish: Finish::new(activation) }
    }

    /// The windows, where each channel has one kernel, so that many channels can be done at once.
    fn of_one(&self, channels: usize) -> Option<Windows> {
        (self.output.last() == channels).then(|| self.slide.windows_of(channels))
    }

    /// How many numbers an image has, and how many come out of it, where a channel has one kernel.
    fn sizes(&self, channels: usize) -> (usize, usize) {
        (self.slide.pixels() * channels, self.slide.windows() * channels)
    }

    /// Visits the places where the pixel's channels, the kernel's and the output's vectors begin.
    fn walk(&self, x: &Tensor<T>, mut visit: impl FnMut(usize, usize, usize)) {
        let (channels, outputs) = (x.shape().last(), self.output.last());
        for i in 0..x.shape().dim(0) {
            let (first_pixel, first_window) = (i * self.slide.pixels(), i * self.slide.windows());
            self.slide.runs(|run| {
                for j in 0..run.count {
                    let pixel = (first_pixel + run.pixel + j) * channels;
                    let window = (first_window + run.window) * outputs;
                    visit(pixel, (run.place + j) * outputs, window);
                }
            });
        }
    }
}

impl<T: Scalar> Op<T> for DepthwiseOp<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0].data(), inputs[1].data());
        let (channels, outputs) = (inputs[0].shape().last(), self.output.last());
        let multiplier = outputs / channels;
        let rows = inputs[0].shape().dim(0) * self.slide.windows();
        let mut y = Finish::start(inputs.get(2), rows, outputs);
        if let Some(windows) = self.of_one(channels) {
            let (image, product) = self.sizes(channels);
            each_piece(&mut y, product, |i, y| {
                add_products(&windows, &x[i * image..][..image], kernel, y);
            });
            self.finish.apply(&mut y);
            return Tensor::of(self.output, y);
        }
        self.walk(inputs[0], |pixel, place, window| {
            let (x, kernel) = (&x[pixel..][..channels], &kernel[place..][..outputs]);
            let y = &mut y[window..][..outputs];
            let parts = y.chunks_exact_mut(multiplier).zip(kernel.chunks_exact(multiplier));
            for ((y, kernel), &x) in parts.zip(x) {
                y.iter_mut().zip(kernel).for_each(|(y, &k)| *y += k * x);
            }
        });
        self.finish.apply(&mut y);
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, kernel) = (step.inputs[0].data(), step.inputs[1].data());
        let (channels, outputs) = (step.shape(0).last(), self.output.last());
        let (image, multiplier) = (step.inputs[0], outputs / channels);
        let dz = self.finish.pull(step);
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            if let Some(windows) = self.of_one(channels) {
                let (size, product) = self.sizes(channels);
                return each_piece(dx, size, |i, dx| {
                    pull_image(&windows, kernel, &dz[i * product..][..product], dx);
                });
            }
            self.walk(image, |pixel, place, window| {
                let kernel = kernel[place..][..outputs].chunks_exact(multiplier);
                let dz = dz[window..][..outputs].chunks_exact(multiplier);
                for ((dx, kernel), dz) in dx[pixel..][..channels].iter_mut().zip(kernel).zip(dz) {
                    *dx += kernel.iter().zip(dz).map(|(&k, &dz)| k * dz).sum();
                }
            });
        });
        step.write(1, |dk, add| {
            if !add {
                dk.fill(T::zero());
            }
            if let Some(windows) = self.of_one(channels) {
                let (size, product) = self.sizes(channels);
                for i in 0..image.shape().dim(0) {
                    let (x, dz) = (&x[i * size..][..size], &dz[i * product..][..product]);
                    pull_kernel(&windows, x, dz, dk);
                }
                return;
            }
            self.walk(image, |pixel, place, window| {
                let dk = dk[place..][..outputs].chunks_exact_mut(multiplier);
                let dz = dz[window..][..outputs].chunks_exact(multiplier);
                for ((dk, dz), &x) in dk.zip(dz).zip(&x[pixel..][..channels]) {
                    dk.iter_mut().zip(dz).for_each(|(dk, &dz)| *dk += x * dz);
                }
            });
        });
        Finish::bias(step, &dz);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        self.finish
            .backward_recorded(step, &DepthwiseOp::new(self.slide, self.output, Map::Linear));
    }
}
