//! `activation(x · kernel + bias)` over the last axis, in one go.

use model_spec::Shape;

use super::finish::Finish;
use super::map::Map;
use crate::float::Scalar;
use crate::kernels::gemm::{Matrix, Target, gemm, gemm_end};
use crate::pool;
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// Inputs: x `(…, n)`, kernel `(n, units)`, and a bias `(units)` where there is one.
#[derive(Clone)]
pub(crate) struct DenseOp<T: Scalar> {
    finish: Finish<T>,
}

impl<T: Scalar> DenseOp<T> {
    pub fn new(activation: Map) -> DenseOp<T> {
        DenseOp { finish: Finish::new(activation) }
    }
}

/// How many vectors of the last axis there are.
fn rows(shape: &Shape) -> usize {
    shape.dims()[..shape.rank() - 1].iter().product()
}

impl<T: Scalar> Op<T> for DenseOp<T> {
    fn keeps_mask(&self) -> bool {
        true
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, kernel) = (inputs[0], inputs[1]);
        let (n, units) = (kernel.shape().dim(0), kernel.shape().dim(1));
        let rows = rows(x.shape());
        let (a, b) = (Matrix::new(x.data(), rows, n), Matrix::new(kernel.data(), n, units));
        let mut y = pool::unset(rows * units);
        self.finish.during(inputs.get(2), |end| {
            gemm_end(a, b, Target::apart(&mut y, units, false), end);
        });
        self.finish.after(&mut y);
        Tensor::of(x.shape().with(x.shape().rank() - 1, units), y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (x, kernel) = (step.inputs[0], step.inputs[1]);
        let (n, units) = (kernel.shape().dim(0), kernel.shape().dim(1));
        let rows = rows(x.shape());
        let dz = self.finish.pull(step);
        let dz_matrix = Matrix::new(&dz, rows, units);
        step.write(0, |dx, add| gemm(dz_matrix, Matrix::new(kernel.data(), n, units).t(), dx, add));
        step.write(1, |dk, add| gemm(Matrix::new(x.data(), rows, n).t(), dz_matrix, dk, add));
        Finish::bias(step, &dz);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        self.finish.backward_recorded(step, &DenseOp::new(Map::Linear));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients() {
        for activation in [Map::Linear, Map::Relu, Map::Tanh, Map::ELU, Map::Gelu] {
            let inputs = [random(&[5, 2, 3], 1), random(&[3, 4], 2), random(&[4], 3)];
            check(|| DenseOp::new(activation), &inputs);
            check(|| DenseOp::new(activation), &inputs[..2]);
        }
    }
}
