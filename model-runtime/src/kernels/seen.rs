//! Walking over windows with many channels at once: what pooling and depthwise convolutions share.

use super::windows::Windows;

/// The pixels that a window sees.
pub(super) struct Seen {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    /// Where the numbers of the first begin, and from there to the next row and the next column.
    pub first: usize,
    down: usize,
    across: usize,
    /// The place in the window of the first, and how many places a row of it has.
    place: usize,
    places: usize,
}

impl Seen {
    /// By the window in a row and column, of an image from row `top` on.
    #[inline(always)]
    pub fn new(windows: &Windows, row: usize, col: usize, top: usize) -> Seen {
        let Windows { rows, cols, channels } = windows;
        let (place_down, y, height) = rows.inside(row);
        let (place_across, x, width) = cols.inside(col);
        Seen {
            height,
            width,
            channels: *channels,
            first: ((y - top) * cols.size + x) * channels,
            down: rows.dilation * cols.size * channels,
            across: cols.dilation * channels,
            place: place_down * cols.places + place_across,
            places: cols.places,
        }
    }

    /// Where a pixel's numbers begin, and its place in the window.
    #[inline(always)]
    pub fn at(&self, row: usize, col: usize) -> (usize, usize) {
        let pixel = self.first + row * self.down + col * self.across;
        (pixel, self.place + row * self.places + col)
    }
}

/// Calls a function for the channels of each window of some rows: with the pixels that it sees, the
/// channel to begin with, and the number of the output. It does so many channels at once as its
/// constant says.
macro_rules! each_window {
    ($windows:ident, $top:expr, $rows:expr, $work:ident($($arg:expr),*)) => {
        let channels = $windows.channels;
        let mut to = 0;
        for row in $rows {
            for col in 0..$windows.cols.windows {
                let seen = Seen::new($windows, row, col, $top);
                let mut c = 0;
                while c + 32 <= channels {
                    $work::<T, 32>(&seen, c, to + c, $($arg),*);
                    c += 32;
                }
                while c + 8 <= channels {
                    $work::<T, 8>(&seen, c, to + c, $($arg),*);
                    c += 8;
                }
                while c < channels {
                    $work::<T, 1>(&seen, c, to + c, $($arg),*);
                    c += 1;
                }
                to += channels;
            }
        }
    };
}
pub(super) use each_window;

/// Some numbers from a place on.
#[inline(always)]
pub(super) fn some<T: Copy, const N: usize>(x: &[T], at: usize) -> [T; N] {
    *x[at..].first_chunk().expect("so many numbers")
}

/// [`some`], to write to.
#[inline(always)]
pub(super) fn some_mut<T, const N: usize>(x: &mut [T], at: usize) -> &mut [T; N] {
    x[at..].first_chunk_mut().expect("so many numbers")
}
