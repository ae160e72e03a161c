//! Products of matrices by micro-kernels: how the work is cut so that what is read again and again
//! stays in the caches.
//!
//! A number of the result is one sum over the depth in blocks of [`depth`], each from the number
//! that the block before has left; nothing else of the cuts has an influence on its bits. In a
//! product of few columns it is a sum of such sums, one for each lane of a vector.

use std::ops::Range;

use super::micro::{FEW, Kernels, Tile};
use super::pack::with_room;
use crate::float::Scalar;

/// A, the matrix on the left. Its rows come in groups and its columns in segments, which stand
/// apart: so what the windows of a convolution see is a matrix though nobody writes it down.
#[derive(Clone, Copy)]
pub(super) struct Left<T> {
    pub data: *const T,
    /// From a row to the next, and from a group of rows to the next.
    pub row: isize,
    pub group: isize,
    /// The rows of a group.
    pub rows: usize,
    /// From a column to the next, and from a segment to the next.
    pub col: isize,
    pub segment: isize,
    pub segments: usize,
    /// The columns of a segment.
    pub depth: usize,
}

/// B, the matrix on the right: panels of `Kernels::cols` columns.
#[derive(Clone, Copy)]
pub(super) struct Right<T> {
    pub data: *const T,
    /// From a row to the next.
    pub row: usize,
    /// From a panel to the next.
    pub panel: usize,
}

/// Some rows of a group.
struct Rows {
    group: usize,
    first: usize,
    count: usize,
}

impl<T> Left<T> {
    /// Where these rows begin.
    fn start(&self, rows: &Rows) -> *const T {
        let (group, first) = (rows.group as isize, rows.first as isize);
        self.data.wrapping_offset(group * self.group + first * self.row)
    }
}

impl<T> Out<T> {
    /// Where these rows begin, from a column on.
    fn start(&self, rows: &Rows, col: usize) -> *mut T {
        self.data.wrapping_add(rows.group * self.group + rows.first * self.row + col)
    }

    /// The bias from a column on.
    fn bias_of(&self, col: usize) -> *const T {
        if self.bias.is_null() { self.bias } else { self.bias.wrapping_add(col) }
    }
}

// SAFETY: pointers alone do nothing; see `multiply`.
unsafe impl<T: Sync> Sync for Left<T> {}
// SAFETY: the same.
unsafe impl<T: Sync> Sync for Right<T> {}

/// C, and what is done with it. Its rows come in the same groups as those of A.
#[derive(Clone, Copy)]
pub(super) struct Out<T> {
    pub data: *mut T,
    /// From a row to the next, and from a group of rows to the next.
    pub row: usize,
    pub group: usize,
    /// Whether to add to what is there.
    pub add: bool,
    /// For each column; null for none.
    pub bias: *const T,
    pub relu: bool,
}

/// How many numbers of the depth are multiplied before the next rows' turn: two vectors of columns
/// fill a first cache.
const fn depth<T>() -> usize {
    2048 / size_of::<T>()
}

/// The size of as few parts as possible, of at most so many and about the same size.
fn even(all: usize, most: usize) -> usize {
    all.div_ceil(all.div_ceil(most))
}

/// How many rows of A are multiplied with all columns before the next ones: they, and the result,
/// stay in the second cache.
pub(super) fn rows_at_once<T>(most: usize, depth_in_all: usize, cols: usize) -> usize {
    let row = (depth::<T>().min(depth_in_all) + cols).max(1) * size_of::<T>();
    ((1 << 18) / row / most).clamp(2, 32) * most
}

/// From this many columns on, A is copied to where it stands closely, if its rows stand so far
/// apart that they fall on the same places of the first cache.
const COPY_FROM: usize = 256;

