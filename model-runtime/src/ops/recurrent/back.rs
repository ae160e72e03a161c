//! The way back through the steps, and the gradients by what went in.

use std::ops::Range;

use super::{Recurrent, Sizes, after, piece};
use crate::float::Scalar;
use crate::kernels::sums::add_to;
use crate::kernels::threads::{parallel_chunks, parallel_parts};
use crate::ops::cell::{Backward, row, row_mut};
use crate::ops::gated::Product;
use crate::pool::{self, Buffer, Numbers};
use crate::tape::Step;

/// What comes of the way back: gradients by the gates, piece after piece, and by the first states.
pub(super) struct Gradients<T: Scalar> {
    /// Before the gates' activation.
    pub dz: Buffer<T>,
    /// The same by the product with the state, where the cell splits; else empty.
    pub dr: Buffer<T>,
    pub dstates: [Buffer<T>; 2],
}

impl<T: Scalar> Recurrent<T> {
    /// Adds the gradient by the output of a step to that by its state.
    fn add_output(
        &self,
        gradient: &[T],
        step: usize,
        samples: &Range<usize>,
        sizes: &Sizes,
        dh: &mut [T],
    ) {
        let count = self.outputs(sizes);
        for (sample, dh) in samples.clone().zip(dh.chunks_exact_mut(sizes.units)) {
            add_to(row(gradient, sample * count + step.min(count - 1), sizes.units), dh);
        }
    }

    /// The gradients by the gates, before their activation, and by the first states: through all
    /// steps, from the last to the first.
    pub(super) fn walk_back(&self, step: &Step<'_, T>, sizes: &Sizes) -> Gradients<T> {
        let Sizes { samples, steps, units, width, .. } = *sizes;
        let counts = self.cell.counts();
        let (state, saved, pieces) = (sizes.state(), &self.saved, sizes.pieces());
        let (gradient, end) = step.gradient.split_at(self.outputs(sizes) * state);
        let gradient = if self.options.zero_output_for_mask {
            let mut cleared = pool::copy(gradient);
            self.clear_outputs(&(0..samples), sizes, &mut cleared);
            Numbers::Own(cleared)
        } else {
            Numbers::Lent(gradient)
        };
        let mut dstates = [state, (counts.states - 1) * state].map(pool::zeros);
        for (dstate, end) in dstates.iter_mut().zip(end.chunks_exact(state.max(1))) {
            dstate.copy_from_slice(end);
        }
        let mut dz = pool::unset(saved.gates.len());
        let mut dr = pool::unset(if self.cell.splits() { dz.len() } else { 0 });
        let held = if self.options.mask.is_empty() { 0 } else { state };
        let mut held = [held, (counts.states - 1) * held].map(pool::zeros);
        let each = pieces.each();
        let mut scratch = pool::unset(pieces.count() * each * counts.scratch * units);
        let products = self.state_products(step.inputs[2].data(), sizes);
        let products: Vec<_> = products.into_iter().map(Product::back).collect();
        let [dh, dc] = &mut dstates;
        let [held_h, held_c] = &mut held;
        let slices = [
            (&mut dz[..], each * steps * width),
            (&mut dr[..], each * steps * width),
            (&mut dh[..], each * units),
            (&mut dc[..], each * units),
            (&mut held_h[..], each * units),
            (&mut held_c[..], each * units),
            (&mut scratch[..], each * counts.scratch * units),
        ];
        parallel_parts(pieces.count(), slices, |i, [dz, dr, dh, dc, held_h, held_c, scratch]| {
            let some = &pieces.get(i);
            let state = some.len() * units;
            let (block, kept) = (some.len() * width, counts.kept * state);
            let gates = piece(&saved.gates, some, steps * width);
            let before = piece(&saved.before, some, steps * width);
            let all_kept = piece(&saved.kept, some, steps * counts.kept * units);
            let states = [0, 1].map(|i| piece(&saved.states[i], some, steps * units));
            let ends = [0, 1].map(|i| piece(&saved.ends[i], some, units));
            if !self.options.return_sequences {
                self.add_output(&gradient, 0, some, sizes, dh);
            }
            for now in (0..steps).rev() {
                if self.options.return_sequences {
                    self.add_output(&gradient, now, some, sizes, dh);
                }
                let (mut dstates, mut held) = ([&mut *dh, &mut *dc], [&mut *held_h, &mut *held_c]);
                self.hold(now, some, sizes, &mut dstates, &mut held);
                let [dh, dc] = &mut dstates;
                self.cell.backward(Backward {
                    units,
                    samples: some,
                    products: &products,
                    gates: row(gates, now, block),
                    before: row(before, now, block),
                    kept: row(all_kept, now, kept),
                    from: states.map(|states| row(states, now, state)),
                    to: [0, 1].map(|i| after(states[i], ends[i], now, state)),
                    dstates: [dh, dc],
                    dz: row_mut(dz, now, block),
                    dr: row_mut(dr, now, block),
                    scratch: &mut *scratch,
                });
                self.release(now, some, sizes, &held, &mut dstates);
            }
        });
        Gradients { dz, dr, dstates }
    }

    /// Takes out what passes by a step that does not count.
    fn hold(
        &self,
        step: usize,
        samples: &Range<usize>,
        sizes: &Sizes,
        dstates: &mut [&mut [T]; 2],
        held: &mut [&mut [T]; 2],
    ) {
        for sample in self.masked(step, samples, sizes) {
            for (dstate, held) in dstates.iter_mut().zip(held.iter_mut()) {
                let row = row_mut(dstate, sample, sizes.units);
                row_mut(held, sample, sizes.units).copy_from_slice(row);
                row.fill(T::zero());
            }
        }
    }

    /// Puts it back before the step.
    fn release(
        &self,
        step: usize,
        samples: &Range<usize>,
        sizes: &Sizes,
        held: &[&mut [T]; 2],
        dstates: &mut [&mut [T]; 2],
    ) {
        for sample in self.masked(step, samples, sizes) {
            for (dstate, held) in dstates.iter_mut().zip(held) {
                let held = row(held, sample, sizes.units);
                row_mut(dstate, sample, sizes.units).copy_from_slice(held);
            }
        }
    }

    /// The gradient by the input, from that by the gates.
    pub(super) fn pull_input(&self, kernel: &[T], dz: &[T], sizes: &Sizes, dx: &mut [T]) {
        let Sizes { steps, features, width, .. } = *sizes;
        let (product, pieces) = (self.input_product(kernel, sizes).back(), sizes.pieces());
        let size = (pieces.each() * steps * features).max(1);
        parallel_chunks(dx, size, |i, dx| {
            let samples = &pieces.get(i);
            let dz = piece(dz, samples, steps * width);
            for step in 0..steps {
                let dz = row(dz, step, samples.len() * width);
                let dx = &mut dx[self.place(step, sizes) * features..];
                product.pull_input(dz, dx, steps * features, samples);
            }
        });
    }
}
