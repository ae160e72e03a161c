//! The micro-kernels for `f32`.

use std::arch::x86_64::*;
use std::hint::black_box;

use super::{AHEAD, AHEAD_OF_FEW, Kernels, Tile};
use crate::kernels::pack::BLOCK;

/// The first `cols` of 16 columns.
fn mask16(cols: usize) -> __mmask16 {
    if cols < 16 { (1 << cols) - 1 } else { !0 }
}

/// The first `cols` of 8 columns of 32 bits, whose highest bit says that they exist.
#[target_feature(enable = "avx2")]
fn mask8_avx2(cols: usize) -> __m256i {
    let all = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    _mm256_cmpgt_epi32(_mm256_set1_epi32(cols.min(8) as i32), all)
}

/// `_mm512_maskz_loadu_ps`, with its arguments in AVX2's order.
// SAFETY: the columns of the mask must exist.
#[target_feature(enable = "avx512f")]
unsafe fn load16(from: *const f32, mask: __mmask16) -> __m512 {
    // SAFETY: the caller's.
    unsafe { _mm512_maskz_loadu_ps(mask, from) }
}

/// The sums of four vectors.
#[target_feature(enable = "avx2")]
fn four8(x: &[__m256; 4]) -> [f32; 4] {
    let pairs = [_mm256_hadd_ps(x[0], x[1]), _mm256_hadd_ps(x[2], x[3])];
    let fours = _mm256_hadd_ps(pairs[0], pairs[1]);
    let sums = _mm_add_ps(_mm256_castps256_ps128(fours), _mm256_extractf128_ps::<1>(fours));
    let mut all = [0.0; 4];
    // SAFETY: there is room for four.
    unsafe { _mm_storeu_ps(all.as_mut_ptr(), sums) };
    all
}

/// The same of longer ones.
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn four16(x: &[__m512; 4]) -> [f32; 4] {
    let mut halves = [_mm256_setzero_ps(); 4];
    for (half, &x) in halves.iter_mut().zip(x) {
        *half = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x));
    }
    four8(&halves)
}

/// `Kernels::turn`: exchanges pairs of numbers, pairs of pairs, and halves.
// SAFETY: see there.
#[target_feature(enable = "avx2")]
unsafe fn turn_f32(from: *const f32, col: isize, to: *mut f32, row: usize) {
    let mut x = [_mm256_setzero_ps(); BLOCK];
    for (c, x) in x.iter_mut().enumerate() {
        // SAFETY: the column has 8 numbers.
        *x = unsafe { _mm256_loadu_ps(from.offset(c as isize * col)) };
    }
    let mut pairs = x;
    for i in 0..4 {
        pairs[2 * i] = _mm256_unpacklo_ps(x[2 * i], x[2 * i + 1]);
        pairs[2 * i + 1] = _mm256_unpackhi_ps(x[2 * i], x[2 * i + 1]);
    }
    let mut fours = x;
    for (half, from) in [(0, 0), (4, 4)] {
        for i in 0..2 {
            let (low, high) = (pairs[from + i], pairs[from + i + 2]);
            fours[half + 2 * i] = _mm256_shuffle_ps::<0b01_00_01_00>(low, high);
            fours[half + 2 * i + 1] = _mm256_shuffle_ps::<0b11_10_11_10>(low, high);
        }
    }
    for r in 0..4 {
        let (first, second) = (fours[r], fours[r + 4]);
        // SAFETY: the rows have 8 numbers.
        unsafe {
            let low = _mm256_permute2f128_ps::<0x20>(first, second);
            let high = _mm256_permute2f128_ps::<0x31>(first, second);
            _mm256_storeu_ps(to.add(r * row), low);
            _mm256_storeu_ps(to.add((r + 4) * row), high);
        }
    }
}

// 14 × 2 sums, 2 vectors of B, and a factor from memory: 30 of 32 registers.
kernels! {
    avx512: f32, "avx512f,avx512dq,avx512vl", lanes 16,
    rows [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    mask mask16, zero _mm512_setzero_ps, all _mm512_set1_ps,
    load _mm512_loadu_ps load16, store _mm512_storeu_ps _mm512_mask_storeu_ps,
    fma _mm512_fmadd_ps, add _mm512_add_ps, max _mm512_max_ps, turn turn_f32, in_place 196,
    dots [1: 8, 2: 8, 3: 8, 4: 6], four four16
}

// 6 × 2 sums, 2 vectors of B, and a factor: 15 of 16 registers.
kernels! {
    avx2: f32, "avx2,fma", lanes 8, rows [1, 2, 3, 4, 5, 6],
    mask mask8_avx2, zero _mm256_setzero_ps, all _mm256_set1_ps,
    load _mm256_loadu_ps _mm256_maskload_ps, store _mm256_storeu_ps _mm256_maskstore_ps,
    fma _mm256_fmadd_ps, add _mm256_add_ps, max _mm256_max_ps, turn turn_f32, in_place 24,
    dots [1: 8, 2: 4, 3: 4, 4: 2], four four8
}

pub(crate) static AVX2: &Kernels<f32> = &avx2::KERNELS;
pub(crate) static AVX512: &Kernels<f32> = &avx512::KERNELS;
