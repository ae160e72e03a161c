//! What happens to gradients before an update, so that it does not go too far.

use super::update::Gradient;
use crate::Float;
use crate::float::Scalar;
use crate::optimizer::Options;

/// What happens to the gradient of a weight.
#[derive(Clone, Copy)]
pub(super) enum Clip {
    No,
    Scale(Float),
    Value(Float),
}

impl Clip {
    /// What happens to each of the gradients of an optimizer.
    pub fn all(options: &Options, gradients: &[Gradient]) -> Vec<Clip> {
        let scale = |norm: f64, most: Float| {
            let most = most.as_f64();
            if norm > most { Clip::Scale(Float::of(most / norm)) } else { Clip::No }
        };
        let squares = gradients.iter().map(|gradient| squares(&gradient.numbers));
        if let Some(most) = options.clipnorm {
            return squares.map(|sum| scale(libm::sqrt(sum), most)).collect();
        }
        let clip = match (options.global_clipnorm, options.clipvalue) {
            (Some(most), _) => scale(libm::sqrt(squares.sum()), most),
            (None, Some(most)) => Clip::Value(most),
            (None, None) => Clip::No,
        };
        vec![clip; gradients.len()]
    }

    pub fn apply(self, gradient: &mut [Float]) {
        match self {
            Clip::No => {}
            Clip::Scale(scale) => gradient.iter_mut().for_each(|g| *g *= scale),
            Clip::Value(most) => gradient.iter_mut().for_each(|g| *g = g.clamp(-most, most)),
        }
    }
}

/// The sum of the squares. Several sums at once, of which the processor waits for none.
fn squares(numbers: &[Float]) -> f64 {
    let mut sums = [0.0; 8];
    for some in numbers.chunks(sums.len()) {
        for (sum, x) in sums.iter_mut().zip(some) {
            *sum += x.as_f64() * x.as_f64();
        }
    }
    sums.iter().sum()
}
