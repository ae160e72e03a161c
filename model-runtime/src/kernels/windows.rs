//! Convolutions by micro-kernels, reading the images where they are: in a row of an image, what a
//! row of a window sees stands side by side, so all windows are a matrix that nobody has to write.

use std::ops::Range;

use super::engine::engine;
use super::gemm::{End, parts};
use super::micro::Kernels;
use super::pack::with_room;
use super::pooling::Pooling;
use super::product::{Left, Out, Right, multiply};
use super::threads::{Shared, parallel, parallel_chunks};
use crate::float::Scalar;

/// Windows along one axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Along {
    /// The pixels of the axis.
    pub size: usize,
    /// How many windows there are.
    pub windows: usize,
    /// The places of a window, and the distance of two of them.
    pub places: usize,
    pub dilation: usize,
    /// The distance of two windows.
    pub stride: usize,
    /// How many pixels the first window starts before the axis.
    pub before: usize,
}

impl Along {
    /// From the first pixel that a window sees to the last.
    fn padded(&self) -> usize {
        self.end_of(self.windows).max(self.before + self.size)
    }

    /// Behind the last pixel that the first so many windows see, counted from where the first
    /// window starts.
    fn end_of(&self, windows: usize) -> usize {
        (windows.max(1) - 1) * self.stride + (self.places - 1) * self.dilation + 1
    }

    /// The part of a window that lies inside: its first place in the window, the position of that
    /// place, and how many places there are.
    #[inline(always)]
    pub fn inside(&self, window: usize) -> (usize, usize, usize) {
        let start = window * self.stride;
        let first = self.apart(self.before.saturating_sub(start));
        let end = self.apart((self.size + self.before).saturating_sub(start));
        let count = end.min(self.places).saturating_sub(first);
        (first, (start + first * self.dilation).saturating_sub(self.before), count)
    }

    /// How many places so many positions are, rounded up.
    #[inline(always)]
    fn apart(&self, positions: usize) -> usize {
        // A division takes as long as the rest of a walk over windows.
        if self.dilation == 1 { positions } else { positions.div_ceil(self.dilation) }
    }

    /// The positions that a window sees, where its places are side by side.
    pub fn seen(&self, window: usize) -> Range<usize> {
        let (_, first, count) = self.inside(window);
        first..first + count
    }
}

/// Windows over images `(rows, columns, channels)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    pub rows: Along,
    pub cols: Along,
    pub channels: usize,
}

/// With fewer windows in a row, tiles of rows would be too small.
pub(super) const LEAST: usize = 7;

/// About how many numbers of a product are pooled at a time: they stay in the second cache.
const AT_ONCE: usize = 1 << 15;

/// How many numbers the sums that threads make apart may be in all.
const APART: usize = 1 << 22;

impl Windows {
    /// Whether what a row of a window sees stands side by side, and a row has enough windows.
    pub(super) fn fits(&self) -> bool {
        let cols = &self.cols;
        (cols.places == 1 || cols.dilation == 1) && cols.windows >= LEAST && self.channels > 0
    }

    /// How many windows there are, and how many numbers each sees.
    fn sizes(&self) -> (usize, usize) {
        let (rows, cols) = (&self.rows, &self.cols);
        (rows.windows * cols.windows, rows.places * cols.places * self.channels)
    }

    pub(super) fn image(&self) -> usize {
        self.rows.size * self.cols.size * self.channels
    }

    /// The product of what the windows of all images see with the kernel, `places × channels ×
    /// filters`. Does nothing and returns `false` where the engine or the windows do not fit.
    pub fn product<T: Scalar>(
        &self,
        images: &[T],
        kernel: &[T],
        y: &mut [T],
        add: bool,
        end: &End<'_, T>,
    ) -> bool {
        let Some(kernels) = T::kernels(engine()).filter(|_| self.fits()) else { return false };
        let ((windows, seen), image) = (self.sizes(), self.image());
        let filters = kernel.len() / seen;
        assert_eq!(kernel.len(), seen * filters);
        assert!(end.bias.is_none_or(|bias| bias.len() == filters));
        if y.is_empty() {
            return true;
        }
        let samples = y.len() / (windows * filters);
        assert!(y.len() == samples * windows * filters && images.len() == samples * image);
        let (target, row) = (Shared(y.as_mut_ptr()), self.cols.windows * filters);
        let all = self.rows.windows;
        self.each_part((samples, filters), all, |samples, rows| {
            self.each_padded(images, samples, rows.clone(), |sample, image| {
                let to = target.get().wrapping_add(sample * windows * filters + rows.start * row);
                // SAFETY: the kernel and the target have been measured above; parts have images or
                // rows of their own.
                unsafe { self.some_rows(kernels, image, kernel, rows.clone(), to, add, end) };
            });
        });
        true
    }

