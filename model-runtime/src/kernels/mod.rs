//! What is called with raw slices and must be fast. The only room in which `unsafe` may stand.

pub(crate) mod engine;
pub(crate) mod gemm;
#[cfg(test)]
mod gemm_tests;
pub(crate) mod micro;
mod pack;
mod product;
pub(crate) mod threads;
pub(crate) mod windows;
#[cfg(test)]
mod windows_tests;
