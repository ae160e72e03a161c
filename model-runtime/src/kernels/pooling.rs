//! Pooling: the largest number or the mean of what each window sees, channel by channel. What is
//! padded is neither looked at nor counted.

use std::ops::Range;

use super::kernel;
use super::seen::{Seen, each_window, some, some_mut};
use super::windows::Windows;
use crate::float::Scalar;

/// What is taken of a window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Taken {
    /// The largest number; of several that are, the first. A NaN is larger than every number.
    Largest,
    Mean,
}

/// A pooling over images.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pooling {
    pub windows: Windows,
    pub taken: Taken,
}

impl Pooling {
    /// How many numbers an image has, and how many come out of it.
    pub fn sizes(&self) -> (usize, usize) {
        let Windows { rows, cols, channels } = &self.windows;
        (rows.size * cols.size * channels, rows.windows * cols.windows * channels)
    }

    /// Whether a pixel may be seen by several windows.
    pub fn overlaps(&self) -> bool {
        [self.windows.rows, self.windows.cols].iter().any(|along| along.stride < along.places)
    }

    /// Whether every pixel is seen.
    fn covers(&self) -> bool {
        [self.windows.rows, self.windows.cols].iter().all(|along| {
            let last = along.windows.checked_sub(1).map_or(0, |last| along.seen(last).end);
            along.stride <= along.places && last == along.size
        })
    }

    /// Pools some rows of windows of an image. `x` holds its pixels from row `top` on. Writes the
    /// places in the windows of the largest numbers to `places`, unless that is empty.
    pub fn pool<T: Scalar>(
        &self,
        x: &[T],
        top: usize,
        rows: Range<usize>,
        y: &mut [T],
        places: &mut [u32],
    ) {
        match self.taken {
            Taken::Largest if places.is_empty() => largest(&self.windows, x, top, rows, y),
            Taken::Largest => winners(&self.windows, x, top, rows, y, places),
            Taken::Mean => mean(&self.windows, x, top, rows, y),
        }
    }

    /// The gradient by an image, given that by what comes out of it; added to what is in `dx` if
    /// `add` is set.
    pub fn pull<T: Scalar>(&self, dy: &[T], places: &[u32], dx: &mut [T], add: bool) {
        // Where each pixel is seen once, each is written.
        let once = self.covers() && !self.overlaps();
        if !add && !once {
            dx.fill(T::zero());
        }
        let add = add || !once;
        match self.taken {
            Taken::Largest => pull_largest(&self.windows, dy, places, dx, add),
            Taken::Mean => pull_mean(&self.windows, dy, dx, add),
        }
    }
}

kernel! {
    fn largest<T: Scalar>(w: &Windows, x: &[T], top: usize, rows: Range<usize>, y: &mut [T]) {
        each_window!(w, top, rows, some_largest(x, y));
    }

    fn winners<T: Scalar>(
        w: &Windows,
        x: &[T],
        top: usize,
        rows: Range<usize>,
        y: &mut [T],
        places: &mut [u32],
    ) {
        each_window!(w, top, rows, some_winners(x, y, places));
    }

    fn mean<T: Scalar>(w: &Windows, x: &[T], top: usize, rows: Range<usize>, y: &mut [T]) {
        each_window!(w, top, rows, some_means(x, y));
    }

    fn pull_largest<T: Scalar>(w: &Windows, dy: &[T], places: &[u32], dx: &mut [T], add: bool) {
        each_window!(w, 0, 0..w.rows.windows, pull_some_largest(dy, places, dx, add));
    }

    fn pull_mean<T: Scalar>(w: &Windows, dy: &[T], dx: &mut [T], add: bool) {
        each_window!(w, 0, 0..w.rows.windows, pull_some_means(dy, dx, add));
    }
}

/// Whether a number takes the place of the best so far.
#[inline(always)]
fn wins<T: Scalar>(x: T, best: T) -> bool {
    (x > best) | (x.is_nan() & !best.is_nan())
}

#[inline(always)]
fn some_largest<T: Scalar, const N: usize>(seen: &Seen, c: usize, to: usize, x: &[T], y: &mut [T]) {
    let mut best: [T; N] = some(x, seen.first + c);
    for row in 0..seen.height {
        for col in 0..seen.width {
            let x: [T; N] = some(x, seen.at(row, col).0 + c);
            for i in 0..N {
                best[i] = if wins(x[i], best[i]) { x[i] } else { best[i] };
            }
        }
    }
    *some_mut(y, to) = best;
}

#[inline(always)]
fn some_winners<T: Scalar, const N: usize>(
    seen: &Seen,
    c: usize,
    to: usize,
    x: &[T],
    y: &mut [T],
    places: &mut [u32],
) {
    let mut best: [T; N] = some(x, seen.first + c);
    let mut winners = [seen.at(0, 0).1 as u32; N];
    for row in 0..seen.height {
        for col in 0..seen.width {
            let (pixel, place) = seen.at(row, col);
            let x: [T; N] = some(x, pixel + c);
            for i in 0..N {
                let wins = wins(x[i], best[i]);
                best[i] = if wins { x[i] } else { best[i] };
                winners[i] = if wins { place as u32 } else { winners[i] };
            }
        }
    }
    *some_mut(y, to) = best;
    *some_mut(places, to) = winners;
}

#[inline(always)]
fn some_means<T: Scalar, const N: usize>(seen: &Seen, c: usize, to: usize, x: &[T], y: &mut [T]) {
    let mut sums = [T::zero(); N];
    for row in 0..seen.height {
        for col in 0..seen.width {
            let x: [T; N] = some(x, seen.at(row, col).0 + c);
            for i in 0..N {
                sums[i] += x[i];
            }
        }
    }
    let count = T::of((seen.height * seen.width) as f64);
    *some_mut(y, to) = sums.map(|sum| sum / count);
}

#[inline(always)]
fn pull_some_largest<T: Scalar, const N: usize>(
    seen: &Seen,
    c: usize,
    from: usize,
    dy: &[T],
    places: &[u32],
    dx: &mut [T],
    add: bool,
) {
    let (dy, winners): ([T; N], [u32; N]) = (some(dy, from), some(places, from));
    for row in 0..seen.height {
        for col in 0..seen.width {
            let (pixel, place) = seen.at(row, col);
            let dx: &mut [T; N] = some_mut(dx, pixel + c);
            for i in 0..N {
                let more = if winners[i] == place as u32 { dy[i] } else { T::zero() };
                dx[i] = if add { dx[i] + more } else { more };
            }
        }
    }
}

#[inline(always)]
fn pull_some_means<T: Scalar, const N: usize>(
    seen: &Seen,
    c: usize,
    from: usize,
    dy: &[T],
    dx: &mut [T],
    add: bool,
) {
    let count = T::of((seen.height * seen.width) as f64);
    let dy: [T; N] = some(dy, from);
    for row in 0..seen.height {
        for col in 0..seen.width {
            let dx: &mut [T; N] = some_mut(dx, seen.at(row, col).0 + c);
            for i in 0..N {
                let more = dy[i] / count;
                dx[i] = if add { dx[i] + more } else { more };
            }
        }
    }
}
