//! Masks: which positions of a sequence count. A mask is a value of its own, with the sample axis
//! and the first axes of the value that carries it, 1 where a position counts and 0 where it is
//! padding.

use model_spec::{ShapeError, Text};

use super::{Var, apply, fail_shape, with};
use crate::ops::binary::Binary;
use crate::ops::view::Reshape;

impl Var {
    /// Which positions count, 1 or 0 for each, if this value carries a mask; its axes are the first
    /// of this value's.
    ///
    /// # Panics
    /// If the step that made it has ended.
    #[track_caller]
    pub fn mask(self) -> Option<Var> {
        with(|tape| {
            let node = &tape.nodes[tape.index(self) as usize];
            node.mask.map(|mask| tape.var(mask))
        })
    }

    /// The same value with this mask, 1 where a position counts and 0 where it is padding. A mask
    /// whose axes are not the first of this value's is the step's error.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let sum = tape::run(Mode::Inference, || {
    ///     let steps = Var::from_array(&array![[[1.0], [2.0], [9.0]]]);
    ///     let masked = steps.with_mask(Var::from_array(&array![[1.0, 1.0, 0.0]]));
    ///     GlobalAveragePooling1D::new().call(masked).to_array()
    /// })?;
    /// assert_eq!(sum, array![[1.5]].into_dyn());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Panics
    /// If the step that made it has ended.
    #[track_caller]
    pub fn with_mask(self, mask: Var) -> Var {
        let (shape, of_mask) = (self.shape(), mask.shape());
        if self.is_poison() || mask.is_poison() {
            return if self.is_poison() { self } else { mask };
        }
        if of_mask.rank() == 0 || !shape.dims().starts_with(of_mask.dims()) {
            let text =
                Text::new("with_mask: the axes of a mask are the first of its value's, but ");
            let text = text.shape(&of_mask).str(" are not those of ").shape(&shape);
            let error = ShapeError::of(text).help("a mask has one number for each position");
            return fail_shape(error, &[self, mask]);
        }
        let value = apply(Reshape(shape), &[self]);
        set(value, mask.detach())
    }

    /// The same value without its mask, so that every position counts.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// let net = model! {
    ///     words = Input(3, dtype = int32);
    ///     x = Embedding(5, 2, mask_zero = true)(words);
    /// };
    /// let mask = tape::run(Mode::Inference, || {
    ///     let x = net.call(Var::from_array(&ndarray::array![[4.0, 1.0, 0.0]]));
    ///     assert!(x.drop_mask().mask().is_none());
    ///     x.mask().map(Var::to_array)
    /// })?;
    /// assert_eq!(mask, Some(ndarray::array![[1.0, 1.0, 0.0]].into_dyn()));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Panics
    /// If the step that made it has ended.
    #[track_caller]
    pub fn drop_mask(self) -> Var {
        if self.mask().is_none() { self } else { apply(Reshape(self.shape()), &[self]) }
    }
}

/// Puts a mask on a value that nobody else has seen yet.
#[track_caller]
pub(crate) fn set(value: Var, mask: Var) -> Var {
    with(|tape| {
        let (value, mask) = (tape.index(value) as usize, tape.index(mask));
        tape.nodes[value].mask = Some(mask);
    });
    value
}

/// The masks of these values, each once.
#[track_caller]
pub(super) fn of(values: &[Var]) -> Vec<Var> {
    let mut masks: Vec<Var> = Vec::new();
    for mask in values.iter().filter_map(|value| value.mask()) {
        if masks.iter().all(|other| other.index != mask.index) {
            masks.push(mask);
        }
    }
    masks
}

/// Puts masks on a value that nobody else has seen yet: a position counts where it does in one of
/// them. One that does not fit, because the value was stretched, is left out.
#[track_caller]
pub(super) fn join(value: Var, masks: &[Var]) -> Var {
    if masks.is_empty() {
        return value;
    }
    let shape = value.shape();
    let fits = |mask: &&Var| shape.dims().starts_with(mask.shape().dims());
    let together = |a: Var, b: Var| {
        if a.shape() == b.shape() { apply(Binary::Maximum, &[a, b]) } else { a }
    };
    match masks.iter().filter(fits).copied().reduce(together) {
        Some(mask) => set(value, mask),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, array};

    use super::*;
    use crate::{Float, Layer, Mode, tape};

    fn masked() -> Var {
        let x = Var::from_array(&Array3::<Float>::ones((1, 3, 2)));
        x.with_mask(Var::from_array(&array![[1.0, 1.0, 0.0]]))
    }

    #[test]
    fn what_works_position_by_position_keeps_a_mask() {
        let mut dense = crate::Dense::new(4);
        dense.init(crate::Seed::new(0), &[crate::Value::float(&[3, 2])]);
        tape::run(Mode::Training, || {
            let x = masked();
            let values = [x.relu(), x + x, x * 2, -x, dense.call(x), x.softmax(), x.detach() - 1];
            for (i, value) in values.into_iter().enumerate() {
                let mask = value.mask().unwrap_or_else(|| panic!("{i} has no mask"));
                assert_eq!(mask.to_array(), array![[1.0, 1.0, 0.0]].into_dyn(), "{i}");
            }
            assert!(x.mean().mask().is_none());
            assert!(x.drop_mask().mask().is_none());
            assert!(x.transpose(&[0, 2, 1]).mask().is_none());
        })
        .unwrap();
    }

    #[test]
    fn two_masks_count_what_one_of_them_counts() {
        let mask = tape::run(Mode::Inference, || {
            let other = Var::from_array(&Array3::<Float>::ones((1, 3, 2)));
            let other = other.with_mask(Var::from_array(&array![[0.0, 1.0, 1.0]]));
            (masked() + other).mask().map(Var::to_array)
        });
        assert_eq!(mask, Ok(Some(Array2::<Float>::ones((1, 3)).into_dyn())));
    }

    #[test]
    fn a_mask_of_another_shape_is_an_error() {
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&Array3::<Float>::ones((1, 3, 2)));
            x.with_mask(Var::from_array(&array![[1.0, 0.0]])).shape()
        });
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("with_mask: the axes of a mask are the first of its"), "{text}");
    }

    #[test]
    fn a_layer_that_would_lose_a_mask_is_an_error() {
        let result = tape::run(Mode::Inference, || crate::Flatten::new().call(masked()).shape());
        let text = result.unwrap_err().to_string();
        assert!(text.starts_with("Flatten would lose the mask of its input"), "{text}");
    }
}
