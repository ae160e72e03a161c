//! The functions of values, `relu(x)` or `concatenate([a, b])`: for each its arguments and its
//! shape rule.

use crate::Entry;

/// Every function.
pub const ALL: &[&Entry] = &[];
