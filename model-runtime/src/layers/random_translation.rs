use model_spec::ArgValue;
use model_spec::layers::random_translation::ENTRY;

use super::support::{generator, one_input, seed_argument};
use super::{Interpolation, Numbers, accepts, samples};
use crate::float::Scalar;
use crate::ops::gather::NOWHERE;
use crate::ops::resample::{Mean, Resample, only};
use crate::{Float, Mode, Var, tape};

/// What stands beyond the edges of an image `a b c d`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FillMode {
    /// The image in a mirror at its edge: `d c b a | a b c d | d c b a`.
    Reflect,
    /// The image again: `a b c d | a b c d | a b c d`.
    Wrap,
    /// One number: `k k k k | a b c d | k k k k`.
    Constant,
    /// The last pixel: `a a a a | a b c d | d d d d`.
    Nearest,
}

impl FillMode {
    fn word(self) -> ArgValue {
        ArgValue::Word(match self {
            FillMode::Reflect => "reflect",
            FillMode::Wrap => "wrap",
            FillMode::Constant => "constant",
            FillMode::Nearest => "nearest",
        })
    }

    /// The position of an axis with `size` of them that stands at `i`, which may lie outside.
    fn position(self, i: i64, size: usize) -> usize {
        let len = size as i64;
        let found = match self {
            FillMode::Reflect => {
                let i = i.rem_euclid(2 * len);
                i.min(2 * len - 1 - i)
            }
            FillMode::Wrap => i.rem_euclid(len),
            FillMode::Nearest => i.clamp(0, len - 1),
            FillMode::Constant if (0..len).contains(&i) => i,
            FillMode::Constant => return NOWHERE,
        };
        found as usize
    }
}

/// While training, each image moved by a share of its height and of its width; else nothing
/// changes;
/// [Keras's `RandomTranslation`].
///
/// A factor is a number, `0.2` for a share of -0.2 to 0.2, or a range, `(-0.2, 0.3)`. Images are
/// moved down and to the right by positive shares.
///
/// - Input: `(samples, height, width, channels)`. Output: the same shape.
///
/// [Keras's `RandomTranslation`]:
/// <https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/>
///
/// ```
/// use model_runtime::prelude::*;
/// let layer = RandomTranslation::new(0.0, [0.25, 0.25]).fill_mode(FillMode::Wrap);
/// let x = ndarray::array![[[[1.0], [2.0], [3.0], [4.0]]]];
/// let y = tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())?;
/// assert_eq!(y, ndarray::array![[[[4.0], [1.0], [2.0], [3.0]]]].into_dyn());
/// # Ok::<(), Error>(())
/// ```
///
/// By whole pixels or with straight lines between them, and with a colour of one's own beyond the
/// edges:
///
/// ```
/// use model_runtime::prelude::*;
/// use ndarray::array;
/// let moved = |interpolation| {
///     let layer = RandomTranslation::new(0.0, [0.125, 0.125])
///         .fill_mode(FillMode::Constant)
///         .fill_value(-2.0)
///         .interpolation(interpolation)
///         .seed(1);
///     let x = array![[[[1.0], [2.0], [3.0], [4.0]]]];
///     tape::run(Mode::Training, || layer.call(Var::from_array(&x)).to_array())
/// };
/// let half = array![[[[-0.5], [1.5], [2.5], [3.5]]]].into_dyn();
/// assert_eq!(moved(Interpolation::Bilinear)?, half);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomTranslation {
    height_factor: Numbers,
    width_factor: Numbers,
    fill_mode: FillMode,
    interpolation: Interpolation,
    seed: Option<u64>,
    fill_value: Float,
}

one_input!(RandomTranslation);
seed_argument!(RandomTranslation);

impl RandomTranslation {
    /// Shares of the height and of the width, in [-1, 1].
    pub fn new(
        height_factor: impl Into<Numbers>,
        width_factor: impl Into<Numbers>,
    ) -> RandomTranslation {
        RandomTranslation {
            height_factor: height_factor.into(),
            width_factor: width_factor.into(),
            fill_mode: FillMode::Reflect,
            interpolation: Interpolation::Bilinear,
            seed: None,
            fill_value: 0.0,
        }
    }

    /// What stands beyond the edges; the image in a mirror by default.
    pub fn fill_mode(mut self, fill_mode: FillMode) -> RandomTranslation {
        self.fill_mode = fill_mode;
        self
    }

    /// What stands between two pixels; a straight line by default.
    pub fn interpolation(mut self, interpolation: Interpolation) -> RandomTranslation {
        self.interpolation = interpolation;
        self
    }

    /// What [`FillMode::Constant`] has beyond the edges; 0 by default.
    pub fn fill_value(mut self, fill_value: Float) -> RandomTranslation {
        self.fill_value = fill_value;
        self
    }

