//! Depthwise convolution: each channel has kernels of its own.
//! `y[w, c, m] = activation(Σ kernel[p, c, m] · x[pixel of place p in window w, c] + bias)`.

use model_spec::Shape;

use super::finish::Finish;
use super::map::Map;
use super::slide::Slide;
use crate::float::Scalar;
use crate::kernels::depthwise::{add_products, pull_image, pull_kernel};
use crate::kernels::parts::each_piece;
use crate::pool;
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

    /// How many numbers an image of so many channels has, and how many come out of it.
    fn sizes(&self, channels: usize) -> (usize, usize) {
        (self.slide.pixels() * channels, self.slide.windows() * self.output.last())
    }

    /// Calls `work` with an image in which there is a channel for each kernel.
    fn with_channels(&self, image: &[T], channels: usize, work: impl FnOnce(&[T])) {
        let multiplier = self.output.last() / channels;
        if multiplier == 1 {
            return work(image);
        }
        let mut all = pool::unset(image.len() * multiplier);
        for i in 0..multiplier {
            all.chunks_exact_mut(multiplier).zip(image).for_each(|(all, &x)| all[i] = x);
        }
        work(&all);
    }
}

impl<T: Scalar> Op<T> for DepthwiseOp<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0].data(), inputs[1].data());
        let (channels, outputs) = (inputs[0].shape().last(), self.output.last());
        let rows = inputs[0].shape().dim(0) * self.slide.windows();
        let mut y = Finish::start(inputs.get(2), rows, outputs);
        let (windows, (image, product)) = (self.slide.windows_of(outputs), self.sizes(channels));
        each_piece(&mut y, product, |i, y| {
            self.with_channels(&x[i * image..][..image], channels, |x| {
                add_products(&windows, x, kernel, y);
            });
        });
        self.finish.apply(&mut y);
        Tensor::of(self.output, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, kernel) = (step.inputs[0].data(), step.inputs[1].data());
        let (channels, outputs) = (step.shape(0).last(), self.output.last());
        let (samples, multiplier) = (step.shape(0).dim(0), outputs / channels);
        let (windows, (image, product)) = (self.slide.windows_of(outputs), self.sizes(channels));
        let dz = self.finish.pull(step);
        step.write(0, |dx, add| {
            if !add {
                dx.fill(T::zero());
            }
            each_piece(dx, image, |i, dx| {
                let dz = &dz[i * product..][..product];
                if multiplier == 1 {
                    return pull_image(&windows, kernel, dz, dx);
                }
                let mut all = pool::zeros(image * multiplier);
                pull_image(&windows, kernel, dz, &mut all);
                for (dx, all) in dx.iter_mut().zip(all.chunks_exact(multiplier)) {
                    *dx += all.iter().copied().sum();
                }
            });
        });
        step.write(1, |dk, add| {
            if !add {
                dk.fill(T::zero());
            }
            for i in 0..samples {
                let dz = &dz[i * product..][..product];
                self.with_channels(&x[i * image..][..image], channels, |x| {
                    pull_kernel(&windows, x, dz, dk);
                });
            }
        });
        Finish::bias(step, &dz);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        self.finish
            .backward_recorded(step, &DepthwiseOp::new(self.slide, self.output, Map::Linear));
    }
}
