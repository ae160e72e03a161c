//! The step of a GRU (Cho et al., 2014):
//!
//! ```text
//! z, r = σ(x · K + b + h · U + b')
//! g    = φ(x · K + b + r ⊙ (h · U + b'))    h' = z ⊙ h + (1 - z) ⊙ g
//! ```
//!
//! each with columns of its own of the kernels and biases, in the order z, r, g. This is the form
//! in which the reset gate acts after the product; before it, as in the paper, there is no `b'`,
//! and `g = φ(x · K + b + (r ⊙ h) · U)`.

use super::cell::{Backward, Cell, Counts, Forward, activate, deactivate, row, row_mut};
use super::map::Map;
use crate::float::Scalar;
use crate::kernels::kernel;

/// φ and σ, and where the reset gate acts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GruStep {
    pub activation: Map,
    pub recurrent_activation: Map,
    pub reset_after: bool,
}

kernel! {
    /// `h' = z ⊙ h + (1 - z) ⊙ g`.
    fn next_state<T: Scalar>(z: &[T], g: &[T], h: &[T], next: &mut [T]) {
        for (((next, h), z), g) in next.iter_mut().zip(h).zip(z).zip(g) {
            *next = *z * *h + (T::one() - *z) * *g;
        }
    }

    /// The gradients by z and, two gates further, by g, from that by h'; in its place that by h.
    fn pull_state<T: Scalar>(z: &[T], g: &[T], h: &[T], dgates: &mut [T], dh: &mut [T]) {
        let (dz, rest) = dgates.split_at_mut(dh.len());
        let slopes = dz.iter_mut().zip(&mut rest[dh.len()..]);
        let states = dh.iter_mut().zip(z.iter().zip(g).zip(h));
        for ((dh, ((z, g), h)), (dz, dg)) in states.zip(slopes) {
            (*dz, *dg) = (*dh * (*h - *g), *dh * (T::one() - *z));
            *dh *= *z;
        }
    }
}

impl<T: Scalar> Cell<T> for GruStep {
    fn name(&self) -> &'static str {
        "GRU"
    }

    fn counts(&self) -> Counts {
        // Kept is `h · U + b'` of g with the reset after it, else `r ⊙ h`; scratch is the product
        // with the state, or a row of gradients and the states' gradient by the reset.
        Counts { gates: 3, states: 1, kept: 1, scratch: 4 }
    }

    fn parts(&self) -> Vec<usize> {
        if self.reset_after { vec![3] } else { vec![2, 1] }
    }

    fn splits(&self) -> bool {
        self.reset_after
    }

    fn needs_input(&self) -> bool {
        self.activation.needs_input() || self.recurrent_activation.needs_input()
    }

    fn forward(&self, mut now: Forward<'_, T>) {
        if self.reset_after {
            self.project_state(&mut now)
        } else {
            self.reset_state(&mut now)
        }
        let u = now.units;
        let [h, _] = now.to;
        for (r, z) in now.gates.chunks_exact_mut(3 * u).enumerate() {
            activate(self.activation, z, row_mut(now.before, r, 3 * u), 2 * u..3 * u);
            let (h_before, h) = (row(now.from[0], r, u), row_mut(h, r, u));
            next_state(&z[..u], &z[2 * u..], h_before, h);
        }
    }

    fn backward(&self, now: Backward<'_, T>) {
        let u = now.units;
        let [dh, _] = now.dstates;
        let (dreset, rest) = now.scratch.split_at_mut(dh.len());
        let dy = &mut rest[..3 * u];
        // By g and z; the gradient by r needs that by g before its activation.
        for (r, dz) in now.dz.chunks_exact_mut(3 * u).enumerate() {
            let (z, before) = (row(now.gates, r, 3 * u), row(now.before, r, 3 * u));
            let (h_before, dh) = (row(now.from[0], r, u), row_mut(dh, r, u));
            pull_state(&z[..u], &z[2 * u..], h_before, dy, dh);
            deactivate(self.recurrent_activation, (z, before), dy, dz, 0..u);
            deactivate(self.activation, (z, before), dy, dz, 2 * u..3 * u);
        }
        if !self.reset_after {
            dreset.fill(T::zero());
            now.products[1].pull_input(now.dz, dreset, u, now.samples);
        }
        for (r, dz) in now.dz.chunks_exact_mut(3 * u).enumerate() {
            let (z, before) = (row(now.gates, r, 3 * u), row(now.before, r, 3 * u));
            let (h_before, kept) = (row(now.from[0], r, u), row(now.kept, r, u));
            let (dreset, dh) = (row(dreset, r, u), row_mut(dh, r, u));
            for j in 0..u {
                if self.reset_after {
                    dy[u + j] = dz[2 * u + j] * kept[j];
                } else {
                    dy[u + j] = dreset[j] * h_before[j];
                    dh[j] += dreset[j] * z[u + j];
                }
            }
            deactivate(self.recurrent_activation, (z, before), dy, dz, u..2 * u);
            if self.reset_after {
                let dr = row_mut(now.dr, r, 3 * u);
                dr.copy_from_slice(dz);
                (0..u).for_each(|j| dr[2 * u + j] *= z[u + j]);
            }
        }
        let dr = if self.reset_after { now.dr } else { now.dz };
        now.products[0].pull_input(dr, dh, u, now.samples);
    }
}

impl GruStep {
    /// The gates z and r, and what g is the activation of; the reset after the product.
    fn project_state<T: Scalar>(&self, now: &mut Forward<'_, T>) {
        let u = now.units;
        let inner = &mut now.scratch[..now.gates.len()];
        now.products[0].put(now.from[0], now.bias, inner, now.samples);
        for (r, z) in now.gates.chunks_exact_mut(3 * u).enumerate() {
            let inner = row(inner, r, 3 * u);
            z[..2 * u].iter_mut().zip(inner).for_each(|(z, &inner)| *z += inner);
            let before = row_mut(now.before, r, 3 * u);
            activate(self.recurrent_activation, z, before, 0..2 * u);
            for j in 0..u {
                z[2 * u + j] += z[u + j] * inner[2 * u + j];
            }
            row_mut(now.kept, r, u).copy_from_slice(&inner[2 * u..]);
        }
    }

    /// The same with the reset before the product.
    fn reset_state<T: Scalar>(&self, now: &mut Forward<'_, T>) {
        let u = now.units;
        now.products[0].add(now.from[0], now.gates, now.samples);
        for (r, z) in now.gates.chunks_exact_mut(3 * u).enumerate() {
            activate(self.recurrent_activation, z, row_mut(now.before, r, 3 * u), 0..2 * u);
            let (h, kept) = (row(now.from[0], r, u), row_mut(now.kept, r, u));
            (0..u).for_each(|j| kept[j] = z[u + j] * h[j]);
        }
        now.products[1].add(now.kept, now.gates, now.samples);
    }
}
