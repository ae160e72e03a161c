//! The sums of connectionist temporal classification over all ways of a sample's labels, in the log
//! domain, for all places of a step at once.
//!
//! `places` has `most` classes for each sample, of which the first ones, as many as `counts` says,
//! are the places of a way; `ways` has as many numbers for each step.

use super::functions::{exp, ln};
use super::kernel;
use crate::float::Scalar;
use crate::pool;

/// The class that stands for no label.
pub(crate) const BLANK: usize = 0;

/// `ln(exp(a) + exp(b) + exp(c))`.
#[inline(always)]
fn log_sum<const FUSED: bool, T: Scalar>(a: T, b: T, c: T) -> T {
    let most = if a > b { a } else { b };
    let most = if most > c { most } else { c };
    // Of nothing but zeros, whose logarithm it is.
    let most = if most == T::neg_infinity() { T::zero() } else { most };
    let sum = exp::<FUSED, _>(a - most) + exp::<FUSED, _>(b - most) + exp::<FUSED, _>(c - most);
    most + ln::<FUSED, _>(sum)
}

/// 0 where a way can leave out the blank before a place, else minus infinity.
#[inline(always)]
fn skip<T: Scalar>(places: &[usize], at: usize) -> T {
    let skips = at >= 2 && places[at] != BLANK && places[at] != places[at - 2];
    if skips { T::zero() } else { T::neg_infinity() }
}

/// The logarithm of what all whole ways have for a probability together: they end at the last label
/// or the blank after it.
#[inline(always)]
fn total<const FUSED: bool, T: Scalar>(ways: &[T], count: usize, most: usize) -> T {
    let none = T::neg_infinity();
    let end = &ways[ways.len() - most..][..count];
    let label = if count > 1 { end[count - 2] } else { none };
    log_sum::<FUSED, _>(end[count - 1], label, none)
}

kernel! {
    /// For each step and place the logarithm of what all ways there, this step included, have for a
    /// probability together, and for each sample the loss: less that of all whole ways.
    pub(crate) fn come<T: Scalar>(
        log: &[T], places: &[usize], counts: &[usize], ways: &mut [T], losses: &mut [T],
        classes: usize,
    ) in (counts.len()) {
        let (samples, none) = (counts.len(), T::neg_infinity());
        if log.is_empty() || samples == 0 {
            return;
        }
        let most = places.len() / samples;
        // Two places before the first one, where no way is.
        let mut before = pool::full(most + 2, none);
        let mut skips = pool::full(most, none);
        let all = log.chunks_exact(log.len() / samples).zip(places.chunks_exact(most)).zip(counts);
        let ways = ways.chunks_exact_mut(ways.len() / samples).zip(losses);
        for (((log, places), &count), (ways, loss)) in all.zip(ways) {
            let (places, before) = (&places[..count], &mut before[..count + 2]);
            let skips = &mut skips[..count];
            (0..count).for_each(|at| skips[at] = skip(places, at));
            let steps = log.chunks_exact(classes).zip(ways.chunks_exact_mut(most));
            for (step, (log, ways)) in steps.enumerate() {
                let ways = &mut ways[..count];
                if step == 0 {
                    ways.fill(none);
                    ways[..count.min(2)].fill(T::zero());
                } else {
                    let three = before[2..].iter().zip(&before[1..]).zip(&before[..]);
                    for ((way, ((a, b), c)), skip) in ways.iter_mut().zip(three).zip(&*skips) {
                        *way = log_sum::<FUSED, _>(*a, *b, *c + *skip);
                    }
                }
                for (way, place) in ways.iter_mut().zip(places) {
                    *way += log[*place];
                }
                before[2..].copy_from_slice(ways);
            }
            *loss = -total::<FUSED, _>(ways, count, most);
        }
    }

    /// The gradient by the logarithms. That by the one of a class at a step is less the share of
    /// the ways that are at this class at this step. Given are the logarithms, what [`come`] has
    /// made of them, and the gradients by the losses.
    pub(crate) fn pull<T: Scalar>(
        all: [&[T]; 3], places: &[usize], counts: &[usize], dx: &mut [T], classes: usize, add: bool,
    ) in (counts.len()) {
        let [log, ways, dy] = all;
        let (samples, none) = (counts.len(), T::neg_infinity());
        if log.is_empty() || samples == 0 {
            return;
        }
        let (most, size) = (places.len() / samples, log.len() / samples);
        let [mut on, mut next, mut skips] = [most, most + 2, most].map(|len| pool::full(len, none));
        let mut shares = pool::zeros(classes);
        let all = log.chunks_exact(size).zip(places.chunks_exact(most)).zip(counts);
        let all = all.zip(ways.chunks_exact(ways.len() / samples)).zip(dy);
        for (((((log, places), &count), ways), dy), dx) in all.zip(dx.chunks_exact_mut(size)) {
            let (places, total) = (&places[..count], total::<FUSED, _>(ways, count, most));
            if total == none {
                if !add {
                    dx.fill(T::zero());
                }
                continue;
            }
            // Of the place after the next one.
            let (skips, next) = (&mut skips[..count], &mut next[..count + 2]);
            skips.fill(none);
            (2..count).for_each(|at| skips[at - 2] = skip(places, at));
            // What all ways on from each place have together, without the step that they are at.
            let on = &mut on[..count];
            on.fill(none);
            on[count.saturating_sub(2)..].fill(T::zero());
            next[count..].fill(none);
            let steps = log.chunks_exact(classes).zip(ways.chunks_exact(most));
            for ((log, ways), dx) in steps.zip(dx.chunks_exact_mut(classes)).rev() {
                for ((share, way), on) in next.iter_mut().zip(&ways[..count]).zip(&*on) {
                    *share = exp::<FUSED, _>(*way + *on - total);
                }
                shares.fill(T::zero());
                for (share, place) in next.iter().zip(places) {
                    shares[*place] += *share;
                }
                for (dx, share) in dx.iter_mut().zip(&shares) {
                    let slope = -*dy * *share;
                    *dx = if add { *dx + slope } else { slope };
                }
                for ((next, on), place) in next.iter_mut().zip(&*on).zip(places) {
                    *next = *on + log[*place];
                }
                let three = next.iter().zip(&next[1..]).zip(&next[2..]);
                for ((on, ((a, b), c)), skip) in on.iter_mut().zip(three).zip(&*skips) {
                    *on = log_sum::<FUSED, _>(*a, *b, *c + *skip);
                }
            }
        }
    }
}
