//! How loops over numbers are cut into parts, which threads share.
//!
//! The cuts follow from the sizes alone, so that what depends on them, as the order in which sums
//! are added up, is the same for any number of threads.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use super::threads::{Shared, parallel, parallel_chunks};
use super::unless_miri;
use crate::pool::{self, Pooled};

/// How many numbers, read or written, are worth a part. A core needs some µs for them, and handing
/// a part to another thread about half of one.
const GRAIN: usize = unless_miri(1 << 14, 1 << 6);

/// The most parts of a loop.
const MOST: usize = 64;

/// The most parts of a loop of which each makes sums of its own, or looks at all that there is.
const FEW: usize = 8;

/// Cuts of some rows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Parts {
    rows: usize,
    each: usize,
}

impl Parts {
    /// Cuts rows that hold so many numbers in all, if they are worth several parts.
    #[inline]
    pub fn new(rows: usize, numbers: usize) -> Option<Parts> {
        if numbers < 2 * GRAIN || rows < 2 { None } else { Parts::cut(rows, numbers, MOST) }
    }

    /// The same, into few parts.
    pub fn few(rows: usize, numbers: usize) -> Option<Parts> {
        if numbers < 2 * GRAIN { None } else { Parts::cut(rows, numbers, FEW) }
    }

    fn cut(rows: usize, numbers: usize, most: usize) -> Option<Parts> {
        /// Rows of single numbers are cut where lines of the cache begin, if their first one does.
        const LINE: usize = 64;
        let each = rows.div_ceil((numbers / GRAIN).min(most));
        let each = if rows >= GRAIN { each.next_multiple_of(LINE) } else { each };
        (each < rows).then_some(Parts { rows, each })
    }

    /// How many rows a part has; the last one may have fewer.
    pub fn rows_of_each(self) -> usize {
        self.each
    }

    fn count(self) -> usize {
        self.rows.div_ceil(self.each)
    }

    fn get(self, part: usize) -> Range<usize> {
        part * self.each..self.rows.min((part + 1) * self.each)
    }

    /// Calls `work` with the rows of each part, and with its rows of `width` numbers.
    pub fn each_of<T: Send>(
        self,
        numbers: &mut [T],
        width: usize,
        work: impl Fn(Range<usize>, &mut [T]) + Sync,
    ) {
        parallel_chunks(numbers, self.each * width, |part, some| work(self.get(part), some));
    }

    /// Calls `work` with the rows of each part.
    pub fn each(self, work: impl Fn(Range<usize>) + Sync) {
        parallel(self.count(), &|part| work(self.get(part)));
    }
}

/// Calls `work` with each `size` of the numbers, such as an image, and its number.
pub(crate) fn each_piece<T: Send>(
    numbers: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    let (size, len) = (size.max(1), numbers.len());
    let some = Parts::new(len / size, len).map_or(len / size, |parts| parts.each).max(1);
    parallel_chunks(numbers, some * size, |part, chunk| {
        let pieces = chunk.chunks_exact_mut(size).enumerate();
        pieces.for_each(|(i, piece)| work(part * some + i, piece));
    });
}

/// Calls `work` with some rows of `width` numbers at a time, with the place of the first one, and
/// with what of `indices`, each the place of a row, is among them: where it stands there, in order.
pub(crate) fn each_range<T: Send>(
    numbers: &mut [T],
    width: usize,
    indices: &[usize],
    work: impl Fn(usize, &mut [T], &[usize]) + Sync,
) {
    let rows = numbers.len() / width.max(1);
    let parts = Parts::few(rows, numbers.len() + indices.len() * width);
    // Without parts, all rows are one. A power of two is fast to divide by.
    let each = parts.map_or(rows, |parts| parts.each).next_power_of_two();
    let (parts, shift) = (Parts { rows, each }, each.ilog2());
    // Where those of each part end.
    let mut ends = [0; FEW];
    indices.iter().for_each(|index| ends[index >> shift] += 1);
    (1..FEW).for_each(|part| ends[part] += ends[part - 1]);
    let mut grouped = pool::unset::<usize>(indices.len());
    let mut free = ends;
    for (i, index) in indices.iter().enumerate().rev() {
        let free = &mut free[index >> shift];
        *free -= 1;
        grouped[*free] = i;
    }
    parts.each_of(numbers, width, |some, numbers| {
        let part = some.start >> shift;
        let from = part.checked_sub(1).map_or(0, |before| ends[before]);
        work(some.start, numbers, &grouped[from..ends[part]]);
    });
}

/// How many numbers are worth a search in parts: it takes a tenth of a nanosecond for each.
const SEARCHED: usize = 8 * GRAIN;