    /// [`Windows::product`], pooled: no more than some rows of it exist at a time.
    pub fn pooled<T: Scalar>(
        &self,
        images: &[T],
        kernel: &[T],
        end: &End<'_, T>,
        pooling: &Pooling,
        y: &mut [T],
        places: &mut [u32],
    ) -> bool {
        let Some(kernels) = T::kernels(engine()).filter(|_| self.fits()) else { return false };
        let ((windows, seen), image) = (self.sizes(), self.image());
        let filters = kernel.len() / seen;
        let (pooled_rows, pooled) = (&pooling.windows.rows, pooling.sizes());
        assert!(kernel.len() == seen * filters && pooled.0 == windows * filters);
        assert!(end.bias.is_none_or(|bias| bias.len() == filters));
        if y.is_empty() {
            return true;
        }
        let samples = y.len() / pooled.1;
        assert!(y.len() == samples * pooled.1 && images.len() == samples * image);
        assert!(places.is_empty() || places.len() == y.len());
        let (keeps, row) = (!places.is_empty(), self.cols.windows * filters);
        let (y, places) = (Shared(y.as_mut_ptr()), Shared(places.as_mut_ptr()));
        let pooled_row = pooled.1 / pooled_rows.windows;
        let some = (AT_ONCE / (pooled_rows.stride * row)).max(1);
        self.each_part((samples, filters), pooled_rows.windows, |samples, rows| {
            let most = (some.min(rows.len()) - 1) * pooled_rows.stride + pooled_rows.places;
            let pooled_from = |rows: &Range<usize>| {
                pooled_rows.seen(rows.start).start..pooled_rows.seen(rows.end - 1).end
            };
            self.each_padded(images, samples, pooled_from(&rows), |sample, image| {
                with_room(most * row, |room: *mut T| {
                    for first in rows.clone().step_by(some) {
                        let rows = first..rows.end.min(first + some);
                        let seen = pooled_from(&rows);
                        let (at, len) =
                            (sample * pooled.1 + first * pooled_row, rows.len() * pooled_row);
                        // SAFETY: the kernel has been measured above, and there is room for the
                        // rows that these windows see; parts have images or rows of their own.
                        unsafe {
                            let (top, count) = (seen.start, seen.len());
                            self.some_rows(kernels, image, kernel, seen, room, false, end);
                            let x = std::slice::from_raw_parts(room, count * row);
                            let part =
                                std::slice::from_raw_parts_mut(y.get().wrapping_add(at), len);
                            let places: &mut [u32] = match keeps {
                                true => {
                                    let start = places.get().wrapping_add(at);
                                    std::slice::from_raw_parts_mut(start, len)
                                }
                                false => &mut [],
                            };
                            pooling.pool(x, top, rows, part, places);
                        }
                    }
                });
            });
        });
        true
    }

    /// Calls `work` with the numbers of some images, and which of the `rows` that each image has.
    /// Several threads do so at once.
    pub(super) fn each_part(
        &self,
        (samples, filters): (usize, usize),
        rows: usize,
        work: impl Fn(Range<usize>, Range<usize>) + Sync,
    ) {
        let (windows, seen) = self.sizes();
        // Parts are images, or some rows of one.
        let parts = parts(samples * windows, seen, filters);
        let at_once = samples.div_ceil(parts);
        let some = rows.div_ceil(parts.div_ceil(samples)).max(1);
        let pieces = rows.div_ceil(some);
        parallel(samples.div_ceil(at_once) * pieces, &|part| {
            let (first, piece) = (part / pieces * at_once, part % pieces);
            let samples = first..samples.min(first + at_once);
            work(samples, piece * some..rows.min((piece + 1) * some));
        });
    }

