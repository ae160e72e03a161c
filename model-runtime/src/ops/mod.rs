//! The operations on the tape, one file each: formula, forward, backward, gradient check.

pub(crate) mod dense;
pub(crate) mod map;
