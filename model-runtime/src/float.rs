//! The number that a program computes with.

use std::fmt::{Debug, Display};
use std::iter::Sum;

use num_traits::NumAssign;

use crate::kernels::engine::Engine;
use crate::kernels::functions::Elementary;
use crate::kernels::micro::Kernels;

/// What every value, weight and gradient is made of: `f32`, or `f64` with the feature `f64`, which
/// the root binary of a program may enable (Keras's `floatx`).
#[cfg(not(feature = "f64"))]
pub type Float = f32;

/// What every value, weight and gradient is made of: `f64`, because the feature `f64` is enabled.
#[cfg(feature = "f64")]
pub type Float = f64;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// `f32` or `f64`: op code is written once for both, so that gradients can be checked in `f64`
/// whatever [`Float`] is.
pub(crate) trait Scalar:
    num_traits::Float
    + NumAssign
    + Elementary
    + Sum
    + Debug
    + Display
    + Default
    + Send
    + Sync
    + sealed::Sealed
    + crate::pool::Pooled
    + crate::kernels::parts::Argument
{
    /// The nearest number to `value`.
    fn of(value: f64) -> Self;

    /// This number as `f64`.
    fn as_f64(self) -> f64;

    /// The micro-kernels of an engine, where it has its own.
    fn kernels(engine: Engine) -> Option<&'static Kernels<Self>>;

    /// `c = alpha·a·b + beta·c`; see [`crate::kernels::gemm`], which checks the bounds.
    ///
    /// # Safety
    /// Every element that the strides reach must lie inside its buffer, and `c` must not overlap
    /// itself, `a` or `b`.
    unsafe fn gemm(args: crate::kernels::gemm::Raw<Self>);
}

impl Scalar for f32 {
    #[inline(always)]
    fn of(value: f64) -> f32 {
        value as f32
    }

    #[inline(always)]
    fn as_f64(self) -> f64 {
        f64::from(self)
    }

    #[cfg(target_arch = "x86_64")]
    fn kernels(engine: Engine) -> Option<&'static Kernels<f32>> {
        match engine {
            Engine::Portable => None,
            Engine::Avx2 => Some(crate::kernels::micro::AVX2_F32),
            Engine::Avx512 => Some(crate::kernels::micro::AVX512_F32),
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn kernels(_engine: Engine) -> Option<&'static Kernels<f32>> {
        None
    }

    unsafe fn gemm(r: crate::kernels::gemm::Raw<f32>) {
        // SAFETY: the caller's.
        unsafe {
            matrixmultiply::sgemm(
                r.m, r.k, r.n, 1.0, r.a.0, r.a.1, r.a.2, r.b.0, r.b.1, r.b.2, r.beta, r.c.0, r.c.1,
                r.c.2,
            );
        }
    }
}

impl Scalar for f64 {
    #[inline(always)]
    fn of(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn as_f64(self) -> f64 {
        self
    }

    #[cfg(target_arch = "x86_64")]
    fn kernels(engine: Engine) -> Option<&'static Kernels<f64>> {
        match engine {
            Engine::Portable => None,
            Engine::Avx2 => Some(crate::kernels::micro::AVX2_F64),
            Engine::Avx512 => Some(crate::kernels::micro::AVX512_F64),
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn kernels(_engine: Engine) -> Option<&'static Kernels<f64>> {
        None
    }

    unsafe fn gemm(r: crate::kernels::gemm::Raw<f64>) {
        // SAFETY: the caller's.
        unsafe {
            matrixmultiply::dgemm(
                r.m, r.k, r.n, 1.0, r.a.0, r.a.1, r.a.2, r.b.0, r.b.1, r.b.2, r.beta, r.c.0, r.c.1,
                r.c.2,
            );
        }
    }
}

/// The number as it was written: 0.1 of `f32` is a little more than 0.1, and becomes 0.1 again.
pub(crate) fn written<T: Scalar>(value: T) -> f64 {
    value.to_string().parse().unwrap_or(f64::NAN)
}