    /// The product for some rows of windows of a padded image, written to `to`.
    // SAFETY: the kernel must have a row for each number that a window sees, the bias as many
    // numbers as it has columns, and there must be room for the rows, which nobody else touches.
    #[expect(clippy::too_many_arguments, reason = "what is known of a product")]
    unsafe fn some_rows<T: Scalar>(
        &self,
        kernels: &Kernels<T>,
        image: Padded<'_, T>,
        kernel: &[T],
        rows: Range<usize>,
        to: *mut T,
        add: bool,
        end: &End<'_, T>,
    ) {
        let filters = kernel.len() / self.sizes().1;
        let (from, until) = (rows.start * self.cols.windows, rows.end * self.cols.windows);
        let a = self.seen_by(image, &rows);
        let b = Right { data: kernel.as_ptr(), row: filters, panel: kernels.cols() };
        let bias = end.bias.map_or(std::ptr::null(), <[T]>::as_ptr);
        let data = to.wrapping_sub(from * filters);
        let group = self.cols.windows * filters;
        let c = Out { data, row: filters, group, add, bias, relu: end.relu };
        // SAFETY: the padded image has all that its windows see; the rest is the caller's.
        unsafe { multiply(kernels, &a, &b, &c, from..until, 0..filters) };
        if let Some(then) = end.then {
            // SAFETY: these have been written.
            then(unsafe { std::slice::from_raw_parts_mut(to, (until - from) * filters) });
        }
    }

    /// Adds the gradient by the kernel, given that by the product. Returns `false` like
    /// [`Windows::product`].
    pub fn pull_kernel<T: Scalar>(&self, images: &[T], dy: &[T], dkernel: &mut [T]) -> bool {
        let Some(kernels) = T::kernels(engine()).filter(|_| self.fits()) else { return false };
        let ((windows, seen), image) = (self.sizes(), self.image());
        let filters = dkernel.len() / seen;
        assert_eq!(dkernel.len(), seen * filters);
        if dy.is_empty() {
            return true;
        }
        let samples = dy.len() / (windows * filters);
        assert!(dy.len() == samples * windows * filters && images.len() == samples * image);
        // Parts are images; each makes a sum of its own, and these are added in their order.
        let parts = parts(samples * windows, seen, filters).min(8);
        let at_once = samples.div_ceil(parts.min(APART / dkernel.len()).max(1));
        let count = samples.div_ceil(at_once);
        let add = |part: usize, sum: &mut [T]| {
            let some = part * at_once..samples.min((part + 1) * at_once);
            self.each_padded(images, some, 0..self.rows.windows, |i, image| {
                let dy = &dy[i * windows * filters..(i + 1) * windows * filters];
                self.add_image(kernels, image, dy, sum);
            });
        };
        if count == 1 {
            add(0, dkernel);
            return true;
        }
        with_room(count * dkernel.len(), |room: *mut T| {
            // SAFETY: there is room for so many numbers, which are initialised.
            let sums = unsafe { std::slice::from_raw_parts_mut(room, count * dkernel.len()) };
            parallel_chunks(sums, dkernel.len(), |part, sum| {
                sum.fill(T::zero());
                add(part, sum);
            });
            for sum in sums.chunks_exact(dkernel.len()) {
                dkernel.iter_mut().zip(sum).for_each(|(all, &sum)| *all += sum);
            }
        });
        true
    }

    /// Adds what one padded image has to do with the gradient by the kernel.
    fn add_image<T: Scalar>(
        &self,
        kernels: &Kernels<T>,
        image: Padded<'_, T>,
        dy: &[T],
        sum: &mut [T],
    ) {
        let (_, seen) = self.sizes();
        let filters = sum.len() / seen;
        let windows = self.seen_by(image, &(0..self.rows.windows));
        if filters < kernels.lanes && windows.depth >= kernels.lanes {
            return self.add_turned(kernels, &windows, dy, sum);
        }
        let bias = std::ptr::null();
        // Rows and columns exchanged: the depth is the windows.
        let a = Left {
            data: windows.data,
            row: windows.col,
            group: windows.segment,
            rows: windows.depth,
            col: windows.row,
            segment: windows.group,
            segments: self.rows.windows,
            depth: windows.rows,
        };
        let b = Right { data: dy.as_ptr(), row: filters, panel: kernels.cols() };
        let (data, group) = (sum.as_mut_ptr(), windows.depth * filters);
        let c = Out { data, row: filters, group, add: true, bias, relu: false };
        // SAFETY: the padded image has all that its windows see, there is a row of `dy` for each
        // window, and one of the sum for each number that a window sees.
        unsafe { multiply(kernels, &a, &b, &c, 0..seen, 0..filters) };
    }

