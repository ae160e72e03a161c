//! Micro-kernels: a few rows times two vectors of columns of a product, kept in registers.
//!
//! Each number of the result is one sum, in the order of the depth, whatever the tile around it is.
//! So a product has the same bits however it is cut into tiles.

/// What a kernel works on. Distances are in numbers.
pub(crate) struct Tile<T> {
    pub a: *const T,
    /// From a row of A to the next, from a column to the next, from a segment to the next: the
    /// depth is cut into segments of equal length, which stand apart in A.
    pub a_row: isize,
    pub a_col: isize,
    pub a_segment: isize,
    pub segments: usize,
    /// The length of a segment.
    pub depth: usize,
    /// B: a row for each number of the depth, one after the other.
    pub b: *const T,
    pub b_row: usize,
    pub c: *mut T,
    pub c_row: usize,
    /// How many columns B and C have.
    pub cols: usize,
    /// Whether to add to what is in C.
    pub add: bool,
    /// Added to each row at the end, unless null.
    pub bias: *const T,
    /// Whether what is negative becomes 0 at the end.
    pub relu: bool,
}

/// The kernels of one engine for one type of number.
pub(crate) struct Kernels<T> {
    /// How many numbers a vector has. A panel of columns is two vectors.
    pub lanes: usize,
    /// The most rows of a tile.
    pub rows: usize,
    /// Up to so many rows of A, B is read in place though its rows stand far apart. Smaller tiles
    /// read it more often.
    pub in_place: usize,
    /// Multiplies a tile with `rows` rows, and columns for at most two vectors; one row may have
    /// columns for four. None of both may be 0.
    ///
    /// # Safety
    /// The processor must have the engine's instructions, and everything that the tile says of its
    /// matrices must lie inside of what they point to; nobody else may touch C.
    pub run: unsafe fn(rows: usize, tile: &Tile<T>),
    /// Copies 8 columns that stand `col` apart to 8 columns that stand side by side, in rows `row`
    /// apart: 8 numbers of each.
    ///
    /// # Safety
    /// The processor must have the engine's instructions, and the numbers must exist.
    pub turn: unsafe fn(from: *const T, col: isize, to: *mut T, row: usize),
}

impl<T> Kernels<T> {
    /// The columns of a panel.
    pub fn cols(&self) -> usize {
        2 * self.lanes
    }
}

