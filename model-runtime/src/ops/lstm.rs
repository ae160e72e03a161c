//! The step of an LSTM (Hochreiter and Schmidhuber, 1997; with forget gates, Gers et al., 2000):
//!
//! ```text
//! i, f, o = σ(x · K + h · U + b)      c' = f ⊙ c + i ⊙ g
//! g       = φ(x · K + h · U + b)      h' = o ⊙ φ(c')
//! ```
//!
//! each with columns of its own of `K`, `U` and `b`, in the order i, f, g, o.

use super::map::Map;
use super::recurrent::{Backward, Cell, Forward, activate, deactivate, row, row_mut};
use crate::float::Scalar;

/// φ and σ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LstmStep {
    pub activation: Map,
    pub recurrent_activation: Map,
}

impl<T: Scalar> Cell<T> for LstmStep {
    const NAME: &'static str = "LSTM";
    const GATES: usize = 4;
    const STATES: usize = 2;
    /// φ(c').
    const KEPT: usize = 1;

    fn needs_input(&self) -> bool {
        self.activation.needs_input() || self.recurrent_activation.needs_input()
    }

    fn forward(&self, now: Forward<'_, T>) {
        let u = now.units;
        now.products[0].add(now.from[0], now.gates);
        let [h, c] = now.to;
        for (r, z) in now.gates.chunks_exact_mut(4 * u).enumerate() {
            let before = row_mut(now.before, r, 4 * u);
            activate(self.recurrent_activation, z, before, 0..2 * u);
            activate(self.activation, z, before, 2 * u..3 * u);
            activate(self.recurrent_activation, z, before, 3 * u..4 * u);
            let (c_before, kept) = (row(now.from[1], r, u), row_mut(now.kept, r, u));
            let (h, c) = (row_mut(h, r, u), row_mut(c, r, u));
            for j in 0..u {
                c[j] = z[u + j] * c_before[j] + z[j] * z[2 * u + j];
            }
            kept.copy_from_slice(c);
            self.activation.apply(kept);
            for j in 0..u {
                h[j] = z[3 * u + j] * kept[j];
            }
        }
    }

    fn backward(&self, now: Backward<'_, T>) {
        let u = now.units;
        let [dh, dc] = now.dstates;
        let (mut dy, mut da) = (vec![T::zero(); 4 * u], vec![T::zero(); u]);
        for (r, dz) in now.dz.chunks_exact_mut(4 * u).enumerate() {
            let (z, before) = (row(now.gates, r, 4 * u), row(now.before, r, 4 * u));
            let (c_before, c, kept) =
                (row(now.from[1], r, u), row(now.to[1], r, u), row(now.kept, r, u));
            let (dh, dc) = (row(dh, r, u), row_mut(dc, r, u));
            for j in 0..u {
                da[j] = dh[j] * z[3 * u + j];
            }
            self.activation.pull(c, kept, &da, dc, true);
            for j in 0..u {
                dy[j] = dc[j] * z[2 * u + j];
                dy[u + j] = dc[j] * c_before[j];
                dy[2 * u + j] = dc[j] * z[j];
                dy[3 * u + j] = dh[j] * kept[j];
                dc[j] *= z[u + j];
            }
            let at = (z, before);
            deactivate(self.recurrent_activation, at, &dy, dz, 0..2 * u);
            deactivate(self.activation, at, &dy, dz, 2 * u..3 * u);
            deactivate(self.recurrent_activation, at, &dy, dz, 3 * u..4 * u);
        }
        dh.fill(T::zero());
        now.products[0].pull_input(now.dz, dh);
    }
}
