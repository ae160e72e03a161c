//! Convolutions of each channel with a kernel of its own, `places × channels`, over one image.

use super::kernel;
use super::seen::{Seen, each_window, some, some_mut};
use super::windows::Windows;
use crate::float::Scalar;

kernel! {
    /// Adds what the windows make of the image.
    pub(crate) fn add_products<T: Scalar>(w: &Windows, x: &[T], kernel: &[T], y: &mut [T]) {
        each_window!(w, 0, 0..w.rows.windows, add_some(x, kernel, y));
    }

    /// Adds the gradient by the image, given that by what comes out.
    pub(crate) fn pull_image<T: Scalar>(w: &Windows, kernel: &[T], dy: &[T], dx: &mut [T]) {
        each_window!(w, 0, 0..w.rows.windows, pull_some_pixels(kernel, dy, dx));
    }

    /// Adds the gradient by the kernel.
    pub(crate) fn pull_kernel<T: Scalar>(w: &Windows, x: &[T], dy: &[T], dk: &mut [T]) {
        each_window!(w, 0, 0..w.rows.windows, pull_some_places(x, dy, dk));
    }
}

#[inline(always)]
fn add_some<T: Scalar, const N: usize>(
    seen: &Seen,
    c: usize,
    to: usize,
    x: &[T],
    kernel: &[T],
    y: &mut [T],
) {
    let mut sums: [T; N] = some(y, to);
    for row in 0..seen.height {
        for col in 0..seen.width {
            let (pixel, place) = seen.at(row, col);
            let (x, k): ([T; N], [T; N]) =
                (some(x, pixel + c), some(kernel, place * seen.channels + c));
            for i in 0..N {
                sums[i] += k[i] * x[i];
            }
        }
    }
    *some_mut(y, to) = sums;
}

#[inline(always)]
fn pull_some_pixels<T: Scalar, const N: usize>(
    seen: &Seen,
    c: usize,
    from: usize,
    kernel: &[T],
    dy: &[T],
    dx: &mut [T],
) {
    let dy: [T; N] = some(dy, from);
    for row in 0..seen.height {
        for col in 0..seen.width {
            let (pixel, place) = seen.at(row, col);
            let k: [T; N] = some(kernel, place * seen.channels + c);
            let dx: &mut [T; N] = some_mut(dx, pixel + c);
            for i in 0..N {
                dx[i] += k[i] * dy[i];
            }
        }
    }
}

#[inline(always)]
fn pull_some_places<T: Scalar, const N: usize>(
    seen: &Seen,
    c: usize,
    from: usize,
    x: &[T],
    dy: &[T],
    dk: &mut [T],
) {
    let dy: [T; N] = some(dy, from);
    for row in 0..seen.height {
        for col in 0..seen.width {
            let (pixel, place) = seen.at(row, col);
            let x: [T; N] = some(x, pixel + c);
            let dk: &mut [T; N] = some_mut(dk, place * seen.channels + c);
            for i in 0..N {
                dk[i] += x[i] * dy[i];
            }
        }
    }
}
