//! What happens to gradients before an update, so that it does not go too far.

use super::update::Gradient;
use crate::Float;
use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::sums::squares;
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
            Clip::Scale(scale) => scale_all(gradient, scale),
            Clip::Value(most) => clip_all(gradient, most),
        }
    }
}

kernel! {
    fn scale_all<T: Scalar>(gradient: &mut [T], scale: T) in (gradient.len()) {
        for g in gradient {
            *g *= scale;
        }
    }

    /// Moves each to the nearest number between `-most` and `most`; a NaN stays one.
    fn clip_all<T: Scalar>(gradient: &mut [T], most: T) in (gradient.len()) {
        for g in gradient {
            let below = if *g > most { most } else { *g };
            *g = if below < -most { -most } else { below };
        }
    }
}
