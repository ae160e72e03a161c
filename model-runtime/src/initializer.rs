use std::fmt;
use std::sync::Arc;

use model_spec::Shape;
use ndarray::ArrayD;

use crate::float::Scalar;
use crate::kernels::sums::{squares, take_along};
use crate::pool::{self, Buffer};
use crate::seed::Generator;
use crate::tensor::Tensor;
use crate::{Float, Parameter, Seed};

/// How a weight starts; see the [Keras page](https://keras.io/api/layers/initializers/).
///
/// A weight's *fans* are the numbers of its inputs and outputs. Those of a kernel `(…, channels in,
/// channels out)` are the channels times the size of the receptive field, which is the product of
/// the axes before; those of a vector are both its length. The same seed gives the same numbers on
/// every machine.
///
/// A function of your own is given the shape and random numbers:
///
/// ```
/// use model_runtime::prelude::*;
/// let quarter = Initializer::custom(|shape, random| {
///     ndarray::ArrayD::from_shape_simple_fn(shape, || random.uniform() as Float / 4.0)
/// });
/// let mut dense = Dense::new(3).kernel_initializer(quarter);
/// dense.init(Seed::new(0), &[Value::float(&[2])]);
/// assert!(dense.kernel.get().iter().all(|&w| (0.0..0.25).contains(&w)));
/// ```
///
/// Uniform with a variance of 2 / 24, so within ½:
///
/// ```
/// use model_runtime::prelude::*;
/// use model_runtime::{Distribution, Fan};
/// let scaled = Initializer::VarianceScaling(2.0, Fan::FanIn, Distribution::Uniform);
/// let mut dense = Dense::new(100).kernel_initializer(scaled);
/// dense.init(Seed::new(0), &[Value::float(&[24])]);
/// let kernel = dense.kernel.get();
/// assert!(kernel.iter().all(|&w| w.abs() <= 0.5) && kernel.iter().any(|&w| w.abs() > 0.45));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Initializer {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// All this number.
    Constant(Float),
    /// Normal with this mean and standard deviation.
    RandomNormal(Float, Float),
    /// Uniform from the first number to the second.
    RandomUniform(Float, Float),
    /// Normal with this mean and standard deviation; what is further than two deviations from the
    /// mean is drawn again.
    TruncatedNormal(Float, Float),
    /// Uniform in ±√(6 / (fan in + fan out)) ([Glorot and Bengio,
    /// 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
    GlorotUniform,
    /// Truncated normal of variance 2 / (fan in + fan out)
    /// ([Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
    GlorotNormal,
    /// Uniform in ±√(6 / fan in) ([He et al., 2015](https://arxiv.org/abs/1502.01852)).
    HeUniform,
    /// Truncated normal of variance 2 / fan in ([He et al.,
    /// 2015](https://arxiv.org/abs/1502.01852)).
    HeNormal,
    /// Uniform in ±√(3 / fan in) ([Klambauer et al., 2017](https://arxiv.org/abs/1706.02515)).
    LecunUniform,
    /// Truncated normal of variance 1 / fan in ([Klambauer et al.,
    /// 2017](https://arxiv.org/abs/1706.02515)).
    LecunNormal,
    /// A random orthogonal matrix times this gain: the rows or the columns, whichever are fewer,
    /// are orthogonal to each other and have the length 1. All axes but the last are its rows
    /// ([Saxe et al., 2014](https://arxiv.org/abs/1312.6120)).
    Orthogonal(Float),
    /// A variance of `scale / n`, where `n` is a fan ([He et al.,
    /// 2015](https://arxiv.org/abs/1502.01852)); Keras's `VarianceScaling`.
    VarianceScaling(Float, Fan, Distribution),
    /// This gain where row and column have the same number, 0 elsewhere. All axes but the last are
    /// the rows.
    Identity(Float),
    /// A function of your own; made by [`Initializer::custom`].
    Custom(CustomInitializer),
}

/// What [`Initializer::VarianceScaling`] divides by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fan {
    /// The number of inputs.
    FanIn,
    /// The number of outputs.
    FanOut,
    /// The mean of both.
    FanAvg,
}

/// How the numbers of [`Initializer::VarianceScaling`] are distributed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distribution {
    /// Normal; what is further than two deviations from 0 is drawn again.
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
    /// Uniform around 0.
    Uniform,
}

