//! The step of an LSTM (Hochreiter and Schmidhuber, 1997; with forget gates, Gers et al., 2000):
//!
//! ```text
//! i, f, o = σ(x · K + h · U + b)      c' = f ⊙ c + i ⊙ g
//! g       = φ(x · K + h · U + b)      h' = o ⊙ φ(c')
//! ```
//!
//! each with columns of its own of `K`, `U` and `b`, in the order i, f, g, o.

use super::cell::{Backward, Cell, Counts, Forward, activate, deactivate, row, row_mut};
use super::map::Map;
use crate::float::Scalar;
use crate::kernels::kernel;

/// φ and σ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LstmStep {
    pub activation: Map,
    pub recurrent_activation: Map,
}

kernel! {
    fn multiply<T: Scalar>(a: &[T], b: &[T], product: &mut [T]) {
        for ((product, a), b) in product.iter_mut().zip(a).zip(b) {
            *product = *a * *b;
        }
    }

    /// `c' = f ⊙ c + i ⊙ g` of the gates i, f, g.
    fn next_state<T: Scalar>(gates: &[T], c: &[T], next: &mut [T]) {
        let (i, rest) = gates.split_at(next.len());
        let (f, g) = rest.split_at(next.len());
        for ((((next, c), i), f), g) in next.iter_mut().zip(c).zip(i).zip(f).zip(g) {
            *next = *f * *c + *i * *g;
        }
    }

    /// The gradient by these gates, from that by c'; and that by c in its place.
    fn pull_state<T: Scalar>(gates: &[T], c: &[T], dgates: &mut [T], dc: &mut [T]) {
        let (i, rest) = gates.split_at(dc.len());
        let (f, g) = rest.split_at(dc.len());
        let (di, rest) = dgates.split_at_mut(dc.len());
        let (df, dg) = rest.split_at_mut(dc.len());
        let slopes = di.iter_mut().zip(df).zip(dg);
        for (((dc, c), ((i, f), g)), ((di, df), dg)) in
            dc.iter_mut().zip(c).zip(i.iter().zip(f).zip(g)).zip(slopes)
        {
            (*di, *df, *dg) = (*dc * *g, *dc * *c, *dc * *i);
            *dc *= *f;
        }
    }
}

impl<T: Scalar> Cell<T> for LstmStep {
    fn name(&self) -> &'static str {
        "LSTM"
    }

    fn counts(&self) -> Counts {
        // Kept is φ(c').
        Counts { gates: 4, states: 2, kept: 1, scratch: 5 }
    }

    fn needs_input(&self) -> bool {
        self.activation.needs_input() || self.recurrent_activation.needs_input()
    }

    fn forward(&self, now: Forward<'_, T>) {
        let u = now.units;
        now.products[0].add(now.from[0], now.gates, now.samples);
        let [h, c] = now.to;
        for (r, z) in now.gates.chunks_exact_mut(4 * u).enumerate() {
            let before = row_mut(now.before, r, 4 * u);
            activate(self.recurrent_activation, z, before, 0..2 * u);
            activate(self.activation, z, before, 2 * u..3 * u);
            activate(self.recurrent_activation, z, before, 3 * u..4 * u);
            let (c_before, kept) = (row(now.from[1], r, u), row_mut(now.kept, r, u));
            let (h, c) = (row_mut(h, r, u), row_mut(c, r, u));
            next_state(z, c_before, c);
            kept.copy_from_slice(c);
            self.activation.apply(kept);
            multiply(&z[3 * u..], kept, h);
        }
    }

    fn backward(&self, now: Backward<'_, T>) {
        let u = now.units;
        let [dh, dc] = now.dstates;
        // One row's, which stay in the fastest cache.
        let (dy, da) = now.scratch[..5 * u].split_at_mut(4 * u);
        for (r, dz) in now.dz.chunks_exact_mut(4 * u).enumerate() {
            let (z, before) = (row(now.gates, r, 4 * u), row(now.before, r, 4 * u));
            let (c_before, c, kept) =
                (row(now.from[1], r, u), row(now.to[1], r, u), row(now.kept, r, u));
            let (dh, dc) = (row(dh, r, u), row_mut(dc, r, u));
            multiply(dh, &z[3 * u..], da);
            self.activation.pull(c, kept, da, dc, true);
            pull_state(z, c_before, &mut dy[..3 * u], dc);
            multiply(dh, kept, &mut dy[3 * u..]);
            let at = (z, before);
            deactivate(self.recurrent_activation, at, dy, dz, 0..2 * u);
            deactivate(self.activation, at, dy, dz, 2 * u..3 * u);
            deactivate(self.recurrent_activation, at, dy, dz, 3 * u..4 * u);
        }
        dh.fill(T::zero());
        now.products[0].pull_input(now.dz, dh, u, now.samples);
    }
}
