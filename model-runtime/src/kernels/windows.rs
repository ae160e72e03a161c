//! Convolutions by micro-kernels, reading the images where they are: in a row of an image, what a
//! row of a window sees stands side by side, so all windows are a matrix that nobody has to write.

use super::engine::engine;
use super::gemm::{End, parts};
use super::micro::Kernels;
use super::pack::with_room;
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
        let reach = (self.windows.max(1) - 1) * self.stride + (self.places - 1) * self.dilation + 1;
        reach.max(self.before + self.size)
    }

    /// The windows of the gradients by windows that a pixel has a part in.
    fn back(&self) -> Option<Along> {
        let before = ((self.places - 1) * self.dilation).checked_sub(self.before)?;
        let Along { size, windows, places, dilation, stride, .. } = *self;
        (stride == 1).then_some(Along {
            size: windows,
            windows: size,
            places,
            dilation,
            stride,
            before,
        })
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
const LEAST: usize = 4;

/// How many numbers the sums that threads make apart may be in all.
const APART: usize = 1 << 22;

impl Windows {
    /// Whether what a row of a window sees stands side by side, and a row has enough windows.
    fn fits(&self) -> bool {
        let cols = &self.cols;
        (cols.places == 1 || cols.dilation == 1) && cols.windows >= LEAST && self.channels > 0
    }

    /// How many windows there are, and how many numbers each sees.
    fn sizes(&self) -> (usize, usize) {
        let (rows, cols) = (&self.rows, &self.cols);
        (rows.windows * cols.windows, rows.places * cols.places * self.channels)
    }

    fn image(&self) -> usize {
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
        // Parts are images, or some rows of windows of one.
        let parts = parts(samples * windows, seen, filters);
        let at_once = samples.div_ceil(parts);
        let rows = self.rows.windows.div_ceil(parts.div_ceil(samples));
        let pieces = self.rows.windows.div_ceil(rows);
        let target = Shared(y.as_mut_ptr());
        parallel(samples.div_ceil(at_once) * pieces, |part| {
            let (first, piece) = (part / pieces * at_once, part % pieces);
            let from = piece * rows * self.cols.windows;
            let to = windows.min(from + rows * self.cols.windows);
            let images = &images[first * image..samples.min(first + at_once) * image];
            self.each_padded(images, |i, image| {
                let a = self.seen_by(image);
                let b = Right { data: kernel.as_ptr(), row: filters, panel: kernels.cols() };
                let start = target.get().wrapping_add((first + i) * windows * filters);
                let bias = end.bias.map_or(std::ptr::null(), <[T]>::as_ptr);
                let c = Out { data: start, row: filters, add, bias, relu: end.relu };
                // SAFETY: the padded image has all that its windows see, the kernel and the target
                // have been measured above; parts have images or rows of their own.
                unsafe { multiply(kernels, &a, &b, &c, from..to, 0..filters) };
                if let Some(then) = end.then {
                    let (start, len) = (start.wrapping_add(from * filters), (to - from) * filters);
                    // SAFETY: these are the part's.
                    then(unsafe { std::slice::from_raw_parts_mut(start, len) });
                }
            });
        });
        true
    }

    /// Adds the gradient by the images, given that by the product. Returns `false` like
    /// [`Windows::product`], and where windows are more than a pixel apart.
    pub fn pull_images<T: Scalar>(
        &self,
        kernel: &[T],
        dy: &[T],
        dimages: &mut [T],
        add: bool,
    ) -> bool {
        let (Some(rows), Some(cols)) = (self.rows.back(), self.cols.back()) else { return false };
        if dy.is_empty() || self.channels == 0 {
            return false;
        }
        let places = rows.places * cols.places;
        let filters = kernel.len() / (places * self.channels);
        let back = Windows { rows, cols, channels: filters };
        if T::kernels(engine()).is_none() || !back.fits() {
            return false;
        }
        with_room(kernel.len(), |room: *mut T| {
            // SAFETY: there is room for so many numbers, which are initialised.
            let turned = unsafe { std::slice::from_raw_parts_mut(room, kernel.len()) };
            let size = self.channels * filters;
            for (to, from) in turned.chunks_exact_mut(size).zip(kernel.chunks_exact(size).rev()) {
                for (f, to) in to.chunks_exact_mut(self.channels).enumerate() {
                    for (c, to) in to.iter_mut().enumerate() {
                        *to = from[c * filters + f];
                    }
                }
            }
            back.product(dy, turned, dimages, add, &End::default())
        })
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
            let dy = &dy[some.start * windows * filters..some.end * windows * filters];
            let images = &images[some.start * image..some.end * image];
            self.each_padded(images, |i, image| {
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
    fn add_image<T: Scalar>(&self, kernels: &Kernels<T>, image: &[T], dy: &[T], sum: &mut [T]) {
        let (_, seen) = self.sizes();
        let filters = sum.len() / seen;
        let windows = self.seen_by(image);
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
        let (data, bias) = (sum.as_mut_ptr(), std::ptr::null());
        let c = Out { data, row: filters, add: true, bias, relu: false };
        // SAFETY: the padded image has all that its windows see, there is a row of `dy` for each
        // window, and one of the sum for each number that a window sees.
        unsafe { multiply(kernels, &a, &b, &c, 0..seen, 0..filters) };
    }

    /// What the windows of a padded image see, a row for each window.
    fn seen_by<T>(&self, image: &[T]) -> Left<T> {
        let (rows, cols) = (&self.rows, &self.cols);
        let line = cols.padded() * self.channels;
        assert!(image.len() >= rows.padded() * line);
        Left {
            data: image.as_ptr(),
            row: (cols.stride * self.channels) as isize,
            group: (rows.stride * line) as isize,
            rows: cols.windows,
            col: 1,
            segment: (rows.dilation * line) as isize,
            segments: rows.places,
            depth: cols.places * self.channels,
        }
    }

    /// Calls `work` with the number of each image, and the image with zeros around it where windows
    /// look beyond.
    fn each_padded<T: Scalar>(&self, images: &[T], mut work: impl FnMut(usize, &[T])) {
        let (rows, cols) = (&self.rows, &self.cols);
        let images = images.chunks_exact(self.image()).enumerate();
        if (rows.padded(), cols.padded()) == (rows.size, cols.size) {
            return images.for_each(|(i, image)| work(i, image));
        }
        let (line, padded_line) = (cols.size * self.channels, cols.padded() * self.channels);
        let len = rows.padded() * padded_line;
        with_room(len, |room: *mut T| {
            // SAFETY: there is room for so many numbers, which are initialised.
            let padded = unsafe { std::slice::from_raw_parts_mut(room, len) };
            padded.fill(T::zero());
            for (i, image) in images {
                let start = rows.before * padded_line + cols.before * self.channels;
                let to = padded[start..].chunks_mut(padded_line);
                for (to, from) in to.zip(image.chunks_exact(line)) {
                    to[..line].copy_from_slice(from);
                }
                work(i, padded);
            }
        });
    }
}
