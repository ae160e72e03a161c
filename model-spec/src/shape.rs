use core::fmt;

use crate::Text;

/// The most axes a [`Shape`] can have.
pub const MAX_RANK: usize = 8;

const POISON_RANK: u8 = u8::MAX;

/// The sizes of a value's axes.
///
/// In a model the sample axis is left out, as in Keras. A size may be [`Shape::ANY`], written `_`.
///
/// ```
/// use model_spec::Shape;
/// const IMAGE: Shape = Shape::new(&[28, 28, 1]);
/// assert_eq!(IMAGE.to_string(), "(28, 28, 1)");
/// assert_eq!(IMAGE.size(), Some(784));
/// assert_eq!(Shape::new(&[Shape::ANY, 8]).to_string(), "(_, 8)");
/// ```
///
/// In the rule of a layer of one's own, shapes are made of others:
///
/// ```
/// use model_spec::Shape;
/// const STEPS: Shape = Shape::new(&[Shape::ANY, 8]);
/// assert_eq!(STEPS.with(1, 4), Shape::new(&[Shape::ANY, 4]));
/// assert_eq!(STEPS.push(2).without_first(), Shape::new(&[8, 2]));
/// assert_eq!(STEPS.with_first(32).dims()[0], 32);
/// assert!(!STEPS.is_known() && STEPS.fits(&Shape::new(&[5, 8])));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    rank: u8,
    dims: [usize; MAX_RANK],
}

impl Shape {
    /// A size that is known only when the model runs; it fits any other.
    pub const ANY: usize = usize::MAX;

    /// The shape of one number.
    pub const SCALAR: Shape = Shape { rank: 0, dims: [0; MAX_RANK] };

    /// Stands for a shape that could not be found because of an error that has been reported. Its
    /// accessors answer as those of [`Shape::SCALAR`] do.
    pub const POISON: Shape = Shape { rank: POISON_RANK, dims: [0; MAX_RANK] };

    /// A shape with these sizes.
    ///
    /// # Panics
    /// If there are more than [`MAX_RANK`].
    #[track_caller]
    pub const fn new(dims: &[usize]) -> Shape {
        assert!(dims.len() <= MAX_RANK, "a shape has at most 8 axes");
        let mut shape = Shape { rank: dims.len() as u8, dims: [0; MAX_RANK] };
        let mut i = 0;
        while i < dims.len() {
            shape.dims[i] = dims[i];
            i += 1;
        }
        shape
    }

    /// Whether this is [`Shape::POISON`].
    pub const fn is_poison(&self) -> bool {
        self.rank == POISON_RANK
    }

    /// The number of axes.
    pub const fn rank(&self) -> usize {
        if self.is_poison() { 0 } else { self.rank as usize }
    }

    /// The sizes, first axis first.
    pub const fn dims(&self) -> &[usize] {
        self.dims.split_at(self.rank()).0
    }

    /// The size of one axis; 0 where there is none.
    pub const fn dim(&self, axis: usize) -> usize {
        if axis < self.rank() { self.dims[axis] } else { 0 }
    }

    /// The size of the last axis; 0 where there is none.
    pub const fn last(&self) -> usize {
        if self.rank() == 0 { 0 } else { self.dims[self.rank() - 1] }
    }

    /// The same shape with another size on one axis; unchanged where the axis does not exist.
    pub const fn with(mut self, axis: usize, dim: usize) -> Shape {
        if axis < self.rank() {
            self.dims[axis] = dim;
        }
        self
    }

    /// The same shape with one more axis at the end, or [`Shape::POISON`] if it is full.
    pub const fn push(mut self, dim: usize) -> Shape {
        if self.rank() >= MAX_RANK {
            return Shape::POISON;
        }
        self.dims[self.rank()] = dim;
        self.rank += 1;
        self
    }

    /// The same shape without its first axis; what a value's shape is without the samples.
    pub const fn without_first(&self) -> Shape {
        let mut shape = Shape::SCALAR;
        let mut i = 1;
        while i < self.rank() {
            shape = shape.push(self.dims[i]);
            i += 1;
        }
        shape
    }

    /// The same shape with an axis put before the others, or [`Shape::POISON`] if it is full.
    pub const fn with_first(&self, dim: usize) -> Shape {
        let mut shape = Shape::SCALAR.push(dim);
        let mut i = 0;
        while i < self.rank() {
            shape = shape.push(self.dims[i]);
            i += 1;
        }
        shape
    }

    /// The number of elements: `None` if a size may be anything, or if the product overflows.
    pub const fn size(&self) -> Option<usize> {
        let mut size = 1usize;
        let mut i = 0;
        while i < self.rank() {
            if self.dims[i] == Shape::ANY {
                return None;
            }
            match size.checked_mul(self.dims[i]) {
                Some(product) => size = product,
                None => return None,
            }
            i += 1;
        }
        Some(size)
    }

    /// Whether every size is known.
    pub const fn is_known(&self) -> bool {
        let mut i = 0;
        while i < self.rank() {
            if self.dims[i] == Shape::ANY {
                return false;
            }
            i += 1;
        }
        true
    }

    /// Whether two shapes can be those of the same value: equal, a size of any kind fitting every
    /// other.
    pub const fn fits(&self, other: &Shape) -> bool {
        if self.rank != other.rank {
            return false;
        }
        let mut i = 0;
        while i < self.rank() {
            if !dims_fit(self.dims[i], other.dims[i]) {
                return false;
            }
            i += 1;
        }
        true
    }
}

/// Whether two sizes can be the same: equal, or one of them [`Shape::ANY`].
pub const fn dims_fit(a: usize, b: usize) -> bool {
    a == b || a == Shape::ANY || b == Shape::ANY
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Text::new("").shape(self).as_str())
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poison_answers_and_does_not_panic() {
        let poison = Shape::POISON;
        assert_eq!(poison.rank(), 0);
        assert_eq!(poison.dims(), &[] as &[usize]);
        assert_eq!(poison.dim(3), 0);
        assert_eq!(poison.last(), 0);
        assert_eq!(poison.with(1, 2), poison);
        assert_eq!(poison.size(), Some(1));
    }

    #[test]
    fn any_size_fits_every_size() {
        let any = Shape::new(&[Shape::ANY, 3]);
        assert!(any.fits(&Shape::new(&[7, 3])));
        assert!(!any.fits(&Shape::new(&[7, 4])));
        assert!(!any.fits(&Shape::new(&[7])));
        assert_eq!(any.size(), None);
    }

    #[test]
    fn a_product_that_overflows_has_no_size() {
        assert_eq!(Shape::new(&[usize::MAX / 2, 3]).size(), None);
    }
}
