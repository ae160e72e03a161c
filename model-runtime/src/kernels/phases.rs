//! Gradients of convolutions by their images.
//!
//! Windows that are `stride` pixels apart see a pixel at every `stride`-th place only. So every
//! `stride`-th pixel, a phase, has its gradient from a convolution of the other gradient with those
//! places of the kernel, turned; all phases read the same lines.

use std::ops::Range;

use super::engine::engine;
use super::micro::Kernels;
use super::pack::{pack_columns, with_room};
use super::product::{Left, Out, Right, multiply};
use super::threads::Shared;
use super::windows::{Along, Windows};
use crate::float::Scalar;

/// Every `stride`-th pixel along an axis.
#[derive(Clone)]
struct Phase {
    /// The first place of a window that sees such a pixel, and how many do.
    place: usize,
    places: usize,
    /// Which windows of [`Along::back`] have such a pixel, and where that of the first one would
    /// be.
    windows: Range<usize>,
    pixel: isize,
}

impl Along {
    /// Windows over the other gradient, each of which sees what `stride` pixels side by side have a
    /// part in. `None` where places are apart and windows, too.
    fn back(&self) -> Option<Along> {
        let Along { size, windows, places, dilation, stride, before } = *self;
        if stride > 1 && dilation > 1 {
            return None;
        }
        let places = places.div_ceil(stride);
        Some(Along {
            size: windows,
            windows: (size + before).div_ceil(stride) - before / stride,
            places,
            dilation,
            stride: 1,
            before: ((places - 1) * dilation).checked_sub(before / stride)?,
        })
    }

    /// The phases that windows see.
    fn phases(&self) -> impl Iterator<Item = Phase> + Clone {
        let Along { size, places, stride, before, .. } = *self;
        let first = before % stride;
        (0..stride.min(places)).map(move |place| Phase {
            place,
            places: (places - place).div_ceil(stride),
            windows: usize::from(place < first)
                ..(size + first).saturating_sub(place).div_ceil(stride),
            pixel: place as isize - first as isize,
        })
    }
}

impl Windows {
    fn phases(&self) -> impl Iterator<Item = [Phase; 2]> {
        let cols = self.cols.phases();
        self.rows.phases().flat_map(move |row| cols.clone().map(move |col| [row.clone(), col]))
    }

    /// The phases, each with where its places of the kernel stand in `room`.
    fn panels<T>(
        &self,
        kernels: &Kernels<T>,
        filters: usize,
        room: *mut T,
    ) -> impl Iterator<Item = ([Phase; 2], Right<T>)> {
        let (width, columns) = (kernels.cols(), self.channels.next_multiple_of(kernels.cols()));
        self.phases().scan(0, move |end, phase| {
            let (start, depth) = (*end, phase[0].places * phase[1].places * filters);
            *end += depth * columns;
            let data = room.wrapping_add(start).cast_const();
            Some((phase, Right { data, row: width, panel: depth * width }))
        })
    }

