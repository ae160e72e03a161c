//! Micro-kernels: a few rows times two vectors of columns of a product, kept in registers.
//!
//! Each number of the result is one sum, in the order of the depth, whatever the tile around it is.
//! So a product has the same bits however it is cut into tiles. With few columns ([`FEW`]) it is a
//! sum for each lane of a vector, and then the sum of these.

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
    /// The most rows of a tile for [`Kernels::dots`], by the number of columns less 1.
    pub dots_rows: [usize; FEW],
    /// Multiplies a tile of at most [`FEW`] columns: so few would leave most of a vector empty. The
    /// depth lies in the vectors instead. A's columns stand side by side, and in B each column,
    /// `b_row` from one to the next, with segments of whole vectors that end in zeros.
    ///
    /// # Safety
    /// As for `run`.
    pub dots: unsafe fn(rows: usize, tile: &Tile<T>),
    /// Copies 8 columns that stand `col` apart to 8 columns that stand side by side, in rows `row`
    /// apart: 8 numbers of each.
    ///
    /// # Safety
    /// The processor must have the engine's instructions, and the numbers must exist.
    pub turn: unsafe fn(from: *const T, col: isize, to: *mut T, row: usize),
}

/// How many columns are few.
pub(super) const FEW: usize = 4;

impl<T> Kernels<T> {
    /// The columns of a panel.
    pub fn cols(&self) -> usize {
        2 * self.lanes
    }
}