/// Some rows times some columns, which begin with a panel.
///
/// # Safety
/// As for `Kernels::run`; the depth must not be 0.
pub(super) unsafe fn multiply<T: Scalar>(
    kernels: &Kernels<T>,
    a: &Left<T>,
    b: &Right<T>,
    c: &Out<T>,
    rows: Range<usize>,
    cols: Range<usize>,
) {
    // By the columns in all: parts of more begin with a panel.
    if a.col == 1 && cols.end <= FEW {
        // SAFETY: the caller's.
        return unsafe { few_columns(kernels, a, b, c, rows, cols) };
    }
    let in_all = a.segments * a.depth;
    let at_once = rows_at_once::<T>(kernels.rows, in_all, cols.len());
    let far = a.row.unsigned_abs() * size_of::<T>() >= 2048;
    let copies = far && a.segments == 1 && cols.len() >= COPY_FROM && rows.len() > kernels.rows;
    // One tile of rows reads B once: only its own rows have to stay in the cache.
    let tiles = kernels.rows.checked_div(rows.len()).unwrap_or(1).max(1);
    let most = depth::<T>() * tiles;
    let mut from = rows.start;
    while from < rows.end {
        let some = from..rows.end.min(from + at_once);
        let mut done = 0;
        while done < in_all {
            let (segment, at) = (done / a.depth, done % a.depth);
            // A part of a segment, or several segments.
            let (segments, depth) = if a.depth > most {
                (1, (a.depth - at).min(even(a.depth, most)))
            } else {
                (even(a.segments, most / a.depth).min(a.segments - segment), a.depth)
            };
            let start = segment as isize * a.segment + at as isize * a.col;
            let a = Left { data: a.data.wrapping_offset(start), segments, depth, ..*a };
            let last = done + segments * depth == in_all;
            let block = Block {
                kernels,
                a,
                b: Right { data: b.data.wrapping_add(done * b.row), ..*b },
                c: Out {
                    add: c.add || done > 0,
                    bias: if last { c.bias } else { std::ptr::null() },
                    relu: last && c.relu,
                    ..*c
                },
            };
            // SAFETY: the caller's: the block lies inside of the matrices.
            unsafe {
                if copies {
                    block.copied(some.clone(), cols.clone());
                } else {
                    block.in_place(some.clone(), cols.clone());
                }
            }
            done += segments * depth;
        }
        from = some.end;
    }
}

/// At most [`FEW`] columns, where columns of A stand side by side.
// SAFETY: see `multiply`.
unsafe fn few_columns<T: Scalar>(
    kernels: &Kernels<T>,
    a: &Left<T>,
    b: &Right<T>,
    c: &Out<T>,
    rows: Range<usize>,
    cols: Range<usize>,
) {
    let segment = a.depth.next_multiple_of(kernels.lanes);
    let column = a.segments * segment;
    let from = b.data.wrapping_add(cols.start / kernels.cols() * b.panel);
    with_room(cols.len() * column, |room: *mut T| {
        // SAFETY: there is room for so many numbers, which are initialised.
        let turned = unsafe { std::slice::from_raw_parts_mut(room, cols.len() * column) };
        for (col, to) in turned.chunks_exact_mut(column).enumerate() {
            for (i, to) in to.chunks_exact_mut(segment).enumerate() {
                let (to, rest) = to.split_at_mut(a.depth);
                for (j, to) in to.iter_mut().enumerate() {
                    // SAFETY: B has a row for each number of the depth, and these columns.
                    *to = unsafe { *from.wrapping_add((i * a.depth + j) * b.row + col) };
                }
                rest.fill(T::zero());
            }
        }
        for rows in in_groups(a.rows, kernels.dots_rows[cols.len() - 1], &rows) {
            let tile = Tile {
                a: a.start(&rows),
                a_row: a.row,
                a_col: 1,
                a_segment: a.segment,
                segments: a.segments,
                depth: a.depth,
                b: turned.as_ptr(),
                b_row: column,
                c: c.start(&rows, cols.start),
                c_row: c.row,
                cols: cols.len(),
                add: c.add,
                bias: c.bias_of(cols.start),
                relu: c.relu,
            };
            // SAFETY: the caller's.
            unsafe { (kernels.dots)(rows.count, &tile) };
        }
    });
}

/// A part of the depth.
struct Block<'a, T> {
    kernels: &'a Kernels<T>,
    a: Left<T>,
    b: Right<T>,
    c: Out<T>,
}

