//! A table by the identities of weights.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// By the identity of a weight, which is a number that counts up.
pub(crate) type ById<T> = HashMap<u64, T, BuildHasherDefault<Scatter>>;

/// Scatters numbers that count up over a table.
#[derive(Default)]
pub(crate) struct Scatter(u64);

impl Hasher for Scatter {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // The golden ratio (Knuth, The Art of Computer Programming, 6.4).
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