/// Defines the kernels of an engine for a type of number from its intrinsics.
#[cfg(target_arch = "x86_64")]
macro_rules! kernels {
    (
        $name:ident: $number:ty, $features:literal, lanes $lanes:literal, rows [$($rows:literal),*],
        mask $mask:ident, zero $zero:ident, all $all:ident,
        load $load:ident $load_some:ident, store $store:ident $store_some:ident,
        fma $fma:ident, add $add:ident, max $max:ident,
        turn $turn:ident, in_place $in_place:literal,
        dots [$($dots_cols:literal: $dots_rows:literal),*], four $four:ident
    ) => {
        mod $name {
            use super::*;

            const LANES: usize = $lanes;

            /// The last of the possible rows is the largest.
            const ROWS: usize = [$($rows),*][[$($rows),*].len() - 1];

            pub(super) static KERNELS: Kernels<$number> = Kernels {
                lanes: LANES,
                rows: ROWS,
                in_place: $in_place,
                run,
                dots_rows: [$($dots_rows),*],
                dots,
                turn: $turn,
            };

            /// `R` rows and `V` vectors of columns; with `SOME`, not all columns of the last exist.
            /// Only there a mask is worth its price: on AVX-512, a load with one takes the place of
            /// a product.
            ///
            /// Pointers that leave what exists are not followed: they wrap, and the masks leave out
            /// the columns that do not exist.
            // SAFETY: see `Kernels::run`; the rows are `R`, and `V` vectors hold the columns.
            #[target_feature(enable = $features)]
            unsafe fn tile<const R: usize, const V: usize, const SOME: bool>(t: &Tile<$number>) {
                let last = $mask(t.cols - (V - 1) * LANES);
                let is_partial = |v: usize| SOME && v + 1 == V;
                let mut sums = [[$zero(); V]; R];
                if t.add {
                    for r in 0..R {
                        for v in 0..V {
                            let c = t.c.wrapping_add(r * t.c_row + v * LANES);
                            // SAFETY: these columns exist.
                            sums[r][v] = unsafe {
                                if is_partial(v) { $load_some(c, last) } else { $load(c) }
                            };
                        }
                    }
                }
                let mut b = t.b;
                let ahead = if R < 4 { AHEAD_OF_FEW } else { AHEAD } * t.b_row;
                // The compiler finds a row of A by an addition to the one above. A single vector of
                // columns is faster than so many additions in turn; so there are two halves, and
                // it does not know how far they are apart.
                let half = R.div_ceil(2);
                let second = black_box(half as isize * t.a_row);
                for segment in 0..t.segments {
                    let mut a = t.a.wrapping_offset(segment as isize * t.a_segment);
                    let mut below = a.wrapping_offset(second);
                    for _ in 0..t.depth {
                        let mut y = [$zero(); V];
                        for v in 0..V {
                            let b = b.wrapping_add(v * LANES);
                            _mm_prefetch::<_MM_HINT_T0>(b.wrapping_add(ahead).cast());
                            // SAFETY: these columns exist.
                            y[v] = unsafe {
                                if is_partial(v) { $load_some(b, last) } else { $load(b) }
                            };
                        }
                        for r in 0..R {
                            let (a, r_in) = if r < half { (a, r) } else { (below, r - half) };
                            let a = a.wrapping_offset(r_in as isize * t.a_row);
                            // SAFETY: A has these rows and this depth.
                            let x = $all(unsafe { *a });
                            for v in 0..V {
                                sums[r][v] = $fma(x, y[v], sums[r][v]);
                            }
                        }
                        a = a.wrapping_offset(t.a_col);
                        below = below.wrapping_offset(t.a_col);
                        b = b.wrapping_add(t.b_row);
                    }
                }
                if !t.bias.is_null() {
                    for v in 0..V {
                        let bias = t.bias.wrapping_add(v * LANES);
                        // SAFETY: the bias has a number for each column.
                        let bias = unsafe {
                            if is_partial(v) { $load_some(bias, last) } else { $load(bias) }
                        };
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
                            if is_partial(v) {
                                $store_some(c, last, sums[r][v]);
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
                        (1, 3, _) => tile::<1, 3, true>(t),
                        (1, 4, true) => tile::<1, 4, true>(t),
                        (1, 4, false) => tile::<1, 4, false>(t),
                        $(
                            ($rows, 1, _) => tile::<$rows, 1, true>(t),
                            ($rows, 2, true) => tile::<$rows, 2, true>(t),
                            ($rows, 2, false) => tile::<$rows, 2, false>(t),
                        )*
                        (rows, ..) => unreachable!("{rows} rows and {} columns", t.cols),
                    }
                }
            }

            /// `V` columns, and at most `R` rows: the last one stands for those that are missing.
            // SAFETY: see `Kernels::dots`.
            #[target_feature(enable = $features)]
            unsafe fn some_dots<const R: usize, const V: usize>(rows: usize, t: &Tile<$number>) {
                let mut sums = [[$zero(); V]; R];
                let mut a = [t.a; R];
                for r in 0..R {
                    a[r] = t.a.wrapping_offset(r.min(rows - 1) as isize * t.a_row);
                }
                let (whole, last) = (t.depth / LANES, $mask(t.depth % LANES));
                let mut b = t.b;
                macro_rules! add {
                    ($at:expr, $of:expr) => {
                        let mut y = [$zero(); V];
                        for v in 0..V {
                            // SAFETY: B has whole vectors.
                            y[v] = unsafe { $load(b.wrapping_add(v * t.b_row)) };
                        }
                        b = b.wrapping_add(LANES);
                        for r in 0..R {
                            let x = $of(a[r].wrapping_offset($at));
                            for v in 0..V {
                                sums[r][v] = $fma(x, y[v], sums[r][v]);
                            }
                        }
                    };
                }
                for segment in 0..t.segments {
                    let at = segment as isize * t.a_segment;
                    for i in 0..whole {
                        // SAFETY: A has these rows and this depth.
                        add!(at + (i * LANES) as isize, |a| unsafe { $load(a) });
                    }
                    if t.depth % LANES > 0 {
                        // SAFETY: the same.
                        add!(at + (whole * LANES) as isize, |a| unsafe { $load_some(a, last) });
                    }
                }
                let mut all = [[0.0; V]; R];
                let fours = all.as_flattened_mut().as_chunks_mut().0;
                for (to, from) in fours.iter_mut().zip(sums.as_flattened().as_chunks().0) {
                    *to = $four(from);
                }
                for r in 0..rows {
                    for v in 0..V {
                        let mut y = all[r][v];
                        let c = t.c.wrapping_add(r * t.c_row + v);
                        // SAFETY: C has these rows and columns, the bias the columns.
                        unsafe {
                            if t.add {
                                y += *c;
                            }
                            if !t.bias.is_null() {
                                y += *t.bias.wrapping_add(v);
                            }
                            *c = if t.relu && y < 0.0 { 0.0 } else { y };
                        }
                    }
                }
            }

            // SAFETY: see `Kernels::dots`.
            #[target_feature(enable = $features)]
            unsafe fn dots(rows: usize, t: &Tile<$number>) {
                // SAFETY: the caller's; the arm is the one for the columns.
                unsafe {
                    match t.cols {
                        $($dots_cols => some_dots::<$dots_rows, $dots_cols>(rows, t),)*
                        cols => unreachable!("{cols} columns"),
                    }
                }
            }
        }
    };
}

/// How many rows of B are fetched ahead. The processor does not see by itself where the next
/// row of a panel is that stands in a wide matrix, and a third cache answers after some rows
/// only. With few rows of A the memory has no time for more than the next.
#[cfg(target_arch = "x86_64")]
const AHEAD: usize = 20;
#[cfg(target_arch = "x86_64")]
const AHEAD_OF_FEW: usize = 8;

// After the macro, which they use. Only tests compute with both numbers; each takes a second or
// two to compile.
#[cfg(all(target_arch = "x86_64", any(test, feature = "f64")))]
pub(crate) mod double;
#[cfg(all(target_arch = "x86_64", any(test, not(feature = "f64"))))]
pub(crate) mod single;
