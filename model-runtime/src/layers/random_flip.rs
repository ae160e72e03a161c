use model_spec::ArgValue;
use model_spec::layers::random_flip::ENTRY;

use super::support::{generator, one_input, seed_argument};
use super::{accepts, samples};
use crate::ops::resample::{Mean, Resample, only};
use crate::{Mode, Var, tape};

/// Along which axes [`RandomFlip`] turns images round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlipMode {
    /// The left becomes the right.
    Horizontal,
    /// The top becomes the bottom.
    Vertical,
    /// Both at once: half a turn.
    HorizontalAndVertical,
}

impl FlipMode {
    fn word(self) -> ArgValue {
        ArgValue::Word(match self {
            FlipMode::Horizontal => "horizontal",
            FlipMode::Vertical => "vertical",
            FlipMode::HorizontalAndVertical => "horizontal_and_vertical",
        })
    }
}

/// While training, each image is turned round with a probability of a half; else nothing changes;
/// [Keras's `RandomFlip`], where the default turns both axes round or none as well.
///
/// - Input: `(samples, height, width, channels)`. Output: the same shape.
///
/// [Keras's `RandomFlip`]:
/// <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/>
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = RandomFlip::new().mode(FlipMode::Horizontal);
/// let x = ndarray::array![[[[1.0], [2.0], [3.0]]]];
/// let y = tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())?;
/// assert!(y == x.into_dyn() || y == ndarray::array![[[[3.0], [2.0], [1.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// A seed of its own is mixed with that of the step:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::Array;
/// let images = Array::from_shape_fn((16, 2, 2, 1), |(_, row, x, _)| (2 * row + x) as Float);
/// let draw = |seed| {
///     let layer = RandomFlip::new().seed(seed);
///     tape::run(Mode::Training, || layer.call(Var::from_array(&images)).to_array())
/// };
/// assert_eq!(draw(1)?, draw(1)?);
/// assert_ne!(draw(1)?, draw(2)?);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomFlip {
    mode: FlipMode,
    seed: Option<u64>,
}

one_input!(RandomFlip);
seed_argument!(RandomFlip);

impl RandomFlip {
    /// The layer that turns both axes round.
    pub fn new() -> RandomFlip {
        RandomFlip { mode: FlipMode::HorizontalAndVertical, seed: None }
    }

    /// Along which axes; both by default.
    pub fn mode(mut self, mode: FlipMode) -> RandomFlip {
        self.mode = mode;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        if let Err(poison) = accepts(&ENTRY, &[self.mode.word(), ArgValue::Unset], inputs) {
            return poison;
        }
        let x = inputs[0];
        if tape::mode() == Mode::Inference {
            return x;
        }
        let mut generator = generator(self.seed);
        let turned: Vec<bool> = (0..samples(x)).map(|_| generator.uniform() < 0.5).collect();
        let output = x.shape();
        let along = |axis, other| -> Vec<Mean> {
            let len = output.dim(axis);
            let positions =
                move |turned| (0..len).map(move |i| only(if turned { len - 1 - i } else { i }));
            turned.iter().flat_map(|&turned| positions(turned && self.mode != other)).collect()
        };
        let (rows, cols) = (along(1, FlipMode::Horizontal), along(2, FlipMode::Vertical));
        let op = Resample { rows: rows.into(), cols: cols.into(), output, fill: 0.0 };
        tape::apply(op, inputs)
    }
}

impl Default for RandomFlip {
    fn default() -> RandomFlip {
        RandomFlip::new()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array4, ArrayD, Axis, s};

    use super::*;
    use crate::Float;

    fn images(count: usize) -> Array4<Float> {
        Array4::from_shape_fn((count, 3, 4, 2), |(n, i, j, k)| (100 * n + 10 * i + 2 * j + k) as _)
    }

    fn flip(layer: &RandomFlip, mode: Mode, seed: u64) -> ArrayD<Float> {
        let x = images(200);
        tape::run_seeded(mode, seed, || layer.call(Var::from_array(&x)).to_array()).unwrap()
    }

    #[test]
    fn half_of_the_images_are_exactly_reversed() {
        let both = |x: &Array4<Float>| x.slice(s![.., ..;-1, ..;-1, ..]).to_owned();
        let wide = |x: &Array4<Float>| x.slice(s![.., .., ..;-1, ..]).to_owned();
        let tall = |x: &Array4<Float>| x.slice(s![.., ..;-1, .., ..]).to_owned();
        type Turned = fn(&Array4<Float>) -> Array4<Float>;
        let modes: [(FlipMode, Turned); 3] = [
            (FlipMode::Horizontal, wide),
            (FlipMode::Vertical, tall),
            (FlipMode::HorizontalAndVertical, both),
        ];
        for (mode, turned) in modes {
            let layer = RandomFlip::new().mode(mode);
            let (x, y) = (images(200), flip(&layer, Mode::Training, 3));
            let turned = turned(&x);
            let mut count = 0;
            for (i, y) in y.outer_iter().enumerate() {
                let is_turned = y == turned.index_axis(Axis(0), i).into_dyn();
                assert!(is_turned || y == x.index_axis(Axis(0), i).into_dyn(), "{mode:?}");
                count += usize::from(is_turned);
            }
            // Five standard deviations of the half.
            assert!((65..=135).contains(&count), "{count} of 200");
        }
    }

    #[test]
    fn the_seed_decides_and_inference_changes_nothing() {
        let layer = RandomFlip::new();
        let y = flip(&layer, Mode::Training, 3);
        assert_eq!(y, flip(&layer, Mode::Training, 3));
        assert_ne!(y, flip(&layer, Mode::Training, 4));
        assert_ne!(y, flip(&layer.clone().seed(1), Mode::Training, 3));
        assert_eq!(flip(&layer, Mode::Inference, 3), images(200).into_dyn());
    }
}
