//! The operations on the tape, one file each: formula, forward, backward, gradient check.

pub(crate) mod binary;
pub(crate) mod concat;
pub(crate) mod cross_entropy;
pub(crate) mod dense;
pub(crate) mod map;
pub(crate) mod matmul;
pub(crate) mod reduce;
pub(crate) mod softmax;
pub(crate) mod strided;
pub(crate) mod view;