/// A function of your own as an [`Initializer`].
#[derive(Clone)]
pub struct CustomInitializer(Arc<Make>);

type Make = dyn Fn(&[usize], &mut Generator) -> ArrayD<Float> + Send + Sync;

impl fmt::Debug for CustomInitializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("custom")
    }
}

/// The standard deviation of the standard normal distribution that is cut off at ±2.
const TRUNCATED_STDDEV: f64 = 0.879_625_661_034_239_8;

impl Initializer {
    /// A function of your own: from the shape and random numbers, which follow from the model's
    /// seed and the weight's path, to the weight. One of another shape is an error of the first
    /// call.
    pub fn custom(
        make: impl Fn(&[usize], &mut Generator) -> ArrayD<Float> + Send + Sync + 'static,
    ) -> Initializer {
        Initializer::Custom(CustomInitializer(Arc::new(make)))
    }

    /// A new weight of this shape, for [`Layer::init`](crate::Layer::init) of a layer of one's own:
    /// a weight's seed is a child of the layer's.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let seed = Seed::new(0).child("points");
    /// let points = Initializer::GlorotUniform.parameter(&seed, Shape::new(&[5, 3]));
    /// assert_eq!(points.get().shape(), [5, 3]);
    /// ```
    pub fn parameter(&self, seed: &Seed, shape: Shape) -> Parameter {
        if let Initializer::Custom(custom) = self {
            let array = custom.0(shape.dims(), &mut seed.generator());
            // What has too many axes is a weight of no shape, which does not fit either.
            let fits = array.ndim() <= model_spec::MAX_RANK;
            let shape = if fits { Shape::new(array.shape()) } else { Shape::new(&[0]) };
            let numbers = array.iter().copied().filter(|_| fits).collect();
            return Parameter::new(Tensor::new(shape, numbers));
        }
        let numbers = self.numbers(seed, &shape).iter().map(|x| Float::of(*x)).collect();
        Parameter::new(Tensor::of(shape, numbers))
    }

    fn numbers(&self, seed: &Seed, shape: &Shape) -> Buffer<f64> {
        let size = shape.size().unwrap_or(0);
        let mut random = seed.generator();
        let (fan_in, fan_out) = fans(shape);
        let both = (fan_in + fan_out) / 2.0;
        match *self {
            Initializer::Zeros => pool::zeros(size),
            Initializer::Ones => pool::full(size, 1.0),
            Initializer::Constant(value) => pool::full(size, wide(value)),
            Initializer::RandomNormal(mean, stddev) => {
                random.normals_of(size, wide(mean), wide(stddev))
            }
            Initializer::RandomUniform(min, max) => random.uniforms_of(size, wide(min), wide(max)),
            Initializer::TruncatedNormal(mean, stddev) => {
                truncated(&mut random, size, wide(mean), wide(stddev))
            }
            Initializer::GlorotUniform => uniform(&mut random, size, 1.0 / both),
            Initializer::HeUniform => uniform(&mut random, size, 2.0 / fan_in),
            Initializer::LecunUniform => uniform(&mut random, size, 1.0 / fan_in),
            Initializer::GlorotNormal => normal(&mut random, size, 1.0 / both),
            Initializer::HeNormal => normal(&mut random, size, 2.0 / fan_in),
            Initializer::LecunNormal => normal(&mut random, size, 1.0 / fan_in),
            Initializer::Orthogonal(gain) => orthogonal(&mut random, shape, wide(gain)),
            Initializer::VarianceScaling(scale, fan, distribution) => {
                let variance = wide(scale)
                    / match fan {
                        Fan::FanIn => fan_in,
                        Fan::FanOut => fan_out,
                        Fan::FanAvg => both,
                    };
                match distribution {
                    Distribution::Uniform => uniform(&mut random, size, variance),
                    Distribution::TruncatedNormal => normal(&mut random, size, variance),
                    Distribution::UntruncatedNormal => {
                        random.normals_of(size, 0.0, libm::sqrt(variance))
                    }
                }
            }
            Initializer::Identity(gain) => {
                let columns = shape.dims().last().copied().unwrap_or(1).max(1);
                let one = |i: usize| if i / columns == i % columns { wide(gain) } else { 0.0 };
                (0..size).map(one).collect()
            }
            // `parameter` has called it.
            Initializer::Custom(_) => pool::zeros(size),
        }
    }
}

