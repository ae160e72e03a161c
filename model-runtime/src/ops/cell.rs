//! What a recurrent op asks of the cell that it takes through the steps.

use std::ops::Range;

use super::gated::Product;
use super::map::Map;
use crate::float::Scalar;

/// How much of everything a cell has.
#[derive(Clone, Copy)]
pub(crate) struct Counts {
    /// How many times the units the kernels have columns.
    pub gates: usize,
    /// How many states there are: the output, and what the cell carries beside it.
    pub states: usize,
    /// How many numbers for each unit `forward` keeps beside the gates.
    pub kept: usize,
    /// How many numbers for each unit a step works in.
    pub scratch: usize,
}

/// One step of a recurrent layer.
pub(crate) trait Cell<T: Scalar>: Send + Sync {
    /// The layer.
    fn name(&self) -> &'static str;

    fn counts(&self) -> Counts;

    /// How many gates, one after the other, are multiplied with the recurrent kernel at once: the
    /// first part with the state, the second with what is kept.
    fn parts(&self) -> Vec<usize> {
        vec![self.counts().gates]
    }

    /// Whether the gates' gradient is another one by the product with the state than by the one
    /// with the input.
    fn splits(&self) -> bool {
        false
    }

    /// Whether the derivative of an activation looks at what it was given.
    fn needs_input(&self) -> bool;

    fn forward(&self, now: Forward<'_, T>);

    fn backward(&self, now: Backward<'_, T>);
}

/// One step of some of the samples: all blocks have a row for each of them.
pub(crate) struct Forward<'a, T: Scalar> {
    pub units: usize,
    pub samples: &'a Range<usize>,
    /// The recurrent kernel, for each of the cell's parts.
    pub products: &'a [Product<'a, T>],
    /// What is added to the product with the state; may be empty.
    pub bias: &'a [T],
    /// Holds the projection of the input, shall hold the gates.
    pub gates: &'a mut [T],
    /// Shall hold what the activations were given; empty where nobody asks.
    pub before: &'a mut [T],
    pub kept: &'a mut [T],
    /// The states before the step.
    pub from: [&'a [T]; 2],
    /// Shall hold the states after it.
    pub to: [&'a mut [T]; 2],
    /// Holds anything.
    pub scratch: &'a mut [T],
}

/// One step on the way back.
pub(crate) struct Backward<'a, T: Scalar> {
    pub units: usize,
    pub samples: &'a Range<usize>,
    pub products: &'a [Product<'a, T>],
    pub gates: &'a [T],
    pub before: &'a [T],
    pub kept: &'a [T],
    pub from: [&'a [T]; 2],
    pub to: [&'a [T]; 2],
    /// Holds the gradients by the states after the step, shall hold those by the states before.
    pub dstates: [&'a mut [T]; 2],
    /// Shall hold the gradient by the gates before their activation.
    pub dz: &'a mut [T],
    /// The same by the product with the state, where the cell splits; else empty.
    pub dr: &'a mut [T],
    /// Holds anything.
    pub scratch: &'a mut [T],
}

/// A row of a block; nothing of an empty one.
pub(crate) fn row<T>(block: &[T], row: usize, width: usize) -> &[T] {
    if block.is_empty() { block } else { &block[row * width..(row + 1) * width] }
}

/// [`row`], to write to.
pub(crate) fn row_mut<T>(block: &mut [T], row: usize, width: usize) -> &mut [T] {
    if block.is_empty() { block } else { &mut block[row * width..(row + 1) * width] }
}

/// Some gates of a row; nothing of an empty one.
fn some<T>(row: &[T], gates: Range<usize>) -> &[T] {
    if row.is_empty() { row } else { &row[gates] }
}

/// Applies an activation to some gates of a row, and keeps what it was given.
pub(crate) fn activate<T: Scalar>(map: Map, row: &mut [T], before: &mut [T], gates: Range<usize>) {
    if !before.is_empty() {
        before[gates.clone()].copy_from_slice(&row[gates.clone()]);
    }
    map.apply(&mut row[gates]);
}

/// The gradient by some gates of a row before their activation.
pub(crate) fn deactivate<T: Scalar>(
    map: Map,
    (row, before): (&[T], &[T]),
    dy: &[T],
    dz: &mut [T],
    gates: Range<usize>,
) {
    let y = &row[gates.clone()];
    let x = if before.is_empty() { y } else { some(before, gates.clone()) };
    map.pull(x, y, &dy[gates.clone()], &mut dz[gates], false);
}
