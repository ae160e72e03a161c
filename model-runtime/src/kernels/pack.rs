//! Copies of matrices in the order in which the micro-kernels read them, in memory that each thread
//! keeps for the next time.

use std::cell::RefCell;

use super::micro::Kernels;
use crate::float::Scalar;

thread_local! {
    /// Memory that nobody uses now; the last is taken first.
    static FREE: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// A line of the cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line(#[allow(dead_code, reason = "room for numbers")] [u8; 64]);

/// Room for numbers, which hold anything but are initialised; it returns to the thread that drops
/// it.
pub(super) struct Room(Vec<Line>);

impl Room {
    /// Room for so many numbers.
    pub fn new<T: Scalar>(numbers: usize) -> Room {
        let lines = (numbers * size_of::<T>()).div_ceil(size_of::<Line>());
        let mut room = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
        if room.len() < lines {
            room.resize(lines, Line([0; 64]));
        }
        Room(room)
    }

    /// Where it begins.
    pub fn get<T: Scalar>(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let room = std::mem::take(&mut self.0);
        // A thread that ends has nowhere to put it.
        let _ = FREE.try_with(|free| free.borrow_mut().push(room));
    }
}

/// Calls `work` with [`Room`] for so many numbers.
pub(super) fn with_room<T: Scalar, R>(numbers: usize, work: impl FnOnce(*mut T) -> R) -> R {
    work(Room::new::<T>(numbers).get())
}

/// Some of B's columns as panels: blocks of `kernels.cols()` columns, one after the other, each
/// with all of its rows. What is missing in the last one is 0.
///
/// # Safety
/// `from` must have `rows × cols` numbers, which stand `row` and `col` apart, one of both being 1;
/// `to` must have room for `rows` rows of whole panels.
pub(super) unsafe fn pack_columns<T: Scalar>(
    kernels: &Kernels<T>,
    (from, row, col): (*const T, isize, isize),
    (rows, cols): (usize, usize),
    to: *mut T,
) {
    let width = kernels.cols();
    for panel in 0..cols.div_ceil(width) {
        let first = panel * width;
        let some = width.min(cols - first);
        // SAFETY: the columns from `first` on exist, `some` of them; the panels before this one
        // have `rows` rows.
        unsafe {
            let from = from.offset(first as isize * col);
            let to = to.add(first * rows);
            if col == 1 {
                copy_rows(from, row, some, rows, to, width);
            } else {
                turn(kernels, (from, col), some, rows, to);
            }
        }
    }
}

/// Copies `rows` rows, `cols` of `width` numbers each; the others become 0.
// SAFETY: see `pack_columns`.
unsafe fn copy_rows<T: Scalar>(
    from: *const T,
    row: isize,
    cols: usize,
    rows: usize,
    to: *mut T,
    width: usize,
) {
    /// A number of columns that the compiler knows.
    // SAFETY: see `pack_columns`.
    unsafe fn fixed<T, const N: usize>(from: *const T, row: isize, rows: usize, to: *mut T) {
        for r in 0..rows {
            // SAFETY: the caller's.
            unsafe { to.add(r * N).copy_from_nonoverlapping(from.offset(r as isize * row), N) };
        }
    }
    // SAFETY: the caller's: there are `cols` numbers in each row, and room for `width`.
    unsafe {
        match (cols == width, width) {
            (true, 32) => fixed::<T, 32>(from, row, rows, to),
            (true, 16) => fixed::<T, 16>(from, row, rows, to),
            (true, 8) => fixed::<T, 8>(from, row, rows, to),
            _ => {
                for r in 0..rows {
                    let to = to.add(r * width);
                    to.copy_from_nonoverlapping(from.offset(r as isize * row), cols);
                    to.add(cols).write_bytes(0, width - cols);
                }
            }
        }
    }
}

/// So many rows and columns are turned at once: half a line of the cache, in which numbers are
/// read.
pub(super) const BLOCK: usize = 8;

/// Like [`copy_rows`], from columns that stand `col` apart, their rows side by side.
// SAFETY: see `pack_columns`.
unsafe fn turn<T: Scalar>(
    kernels: &Kernels<T>,
    (from, col): (*const T, isize),
    cols: usize,
    rows: usize,
    to: *mut T,
) {
    let width = kernels.cols();
    for first_row in (0..rows).step_by(BLOCK) {
        let some_rows = BLOCK.min(rows - first_row);
        for first_col in (0..width).step_by(BLOCK) {
            let some_cols = BLOCK.min(cols.saturating_sub(first_col));
            let from = from.wrapping_offset(first_col as isize * col).wrapping_add(first_row);
            // SAFETY: rows and columns lie inside of both matrices.
            unsafe {
                let to = to.add(first_row * width + first_col);
                if some_rows == BLOCK && some_cols == BLOCK {
                    (kernels.turn)(from, col, to, width);
                    continue;
                }
                for r in 0..some_rows {
                    for c in 0..BLOCK.min(width - first_col) {
                        let number = match c < some_cols {
                            true => *from.offset(c as isize * col).add(r),
                            false => T::zero(),
                        };
                        to.add(r * width + c).write(number);
                    }
                }
            }
        }
    }
}
