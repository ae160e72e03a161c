//! Where batches come from: arrays, or an iterator ([`Stream`](super::batches::Stream)).

use std::ops::Range;

use super::TrainerCore;
use super::set::{Batch, Set};
use crate::Error;
use crate::seed::Generator;

/// Tells the random numbers of the orders from those of the steps.
const ORDERS: u64 = 0x6f72_6465_7273;

/// What comes next of an epoch.
pub(super) enum Next<B> {
    Batch(B),
    /// All of its batches have come.
    End,
    /// It was waited for, and is not waited for any more.
    Stopped,
}

/// Where the batches of epochs come from.
pub(super) trait Source {
    /// An epoch begins, or goes on.
    fn begin(&mut self, epoch: usize, seed: u64);

    /// The batch of a step of this epoch. While it is waited for, `stops` says whether to go on
    /// waiting.
    fn next(
        &mut self,
        core: &TrainerCore,
        step: usize,
        stops: &dyn Fn() -> bool,
    ) -> Result<Next<Batch>, Error>;
}

/// Some samples of a set.
pub(super) struct Arrays<'s, 'a> {
    pub set: &'s Set<'a>,
    pub rows: Range<usize>,
    pub batch_size: usize,
    /// Whether they are trained on.
    pub training: bool,
    pub shuffle: bool,
    /// The samples in the order of this epoch.
    pub order: Vec<usize>,
}

impl<'s, 'a> Arrays<'s, 'a> {
    /// These samples as they are, to be measured.
    pub fn in_order(set: &'s Set<'a>, rows: Range<usize>, batch_size: usize) -> Arrays<'s, 'a> {
        Arrays { set, rows, batch_size, training: false, shuffle: false, order: vec![] }
    }
}

impl Source for Arrays<'_, '_> {
    fn begin(&mut self, epoch: usize, seed: u64) {
        self.order = order(self.rows.len(), self.shuffle.then_some(seed), epoch);
        self.order.iter_mut().for_each(|row| *row += self.rows.start);
    }

    fn next(
        &mut self,
        _core: &TrainerCore,
        step: usize,
        _stops: &dyn Fn() -> bool,
    ) -> Result<Next<Batch>, Error> {
        let rows = self.order.chunks(self.batch_size).nth(step);
        Ok(rows.map_or(Next::End, |rows| Next::Batch(self.set.batch(rows, self.training))))
    }
}

/// The samples of an epoch in their order, shuffled if there is a seed.
fn order(samples: usize, seed: Option<u64>, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..samples).collect();
    if let Some(seed) = seed {
        Generator::stream(seed ^ ORDERS, epoch as u64).shuffle(&mut order);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_permutation_fixed_by_seed_and_epoch() {
        assert_eq!(order(4, None, 3), [0, 1, 2, 3]);
        let shuffled = order(100, Some(1), 0);
        assert_eq!(shuffled, order(100, Some(1), 0));
        assert_ne!(shuffled, order(100, Some(1), 1));
        assert_ne!(shuffled, order(100, Some(2), 0));
        let mut sorted = shuffled;
        sorted.sort_unstable();
        assert_eq!(sorted, order(100, None, 0));
    }
}
