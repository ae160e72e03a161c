//! What a step of training changes: the weights, and what optimizers remember of them.
//!
//! Where the sizes of the numbers show that all will stay finite, they are changed in place, after
//! all else has been checked. The others are computed into buffers, and checked, before anything
//! changes; the buffers are those that held the numbers before the last such step.

use std::collections::HashMap;
use std::mem::{swap, take};

use super::clip::Clip;
use crate::error::At;
use crate::float::{Scalar, written};
use crate::kernels::kernel;
use crate::kernels::sums::{add_to, all_finite, largest};
use crate::optimizer::{MultiOptimizer, Options, Slot, Step};
use crate::pool::{self, Buffer};
use crate::tensor::Tensor;
use crate::{Error, Float, Optimizer, Parameter};

/// The gradient of a weight.
pub(super) struct Gradient<'t> {
    pub path: &'t str,
    pub weight: Parameter,
    pub numbers: Buffer<Float>,
    largest: Float,
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
    pub(super) memories: HashMap<u64, Memory>,
}

/// What is remembered of a weight, each part as long as the weight.
#[derive(Default)]
pub(super) struct Memory {
    /// Of the optimizer.
    pub slots: Vec<(Slot, Buffer<Float>)>,
    /// The moving average, from the first step on.
    pub average: Option<Buffer<Float>>,
    /// The sum of the gradients since the last update.
    pub accumulator: Option<Buffer<Float>>,
    /// Whether a step has been made with it.
    pub begun: bool,
    /// The place of the optimizer.
    pub place: usize,
    /// How large the numbers of each slot can be.
    sizes: Vec<f64>,
    /// How large those of the weight can be, after so many changes of it.
    size: Option<(u64, f64)>,
    /// Whether the update is made in place.
    in_place: bool,
    next: Next,
}

/// What the numbers will be after the step; between steps, buffers.
#[derive(Default)]
struct Next {
    weight: Buffer<Float>,
    slots: Vec<Buffer<Float>>,
    average: Buffer<Float>,
}

/// What an optimizer does in a batch.
struct Plan<'a> {
    place: usize,
    optimizer: &'a dyn Optimizer,
    options: &'a Options,
    step: Step,
    rate: f64,
    /// Whether weights are updated, and not only gradients added up.
    updates: bool,
    /// How much of the moving average stays.
    keep: Option<Float>,
    overwrites: bool,
    /// What is remembered of each number.
    slots: Vec<Slot>,
}

/// How many numbers of a weight are updated at once, if it can be done in pieces: few enough to
/// stay in the second cache, and enough for several threads.
const PIECE: usize = 1 << 15;

/// No number that stays below becomes infinite on the way to its new value.
const LIMIT: f64 = Float::MAX as f64 / 8.0;

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
        Ok(Updater { optimizers, batches, memories: HashMap::new() })
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
    fn decay_of(&self, gradient: &Gradient<'_>) -> Option<Float> {
        self.options.decay_of(gradient.path).map(|decay| Float::of(decay * self.rate))
    }

    fn clips(&self, gradients: &[Gradient<'_>]) -> Vec<Clip> {
        if self.updates {
            return Clip::all(self.options, gradients);
        }
        vec![Clip::No; gradients.len()]
    }

    /// Whether the weight gets other numbers.
    fn changes(&self, weight: &Parameter) -> bool {
        self.updates || self.overwrites || weight.constraint().is_some()
    }
}

impl Memory {
    /// Makes what there is not yet.
    fn prepare(&mut self, plan: &Plan<'_>, len: usize) {
        self.place = plan.place;
        if !self.slots.iter().map(|(slot, _)| slot.name).eq(plan.slots.iter().map(|slot| slot.name))
        {
            let full = |slot: &Slot| (*slot, pool::full(len, slot.initial));
            self.slots = plan.slots.iter().map(full).collect();
        }
        if self.sizes.len() != self.slots.len() {
            self.measure();
        }
        if plan.options.batches() > 1 && self.accumulator.is_none() {
            self.accumulator = Some(pool::zeros(len));
        }
    }

    fn measure(&mut self) {
        self.sizes = self.slots.iter().map(|(_, slot)| largest(slot).as_f64()).collect();
    }

    /// Adds the gradients of the batches before; makes them a mean if weights are updated.
    fn accumulate(&self, plan: &Plan<'_>, gradient: &mut Gradient<'_>) {
        let Some(accumulator) = self.accumulator.as_ref().filter(|_| plan.options.batches() > 1)
        else {
            return;
        };
        let numbers = &mut gradient.numbers;
        add_to(accumulator, numbers);
        if plan.updates {
            let count = plan.options.batches() as Float;
            numbers.iter_mut().for_each(|g| *g /= count);
        }
        gradient.largest = largest(numbers);
    }

    /// Whether all numbers will be finite, by their sizes; if so, these are what they will be.
    fn stays_finite(
        &mut self,
        plan: &Plan<'_>,
        gradient: &Gradient<'_>,
        decay: Option<Float>,
    ) -> bool {
        let changes = gradient.weight.changes();
        let known = self.size.take().filter(|(then, _)| *then == changes);
        let mut weight = match known {
            Some((_, size)) => size,
            None => largest(gradient.weight.tensor().data()).as_f64(),
        };
        weight += weight * decay.map_or(0.0, Scalar::as_f64);
        let mut sizes = self.sizes.clone();
        let size = gradient.largest.as_f64();
        plan.optimizer.bound(&plan.step, size, &mut weight, &mut sizes);
        let finite = weight < LIMIT && size < LIMIT && sizes.iter().all(|&size| size < LIMIT);
        if finite {
            self.sizes = sizes;
            // After this one.
            self.size = Some((changes + 1, weight));
            return true;
        }
        // What is known may be far more than what is.
        known.is_some() && self.stays_finite(plan, gradient, decay)
    }