#[allow(clippy::unnecessary_cast, reason = "`Float` is f64 with the feature `f64`")]
fn wide(x: Float) -> f64 {
    x as f64
}

/// The numbers of a weight's inputs and outputs, at least 1.
fn fans(shape: &Shape) -> (f64, f64) {
    let (fan_in, fan_out) = match *shape.dims() {
        [] => (1, 1),
        [n] => (n, n),
        [ref field @ .., channels_in, channels_out] => {
            let field: usize = field.iter().product();
            (field * channels_in, field * channels_out)
        }
    };
    (fan_in.max(1) as f64, fan_out.max(1) as f64)
}

/// Uniform around 0 with this variance: that of ±a is a²/3.
fn uniform(random: &mut Generator, size: usize, variance: f64) -> Buffer<f64> {
    let limit = libm::sqrt(3.0 * variance);
    random.uniforms(size, &|drawn, numbers| {
        for (number, drawn) in numbers.iter_mut().zip(drawn) {
            *number = (drawn * 2.0 - 1.0) * limit;
        }
    })
}

fn normal(random: &mut Generator, size: usize, variance: f64) -> Buffer<f64> {
    truncated(random, size, 0.0, libm::sqrt(variance) / TRUNCATED_STDDEV)
}

/// What is too far from the mean is left out, and as many are drawn once more.
fn truncated(random: &mut Generator, size: usize, mean: f64, stddev: f64) -> Buffer<f64> {
    let mut numbers = pool::empty(size);
    while numbers.len() < size {
        let drawn = random.normals_of::<f64>(size - numbers.len(), 0.0, 1.0);
        numbers.extend(drawn.iter().filter(|x| x.abs() <= 2.0));
    }
    numbers.iter_mut().for_each(|x| *x = mean + stddev * *x);
    numbers
}

