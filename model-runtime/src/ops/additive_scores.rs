//! How well queries and keys go together by their sums, `Σ w · tanh(q + k)` over the features
//! (Bahdanau et al., 2015).

use model_spec::Shape;

use super::binary::Binary;
use super::spread::{last, reshaped, sum};
use crate::float::Scalar;
use crate::kernels::functions::tanh;
use crate::pool::{self, Buffer};
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// Inputs: queries `(samples, t, n)`, keys `(samples, s, n)`, and where there are some, weights
/// `(n)`. Output: `(samples, t, s)`.
pub(crate) struct AdditiveScores;

/// Calls `visit` with the place of every output, and those of its query and key.
fn walk(q: &Shape, k: &Shape, mut visit: impl FnMut(usize, usize, usize)) {
    let (samples, t, s) = (q.dim(0), q.dim(1), k.dim(1));
    for query in 0..samples * t {
        for key in 0..s {
            visit(query * s + key, query, query / t * s + key);
        }
    }
}

impl<T: Scalar> Op<T> for AdditiveScores {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (q, k) = (inputs[0], inputs[1]);
        let n = q.shape().dim(2);
        let shape = q.shape().with(2, k.shape().dim(1));
        let mut y = pool::zeros(shape.size().unwrap_or(0));
        walk(q.shape(), k.shape(), |at, query, key| {
            let (q, k) = (&q.data()[query * n..][..n], &k.data()[key * n..][..n]);
            let tanh = q.iter().zip(k).map(|(&q, &k)| tanh::<false, _>(q + k));
            y[at] = match inputs.get(2) {
                Some(weights) => tanh.zip(weights.data()).map(|(tanh, &w)| tanh * w).sum(),
                None => tanh.sum(),
            };
        });
        Tensor::of(shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (q, k, dy) = (step.inputs[0], step.inputs[1], step.gradient);
        let n = q.shape().dim(2);
        let mut gradients: Vec<Buffer<T>> =
            step.inputs.iter().map(|input| pool::zeros(input.len())).collect();
        walk(q.shape(), k.shape(), |at, query, key| {
            for i in 0..n {
                let tanh = tanh::<false, _>(q.data()[query * n + i] + k.data()[key * n + i]);
                let weight = step.inputs.get(2).map_or(T::one(), |weights| weights.data()[i]);
                let slope = dy[at] * weight * (T::one() - tanh * tanh);
                gradients[0][query * n + i] += slope;
                gradients[1][key * n + i] += slope;
                if let Some(weights) = gradients.get_mut(2) {
                    weights[i] += dy[at] * tanh;
                }
            }
        });
        for (input, gradient) in gradients.iter().enumerate() {
            step.add(input, |i| gradient[i]);
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.expand(|inputs| {
            let (q, k) = (inputs[0], inputs[1]);
            let (samples, t, n) = (q.shape().dim(0), q.shape().dim(1), q.shape().dim(2));
            let s = k.shape().dim(1);
            let q = reshaped(q, Shape::new(&[samples, t, 1, n]));
            let tanh = (q + reshaped(k, Shape::new(&[samples, 1, s, n]))).tanh();
            let weighted = match inputs.get(2) {
                Some(&w) => {
                    let w = reshaped(w, Shape::new(&[1, 1, 1, n]));
                    tape::apply(Binary::Mul, &[tanh, w])
                }
                None => tanh,
            };
            reshaped(sum(weighted, last(&weighted.shape())), Shape::new(&[samples, t, s]))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    #[test]
    fn gradients() {
        let inputs = [random(&[2, 3, 5], 1), random(&[2, 4, 5], 2), random(&[5], 3)];
        check(|| AdditiveScores, &inputs);
        check(|| AdditiveScores, &inputs[..2]);
        check(|| AdditiveScores, &[random(&[1, 1, 1], 4), random(&[1, 7, 1], 5)]);
    }

    #[test]
    fn a_score_is_a_sum_of_tanh() {
        let tensor = |dims: &[usize], x: &[f64]| Tensor::new(Shape::new(dims), x.to_vec());
        let q = tensor(&[1, 1, 2], &[1.0, -1.0]);
        let k = tensor(&[1, 2, 2], &[0.5, 1.0, -1.0, 2.0]);
        let y = AdditiveScores.forward(&[&q, &k, &tensor(&[2], &[2.0, 3.0])]);
        // 2 tanh(1.5) + 3 tanh(0), and 2 tanh(0) + 3 tanh(1).
        let expected = [2.0 * 0.905_148_253_644_866_4, 3.0 * 0.761_594_155_955_764_9];
        assert_eq!(y.shape(), &Shape::new(&[1, 1, 2]));
        assert!(y.data().iter().zip(expected).all(|(y, x)| (y - x).abs() < 1e-12), "{y:?}");
    }
}
