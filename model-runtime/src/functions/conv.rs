use model_spec::functions::conv as spec;
use model_spec::{Padding, Shape};

use crate::layers::{accepts, samples, tuple, word};
use crate::ops::view::Reshape;
use crate::tensor::Tensor;
use crate::{Var, tape};

/// The convolution of a sequence `(samples, steps, channels)` with a kernel `(samples, size,
/// channels / groups, filters)`, or of an image `(samples, height, width, channels)` with a kernel
/// `(samples, height, width, channels / groups, filters)`: each sample with its own kernel, or all
/// with the one of a kernel that has one sample.
///
/// `strides` and `dilation_rate` have one number for all axes or one for each. How many groups
/// there are follows from the kernel. [`Var::conv`] takes a kernel without a sample axis.
///
/// ```
/// use model_runtime::functions;
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let y = tape::run(Mode::Inference, || {
///     let x = Var::from_array(&array![[[1.0], [4.0], [9.0]], [[1.0], [4.0], [9.0]]]);
///     let kernels = Var::from_array(&array![[[[-1.0]], [[1.0]]], [[[1.0]], [[1.0]]]]);
///     functions::conv(x, kernels, &[1], Padding::Valid, &[1]).to_array()
/// })?;
/// assert_eq!(y, array![[[3.0], [5.0]], [[5.0], [13.0]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
#[track_caller]
pub fn conv(x: Var, kernel: Var, strides: &[i64], padding: Padding, dilation_rate: &[i64]) -> Var {
    let args = [tuple(strides), word(padding), tuple(dilation_rate)];
    let output = match accepts(&spec::ENTRY, &args, &[x, kernel]) {
        Ok(values) => values.get(0).shape,
        Err(poison) => return poison,
    };
    let slid = |x: Var, kernel: Var| x.conv(kernel, strides, padding, dilation_rate);
    match samples(kernel) {
        0 => tape::constant(Tensor::zeros(output.with_first(0))),
        1 => slid(x, reshaped(kernel, kernel.shape().without_first())),
        count => {
            // The samples are groups of the channels of one, or of the filters.
            let own = x.shape().without_first();
            let x = if samples(x) == 1 { x.broadcast_to(own.with_first(count).dims()) } else { x };
            let y = slid(merged(x).expand_dims(0), merged(kernel));
            if y.is_poison() {
                return y;
            }
            let parts = y.shape().with(output.rank(), count).push(output.last()).without_first();
            reshaped(y, parts).moveaxis(&[-2], &[0])
        }
    }
}

#[track_caller]
fn reshaped(x: Var, shape: Shape) -> Var {
    tape::apply(Reshape(shape), &[x])
}

/// The samples and the last axis as one, which is the last.
#[track_caller]
fn merged(x: Var) -> Var {
    let x = x.moveaxis(&[0], &[-2]);
    let shape = x.shape();
    let (rest, last) = shape.dims().split_at(shape.rank() - 2);
    reshaped(x, Shape::new(&[rest, &[last.iter().product()]].concat()))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::gradcheck::random;
    use crate::{Float, Mode};

    #[test]
    fn each_sample_has_its_kernel() {
        for (image, kernel) in [(vec![5, 4], vec![2, 2, 6]), (vec![5, 4, 4], vec![3, 2, 4, 3])] {
            let dims = |own: &[usize]| [&[3], own].concat();
            let (x, w) = (random::<Float>(&dims(&image), 1), random::<Float>(&dims(&kernel), 2));
            tape::run(Mode::Inference, || {
                let [x, w] = [&x, &w].map(|tensor| tape::constant(tensor.clone()));
                let conv = |x, w| conv(x, w, &[2], Padding::Same, &[1]);
                let at = |x: Var, i: usize| x.take(Var::from_array(&array![i as Float]), 0);
                let (each, first) = (conv(x, w), conv(at(x, 0), w));
                for i in 0..3 {
                    let is = |y: Var, expected: Var| {
                        let off = (y - expected).abs().to_array();
                        assert!(off.iter().all(|off| *off < 1e-5), "{off}");
                    };
                    is(at(each, i), conv(at(x, i), at(w, i)));
                    is(at(first, i), conv(at(x, 0), at(w, i)));
                }
            })
            .unwrap();
        }
    }
}