    /// Computes what becomes of a weight and of what is remembered of it, unless that can be done
    /// in place. False if a number among them is not finite.
    fn compute(
        &mut self,
        plan: &Plan<'_>,
        gradient: &mut Gradient<'_>,
        clip: Clip,
    ) -> Result<bool, Error> {
        if !gradient.is_finite() {
            return Ok(false);
        }
        let constraint = gradient.weight.constraint();
        let decay = plan.decay_of(gradient);
        self.in_place = plan.updates
            && constraint.is_none()
            && !plan.overwrites
            && self.stays_finite(plan, gradient, decay);
        if self.in_place || !plan.changes(&gradient.weight) && plan.keep.is_none() {
            return Ok(true);
        }
        let Gradient { path, weight, numbers, .. } = gradient;
        let tensor = weight.tensor();
        let Next { weight: next, slots, average } = &mut self.next;
        next.clear();
        next.extend_from_slice(tensor.data());
        if plan.updates {
            slots.resize_with(self.slots.len(), Buffer::default);
            for (slot, (_, before)) in slots.iter_mut().zip(&self.slots) {
                slot.clear();
                slot.extend_from_slice(before);
            }
            update(plan, next, numbers, slots.iter_mut(), clip, decay);
            if !all_finite(next) || !slots.iter().all(|slot| all_finite(slot)) {
                return Ok(false);
            }
        }
        if let Some(keep) = plan.keep {
            average.clear();
            average.extend_from_slice(self.average.as_ref().unwrap_or(next));
            move_average(average, next, keep);
            if plan.overwrites {
                next.copy_from_slice(average);
            }
        }
        if let Some(constraint) = constraint {
            constraint.apply(path, tensor.shape(), next)?;
            return Ok(all_finite(next));
        }
        Ok(true)
    }

    /// What has been computed becomes so, and what can be is computed in place.
    fn commit(&mut self, plan: &Plan<'_>, mut gradient: Gradient<'_>, clip: Clip) {
        let next = &mut self.next;
        if self.in_place {
            let decay = plan.decay_of(&gradient);
            let Gradient { weight, numbers, .. } = &mut gradient;
            let average = &mut self.average;
            weight.update(|weight| {
                let slots = self.slots.iter_mut().map(|(_, slot)| slot);
                update(plan, weight, numbers, slots, clip, decay);
                if let Some(keep) = plan.keep {
                    move_average(average.get_or_insert_with(|| pool::copy(weight)), weight, keep);
                }
            });
        } else {
            if plan.changes(&gradient.weight) {
                next.weight = gradient.weight.exchange(take(&mut next.weight)).unwrap_or_default();
            }
            if plan.keep.is_some() {
                swap(self.average.get_or_insert_default(), &mut next.average);
            }
            if plan.updates {
                for ((_, slot), next) in self.slots.iter_mut().zip(&mut next.slots) {
                    swap(slot, next);
                }
                self.measure();
            }
        }
        if let (Some(sum), false) = (&mut self.accumulator, plan.updates) {
            swap(sum, &mut gradient.numbers);
        }
        self.begun = true;
    }
}

/// Lets the optimizer change a weight and its slots. With clipping or decay this goes piece by
/// piece, so that each number is fetched from memory once.
fn update<'s>(
    plan: &Plan<'_>,
    weight: &mut [Float],
    gradient: &mut [Float],
    slots: impl Iterator<Item = &'s mut Buffer<Float>>,
    clip: Clip,
    decay: Option<Float>,
) {
    let whole = decay.is_none() && matches!(clip, Clip::No) || !plan.optimizer.is_elementwise();
    let piece = if whole { weight.len().max(1) } else { PIECE };
    let mut slots: Vec<_> = slots.map(|slot| slot.chunks_mut(piece)).collect();
    for (weight, gradient) in weight.chunks_mut(piece).zip(gradient.chunks_mut(piece)) {
        clip.apply(gradient);
        if let Some(decay) = decay {
            decay_all(weight, decay);
        }
        let mut slots: Vec<&mut [Float]> = slots.iter_mut().filter_map(Iterator::next).collect();
        plan.optimizer.update(&plan.step, weight, gradient, &mut slots);
    }
}

kernel! {
    /// Takes a part of each weight away.
    fn decay_all<T: Scalar>(weight: &mut [T], decay: T) in (weight.len()) {
        for w in weight {
            *w -= *w * decay;
        }
    }

    /// Moves an average to the weight; `keep` says how much of it stays.
    fn move_average<T: Scalar>(
        average: &mut [T], weight: &[T], keep: T,
    ) in (weight.len()) {
        if keep == T::zero() {
            return average.copy_from_slice(weight);
        }
        for (mean, w) in average.iter_mut().zip(weight) {
            *mean = keep * *mean + (T::one() - keep) * *w;
        }
    }
}