/// The Q of a normal matrix's QR decomposition whose R has a positive diagonal, which makes it
/// uniform over the orthogonal matrices. Found by Gram-Schmidt, twice, since once loses
/// orthogonality to rounding.
fn orthogonal(random: &mut Generator, shape: &Shape, gain: f64) -> Buffer<f64> {
    let size = shape.size().unwrap_or(0);
    let columns = shape.dims().last().copied().unwrap_or(1);
    if size == 0 {
        return Buffer::default();
    }
    let rows = size / columns;
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<Buffer<f64>> = Vec::with_capacity(count);
    while vectors.len() < count {
        let mut vector = random.normals_of(length, 0.0, 1.0);
        for other in vectors.iter().chain(&vectors) {
            take_along(&mut vector, other);
        }
        let norm = libm::sqrt(squares(&vector));
        // A vector that the others span is as good as impossible; then another is drawn.
        if norm > 1e-6 {
            vector.iter_mut().for_each(|x| *x /= norm);
            vectors.push(vector);
        }
    }
    let element = |i: usize| {
        let (row, column) = (i / columns, i % columns);
        gain * if rows < columns { vectors[row][column] } else { vectors[column][row] }
    };
    (0..size).map(element).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(initializer: Initializer, dims: &[usize]) -> Vec<f64> {
        initializer.numbers(&Seed::new(3).child("kernel"), &Shape::new(dims)).to_vec()
    }

    fn moments(numbers: &[f64]) -> (f64, f64) {
        let n = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        (mean, numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn every_word_has_a_variant() {
        for word in model_spec::words::INITIALIZER.words {
            let camel: String =
                word.name.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
            let source = include_str!("initializer.rs");
            assert!(source.contains(&format!("Initializer::{camel}")), "{camel}");
        }
    }

    #[test]
    fn fans_count_the_receptive_field() {
        assert_eq!(fans(&Shape::new(&[])), (1.0, 1.0));
        assert_eq!(fans(&Shape::new(&[7])), (7.0, 7.0));
        assert_eq!(fans(&Shape::new(&[3, 5])), (3.0, 5.0));
        assert_eq!(fans(&Shape::new(&[2, 4, 3, 5])), (24.0, 40.0));
    }

    #[test]
    fn the_variance_is_what_the_papers_say() {
        use Initializer::*;
        let dims = [3, 3, 40, 100];
        let (fan_in, fan_out) = (360.0, 900.0);
        let cases = [
            (GlorotUniform, 2.0 / (fan_in + fan_out)),
            (GlorotNormal, 2.0 / (fan_in + fan_out)),
            (HeUniform, 2.0 / fan_in),
            (HeNormal, 2.0 / fan_in),
            (LecunUniform, 1.0 / fan_in),
            (LecunNormal, 1.0 / fan_in),
            (RandomNormal(0.0, 0.5), 0.25),
            (RandomUniform(-0.5, 0.5), 1.0 / 12.0),
            (TruncatedNormal(0.0, 0.5), 0.25 * TRUNCATED_STDDEV * TRUNCATED_STDDEV),
            (VarianceScaling(3.0, Fan::FanIn, Distribution::Uniform), 3.0 / fan_in),
            (VarianceScaling(3.0, Fan::FanOut, Distribution::TruncatedNormal), 3.0 / fan_out),
            (
                VarianceScaling(1.0, Fan::FanAvg, Distribution::UntruncatedNormal),
                2.0 / (fan_in + fan_out),
            ),
        ];
        for (initializer, variance) in cases {
            let (mean, got) = moments(&numbers(initializer.clone(), &dims));
            // The error of a mean of 36 000 numbers is 0.5 % of the deviation.
            assert!(mean.abs() < 0.03 * variance.sqrt(), "{initializer:?}: mean {mean}");
            assert!((got / variance - 1.0).abs() < 0.04, "{initializer:?}: {got}, not {variance}");
        }
    }

    #[test]
    fn the_bounds_are_kept() {
        let all_within = |numbers: &[f64], low: f64, high: f64| {
            assert!(numbers.iter().all(|x| (low..=high).contains(x)));
            let reach = numbers.iter().fold(f64::MIN, |max, &x| max.max(x));
            assert!(reach > high - 0.05 * (high - low), "nothing comes close to {high}");
        };
        let limit = (6.0_f64 / 150.0).sqrt();
        all_within(&numbers(Initializer::GlorotUniform, &[50, 100]), -limit, limit);
        all_within(&numbers(Initializer::RandomUniform(2.0, 3.0), &[50, 100]), 2.0, 3.0);
        all_within(&numbers(Initializer::TruncatedNormal(1.0, 2.0), &[50, 100]), -3.0, 5.0);
        let stddev = (2.0_f64 / 50.0).sqrt() / TRUNCATED_STDDEV;
        all_within(&numbers(Initializer::HeNormal, &[50, 100]), -2.0 * stddev, 2.0 * stddev);
    }

    #[test]
    fn constants_are_constant() {
        assert_eq!(numbers(Initializer::Zeros, &[2]), [0.0, 0.0]);
        assert_eq!(numbers(Initializer::Ones, &[2]), [1.0, 1.0]);
        assert_eq!(numbers(Initializer::Constant(2.5), &[]), [2.5]);
    }

    #[test]
    fn orthogonal_rows_or_columns_have_the_length_of_the_gain() {
        for dims in [[6, 4], [4, 6], [5, 5]] {
            let q = numbers(Initializer::Orthogonal(2.0), &dims);
            let [rows, columns] = dims;
            let (count, length) = (rows.min(columns), rows.max(columns));
            let at = |vector: usize, i: usize| {
                if rows < columns { q[vector * columns + i] } else { q[i * columns + vector] }
            };
            for a in 0..count {
                for b in 0..count {
                    let dot: f64 = (0..length).map(|i| at(a, i) * at(b, i)).sum();
                    let expected = if a == b { 4.0 } else { 0.0 };
                    assert!((dot - expected).abs() < 1e-12, "{dims:?}: {a}·{b} = {dot}");
                }
            }
        }
        assert_eq!(numbers(Initializer::Orthogonal(1.0), &[2, 2, 3, 8]).len(), 96);
    }

    #[test]
    fn a_seed_fixes_the_numbers_and_another_changes_them() {
        for initializer in [Initializer::GlorotUniform, Initializer::Orthogonal(1.0)] {
            let draw = |seed| initializer.numbers(&Seed::new(seed), &Shape::new(&[4, 4]));
            assert_eq!(draw(1), draw(1));
            assert_ne!(draw(1), draw(2));
        }
    }
}
