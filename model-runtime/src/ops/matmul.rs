//! Products of matrices.

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::gemm::{Matrix, gemm};
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
        for i in 0..count {
            let left = Matrix::new(&a.data()[i * m * k..(i + 1) * m * k], m, k);
            let right = Matrix::new(&b.data()[i * k * n..(i + 1) * k * n], k, n);
            gemm(left, right, &mut y[i * m * n..(i + 1) * m * n], false);
        }
        Tensor::of(a.shape().with(a.shape().rank() - 1, n), y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (a, b, dy) = (step.inputs[0], step.inputs[1], step.gradient);
        let [count, m, k, n] = sizes(a.shape(), b.shape());
        let left = |i: usize| Matrix::new(&a.data()[i * m * k..(i + 1) * m * k], m, k);
        let right = |i: usize| Matrix::new(&b.data()[i * k * n..(i + 1) * k * n], k, n);
        let dy = |i: usize| Matrix::new(&dy[i * m * n..(i + 1) * m * n], m, n);
        step.write(0, |da, add| {
            for i in 0..count {
                gemm(dy(i), right(i).t(), &mut da[i * m * k..(i + 1) * m * k], add);
            }
        });
        step.write(1, |db, add| {
            for i in 0..count {
                gemm(left(i).t(), dy(i), &mut db[i * k * n..(i + 1) * k * n], add);
            }
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
    fn gradients() {
        check(|| Matmul, &[random(&[3, 5], 1), random(&[5, 2], 2)]);
        check(|| Matmul, &[random(&[1, 1], 1), random(&[1, 7], 2)]);
        check(|| Matmul, &[random(&[2, 3, 4, 5], 3), random(&[2, 3, 5, 1], 4)]);
    }
}