/// What `of` finds in the parts of a slice, joined in their order.
pub(crate) fn in_parts<T: Sync, R: Copy + Send>(
    numbers: &[T],
    of: impl Fn(&[T]) -> R + Sync,
    join: impl Fn(R, R) -> R,
) -> R {
    let parts = Parts::new(numbers.len(), numbers.len()).filter(|_| numbers.len() >= SEARCHED);
    let Some(parts) = parts else { return of(numbers) };
    let mut found = [None; MOST];
    let place = Shared(found.as_mut_ptr());
    parallel(parts.count(), &|part| {
        let found = Some(of(&numbers[parts.get(part)]));
        // SAFETY: there are at most `MOST` parts, each with a place of its own.
        unsafe { *place.get().add(part) = found };
    });
    found.into_iter().flatten().reduce(join).unwrap_or_else(|| of(&[]))
}

/// Lets `add` add some of the rows of `width` numbers to sums: the ones given here or, where there
/// are many rows, others for each part, which are added to these in the order of the parts.
pub(crate) fn add_in_parts<S: Pooled + std::ops::AddAssign + Send>(
    rows: usize,
    width: usize,
    sums: &mut [S],
    add: impl Fn(Range<usize>, &mut [S]) + Sync,
) {
    let Some(parts) = Parts::few(rows, rows * width) else { return add(0..rows, sums) };
    let len = sums.len();
    let mut all = pool::zeros::<S>(parts.count() * len);
    parallel_chunks(&mut all, len, |part, sums| add(parts.get(part), sums));
    for some in all.chunks_exact(len) {
        sums.iter_mut().zip(some).for_each(|(sum, some)| *sum += *some);
    }
}

/// An argument of a kernel whose rows are cut. Slices hold a row's numbers one after the other and
/// are cut with the rows; what is in [`All`], and what is no slice, goes to all parts.
pub(crate) trait Argument: Sized {
    /// What the threads have in common.
    type Shared: Copy + Sync;

    /// How many numbers it holds that are cut.
    fn numbers(&self) -> usize {
        0
    }

    fn share(self) -> Self::Shared;

    /// What belongs to some of the rows.
    ///
    /// # Safety
    /// What was shared must still be borrowed, and nobody may have, at the same time, the part of
    /// rows that overlap.
    unsafe fn part(shared: Self::Shared, some: &Range<usize>, rows: usize) -> Self;
}

/// A slice that all parts read as a whole.
#[derive(Clone, Copy)]
pub(crate) struct All<'a, T>(pub &'a [T]);

/// Says of types that all parts get the same.
macro_rules! same {
    ($([$($of:tt)*] $type:ty;)*) => {$(
        impl<$($of)*> $crate::kernels::parts::Argument for $type {
            type Shared = $type;

            fn share(self) -> $type {
                self
            }

            unsafe fn part(shared: $type, _: &std::ops::Range<usize>, _: usize) -> $type {
                shared
            }
        }
    )*};
}

pub(crate) use same;

same! {
    [] f32;
    [] f64;
    [] bool;
    [] usize;
    ['a] &'a AtomicBool;
    ['a, T: Copy + Sync] All<'a, T>;
}

/// Where the numbers of some rows stand in a slice of so many.
fn within(len: usize, some: &Range<usize>, rows: usize) -> Range<usize> {
    debug_assert!(len.is_multiple_of(rows), "{len} numbers in {rows} rows");
    let row = len / rows;
    some.start * row..some.end * row
}

impl<'a, T: Sync> Argument for &'a [T] {
    type Shared = &'a [T];

    fn numbers(&self) -> usize {
        self.len()
    }

    fn share(self) -> &'a [T] {
        self
    }

    unsafe fn part(shared: &'a [T], some: &Range<usize>, rows: usize) -> &'a [T] {
        &shared[within(shared.len(), some, rows)]
    }
}

/// A slice to write to.
pub(crate) struct Slice<T> {
    start: *mut T,
    len: usize,
}

impl<T> Clone for Slice<T> {
    fn clone(&self) -> Slice<T> {
        *self
    }
}

impl<T> Copy for Slice<T> {}

// SAFETY: a pointer alone does nothing; see `Argument::part`.
unsafe impl<T: Send> Sync for Slice<T> {}

impl<'a, T: Send> Argument for &'a mut [T] {
    type Shared = Slice<T>;

    fn numbers(&self) -> usize {
        self.len()
    }

    fn share(self) -> Slice<T> {
        Slice { start: self.as_mut_ptr(), len: self.len() }
    }

    unsafe fn part(shared: Slice<T>, some: &Range<usize>, rows: usize) -> &'a mut [T] {
        let at = within(shared.len, some, rows);
        assert!(at.end <= shared.len);
        // SAFETY: it lies inside of the slice; the caller's for the rest.
        unsafe { std::slice::from_raw_parts_mut(shared.start.add(at.start), at.len()) }
    }
}

impl<A: Argument, const N: usize> Argument for [A; N] {
    type Shared = [A::Shared; N];

    fn numbers(&self) -> usize {
        self.iter().map(A::numbers).sum()
    }

    fn share(self) -> [A::Shared; N] {
        self.map(A::share)
    }

    unsafe fn part(shared: [A::Shared; N], some: &Range<usize>, rows: usize) -> [A; N] {
        // SAFETY: the caller's.
        shared.map(|shared| unsafe { A::part(shared, some, rows) })
    }
}
