//! Connectionist temporal classification, by the forward-backward algorithm in the log domain
//! ([Graves et al., 2006](https://doi.org/10.1145/1143844.1143891)).

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::ctc::{BLANK, come, pull};
use crate::pool::{self, Buffer};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// `-ln Σ Π p`: the sum is over all ways to write a sample's labels into its steps, each label at
/// least once in a row, with blanks between where one likes, and at least one between two labels
/// that are the same. Input: the logarithms of the probabilities, `(samples, steps, classes)`.
/// Output: `(samples)`, infinite where there are too few steps.
pub(crate) struct Ctc<T: Scalar> {
    /// The places of a way of each sample: its labels with blanks around them, and as many more as
    /// the longest has.
    places: Buffer<usize>,
    /// How many they are.
    counts: Buffer<usize>,
    /// Of each sample: the logarithm of what all ways to come to a place at a step, that step
    /// included, have for a probability together; step by step.
    ways: Buffer<T>,
}

impl<T: Scalar> Ctc<T> {
    /// With the labels of each sample, none of them blank.
    pub fn new(labels: &[Vec<usize>]) -> Ctc<T> {
        let counts: Buffer<usize> = labels.iter().map(|labels| 2 * labels.len() + 1).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        let mut places = pool::full(labels.len() * most, BLANK);
        for (places, labels) in places.chunks_exact_mut(most.max(1)).zip(labels) {
            labels.iter().enumerate().for_each(|(i, label)| places[2 * i + 1] = *label);
        }
        Ctc { places, counts, ways: Buffer::default() }
    }
}

impl<T: Scalar> Op<T> for Ctc<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let shape = *inputs[0].shape();
        let mut losses = pool::zeros(shape.dim(0));
        self.ways = pool::unset(shape.dim(1) * self.places.len());
        let (log, places) = (inputs[0].data(), &self.places);
        come(log, places, &self.counts, &mut self.ways, &mut losses, shape.last());
        Tensor::of(Shape::new(&[losses.len()]), losses)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (classes, log, dy) = (step.shape(0).last(), step.inputs[0].data(), step.gradient);
        step.write(0, |dx, add| {
            pull([log, &self.ways, dy], &self.places, &self.counts, dx, classes, add);
        });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.refuse("CTC");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    /// What is left of a way without repetitions and blanks.
    fn spelled(way: &[usize]) -> Vec<usize> {
        let mut labels = way.to_vec();
        labels.dedup();
        labels.retain(|class| *class != BLANK);
        labels
    }

    /// The loss by its definition: all ways there are.
    fn by_hand(log: &[f64], steps: usize, classes: usize, labels: &[usize]) -> f64 {
        let mut sum = 0.0;
        for number in 0..classes.pow(steps as u32) {
            let way: Vec<usize> =
                (0..steps).map(|step| number / classes.pow(step as u32) % classes).collect();
            if spelled(&way) == labels {
                let log: f64 =
                    way.iter().enumerate().map(|(step, class)| log[step * classes + class]).sum();
                sum += log.exp();
            }
        }
        -sum.ln()
    }

    fn labels() -> Vec<Vec<usize>> {
        vec![vec![1, 2], vec![2, 2], vec![], vec![1, 2, 1], vec![1]]
    }

    #[test]
    fn it_is_the_sum_over_all_ways() {
        for steps in [3, 5] {
            let log = random::<f64>(&[5, steps, 3], 1);
            let losses = Ctc::new(&labels()).forward(&[&log]);
            let rows = log.data().chunks_exact(steps * 3);
            for ((loss, row), labels) in losses.data().iter().zip(rows).zip(labels()) {
                let expected = by_hand(row, steps, 3, &labels);
                assert!((loss - expected).abs() < 1e-12, "{labels:?}: {loss}, not {expected}");
            }
        }
    }

    #[test]
    fn gradients() {
        check(|| Ctc::new(&labels()), &[random(&[5, 5, 3], 2)]);
        check(|| Ctc::new(&labels()), &[random(&[5, 3, 4], 3)]);
        check(|| Ctc::new(&[vec![3]]), &[random(&[1, 1, 4], 4)]);
    }

    #[test]
    fn too_few_steps_cost_infinitely_much_and_a_nan_stays_one() {
        let loss = Ctc::new(&[vec![1, 1]]).forward(&[&random::<f64>(&[1, 2, 3], 5)]);
        assert_eq!(loss.data(), [f64::INFINITY]);
        let nan = Tensor::full(Shape::new(&[1, 3, 2]), f64::NAN);
        assert!(Ctc::new(&[vec![1]]).forward(&[&nan]).data()[0].is_nan());
    }

    #[test]
    fn long_sequences_do_not_underflow() {
        let steps = 2000;
        let log = Tensor::full(Shape::new(&[1, steps, 2]), 0.5_f32.ln());
        // Where label 1 begins and ends: steps · (steps + 1) / 2 ways of 2 to the power of -steps.
        let ways = (steps * (steps + 1) / 2) as f64;
        let expected = steps as f64 * core::f64::consts::LN_2 - ways.ln();
        let loss = Ctc::new(&[vec![1]]).forward(&[&log]).data()[0];
        assert!((f64::from(loss) / expected - 1.0).abs() < 1e-4, "{loss}, not {expected}");
    }
}