    #[track_caller]
    fn run(&self, inputs: &[Var]) -> Var {
        let args = [
            self.height_factor.arg(),
            self.width_factor.arg(),
            self.fill_mode.word(),
            self.interpolation.word(),
        ];
        if let Err(poison) = accepts(&ENTRY, &args, inputs) {
            return poison;
        }
        let x = inputs[0];
        if tape::mode() == Mode::Inference {
            return x;
        }
        let (mut generator, output) = (generator(self.seed), x.shape());
        let (mut rows, mut cols) = (Vec::new(), Vec::new());
        for _ in 0..samples(x) {
            let mut along = |factor: &Numbers, axis| {
                let ((least, most), size) = (factor.range(), output.dim(axis));
                let share = least + (most - least) * generator.uniform();
                self.moved(size, share * size as f64)
            };
            rows.extend(along(&self.height_factor, 1));
            cols.extend(along(&self.width_factor, 2));
        }
        let fill = self.fill_value.as_f64();
        tape::apply(Resample { rows: rows.into(), cols: cols.into(), output, fill }, inputs)
    }

    /// An axis with `size` positions, moved by this many.
    fn moved(&self, size: usize, by: f64) -> impl Iterator<Item = Mean> {
        let (fill, interpolation) = (self.fill_mode, self.interpolation);
        (0..size).map(move |i| {
            let at = i as f64 - by;
            match interpolation {
                Interpolation::Nearest => only(fill.position(at.round() as i64, size)),
                Interpolation::Bilinear => {
                    let (first, part) = (at.floor() as i64, at - at.floor());
                    let next = fill.position(first + 1, size);
                    [(fill.position(first, size), 1.0 - part), (next, part)]
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array4, ArrayD, array};

    use super::*;

    fn run(layer: &RandomTranslation, mode: Mode, x: &Array4<Float>) -> ArrayD<Float> {
        tape::run_seeded(mode, 3, || layer.call(Var::from_array(x)).to_array()).unwrap()
    }

    /// A row moved to the right by this share.
    fn row(share: f64, change: impl FnOnce(RandomTranslation) -> RandomTranslation) -> Vec<Float> {
        let x = array![[[[1.0], [2.0], [3.0], [4.0]]]];
        let layer = change(RandomTranslation::new(0.0, [share, share]));
        run(&layer, Mode::Training, &x).into_raw_vec_and_offset().0
    }

    #[test]
    fn what_comes_in_at_the_edge_is_what_the_mode_says() {
        let filled = |mode| move |layer: RandomTranslation| layer.fill_mode(mode).fill_value(9.0);
        assert_eq!(row(0.5, filled(FillMode::Reflect)), [2.0, 1.0, 1.0, 2.0]);
        assert_eq!(row(-0.5, filled(FillMode::Reflect)), [3.0, 4.0, 4.0, 3.0]);
        assert_eq!(row(1.0, filled(FillMode::Reflect)), [4.0, 3.0, 2.0, 1.0]);
        assert_eq!(row(0.5, filled(FillMode::Wrap)), [3.0, 4.0, 1.0, 2.0]);
        assert_eq!(row(0.5, filled(FillMode::Constant)), [9.0, 9.0, 1.0, 2.0]);
        assert_eq!(row(-0.5, filled(FillMode::Nearest)), [3.0, 4.0, 4.0, 4.0]);
        assert_eq!(row(0.5, |layer| layer), [2.0, 1.0, 1.0, 2.0], "reflect by default");
        // An eighth is half a pixel, with which the number beyond the edge is mixed.
        assert_eq!(row(0.125, filled(FillMode::Constant)), [5.0, 1.5, 2.5, 3.5]);
        let nearest = |layer: RandomTranslation| layer.interpolation(Interpolation::Nearest);
        // A third of a pixel is none.
        assert_eq!(row(1.0 / 12.0, nearest), [1.0, 2.0, 3.0, 4.0]);
        // Halves go away from 0: -0.5 to -1, 0.5 to 1.
        assert_eq!(row(0.125, nearest), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn each_image_is_moved_within_the_range() {
        let line = |(_, i, _, _): (usize, usize, usize, usize)| i as Float;
        let x = Array4::from_shape_fn((300, 100, 1, 1), line);
        let layer = RandomTranslation::new([-0.1, 0.2], 0.0);
        let y = run(&layer, Mode::Training, &x);
        // In the middle, far from the edges, a line that is moved is a line.
        let shifts: Vec<Float> = y.outer_iter().map(|y| 50.0 - y[[50, 0, 0]]).collect();
        assert!(shifts.iter().all(|shift| (-10.0..=20.0).contains(shift)), "{shifts:?}");
        let mean = shifts.iter().sum::<Float>() / 300.0;
        // Five standard deviations of the mean of numbers from -10 to 20.
        assert!((mean - 5.0).abs() < 2.5, "{mean}");
        assert!(shifts.iter().any(|shift| (shift - shifts[0]).abs() > 5.0));
        assert_eq!(run(&layer, Mode::Inference, &x), x.clone().into_dyn());
        assert_ne!(run(&layer.seed(1), Mode::Training, &x), y);
    }

    #[test]
    fn a_factor_outside_of_its_range_is_an_error() {
        let step = || RandomTranslation::new(0.1, [0.1, 2.0]).call(Var::zeros(&[1, 2, 2, 1]));
        let text = tape::run(Mode::Inference, || step().shape()).unwrap_err().to_string();
        let sentence = "RandomTranslation: width_factor must lie in [-1, 1], but is 2\n";
        assert!(text.starts_with(sentence), "{text}");
    }
}
