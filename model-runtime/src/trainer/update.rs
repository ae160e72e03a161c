//! What a step of training changes: the weights, and what optimizers remember of them, which is a
//! [`Memory`] for each weight.

use std::mem::take;

use super::clip::Clip;
use super::memory::Memory;
use crate::error::At;
use crate::float::{Scalar, written};
use crate::kernels::sums::largest;
use crate::optimizer::{MultiOptimizer, Options, Slot, Step};
use crate::pool::{self, Buffer};
use crate::tape::ById;
use crate::tensor::Tensor;
use crate::{Error, Float, Optimizer, Parameter};

/// The gradient of a weight.
pub(super) struct Gradient<'t> {
    pub path: &'t str,
    pub weight: Parameter,
    pub numbers: Buffer<Float>,
    /// The largest of them, signs aside; NaN if one is not finite.
    pub largest: Float,
}

impl<'t> Gradient<'t> {
    pub fn new(path: &'t str, weight: &Parameter, numbers: Buffer<Float>) -> Gradient<'t> {
        let largest = largest(&numbers);
        Gradient { path, weight: weight.share(), numbers, largest }
    }

    pub fn is_finite(&self) -> bool {
        self.largest.is_finite()
    }
}

/// Optimizers and their state.
pub(super) struct Updater {
    pub(super) optimizers: MultiOptimizer,
    /// How many batches each of them has been given: Keras's `_iterations`.
    pub(super) batches: Vec<u64>,
    /// By the identity of the weight.
    pub(super) memories: ById<Memory>,
}

/// What an optimizer does in a batch.
pub(super) struct Plan<'a> {
    pub place: usize,
    pub optimizer: &'a dyn Optimizer,
    pub options: &'a Options,
    pub step: Step,
    pub rate: f64,
    /// Whether weights are updated, and not only gradients added up.
    pub updates: bool,
    /// How much of the moving average stays.
    pub keep: Option<Float>,
    pub overwrites: bool,
    /// What is remembered of each number.
    pub slots: Vec<Slot>,
}

impl Updater {
    pub fn new(
        optimizers: MultiOptimizer,
        weights: &[(String, Parameter)],
    ) -> Result<Updater, Error> {
        optimizers.check(weights)?;
        for (path, weight) in weights {
            let checked = weight.constraint().map_or(Ok(()), |c| c.check(&weight.shape()));
            checked.map_err(|problem| Error::Constraint { weight: path.clone(), problem })?;
        }
        let batches = vec![0; optimizers.len()];
        Ok(Updater { optimizers, batches, memories: ById::default() })
    }

    /// Changes the weights by their gradients. On an error, or where something panics, nothing has
    /// changed.
    pub fn step(&mut self, gradients: Vec<Gradient<'_>>, at: Option<At>) -> Result<(), Error> {
        let mut parts = self.parts_of(gradients);
        let mut plans = Vec::new();
        for (place, gradients) in parts.iter_mut().enumerate() {
            if gradients.is_empty() {
                continue;
            }
            let plan = Plan::new(&self.optimizers, place, self.batches[place])?;
            for gradient in gradients.iter_mut() {
                let memory = self.memories.entry(gradient.weight.id()).or_default();
                memory.prepare(&plan, gradient.numbers.len());
                memory.accumulate(&plan, gradient);
            }
            let clips = plan.clips(gradients);
            for (gradient, &clip) in gradients.iter_mut().zip(&clips) {
                let Some(memory) = self.memories.get_mut(&gradient.weight.id()) else { continue };
                if !memory.compute(&plan, gradient, clip)? {
                    return Err(Error::WeightNotFinite { at, weight: gradient.path.to_owned() });
                }
            }
            plans.push((plan, clips));
        }
        for (plan, clips) in plans {
            self.batches[plan.place] += 1;
            for (gradient, clip) in take(&mut parts[plan.place]).into_iter().zip(clips) {
                let Some(memory) = self.memories.get_mut(&gradient.weight.id()) else { continue };
                memory.commit(&plan, gradient, clip);
            }
            if plan.updates && plan.options.batches() > 1 {
                let memories = self.memories.values_mut().filter(|m| m.place == plan.place);
                memories.flat_map(|m| &mut m.accumulator).for_each(|sum| sum.fill(0.0));
            }
        }
        Ok(())
    }

