//! Products of matrices.

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::gemm::{Matrix, at_once, gemm};
use crate::kernels::threads::parallel_chunks;
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// `(…, m, k)` times `(…, k, n)`, the axes before being equal.
#[derive(Clone)]
pub(crate) struct Matmul;

/// The sizes of a product: how many there are, and `m`, `k`, `n`.
fn sizes(a: &Shape, b: &Shape) -> [usize; 4] {
    let rank = a.rank();
    let count = a.dims()[..rank - 2].iter().product();
    [count, a.dim(rank - 2), a.dim(rank - 1), b.dim(rank - 1)]
}

impl<T: Scalar> Op<T> for Matmul {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (a, b) = (inputs[0], inputs[1]);
        let [count, m, k, n] = sizes(a.shape(), b.shape());
        let mut y = pool::unset(count * m * n);
        let (left, right) = (Many::new(a.data(), m, k), Many::new(b.data(), k, n));
        products(left, right, count, &mut y, false);
        Tensor::of(a.shape().with(a.shape().rank() - 1, n), y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (a, b) = (step.inputs[0], step.inputs[1]);
        let [count, m, k, n] = sizes(a.shape(), b.shape());
        let (left, right) = (Many::new(a.data(), m, k), Many::new(b.data(), k, n));
        let dy = Many::new(step.gradient, m, n);
        step.write(0, |da, add| products(dy, right.t(), count, da, add));
        step.write(1, |db, add| products(left.t(), dy, count, db, add));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.pull(self);
    }
}

/// Matrices of the same sizes, one after the other.
#[derive(Clone, Copy)]
struct Many<'a, T> {
    data: &'a [T],
    rows: usize,
    cols: usize,
    turned: bool,
}

impl<'a, T: Scalar> Many<'a, T> {
    fn new(data: &'a [T], rows: usize, cols: usize) -> Many<'a, T> {
        Many { data, rows, cols, turned: false }
    }

    /// Rows and columns exchanged.
    fn t(self) -> Many<'a, T> {
        Many { turned: !self.turned, ..self }
    }

    fn sizes(&self) -> (usize, usize) {
        if self.turned { (self.cols, self.rows) } else { (self.rows, self.cols) }
    }

    fn get(&self, i: usize) -> Matrix<'a, T> {
        let size = self.rows * self.cols;
        let matrix = Matrix::new(&self.data[i * size..][..size], self.rows, self.cols);
        if self.turned { matrix.t() } else { matrix }
    }
}

/// Each left matrix times each right one, several at once where that is much work.
fn products<T: Scalar>(
    left: Many<'_, T>,
    right: Many<'_, T>,
    count: usize,
    y: &mut [T],
    add: bool,
) {
    let ((m, k), (_, n)) = (left.sizes(), right.sizes());
    let (some, size) = (at_once(count, m, k, n), (m * n).max(1));
    parallel_chunks(y, some * size, |part, y| {
        for (i, y) in y.chunks_exact_mut(size).enumerate() {
            gemm(left.get(part * some + i), right.get(part * some + i), y, add);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients() {
        check(|| Matmul, &[random(&[3, 5], 1), random(&[5, 2], 2)]);
        check(|| Matmul, &[random(&[1, 1], 1), random(&[1, 7], 2)]);
        check(|| Matmul, &[random(&[2, 3, 4, 5], 3), random(&[2, 3, 5, 1], 4)]);
    }
}
