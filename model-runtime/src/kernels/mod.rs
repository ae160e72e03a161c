//! What is called with raw slices and must be fast. The only room in which `unsafe` may stand.

pub(crate) mod gemm;
