//! How well queries and keys go together by their sums, `Σ w · tanh(q + k)` over the features
//! (Bahdanau et al., 2015).

use model_spec::Shape;

use super::binary::Binary;
use super::spread::{last, reshaped, sum};
use crate::float::Scalar;
use crate::kernels::functions::tanh;
use crate::kernels::kernel;
use crate::kernels::parts::All;
use crate::kernels::sums::{add_rows_wide, side_by_side};
use crate::pool::{self, Buffer};
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// Inputs: queries `(samples, t, n)`, keys `(samples, s, n)`, and where there are some, weights
/// `(n)`. Output: `(samples, t, s)`.
pub(crate) struct AdditiveScores;

/// How many features are worked on at once: they stay in the nearest cache.
const BLOCK: usize = 256;

kernel! {
    /// `Σ weights · tanh(q + k)` of each of a sample's `queries` with each of its `keys`.
    fn score<T: Scalar>(
        q: &[T], k: &[T], weights: All<'_, T>, y: &mut [T], each: [usize; 2],
    ) in (samples(q, weights.0, each)) {
        let ([queries, keys], n) = (each, weights.0.len());
        if n * queries * keys == 0 {
            return;
        }
        let mut terms = [T::zero(); BLOCK];
        let samples = q.chunks_exact(queries * n).zip(k.chunks_exact(keys * n));
        for ((q, k), y) in samples.zip(y.chunks_exact_mut(queries * keys)) {
            for (q, y) in q.chunks_exact(n).zip(y.chunks_exact_mut(keys)) {
                for (k, y) in k.chunks_exact(n).zip(y) {
                    let blocks = q.chunks(BLOCK).zip(k.chunks(BLOCK)).zip(weights.0.chunks(BLOCK));
                    for ((q, k), weights) in blocks {
                        let numbers = terms.iter_mut().zip(q).zip(k).zip(weights);
                        for (((term, q), k), weight) in numbers {
                            *term = *weight * tanh::<FUSED, _>(*q + *k);
                        }
                        *y += side_by_side(&terms[..q.len()]);
                    }
                }
            }
        }
    }

    /// Adds the gradients by queries, keys and weights; those by the weights for each sample.
    fn pull_score<T: Scalar>(
        inputs: [&[T]; 2], weights: All<'_, T>, dy: &[T], gradients: [&mut [T]; 3],
        each: [usize; 2],
    ) in (samples(inputs[0], weights.0, each)) {
        let ([queries, keys], n) = (each, weights.0.len());
        if n * queries * keys == 0 {
            return;
        }
        let ([q, k], [dq, dk, dw]) = (inputs, gradients);
        let samples = q.chunks_exact(queries * n).zip(k.chunks_exact(keys * n));
        let gradients = dq.chunks_exact_mut(queries * n).zip(dk.chunks_exact_mut(keys * n));
        let gradients = gradients.zip(dw.chunks_exact_mut(n));
        for (((q, k), ((dq, dk), dw)), dy) in
            samples.zip(gradients).zip(dy.chunks_exact(queries * keys))
        {
            let of_queries = q.chunks_exact(n).zip(dq.chunks_exact_mut(n));
            for ((q, dq), dy) in of_queries.zip(dy.chunks_exact(keys)) {
                let of_keys = k.chunks_exact(n).zip(dk.chunks_exact_mut(n));
                for ((k, dk), dy) in of_keys.zip(dy) {
                    let numbers = q.iter().zip(k).zip(weights.0);
                    let gradients = dq.iter_mut().zip(dk).zip(dw.iter_mut());
                    for (((q, k), weight), ((dq, dk), dw)) in numbers.zip(gradients) {
                        let tanh = tanh::<FUSED, _>(*q + *k);
                        let slope = *dy * *weight * (T::one() - tanh * tanh);
                        *dq += slope;
                        *dk += slope;
                        *dw += *dy * tanh;
                    }
                }
            }
        }
    }
}

/// The weights, or ones.
fn weights<T: Scalar>(inputs: &[&Tensor<T>]) -> Buffer<T> {
    match inputs.get(2) {
        Some(weights) => pool::copy(weights.data()),
        None => pool::full(inputs[0].shape().dim(2), T::one()),
    }
}

/// How many queries and keys a sample has.
fn each<T: Scalar>(inputs: &[&Tensor<T>]) -> [usize; 2] {
    [0, 1].map(|i| inputs[i].shape().dim(1))
}

/// How many samples there are.
fn samples<T>(q: &[T], weights: &[T], [queries, _]: [usize; 2]) -> usize {
    q.len().checked_div(queries * weights.len()).unwrap_or(0)
}

impl<T: Scalar> Op<T> for AdditiveScores {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (each, weights) = (each(inputs), weights(inputs));
        let shape = inputs[0].shape().with(2, each[1]);
        let mut y = pool::zeros(shape.size().unwrap_or(0));
        score(inputs[0].data(), inputs[1].data(), All(&weights), &mut y, each);
        Tensor::of(shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (each, weights) = (each(step.inputs), weights(step.inputs));
        let inputs = [0, 1].map(|i| step.inputs[i].data());
        let samples = step.shape(0).dim(0);
        let sizes = [inputs[0].len(), inputs[1].len(), samples * weights.len()];
        let [mut dq, mut dk, mut dw] = sizes.map(pool::zeros::<T>);
        let gradients = [&mut dq[..], &mut dk, &mut dw];
        pull_score(inputs, All(&weights), step.gradient, gradients, each);
        step.add(0, |i| dq[i]);
        step.add(1, |i| dk[i]);
        if step.inputs.len() > 2 {
            let mut sums = pool::zeros(weights.len());
            add_rows_wide(&dw, &mut sums);
            step.add(2, |i| T::of(sums[i]));
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
