//! The micro-kernels for `f64`.

use std::arch::x86_64::*;
use std::hint::black_box;

use super::{AHEAD, AHEAD_OF_FEW, Kernels, Tile};
use crate::kernels::pack::BLOCK;

/// The first `cols` of 8 columns.
fn mask8(cols: usize) -> __mmask8 {
    if cols < 8 { (1 << cols) - 1 } else { !0 }
}

/// The first `cols` of 4 columns of 64 bits.
#[target_feature(enable = "avx2")]
fn mask4_avx2(cols: usize) -> __m256i {
    let all = _mm256_setr_epi64x(0, 1, 2, 3);
    _mm256_cmpgt_epi64(_mm256_set1_epi64x(cols.min(4) as i64), all)
}

/// `_mm512_maskz_loadu_pd`, with its arguments in AVX2's order.
// SAFETY: the columns of the mask must exist.
#[target_feature(enable = "avx512f,avx512vl")]
unsafe fn load8(from: *const f64, mask: __mmask8) -> __m512d {
    // SAFETY: the caller's.
    unsafe { _mm512_maskz_loadu_pd(mask, from) }
}

/// The sums of four vectors.
#[target_feature(enable = "avx2")]
fn four4(x: &[__m256d; 4]) -> [f64; 4] {
    let (first, last) = (_mm256_hadd_pd(x[0], x[1]), _mm256_hadd_pd(x[2], x[3]));
    let low = _mm256_permute2f128_pd::<0x20>(first, last);
    let high = _mm256_permute2f128_pd::<0x31>(first, last);
    let mut all = [0.0; 4];
    // SAFETY: there is room for four.
    unsafe { _mm256_storeu_pd(all.as_mut_ptr(), _mm256_add_pd(low, high)) };
    all
}

/// The same of longer ones.
#[target_feature(enable = "avx512f,avx512vl")]
fn four8(x: &[__m512d; 4]) -> [f64; 4] {
    let mut halves = [_mm256_setzero_pd(); 4];
    for (half, &x) in halves.iter_mut().zip(x) {
        *half = _mm256_add_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd::<1>(x));
    }
    four4(&halves)
}

/// `Kernels::turn`.
// SAFETY: see there.
unsafe fn turn_f64(from: *const f64, col: isize, to: *mut f64, row: usize) {
    for c in 0..BLOCK {
        for r in 0..BLOCK {
            // SAFETY: the columns and the rows have 8 numbers.
            unsafe { *to.add(r * row + c) = *from.offset(c as isize * col).add(r) };
        }
    }
}

// 14 × 2 sums, 2 vectors of B, and a factor from memory: 30 of 32 registers.
kernels! {
    avx512: f64, "avx512f,avx512vl", lanes 8,
    rows [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    mask mask8, zero _mm512_setzero_pd, all _mm512_set1_pd,
    load _mm512_loadu_pd load8, store _mm512_storeu_pd _mm512_mask_storeu_pd,
    fma _mm512_fmadd_pd, add _mm512_add_pd, max _mm512_max_pd, turn turn_f64, in_place 196,
    dots [1: 8, 2: 8, 3: 8, 4: 6], four four8
}

// 6 × 2 sums, 2 vectors of B, and a factor: 15 of 16 registers.
kernels! {
    avx2: f64, "avx2,fma", lanes 4, rows [1, 2, 3, 4, 5, 6],
    mask mask4_avx2, zero _mm256_setzero_pd, all _mm256_set1_pd,
    load _mm256_loadu_pd _mm256_maskload_pd, store _mm256_storeu_pd _mm256_maskstore_pd,
    fma _mm256_fmadd_pd, add _mm256_add_pd, max _mm256_max_pd, turn turn_f64, in_place 24,
    dots [1: 8, 2: 4, 3: 4, 4: 2], four four4
}

pub(crate) static AVX2: &Kernels<f64> = &avx2::KERNELS;
pub(crate) static AVX512: &Kernels<f64> = &avx512::KERNELS;
