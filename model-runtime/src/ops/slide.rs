//! Windows over images `(height, width, channels)`: which pixels each of them sees. A sequence is
//! an image of one row.

use model_spec::Window;

use crate::float::Scalar;
use crate::kernels::windows::{Along, Windows};

/// A window along one axis, and how often it fits there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    /// The size of the axis.
    pub input: usize,
    /// How many windows there are.
    pub output: usize,
    pub kernel: usize,
    stride: usize,
    dilation: usize,
    /// How many positions the first window starts before the axis.
    before: usize,
}

impl Axis {
    /// An axis of this size. The rule has found that the window fits.
    pub fn new(window: &Window, size: usize) -> Axis {
        let output = window.output(size).unwrap_or(0);
        Axis::of(window, size, output, window.before(size))
    }

    /// The axis that a transposed convolution makes of one of this size.
    pub fn transposed(window: &Window, size: usize, output_padding: Option<usize>) -> Axis {
        let larger = window.transposed(size, output_padding).unwrap_or(0);
        Axis::of(window, larger, size, window.cut(output_padding))
    }

    fn of(window: &Window, input: usize, output: usize, before: usize) -> Axis {
        let Window { kernel, stride, dilation, .. } = *window;
        Axis { input, output, kernel, stride, dilation, before }
    }

    /// The same for kernels that read images where they are.
    fn along(&self) -> Along {
        let Axis { input, output, kernel, stride, dilation, before } = *self;
        Along { size: input, windows: output, places: kernel, dilation, stride, before }
    }

    /// The position of a place of a window, which lies inside.
    pub fn position(&self, window: usize, place: usize) -> usize {
        window * self.stride + place * self.dilation - self.before
    }

    /// The part of a window that lies inside; see [`Along::inside`].
    fn inside(&self, window: usize) -> (usize, usize, usize) {
        self.along().inside(window)
    }
}

/// Windows over an image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slide {
    pub rows: Axis,
    pub cols: Axis,
}

/// Some of a window's places, side by side, and the pixels there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    /// Which window.
    pub window: usize,
    /// The first place in the window, row by row.
    pub place: usize,
    /// The pixel there, row by row.
    pub pixel: usize,
    /// How many of both.
    pub count: usize,
}

/// At least so many windows are multiplied with a kernel at once, if there are: for fewer, it would
/// take longer to read the kernel than to multiply it.
// Tests have small images and few of them.
const TOGETHER: usize = if cfg!(test) { 8 } else { 64 };

impl Slide {
    /// Windows over the last one or two axes of `dims` before the channels; one axis is a row.
    pub fn new(axes: &[Axis]) -> Slide {
        let row = Axis::new(&Window::new(1), 1);
        match *axes {
            [rows, cols] => Slide { rows, cols },
            [cols] => Slide { rows: row, cols },
            _ => Slide { rows: row, cols: row },
        }
    }

    /// The same over images of so many channels, for kernels that read them where they are.
    pub fn windows_of(&self, channels: usize) -> Windows {
        Windows { rows: self.rows.along(), cols: self.cols.along(), channels }
    }

    /// How many pixels there are.
    pub fn pixels(&self) -> usize {
        self.rows.input * self.cols.input
    }

    /// How many windows there are.
    pub fn windows(&self) -> usize {
        self.rows.output * self.cols.output
    }

    /// How many images have enough windows for a product.
    pub fn together(&self) -> usize {
        TOGETHER.div_ceil(self.windows().max(1))
    }

    /// How many pixels a window looks at.
    pub fn places(&self) -> usize {
        self.rows.kernel * self.cols.kernel
    }

    /// Whether window number i sees pixel number i, and nothing else.
    pub fn is_identity(&self) -> bool {
        let same = |axis: &Axis| {
            axis.kernel == 1 && axis.stride == 1 && axis.before == 0 && axis.input == axis.output
        };
        same(&self.rows) && same(&self.cols)
    }

    /// Visits everything that windows see of the image; what is padded is left out.
    pub fn runs(&self, mut visit: impl FnMut(Run)) {
        let (rows, cols) = (&self.rows, &self.cols);
        let across: Vec<_> = (0..cols.output).map(|x| cols.inside(x)).collect();
        for y in 0..rows.output {
            let (first_row, top, height) = rows.inside(y);
            for (x, &(first, left, width)) in across.iter().enumerate() {
                let window = y * cols.output + x;
                for row in 0..height {
                    let place = (first_row + row) * cols.kernel + first;
                    let pixel = (top + row * rows.dilation) * cols.input + left;
                    if cols.dilation == 1 && width > 0 {
                        visit(Run { window, place, pixel, count: width });
                        continue;
                    }
                    for i in 0..width {
                        let pixel = pixel + i * cols.dilation;
                        visit(Run { window, place: place + i, pixel, count: 1 });
                    }
                }
            }
        }
    }

    /// Writes what each window sees as a row of a matrix, 0 where there is padding: `windows ×
    /// (places · channels)`.
    pub fn unfold<T: Copy + Default>(&self, image: &[T], channels: usize, matrix: &mut [T]) {
        matrix.fill(T::default());
        self.runs(|run| {
            let at = (run.window * self.places() + run.place) * channels;
            let from = &image[run.pixel * channels..][..run.count * channels];
            matrix[at..][..from.len()].copy_from_slice(from);
        });
    }

    /// The way back of [`Slide::unfold`]: adds each number to the pixel that it was read from.
    pub fn fold<T: Scalar>(&self, matrix: &[T], channels: usize, image: &mut [T]) {
        self.runs(|run| {
            let at = (run.window * self.places() + run.place) * channels;
            let to = &mut image[run.pixel * channels..][..run.count * channels];
            to.iter_mut().zip(&matrix[at..]).for_each(|(to, &from)| *to += from);
        });
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Padding;

    use super::*;

    #[test]
    fn windows_see_what_the_definition_says() {
        for padding in [Padding::Valid, Padding::Same, Padding::Causal] {
            for (kernel, stride, dilation) in
                [(1, 1, 1), (2, 1, 1), (3, 2, 1), (2, 3, 1), (3, 1, 2), (4, 2, 3), (5, 1, 1)]
            {
                let window = Window { kernel, stride, dilation, padding };
                for size in 0..12 {
                    let slide = Slide::new(&[Axis::new(&window, size)]);
                    let mut seen = Vec::new();
                    slide.runs(|run| {
                        for i in 0..run.count {
                            seen.push((run.window, run.place + i, run.pixel + i));
                        }
                    });
                    let mut expected = Vec::new();
                    for at in 0..window.output(size).unwrap_or(0) {
                        for place in 0..kernel {
                            let pixel = (at * stride + place * dilation) as isize
                                - window.before(size) as isize;
                            if (0..size as isize).contains(&pixel) {
                                expected.push((at, place, pixel as usize));
                            }
                        }
                    }
                    assert_eq!(seen, expected, "{window:?} over {size}");
                }
            }
        }
    }
}