    /// The same for filters that would not fill a vector, where what a row of a window sees does:
    /// the product has a row for each of them.
    fn add_turned<T: Scalar>(
        &self,
        kernels: &Kernels<T>,
        windows: &Left<T>,
        dy: &[T],
        sum: &mut [T],
    ) {
        let seen = windows.segments * windows.depth;
        let filters = sum.len() / seen;
        with_room(sum.len(), |room: *mut T| {
            for (row, dy) in dy.chunks_exact(windows.rows * filters).enumerate() {
                let a = Left {
                    data: dy.as_ptr(),
                    row: 1,
                    group: 0,
                    rows: filters,
                    col: filters as isize,
                    segment: 0,
                    segments: 1,
                    depth: windows.rows,
                };
                for segment in 0..windows.segments {
                    let at = row as isize * windows.group + segment as isize * windows.segment;
                    let data = windows.data.wrapping_offset(at);
                    let b = Right { data, row: windows.row as usize, panel: kernels.cols() };
                    let data = room.wrapping_add(segment * windows.depth);
                    let (add, bias) = (row > 0, std::ptr::null());
                    let c = Out { data, row: seen, group: 0, add, bias, relu: false };
                    // SAFETY: the image has all that its windows see, there is a row of `dy` for
                    // each of them, and room for what each number of a window gets from a filter.
                    unsafe { multiply(kernels, &a, &b, &c, 0..filters, 0..windows.depth) };
                }
            }
            // SAFETY: there is room for so many numbers, which are initialised.
            let turned = unsafe { std::slice::from_raw_parts(room, sum.len()) };
            for (i, sum) in sum.chunks_exact_mut(filters).enumerate() {
                let some = turned[i..].iter().step_by(seen);
                sum.iter_mut().zip(some).for_each(|(sum, &more)| *sum += more);
            }
        });
    }

    /// What the windows of a padded image see, a row for each window; to be read for these rows of
    /// windows alone.
    pub(super) fn seen_by<T>(&self, image: Padded<'_, T>, seen: &Range<usize>) -> Left<T> {
        let (rows, cols) = (&self.rows, &self.cols);
        let line = cols.padded() * self.channels;
        assert!(image.top <= seen.start * rows.stride);
        assert!(image.numbers.len() >= (rows.end_of(seen.end) - image.top) * line);
        Left {
            data: image.numbers.as_ptr().wrapping_sub(image.top * line),
            row: (cols.stride * self.channels) as isize,
            group: (rows.stride * line) as isize,
            rows: cols.windows,
            col: 1,
            segment: (rows.dilation * line) as isize,
            segments: rows.places,
            depth: cols.places * self.channels,
        }
    }

    /// Calls `work` with the number of each of these samples, and of its image what these rows of
    /// windows see, with zeros around it where windows look beyond.
    pub(super) fn each_padded<T: Scalar>(
        &self,
        images: &[T],
        samples: Range<usize>,
        seen: Range<usize>,
        mut work: impl FnMut(usize, Padded<'_, T>),
    ) {
        let (rows, cols) = (&self.rows, &self.cols);
        let image = |sample: usize| &images[sample * self.image()..(sample + 1) * self.image()];
        if (rows.padded(), cols.padded()) == (rows.size, cols.size) {
            return samples.for_each(|i| work(i, Padded { numbers: image(i), top: 0 }));
        }
        let (line, padded_line) = (cols.size * self.channels, cols.padded() * self.channels);
        let top = seen.start * rows.stride;
        let end = rows.end_of(seen.end);
        // The lines of the image among these.
        let first = rows.before.max(top);
        let lines = [first, end.max(first)].map(|line| (line - rows.before).min(rows.size));
        let lines = lines[0]..lines[1];
        let len = (end - top) * padded_line;
        with_room(len, |room: *mut T| {
            // SAFETY: there is room for so many numbers, which are initialised.
            let padded = unsafe { std::slice::from_raw_parts_mut(room, len) };
            let above = ((first - top) * padded_line).min(len);
            let (inside, left) =
                (above..above + lines.len() * padded_line, cols.before * self.channels);
            padded[..inside.start].fill(T::zero());
            padded[inside.end..].fill(T::zero());
            for to in padded[inside.clone()].chunks_exact_mut(padded_line) {
                to[..left].fill(T::zero());
                to[left + line..].fill(T::zero());
            }
            for sample in samples {
                let from = &image(sample)[lines.start * line..lines.end * line];
                let to = padded[inside.clone()].chunks_exact_mut(padded_line);
                for (to, from) in to.zip(from.chunks_exact(line)) {
                    to[left..left + line].copy_from_slice(from);
                }
                work(sample, Padded { numbers: padded, top });
            }
        });
    }
}

/// Lines of an image with zeros around it, from the line `top` on.
#[derive(Clone, Copy)]
pub(super) struct Padded<'a, T> {
    numbers: &'a [T],
    top: usize,
}
