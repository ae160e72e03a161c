use std::f64::consts::PI;

use super::{LearningRateSchedule, at_least_0, some_steps};
use crate::float::{Scalar, written};
use crate::{Error, Float};

/// Half a wave of the cosine, from the initial learning rate to `alpha` times it, and the end from
/// there on ([Loshchilov and Hutter, 2016](https://arxiv.org/abs/1608.03983)), after a warm-up if
/// asked for ([Goyal et al., 2017](https://arxiv.org/abs/1706.02677)); [Keras's
/// `CosineDecay`](https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/).
///
/// `initial_learning_rate · ((1 - alpha) · (1 + cos(π · step / decay_steps)) / 2 + alpha)`. With a
/// warm-up, first a straight line from the initial learning rate to `warmup_target`, then this from
/// `warmup_target` down.
///
/// ```
/// use model_runtime::optimizer::schedule::{CosineDecay, LearningRateSchedule};
/// let schedule = CosineDecay::new(0.0, 10).warmup(1.0, 4);
/// assert_eq!([0, 2, 4, 9, 14].map(|step| schedule.at(step)), [0.0, 0.5, 1.0, 0.5, 0.0]);
/// // A quarter is left at the end.
/// assert_eq!(CosineDecay::new(1.0, 10).alpha(0.25).at(99), 0.25);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CosineDecay {
    initial_learning_rate: f64,
    decay_steps: u64,
    alpha: f64,
    warmup: Option<(f64, u64)>,
}

impl CosineDecay {
    /// From this learning rate to 0 in `decay_steps` steps.
    pub fn new(initial_learning_rate: Float, decay_steps: u64) -> CosineDecay {
        let initial_learning_rate = written(initial_learning_rate);
        CosineDecay { initial_learning_rate, decay_steps, alpha: 0.0, warmup: None }
    }

    /// The part of the learning rate that is left at the end; 0 by default.
    pub fn alpha(mut self, alpha: Float) -> CosineDecay {
        self.alpha = written(alpha);
        self
    }

    /// Keras's `warmup_target` and `warmup_steps`: first, in this many steps, to the learning rate
    /// that decays then. None by default.
    pub fn warmup(mut self, target: Float, steps: u64) -> CosineDecay {
        self.warmup = Some((written(target), steps));
        self
    }
}

impl LearningRateSchedule for CosineDecay {
    fn at(&self, step: u64) -> Float {
        let initial = self.initial_learning_rate;
        let (top, warmup_steps) = self.warmup.unwrap_or((initial, 0));
        if step < warmup_steps {
            return Float::of((top - initial) * (step as f64 / warmup_steps as f64) + initial);
        }
        let done = (step - warmup_steps) as f64 / self.decay_steps as f64;
        Float::of(top * wave(done.min(1.0), 1.0, self.alpha))
    }

    fn check(&self) -> Result<(), Error> {
        at_least_0("initial_learning_rate", self.initial_learning_rate)?;
        at_least_0("alpha", self.alpha)?;
        at_least_0("warmup_target", self.warmup.map_or(0.0, |(target, _)| target))?;
        some_steps("decay_steps", self.decay_steps)
    }
}

/// Half a wave of this height over `alpha`; `done` goes from 0 to 1.
pub(super) fn wave(done: f64, height: f64, alpha: f64) -> f64 {
    (1.0 - alpha) * (0.5 * height * (1.0 + libm::cos(PI * done))) + alpha
}
