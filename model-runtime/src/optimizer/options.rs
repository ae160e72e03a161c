use super::{LearningRate, above_0, at_least_0, up_to_1};
use crate::{Error, Float};

/// What all optimizers have; set by methods such as
/// [`Optimizer::clipnorm`](super::Optimizer::clipnorm).
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) learning_rate: LearningRate,
    pub(crate) weight_decay: Option<f64>,
    pub(crate) without_decay: Vec<String>,
    pub(crate) clipnorm: Option<Float>,
    pub(crate) clipvalue: Option<Float>,
    pub(crate) global_clipnorm: Option<Float>,
    pub(crate) use_ema: bool,
    pub(crate) ema_momentum: f64,
    pub(crate) ema_overwrite_frequency: Option<u64>,
    pub(crate) gradient_accumulation_steps: Option<u64>,
}

impl Options {
    /// Keras's defaults, with this learning rate.
    pub fn new(learning_rate: impl Into<LearningRate>) -> Options {
        Options {
            learning_rate: learning_rate.into(),
            weight_decay: None,
            without_decay: Vec::new(),
            clipnorm: None,
            clipvalue: None,
            global_clipnorm: None,
            use_ema: false,
            ema_momentum: 0.99,
            ema_overwrite_frequency: None,
            gradient_accumulation_steps: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.learning_rate.check()?;
        if let Some(weight_decay) = self.weight_decay {
            at_least_0("weight_decay", weight_decay)?;
        }
        up_to_1("ema_momentum", self.ema_momentum)?;
        for (name, frequency, least, expected) in [
            ("ema_overwrite_frequency", self.ema_overwrite_frequency, 1, "1 or more"),
            ("gradient_accumulation_steps", self.gradient_accumulation_steps, 2, "2 or more"),
        ] {
            if let Some(value) = frequency.filter(|&frequency| frequency < least) {
                return Err(Error::Option { name, value: value.to_string(), expected });
            }
        }
        let mut clipped = false;
        for (name, value) in [
            ("clipnorm", self.clipnorm),
            ("clipvalue", self.clipvalue),
            ("global_clipnorm", self.global_clipnorm),
        ] {
            let Some(value) = value else { continue };
            above_0(name, value)?;
            if clipped {
                let value = value.to_string();
                let expected = "left out: only one of `clipnorm`, `clipvalue` and \
                                `global_clipnorm` can be set";
                return Err(Error::Option { name, value, expected });
            }
            clipped = true;
        }
        Ok(())
    }

    /// What is taken away of each number of a weight, besides the learning rate.
    pub(crate) fn decay_of(&self, path: &str) -> Option<f64> {
        self.weight_decay.filter(|_| !self.without_decay.iter().any(|name| has(path, name)))
    }

    /// After how many batches weights change.
    pub(crate) fn batches(&self) -> u64 {
        self.gradient_accumulation_steps.unwrap_or(1)
    }
}

/// Whether the names of which `part` consists stand in a row in `path`.
fn has(path: &str, part: &str) -> bool {
    format!(".{path}.").contains(&format!(".{part}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_is_whole_names() {
        for part in ["bias", "dense.bias", "encoder", "encoder.dense.bias"] {
            assert!(has("encoder.dense.bias", part), "{part}");
        }
        for part in ["bia", "ias", "encoder.bias", "dense.bia", ""] {
            assert!(!has("encoder.dense.bias", part), "{part}");
        }
    }
}