    /// Adds the gradient by the images, given that by the product. Returns `false` like
    /// [`Windows::product`], and where places are apart and windows, too.
    pub fn pull_images<T: Scalar>(
        &self,
        kernel: &[T],
        dy: &[T],
        dimages: &mut [T],
        add: bool,
    ) -> bool {
        let (Some(rows), Some(cols)) = (self.rows.back(), self.cols.back()) else { return false };
        if dy.is_empty() || dimages.is_empty() {
            return false;
        }
        let place = self.rows.places * self.cols.places * self.channels;
        let filters = kernel.len() / place;
        let back = Windows { rows, cols, channels: filters };
        let Some(kernels) = T::kernels(engine()).filter(|_| back.fits()) else { return false };
        let (image, strides) = (self.image(), self.rows.stride * self.cols.stride);
        let samples = dimages.len() / image;
        assert!(kernel.len() == place * filters && dimages.len() == samples * image);
        assert_eq!(dy.len(), samples * back.image());
        if !add && [&self.rows, &self.cols].iter().any(|along| along.stride > along.places) {
            // Some pixels are not seen.
            dimages.fill(T::zero());
        }
        let columns = self.channels.next_multiple_of(kernels.cols());
        with_room(kernel.len() / self.channels * columns, |room: *mut T| {
            for (phase, panels) in self.panels(kernels, filters, room) {
                // SAFETY: there is room for the places of all phases, which are those of the
                // kernel.
                unsafe { self.pack(kernels, &phase, kernel, panels.data.cast_mut()) };
            }
            let (target, room) = (Shared(dimages.as_mut_ptr()), Shared(room));
            let work = (samples, self.channels * strides);
            back.each_part(work, back.rows.windows, |samples, rows| {
                back.each_padded(dy, samples, rows.clone(), |sample, padded| {
                    let seen = back.seen_by(padded, &rows);
                    let to = target.get().wrapping_add(sample * image);
                    for (phase, panels) in self.panels(kernels, filters, room.get()) {
                        // SAFETY: what windows see has been measured, and the images have these
                        // pixels; parts have images or rows of their own.
                        unsafe {
                            self.phase((kernels, &back), &phase, (&seen, &panels), &rows, to, add);
                        }
                    }
                });
            });
        });
        true
    }

    /// The places of the kernel that see a phase, turned, their filters and channels exchanged.
    // SAFETY: there must be room for them, with channels for whole panels.
    unsafe fn pack<T: Scalar>(
        &self,
        kernels: &Kernels<T>,
        [row, col]: &[Phase; 2],
        kernel: &[T],
        to: *mut T,
    ) {
        let (channels, width) = (self.channels, kernels.cols());
        let filters = kernel.len() / (self.rows.places * self.cols.places * channels);
        let panel = row.places * col.places * filters * width;
        for i in 0..row.places * col.places {
            let (down, across) = (i / col.places, i % col.places);
            let place = (row.place + (row.places - 1 - down) * self.rows.stride) * self.cols.places
                + col.place
                + (col.places - 1 - across) * self.cols.stride;
            let from = &kernel[place * channels * filters..][..channels * filters];
            for first in (0..channels).step_by(width) {
                let to = to.wrapping_add(first / width * panel + i * filters * width);
                let from = from[first * filters..].as_ptr();
                let some = (filters, width.min(channels - first));
                // SAFETY: the place has these channels; the caller's.
                unsafe { pack_columns(kernels, (from, 1, filters as isize), some, to) };
            }
        }
    }

    /// The pixels of a phase in an image `to`, given some rows of windows of [`Along::back`].
    // SAFETY: A must be what the windows of these rows see, B the phase's places, and `to` an image
    // of which nobody else touches these pixels.
    unsafe fn phase<T: Scalar>(
        &self,
        (kernels, back): (&Kernels<T>, &Windows),
        [row, col]: &[Phase; 2],
        (seen, b): (&Left<T>, &Right<T>),
        rows: &Range<usize>,
        to: *mut T,
        add: bool,
    ) {
        let (rows, each) =
            (rows.start.max(row.windows.start)..rows.end.min(row.windows.end), col.windows.len());
        if rows.is_empty() || each == 0 {
            return;
        }
        // The last ones of the places that the windows have.
        let (down, across) = (back.rows.places - row.places, back.cols.places - col.places);
        let first = down as isize * seen.segment
            + (across * back.channels) as isize
            + col.windows.start as isize * seen.row;
        let a = Left {
            data: seen.data.wrapping_offset(first),
            rows: each,
            segments: row.places,
            depth: col.places * back.channels,
            ..*seen
        };
        let (down, across) = (self.rows.stride, self.cols.stride);
        let pixel =
            row.pixel * self.cols.size as isize + col.pixel + (col.windows.start * across) as isize;
        let c = Out {
            data: to.wrapping_offset(pixel * self.channels as isize),
            row: across * self.channels,
            group: down * self.cols.size * self.channels,
            add,
            bias: std::ptr::null(),
            relu: false,
        };
        // SAFETY: the caller's.
        unsafe {
            multiply(kernels, &a, b, &c, rows.start * each..rows.end * each, 0..self.channels);
        }
    }
}
