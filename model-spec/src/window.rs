//! Windows that slide over images and sequences: the one place that says how many fit.
//!
//! The formulas are those of TensorFlow, which Keras follows:
//! <https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2>; for transposed
//! convolutions those of `keras/src/backend/common/backend_utils.py`.

use crate::Shape;

/// What is put around an image or sequence before a window slides over it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Padding {
    /// Nothing: the window stays inside.
    Valid,
    /// As many zeros as it takes that a stride of 1 keeps the size; of an odd number, one more
    /// stands at the end.
    Same,
    /// All zeros at the start, so that nothing is seen of what comes later; for sequences.
    Causal,
}

/// A window along one axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// How many positions it looks at.
    pub kernel: usize,
    /// How far it moves.
    pub stride: usize,
    /// How far the positions that it looks at stand apart.
    pub dilation: usize,
    /// What is put around the axis.
    pub padding: Padding,
}

impl Window {
    /// A window that looks at neighbours and moves by one.
    pub const fn new(kernel: usize) -> Window {
        Window { kernel, stride: 1, dilation: 1, padding: Padding::Valid }
    }

    /// The distance from the first to the last position, both counted.
    pub const fn extent(&self) -> usize {
        known((self.kernel as u128).saturating_sub(1) * self.dilation as u128 + 1)
    }

    /// How many windows fit along an axis of this size: `None` if it is too short for one.
    /// [`Shape::ANY`] where the size is.
    pub const fn output(&self, size: usize) -> Option<usize> {
        if size == Shape::ANY {
            return Some(Shape::ANY);
        }
        let free = match self.padding {
            Padding::Valid if size < self.extent() => return None,
            Padding::Valid => size - self.extent() + 1,
            Padding::Same | Padding::Causal => size,
        };
        Some(free.div_ceil(if self.stride == 0 { 1 } else { self.stride }))
    }

    /// How many zeros stand before an axis of this size.
    pub const fn before(&self, size: usize) -> usize {
        match self.padding {
            Padding::Valid => 0,
            Padding::Causal => self.extent() - 1,
            Padding::Same => {
                let Some(windows) = self.output(size) else { return 0 };
                let reach = (windows as u128).saturating_sub(1) * self.stride as u128;
                known((reach + self.extent() as u128).saturating_sub(size as u128)) / 2
            }
        }
    }

    /// The size that a transposed convolution makes of this one: that of an axis over which this
    /// window makes the size given. `None` if nothing would be left. `output_padding` chooses among
    /// the sizes that are possible.
    pub const fn transposed(&self, size: usize, output_padding: Option<usize>) -> Option<usize> {
        if size == Shape::ANY || size == 0 {
            return if size == 0 { None } else { Some(size) };
        }
        let (extent, stride) = (self.extent() as u128, self.stride as u128);
        let reach = (size as u128 - 1) * stride;
        let size = match (self.padding, output_padding) {
            (Padding::Same, None) => reach + stride,
            (Padding::Same, Some(more)) => reach + extent % 2 + more as u128,
            (_, None) => reach + if extent > stride { extent } else { stride },
            (_, Some(more)) => reach + extent + more as u128,
        };
        if size == 0 { None } else { Some(known(size)) }
    }

    /// How many positions a transposed convolution cuts off at the start.
    pub const fn cut(&self, output_padding: Option<usize>) -> usize {
        if !matches!(self.padding, Padding::Same) {
            return 0;
        }
        let extent = self.extent();
        let kept = match output_padding {
            None => self.stride,
            Some(more) => more.saturating_add(extent % 2),
        };
        extent.saturating_sub(kept) / 2
    }
}

/// A size that is not mistaken for one that may be anything.
pub(crate) const fn known(size: u128) -> usize {
    if size >= Shape::ANY as u128 { Shape::ANY - 1 } else { size as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts by trying: the windows that start inside what is padded.
    fn counted(window: &Window, size: usize) -> usize {
        let padded = match window.padding {
            Padding::Valid => size,
            _ => size + window.extent() - 1,
        };
        (0..).step_by(window.stride).take_while(|start| start + window.extent() <= padded).count()
    }

    #[test]
    fn windows_are_counted() {
        for padding in [Padding::Valid, Padding::Same, Padding::Causal] {
            for (kernel, stride, dilation) in
                [(1, 1, 1), (2, 1, 1), (3, 2, 1), (2, 3, 1), (3, 1, 2), (4, 2, 3), (1, 4, 1)]
            {
                let window = Window { kernel, stride, dilation, padding };
                for size in 1..20 {
                    let found = window.output(size).unwrap_or(0);
                    assert_eq!(found, counted(&window, size), "{window:?} over {size}");
                }
                assert_eq!(window.output(Shape::ANY), Some(Shape::ANY));
            }
        }
    }

    #[test]
    fn same_pads_more_at_the_end() {
        let same = |kernel, stride| Window { kernel, stride, dilation: 1, padding: Padding::Same };
        // Kernel 2 needs one zero, at the end; kernel 3 with stride 2 over 6 as well.
        assert_eq!(same(2, 1).before(5), 0);
        assert_eq!(same(3, 2).before(6), 0);
        assert_eq!(same(3, 2).before(5), 1);
        assert_eq!(same(4, 1).before(5), 1);
        assert_eq!(same(1, 3).before(5), 0);
        let causal = Window { padding: Padding::Causal, dilation: 2, ..Window::new(3) };
        assert_eq!(causal.before(5), 4);
    }

    #[test]
    fn a_transposed_convolution_makes_a_size_that_leads_back() {
        for padding in [Padding::Valid, Padding::Same] {
            for (kernel, stride, dilation) in
                [(1, 1, 1), (3, 1, 1), (3, 2, 1), (2, 2, 1), (2, 3, 1), (4, 3, 2), (1, 2, 1)]
            {
                let window = Window { kernel, stride, dilation, padding };
                for size in 1..9 {
                    let larger = window.transposed(size, None).unwrap();
                    assert_eq!(window.output(larger), Some(size), "{window:?} {size}");
                    assert_eq!(window.cut(None), window.before(larger), "{window:?} {size}");
                }
            }
        }
        let same = Window { stride: 2, padding: Padding::Same, ..Window::new(3) };
        assert_eq!(same.transposed(4, Some(0)), Some(7));
        assert_eq!(same.transposed(4, Some(1)), Some(8));
        assert_eq!(same.transposed(Shape::ANY, None), Some(Shape::ANY));
        assert_eq!(same.transposed(0, None), None);
    }
}