    /// The gradients for each optimizer.
    fn parts_of<'t>(&self, gradients: Vec<Gradient<'t>>) -> Vec<Vec<Gradient<'t>>> {
        if self.parts() == 1 {
            return vec![gradients];
        }
        let mut parts: Vec<Vec<Gradient<'t>>> = self.batches.iter().map(|_| Vec::new()).collect();
        for gradient in gradients {
            parts[self.optimizers.place(gradient.path, &gradient.weight)].push(gradient);
        }
        parts
    }

    /// How many optimizers there are.
    pub fn parts(&self) -> usize {
        self.optimizers.len()
    }

    /// The place of the optimizer for the weights of a path.
    pub fn place_of(&self, path: &str, weights: &[(String, Parameter)]) -> Result<usize, Error> {
        let known = weights.iter().find(|(known, _)| crate::optimizer::within(known, path));
        match known {
            Some((path, weight)) => Ok(self.optimizers.place(path, weight)),
            None => Err(crate::optimizer::unknown_path(path, weights)),
        }
    }

    pub fn learning_rate(&self, place: usize) -> Float {
        self.optimizers.get(place).options().learning_rate.at(self.batches[place])
    }

    pub fn set_learning_rate(&mut self, place: usize, rate: Float) -> Result<(), Error> {
        self.optimizers.get_mut(place).options_mut().learning_rate.set(written(rate))
    }

    /// Refuses learning rates that cannot be set, those that follow a schedule.
    pub fn check_rates(&self) -> Result<(), Error> {
        let rate = |place| self.optimizers.get(place).options().learning_rate.clone();
        (0..self.parts()).try_for_each(|place| rate(place).set(0.0))
    }

    /// Refuses optimizers that keep no moving averages.
    pub fn check_averages(&self) -> Result<(), Error> {
        if (0..self.parts()).any(|place| self.optimizers.get(place).options().use_ema) {
            return Ok(());
        }
        let (name, value) = ("use_ema", "false".to_owned());
        Err(Error::Option {
            name,
            value,
            expected: "true in an optimizer for there to be averages",
        })
    }

    /// Puts the moving averages in the place of these weights.
    pub fn apply_averages(&self, weights: &[(String, Parameter)]) {
        for (_, weight) in weights {
            let memory = self.memories.get(&weight.id());
            if let Some(average) = memory.and_then(|memory| memory.average.as_ref()) {
                weight.replace(Tensor::of(weight.shape(), average.clone()));
            }
        }
    }

    /// Swaps these weights and their moving averages.
    pub fn swap_averages(&mut self, weights: &[(String, Parameter)]) {
        for (_, weight) in weights {
            let memory = self.memories.get_mut(&weight.id());
            if let Some(average) = memory.and_then(|memory| memory.average.as_mut()) {
                let before = pool::copy(weight.tensor().data());
                weight.exchange(std::mem::replace(average, before));
            }
        }
    }
}

impl<'a> Plan<'a> {
    /// What the optimizer does after so many batches.
    fn new(optimizers: &'a MultiOptimizer, place: usize, batches: u64) -> Result<Plan<'a>, Error> {
        let optimizer = optimizers.get(place);
        let options = optimizer.options();
        let rate = options.learning_rate.checked(batches)?;
        // As in Keras, schedules count batches, all else counts updates.
        let iterations = batches / options.batches();
        let overwrites = |steps: u64| (iterations + 1).is_multiple_of(steps);
        let momentum = if iterations == 0 { 0.0 } else { options.ema_momentum };
        Ok(Plan {
            place,
            optimizer,
            options,
            step: Step::new(iterations + 1, rate),
            rate,
            updates: (batches + 1).is_multiple_of(options.batches()),
            keep: options.use_ema.then(|| Float::of(momentum)),
            overwrites: options.use_ema && options.ema_overwrite_frequency.is_some_and(overwrites),
            slots: optimizer.slots(),
        })
    }

    /// What is taken away of each number of the weight, the learning rate included.
    pub fn decay_of(&self, gradient: &Gradient<'_>) -> Option<Float> {
        self.options.decay_of(gradient.path).map(|decay| Float::of(decay * self.rate))
    }

    fn clips(&self, gradients: &[Gradient<'_>]) -> Vec<Clip> {
        if self.updates {
            return Clip::all(self.options, gradients);
        }
        vec![Clip::No; gradients.len()]
    }

    /// Whether the weight gets other numbers.
    pub fn changes(&self, weight: &Parameter) -> bool {
        self.updates || self.overwrites || weight.constraint().is_some()
    }
}
