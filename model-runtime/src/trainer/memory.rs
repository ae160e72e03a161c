//! What optimizers remember of a weight, and how it and the weight change in a step.
//!
//! Where the sizes of the numbers show that all will stay finite, they are changed in place, after
//! all else has been checked. The others are computed into buffers, and checked, before anything
//! changes; the buffers are those that held the numbers before the last such step.

use std::mem::{swap, take};

use super::clip::Clip;
use super::update::{Gradient, Plan};
use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::sums::{add_to, all_finite, largest};
use crate::kernels::threads::alone;
use crate::optimizer::Slot;
use crate::pool::{self, Buffer};
use crate::{Error, Float};

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

/// How many numbers of a weight are updated at once, if it can be done in pieces: few enough to
/// stay in the second cache, and enough for several threads.
const PIECE: usize = 1 << 15;

/// A weight of fewer numbers is updated by the thread that calls: it and what is remembered of it
/// are in the cache of one core, from which most would have to be fetched.
const SHARED: usize = 1 << 16;

/// No number that stays below becomes infinite on the way to its new value.
const LIMIT: f64 = Float::MAX as f64 / 8.0;

impl Memory {
    /// Makes what there is not yet.
    pub fn prepare(&mut self, plan: &Plan<'_>, len: usize) {
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
    pub fn accumulate(&self, plan: &Plan<'_>, gradient: &mut Gradient<'_>) {
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
    pub fn compute(
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
    pub fn commit(&mut self, plan: &Plan<'_>, mut gradient: Gradient<'_>, clip: Clip) {
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
    let is_shared = weight.len() >= SHARED;
    let whole = decay.is_none() && matches!(clip, Clip::No) || !plan.optimizer.is_elementwise();
    let piece = if whole { weight.len().max(1) } else { PIECE };
    let mut slots: Vec<_> = slots.map(|slot| slot.chunks_mut(piece)).collect();
    let pieces = weight.chunks_mut(piece).zip(gradient.chunks_mut(piece));
    let work = || {
        for (weight, gradient) in pieces {
            clip.apply(gradient);
            if let Some(decay) = decay {
                decay_all(weight, decay);
            }
            let mut slots: Vec<&mut [Float]> =
                slots.iter_mut().filter_map(Iterator::next).collect();
            plan.optimizer.update(&plan.step, weight, gradient, &mut slots);
        }
    };
    if is_shared { work() } else { alone(work) }
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
