//! The step of a simple recurrent network (Elman, 1990): `h' = φ(x · K + h · U + b)`.

use super::cell::{Backward, Cell, Counts, Forward, activate, deactivate, row, row_mut};
use super::map::Map;
use crate::float::Scalar;

/// φ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SimpleRnnStep {
    pub activation: Map,
}

impl<T: Scalar> Cell<T> for SimpleRnnStep {
    fn name(&self) -> &'static str {
        "SimpleRNN"
    }

    fn counts(&self) -> Counts {
        Counts { gates: 1, states: 1, kept: 0, scratch: 0 }
    }

    fn needs_input(&self) -> bool {
        self.activation.needs_input()
    }

    fn forward(&self, now: Forward<'_, T>) {
        let u = now.units;
        now.products[0].add(now.from[0], now.gates, now.samples);
        for (r, z) in now.gates.chunks_exact_mut(u).enumerate() {
            activate(self.activation, z, row_mut(now.before, r, u), 0..u);
        }
        now.to[0].copy_from_slice(now.gates);
    }

    fn backward(&self, now: Backward<'_, T>) {
        let u = now.units;
        let [dh, _] = now.dstates;
        for (r, dz) in now.dz.chunks_exact_mut(u).enumerate() {
            let at = (row(now.gates, r, u), row(now.before, r, u));
            deactivate(self.activation, at, row(dh, r, u), dz, 0..u);
        }
        dh.fill(T::zero());
        now.products[0].pull_input(now.dz, dh, u, now.samples);
    }
}