/// Defines the kernels of an engine for a type of number from its intrinsics. `partly` is whether
/// whole vectors are handled as partial ones are, where that costs nothing.
#[cfg(target_arch = "x86_64")]
macro_rules! kernels {
    (
        $name:ident: $number:ty, $features:literal, lanes $lanes:literal, rows [$($rows:literal),*],
        partly $partly:literal, mask $mask:ident, zero $zero:ident, all $all:ident,
        load $load:ident $load_some:ident, store $store:ident $store_some:ident,
        fma $fma:ident, add $add:ident, max $max:ident, turn $turn:ident, in_place $in_place:literal
    ) => {
        mod $name {
            use super::*;

            const LANES: usize = $lanes;

            /// The last of the possible rows is the largest.
            const ROWS: usize = [$($rows),*][[$($rows),*].len() - 1];

            pub(super) static KERNELS: Kernels<$number> =
                Kernels { lanes: LANES, rows: ROWS, in_place: $in_place, run, turn: $turn };

            /// `R` rows and `V` vectors of columns; with `SOME`, not all columns exist.
            ///
            /// Pointers that leave what exists are not followed: they wrap, and the masks leave out
            /// the columns that do not exist.
            // SAFETY: see `Kernels::run`; the rows are `R`, and `V` vectors hold the columns.
            #[target_feature(enable = $features)]
            unsafe fn tile<const R: usize, const V: usize, const SOME: bool>(t: &Tile<$number>) {
                let mut some = [$mask(0); V];
                for v in 0..V {
                    some[v] = $mask(t.cols.saturating_sub(v * LANES));
                }
                let mut sums = [[$zero(); V]; R];
                if t.add {
                    for r in 0..R {
                        for v in 0..V {
                            let c = t.c.wrapping_add(r * t.c_row + v * LANES);
                            // SAFETY: these columns exist.
                            sums[r][v] =
                                unsafe { if SOME { $load_some(c, some[v]) } else { $load(c) } };
                        }
                    }
                }
                let mut b = t.b;
                let ahead = AHEAD * t.b_row;
                for segment in 0..t.segments {
                    let mut a = t.a.wrapping_offset(segment as isize * t.a_segment);
                    for _ in 0..t.depth {
                        let mut y = [$zero(); V];
                        for v in 0..V {
                            let b = b.wrapping_add(v * LANES);
                            if R >= 4 {
                                _mm_prefetch::<_MM_HINT_T0>(b.wrapping_add(ahead).cast());
                            }
                            // SAFETY: these columns exist.
                            y[v] = unsafe { if SOME { $load_some(b, some[v]) } else { $load(b) } };
                        }
                        for r in 0..R {
                            // SAFETY: A has these rows and this depth.
                            let x = $all(unsafe { *a.wrapping_offset(r as isize * t.a_row) });
                            for v in 0..V {
                                sums[r][v] = $fma(x, y[v], sums[r][v]);
                            }
                        }
                        a = a.wrapping_offset(t.a_col);
                        b = b.wrapping_add(t.b_row);
                    }
                }
                if !t.bias.is_null() {
                    for v in 0..V {
                        // SAFETY: the bias has a number for each column.
                        let bias = unsafe { $load_some(t.bias.wrapping_add(v * LANES), some[v]) };
                        for r in 0..R {
                            sums[r][v] = $add(sums[r][v], bias);
                        }
                    }
                }
                if t.relu {
                    for r in 0..R {
                        for v in 0..V {
                            // In this order a NaN stays.
                            sums[r][v] = $max($zero(), sums[r][v]);
                        }
                    }
                }
                for r in 0..R {
                    for v in 0..V {
                        let c = t.c.wrapping_add(r * t.c_row + v * LANES);
                        // SAFETY: these columns exist.
                        unsafe {
                            if SOME {
                                $store_some(c, some[v], sums[r][v]);
                            } else {
                                $store(c, sums[r][v]);
                            }
                        }
                    }
                }
            }

            // SAFETY: see `Kernels::run`.
            #[target_feature(enable = $features)]
            unsafe fn run(rows: usize, t: &Tile<$number>) {
                // SAFETY: the caller's; the arm is the one for the rows and columns.
                unsafe {
                    match (rows, t.cols.div_ceil(LANES), t.cols % LANES != 0) {
                        (1, 3 | 4, _) => tile::<1, 4, true>(t),
                        $(
                            ($rows, 1, true) => tile::<$rows, 1, true>(t),
                            ($rows, 1, false) => tile::<$rows, 1, $partly>(t),
                            ($rows, 2, true) => tile::<$rows, 2, true>(t),
                            ($rows, 2, false) => tile::<$rows, 2, $partly>(t),
                        )*
                        (rows, ..) => unreachable!("{rows} rows and {} columns", t.cols),
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{AVX2_F32, AVX2_F64, AVX512_F32, AVX512_F64};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::super::pack::BLOCK;
    use super::{Kernels, Tile};

    /// How many rows of B are fetched ahead. The processor does not see by itself where the next row
    /// of a panel is that stands in a wide matrix, and a third cache answers after some rows only.
    /// With few rows of A the next one is wanted too soon for this to help.
    const AHEAD: usize = 20;

    /// The first `cols` of 16 columns.
    fn mask16(cols: usize) -> __mmask16 {
        if cols < 16 { (1 << cols) - 1 } else { !0 }
    }

    /// The first `cols` of 8 columns.
    fn mask8(cols: usize) -> __mmask8 {
        if cols < 8 { (1 << cols) - 1 } else { !0 }
    }

    /// The first `cols` of 8 columns of 32 bits, whose highest bit says that they exist.
    #[target_feature(enable = "avx2")]
    fn mask8_avx2(cols: usize) -> __m256i {
        let all = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        _mm256_cmpgt_epi32(_mm256_set1_epi32(cols.min(8) as i32), all)
    }

    /// The first `cols` of 4 columns of 64 bits.
    #[target_feature(enable = "avx2")]
    fn mask4_avx2(cols: usize) -> __m256i {
        let all = _mm256_setr_epi64x(0, 1, 2, 3);
        _mm256_cmpgt_epi64(_mm256_set1_epi64x(cols.min(4) as i64), all)
    }

    /// `_mm512_maskz_loadu_ps`, with its arguments in AVX2's order.
    // SAFETY: the columns of the mask must exist.
    #[target_feature(enable = "avx512f")]
    unsafe fn load16(from: *const f32, mask: __mmask16) -> __m512 {
        // SAFETY: the caller's.
        unsafe { _mm512_maskz_loadu_ps(mask, from) }
    }

    /// `_mm512_maskz_loadu_pd`, with its arguments in AVX2's order.
    // SAFETY: the columns of the mask must exist.
    #[target_feature(enable = "avx512f")]
    unsafe fn load8(from: *const f64, mask: __mmask8) -> __m512d {
        // SAFETY: the caller's.
        unsafe { _mm512_maskz_loadu_pd(mask, from) }
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
        avx512_f32: f32, "avx512f", lanes 16, rows [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        partly true, mask mask16, zero _mm512_setzero_ps, all _mm512_set1_ps,
        load _mm512_loadu_ps load16, store _mm512_storeu_ps _mm512_mask_storeu_ps,
        fma _mm512_fmadd_ps, add _mm512_add_ps, max _mm512_max_ps, turn turn_f32, in_place 196
    }

    kernels! {
        avx512_f64: f64, "avx512f", lanes 8, rows [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        partly true, mask mask8, zero _mm512_setzero_pd, all _mm512_set1_pd,
        load _mm512_loadu_pd load8, store _mm512_storeu_pd _mm512_mask_storeu_pd,
        fma _mm512_fmadd_pd, add _mm512_add_pd, max _mm512_max_pd, turn turn_f64, in_place 196
    }

    // 6 × 2 sums, 2 vectors of B, and a factor: 15 of 16 registers.
    kernels! {
        avx2_f32: f32, "avx2,fma", lanes 8, rows [1, 2, 3, 4, 5, 6],
        partly false, mask mask8_avx2, zero _mm256_setzero_ps, all _mm256_set1_ps,
        load _mm256_loadu_ps _mm256_maskload_ps, store _mm256_storeu_ps _mm256_maskstore_ps,
        fma _mm256_fmadd_ps, add _mm256_add_ps, max _mm256_max_ps, turn turn_f32, in_place 24
    }

    kernels! {
        avx2_f64: f64, "avx2,fma", lanes 4, rows [1, 2, 3, 4, 5, 6],
        partly false, mask mask4_avx2, zero _mm256_setzero_pd, all _mm256_set1_pd,
        load _mm256_loadu_pd _mm256_maskload_pd, store _mm256_storeu_pd _mm256_maskstore_pd,
        fma _mm256_fmadd_pd, add _mm256_add_pd, max _mm256_max_pd, turn turn_f64, in_place 24
    }

    pub(crate) static AVX2_F32: &Kernels<f32> = &avx2_f32::KERNELS;
    pub(crate) static AVX2_F64: &Kernels<f64> = &avx2_f64::KERNELS;
    pub(crate) static AVX512_F32: &Kernels<f32> = &avx512_f32::KERNELS;
    pub(crate) static AVX512_F64: &Kernels<f64> = &avx512_f64::KERNELS;
}
