use model_spec::ArgValue;
use model_spec::layers::random_crop::ENTRY;

use super::support::{generator, one_input, seed_argument};
use super::{accepts, samples};
use crate::ops::resample::{Mean, Resample, only, stretched};
use crate::{Mode, Var, tape};

/// While training, a part of each image, somewhere in it; else, and where the image is smaller than
/// the part, the largest part of its middle that has the proportions of `height` and `width`,
/// resized with straight lines between the pixels;
/// [Keras's `RandomCrop`].
///
/// In Keras the part is at one place for all images of a batch; here each image has its own, which
/// for a single image comes to the same. In inference Keras 3.15 returns the whole image; here it
/// is what Keras's page says.
///
/// - Input: `(samples, rows, columns, channels)`. Output: `(samples, height, width, channels)`.
///
/// [Keras's `RandomCrop`]:
/// <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_crop/>
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = RandomCrop::new(1, 2);
/// let x = ndarray::array![[[[1.0], [2.0], [3.0]]]];
/// let y = tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())?;
/// assert!([1.0, 2.0].contains(&y[[0, 0, 0, 0]]) && y[[0, 0, 1, 0]] == y[[0, 0, 0, 0]] + 1.0);
/// # Ok::<(), Error>(())
/// ```
///
/// A seed of its own is mixed with that of the step:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array;
/// let images = Array::from_shape_fn((8, 6, 6, 1), |(_, row, x, _)| (6 * row + x) as Float);
/// let draw = |seed| {
///     let layer = RandomCrop::new(2, 2).seed(seed);
///     tape::run(Mode::Training, || layer.call(Var::from_array(&images)).to_array())
/// };
/// assert_eq!(draw(1)?, draw(1)?);
/// assert_ne!(draw(1)?, draw(2)?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomCrop {
    height: usize,
    width: usize,
    seed: Option<u64>,
}

one_input!(RandomCrop);
seed_argument!(RandomCrop);

impl RandomCrop {
    /// Parts of this size, in pixels, from 1.
    pub fn new(height: usize, width: usize) -> RandomCrop {
        RandomCrop { height, width, seed: None }
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let size = |size| ArgValue::Int(i64::try_from(size).unwrap_or(i64::MAX));
        let args = [size(self.height), size(self.width), ArgValue::Unset];
        let output = match accepts(&ENTRY, &args, inputs) {
            Ok(values) => values.get(0).shape.with_first(samples(inputs[0])),
            Err(poison) => return poison,
        };
        let (height, width) = (inputs[0].shape().dim(1), inputs[0].shape().dim(2));
        let fits = height >= self.height && width >= self.width;
        let (rows, cols) = if fits && tape::mode() == Mode::Training {
            self.somewhere(output.dim(0), height, width)
        } else {
            let tall = width.saturating_mul(self.height) / self.width;
            let wide = height.saturating_mul(self.width) / self.height;
            (middle(height, tall, self.height), middle(width, wide, self.width))
        };
        let op = Resample { rows: rows.into(), cols: cols.into(), output, fill: 0.0 };
        tape::apply(op, inputs)
    }

    /// The rows and columns of a part of each of `count` images.
    #[track_caller]
    fn somewhere(&self, count: usize, height: usize, width: usize) -> (Vec<Mean>, Vec<Mean>) {
        let mut generator = generator(self.seed);
        let (mut rows, mut cols) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let top = generator.below(height - self.height + 1);
            let left = generator.below(width - self.width + 1);
            rows.extend((top..top + self.height).map(only));
            cols.extend((left..left + self.width).map(only));
        }
        (rows, cols)
    }
}

/// The middle of an axis with `size` positions, `part` of them, as `len`.
fn middle(size: usize, part: usize, len: usize) -> Vec<Mean> {
    let part = part.clamp(1, size);
    let start = (size - part) / 2;
    let moved = |mean: Mean| mean.map(|(position, weight)| (start + position, weight));
    stretched(part, len).into_iter().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use ndarray::{Array4, ArrayD, Axis, s};

    use super::*;
    use crate::Float;

    fn image(count: usize, height: usize, width: usize) -> Array4<Float> {
        let number = |(_, i, j, k): (usize, usize, usize, usize)| (100 * i + 2 * j + k) as Float;
        Array4::from_shape_fn((count, height, width, 2), number)
    }

    fn crop(layer: &RandomCrop, mode: Mode, x: &Array4<Float>) -> ArrayD<Float> {
        tape::run_seeded(mode, 3, || layer.call(Var::from_array(x)).to_array()).unwrap()
    }

    #[test]
    fn a_part_is_somewhere_in_the_image() {
        let x = image(200, 5, 6);
        let y = crop(&RandomCrop::new(3, 4), Mode::Training, &x);
        let mut places = HashSet::new();
        for y in y.outer_iter() {
            let first = y[[0, 0, 0]] as usize;
            let (top, left) = (first / 100, first % 100 / 2);
            let part = x.slice(s![0, top..top + 3, left..left + 4, ..]);
            assert_eq!(y, part.into_dyn());
            places.insert((top, left));
        }
        // Each of nine places is missed by 200 with a probability of 6e-11.
        assert_eq!(places.len(), 9);
        let other = crop(&RandomCrop::new(3, 4).seed(1), Mode::Training, &x);
        assert_ne!(other, y);
    }

    #[test]
    fn inference_takes_the_middle() {
        let x = image(2, 8, 8);
        let y = crop(&RandomCrop::new(4, 8), Mode::Inference, &x);
        assert_eq!(y, x.slice(s![.., 2..6, .., ..]).into_dyn());
        // Half of each axis: a mean of two pixels.
        let y = crop(&RandomCrop::new(4, 4), Mode::Inference, &x);
        let every_other = |x: &Array4<Float>, axis, start| {
            x.slice_axis(Axis(axis), ndarray::Slice::new(start, None, 2)).to_owned()
        };
        let half =
            |x: &Array4<Float>, axis| (every_other(x, axis, 0) + every_other(x, axis, 1)) / 2.0;
        assert_eq!(y, half(&half(&x, 1), 2).into_dyn());
    }

    #[test]
    fn an_image_that_is_too_small_is_resized() {
        let x = image(1, 1, 2);
        for mode in [Mode::Training, Mode::Inference] {
            let y = crop(&RandomCrop::new(2, 2), mode, &x);
            // The largest square of the middle is the first pixel.
            let pixel = x.slice(s![.., .., ..1, ..]);
            assert_eq!(y, pixel.broadcast((1, 2, 2, 2)).unwrap().into_dyn());
        }
    }
}
