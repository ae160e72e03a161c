use crate::{Shape, ShapeError, Text};

/// The most weights a layer can have.
pub const MAX_WEIGHTS: usize = 12;

/// The weights of a layer: for each its name and shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weights {
    len: usize,
    items: [(&'static str, Shape); MAX_WEIGHTS],
}

impl Weights {
    /// None.
    pub const NONE: Weights = Weights { len: 0, items: [("", Shape::SCALAR); MAX_WEIGHTS] };

    /// These and one more.
    ///
    /// # Panics
    /// If there are [`MAX_WEIGHTS`] already.
    #[track_caller]
    pub const fn and(mut self, name: &'static str, shape: Shape) -> Weights {
        self.items[self.len] = (name, shape);
        self.len += 1;
        self
    }

    /// All of them.
    pub const fn as_slice(&self) -> &[(&'static str, Shape)] {
        self.items.split_at(self.len).0
    }

    /// The shape of one of them; [`Shape::SCALAR`] where there is none.
    pub const fn get(&self, index: usize) -> Shape {
        if index < self.len { self.items[index].1 } else { Shape::SCALAR }
    }

    /// The number of their numbers.
    pub const fn size(&self) -> usize {
        let mut size = 0usize;
        let mut i = 0;
        while i < self.len {
            let more = match self.items[i].1.size() {
                Some(size) => size,
                None => usize::MAX,
            };
            size = size.saturating_add(more);
            i += 1;
        }
        size
    }

    /// Refuses a call of a layer that `has` weights on inputs for which it would need these.
    pub const fn accept(
        &self,
        layer: &str,
        has: &[(&'static str, Shape)],
    ) -> Result<(), ShapeError> {
        let mut i = 0;
        while i < self.len && i < has.len() {
            let ((name, has), (_, needs)) = (has[i], self.items[i]);
            if !has.fits(&needs) {
                return Err(ShapeError::of(
                    Text::new("one ")
                        .str(layer)
                        .str(" has one set of weights: its ")
                        .str(name)
                        .str(" is ")
                        .shape(&has)
                        .str(", but this input needs ")
                        .shape(&needs),
                )
                .help("make a second layer for it, with weights of its own"));
            }
            i += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_takes_only_inputs_that_fit_its_weights() {
        let weights = |n: usize| {
            Weights::NONE.and("kernel", Shape::new(&[n, 4])).and("bias", Shape::new(&[4]))
        };
        assert_eq!(weights(3).size(), 16);
        assert_eq!(weights(3).accept("Dense", weights(3).as_slice()), Ok(()));
        let error = weights(5).accept("Dense", weights(3).as_slice()).unwrap_err();
        assert_eq!(
            error.sentence(),
            "one Dense has one set of weights: its kernel is (3, 4), but this input needs (5, 4)"
        );
    }
}