impl<T: Scalar> Block<'_, T> {
    /// Reads A where it stands.
    // SAFETY: see `multiply`.
    unsafe fn in_place(&self, rows: Range<usize>, cols: Range<usize>) {
        let a = &self.a;
        for panel in self.panels(rows.len(), &cols) {
            for tile in self.tiles(&rows) {
                // SAFETY: the caller's.
                unsafe { self.tile((self.a.start(&tile), a.row, a.col), &tile, &panel) };
            }
        }
    }

    /// Copies the rows of A, tile by tile, its columns one after the other.
    // SAFETY: see `multiply`; there is one segment.
    unsafe fn copied(&self, rows: Range<usize>, cols: Range<usize>) {
        let (a, depth) = (&self.a, self.a.depth);
        with_room(rows.len() * depth, |room: *mut T| {
            let mut to = room;
            for tile in self.tiles(&rows) {
                let from = self.a.start(&tile);
                for p in 0..depth {
                    for r in 0..tile.count {
                        // SAFETY: A has these rows and columns, the room as many numbers.
                        unsafe {
                            let from =
                                from.wrapping_offset(r as isize * a.row + p as isize * a.col);
                            *to.wrapping_add(p * tile.count + r) = *from;
                        }
                    }
                }
                to = to.wrapping_add(depth * tile.count);
            }
            for panel in self.panels(rows.len(), &cols) {
                let mut data = room.cast_const();
                for tile in self.tiles(&rows) {
                    // SAFETY: the caller's, and the copy is complete.
                    unsafe { self.tile((data, 1, tile.count as isize), &tile, &panel) };
                    data = data.wrapping_add(depth * tile.count);
                }
            }
        });
    }

    /// Rows as tiles.
    fn tiles(&self, rows: &Range<usize>) -> impl Iterator<Item = Rows> + use<T> {
        in_groups(self.a.rows, self.kernels.rows, rows)
    }

    /// The panels, as columns.
    fn panels(&self, rows: usize, cols: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let panel = self.kernels.cols();
        // A single row is faster in larger steps, where panels stand side by side.
        let width = if rows == 1 && self.b.panel == panel { 2 * panel } else { panel };
        let (start, end) = (cols.start, cols.end);
        (start..end).step_by(width).map(move |from| from..end.min(from + width))
    }

    // SAFETY: see `multiply`; there are at most `Kernels::rows` rows.
    unsafe fn tile(
        &self,
        (a, a_row, a_col): (*const T, isize, isize),
        rows: &Rows,
        cols: &Range<usize>,
    ) {
        let (b, c) = (&self.b, &self.c);
        let tile = Tile {
            a,
            a_row,
            a_col,
            a_segment: self.a.segment,
            segments: self.a.segments,
            depth: self.a.depth,
            b: b.data.wrapping_add(cols.start / self.kernels.cols() * b.panel),
            b_row: b.row,
            c: c.start(rows, cols.start),
            c_row: c.row,
            cols: cols.len(),
            add: c.add,
            bias: c.bias_of(cols.start),
            relu: c.relu,
        };
        // SAFETY: the caller's.
        unsafe { (self.kernels.run)(rows.count, &tile) };
    }
}

/// Cuts rows, of which groups have `each`, into tiles of at most `most` that lie in one group.
fn in_groups(each: usize, most: usize, rows: &Range<usize>) -> impl Iterator<Item = Rows> + use<> {
    let rows = rows.clone();
    (rows.start / each..rows.end.div_ceil(each)).flat_map(move |group| {
        let first = rows.start.saturating_sub(group * each);
        let count = each.min(rows.end - group * each) - first;
        tiles(count, most).map(move |(at, count)| Rows { group, first: first + at, count })
    })
}

/// Cuts rows into tiles of at most `most`, as equal as possible: the first row of each, and how
/// many.
fn tiles(rows: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = rows.div_ceil(most);
    (0..count).map(move |i| {
        let (from, to) = (i * rows / count, (i + 1) * rows / count);
        (from, to - from)
    })
}
