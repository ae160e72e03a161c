use model_spec::functions::matmul;
use model_spec::{Config, Shape, ShapeError, Value};

use super::shape::equal_samples;
use crate::ops::matmul::Matmul;
use crate::ops::view::Reshape;
use crate::{Error, Var, tape};

impl Var {
    /// The product of matrices. Two axes on the right are one matrix for all samples:
    /// `(samples, …, k)` times `(k, n)`. With more, each sample has its own: `(samples, …, m, k)`
    /// times `(samples, …, k, n)`, the axes before being equal. What does not fit is the step's
    /// error.
    #[track_caller]
    pub fn matmul(self, other: Var) -> Var {
        if let Some(poison) = [self, other].into_iter().find(|var| var.is_poison()) {
            return poison;
        }
        let (a, b) = (self.shape(), other.shape());
        let one = b.rank() == 2 && a.rank() > 0;
        let seen = [a.without_first(), if one { b } else { b.without_first() }];
        if let Err(error) = fits(&a, &b, one, &seen) {
            let location = std::panic::Location::caller();
            return tape::fail(Error::Shape {
                error: Box::new(error),
                inputs: seen.to_vec(),
                location,
            });
        }
        if !one || a.rank() == 2 {
            return tape::apply(Matmul, &[self, other]);
        }
        let (rows, k) = (a.dims()[..a.rank() - 1].iter().product(), a.last());
        let flat = tape::apply(Reshape(Shape::new(&[rows, k])), &[self]);
        let product = tape::apply(Matmul, &[flat, other]);
        tape::apply(Reshape(a.with(a.rank() - 1, b.last())), &[product])
    }
}

fn fits(a: &Shape, b: &Shape, one: bool, seen: &[Shape; 2]) -> Result<(), ShapeError> {
    if !one {
        equal_samples(&[*a, *b])?;
        if a.rank() != b.rank() || a.rank() < 3 {
            return Err(ShapeError::new(
                "matmul takes two matrices for each sample, or one on the right for all",
            )
            .help("give both the same number of axes with reshape or expand_dims"));
        }
    }
    matmul::rule(&Config::new(&[]), &seen.map(Value::new)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Array3, Axis, array};

    use super::*;
    use crate::{Float, Mode};

    #[test]
    fn products_are_those_of_ndarray() {
        let a = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i + 2 * j + k) as Float);
        let b = Array3::from_shape_fn((2, 4, 2), |(i, j, k)| (3 * i + j * k) as Float);
        let w = Array2::from_shape_fn((4, 5), |(i, j)| (i * 5 + j) as Float);
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&a);
            let both = x.matmul(Var::from_array(&b));
            (both.to_array(), x.matmul(Var::from_array(&w)).to_array())
        });
        let (both, one) = result.unwrap();
        for i in 0..2 {
            let a = a.index_axis(Axis(0), i);
            assert_eq!(both.index_axis(Axis(0), i), a.dot(&b.index_axis(Axis(0), i)).into_dyn());
            assert_eq!(one.index_axis(Axis(0), i), a.dot(&w).into_dyn());
        }
    }

    #[test]
    fn a_product_over_nothing_is_zero() {
        let result = tape::run(Mode::Inference, || {
            let nothing = Var::from_array(&Array3::<Float>::zeros((2, 3, 0)));
            nothing.matmul(Var::from_array(&Array2::<Float>::zeros((0, 4)))).to_array()
        });
        assert_eq!(result.unwrap(), Array3::<Float>::zeros((2, 3, 4)).into_dyn());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[1.0, 2.0]]);
            x.matmul(Var::from_array(&Array2::<Float>::zeros((3, 4)))).shape()
        });
        let text = result.unwrap_err().to_string();
        assert!(text.contains("the last axis of (2) is 2, but axis 1 of (3, 4) is 3"), "{text}");
    }
}
