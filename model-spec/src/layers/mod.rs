//! The layers: for each its arguments, its shape rule, and its number of weights.

use crate::Entry;

pub mod dense;

/// Every layer, in the order of the documentation.
pub const ALL: &[&Entry] = &[&dense::ENTRY];
