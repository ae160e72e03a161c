//! Rows of a table: `y[i] = table[index[i]]`.
//!
//! The gradient of a row is the sum over the places that it went to.

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::kernel;
use crate::kernels::parts::{All, each_range};
use crate::pool::{self, Buffer};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// The indices, each below the number of rows, and the shape of what comes out.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub indices: Buffer<usize>,
    pub output: Shape,
}

kernel! {
    /// Copies the rows of a table that are at the indices.
    pub(crate) fn take<T: Scalar>(
        table: All<'_, T>, indices: &[usize], rows: &mut [T],
    ) in (indices.len()) {
        let width = rows.len() / indices.len().max(1);
        for (i, row) in indices.iter().zip(rows.chunks_exact_mut(width.max(1))) {
            row.copy_from_slice(&table.0[i * width..(i + 1) * width]);
        }
    }
}

impl<T: Scalar> Op<T> for Rows {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (table, row) = (inputs[0].data(), inputs[0].shape().last());
        let mut rows = pool::unset(self.indices.len() * row);
        take(All(table), &self.indices, &mut rows);
        Tensor::of(self.output, rows)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (row, dy) = (step.shape(0).last(), step.gradient);
        step.write(0, |table, add| {
            each_range(table, row, &self.indices, |first, table, taken| {
                if !add {
                    table.fill(T::zero());
                }
                for &i in taken {
                    let sums = &mut table[(self.indices[i] - first) * row..][..row];
                    let dy = &dy[i * row..][..row];
                    sums.iter_mut().zip(dy).for_each(|(sum, dy)| *sum += *dy);
                }
            });
        });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.pull(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients_add_up_where_a_row_is_taken_twice() {
        let rows = |indices: &[usize], output: &[usize]| {
            let (indices, output) = (pool::copy(indices), Shape::new(output));
            check(|| Rows { indices: indices.clone(), output }, &[random(&[4, 3], 1)]);
        };
        rows(&[1, 3, 1, 0, 1, 1], &[2, 3, 3]);
        rows(&[2], &[1, 3]);
        rows(&[], &[0, 3]);
    }

    #[test]
    fn rows_are_taken_by_index() {
        let table = Tensor::new(Shape::new(&[3, 2]), vec![0.0_f64, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let mut op = Rows { indices: vec![2, 0].into(), output: Shape::new(&[2, 2]) };
        assert_eq!(op.forward(&[&table]).data(), [4.0, 5.0, 0.0, 1.0]);
    }
}
