//! Connectionist temporal classification, by the forward-backward algorithm in the log domain
//! ([Graves et al., 2006](https://doi.org/10.1145/1143844.1143891)).

use model_spec::Shape;

use crate::float::Scalar;
use crate::kernels::functions::{exp, ln_1p};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;

/// The class that stands for no label.
const BLANK: usize = 0;

/// `-ln Σ Π p`: the sum is over all ways to write a sample's labels into its steps, each label at
/// least once in a row, with blanks between where one likes, and at least one between two labels
/// that are the same. Input: the logarithms of the probabilities, `(samples, steps, classes)`.
/// Output: `(samples)`, infinite where there are too few steps.
pub(crate) struct Ctc<T> {
    /// Of each sample.
    labels: Vec<Vec<usize>>,
    /// Of each sample: the logarithm of what all ways to come to a place at a step, that step
    /// included, have for a probability together; step by step.
    forward: Vec<Vec<T>>,
}

impl<T: Scalar> Ctc<T> {
    /// With the labels of each sample, none of them blank.
    pub fn new(labels: Vec<Vec<usize>>) -> Ctc<T> {
        Ctc { labels, forward: Vec::new() }
    }
}

/// The labels with blanks around them: the places of a way.
fn places(labels: &[usize]) -> Vec<usize> {
    let pairs = labels.iter().flat_map(|label| [*label, BLANK]);
    std::iter::once(BLANK).chain(pairs).collect()
}

/// Whether a way can leave out the blank before a place.
fn skips(places: &[usize], at: usize) -> bool {
    at >= 2 && places[at] != BLANK && places[at] != places[at - 2]
}

/// `ln(exp(a) + exp(b))`.
fn log_add<T: Scalar>(a: T, b: T) -> T {
    let least = T::neg_infinity();
    if a == least {
        return b;
    }
    if b == least {
        return a;
    }
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    large + ln_1p::<false, _>(exp::<false, _>(small - large))
}

/// The logarithm of what all ways to each place have for a probability together, step by step.
fn forward<T: Scalar>(log: &[T], classes: usize, places: &[usize]) -> Vec<T> {
    let (count, least) = (places.len(), T::neg_infinity());
    let mut all: Vec<T> = Vec::with_capacity(log.len() / classes * count);
    for (step, log) in log.chunks_exact(classes).enumerate() {
        for (at, place) in places.iter().enumerate() {
            let before = if step == 0 {
                if at <= 1 { T::zero() } else { least }
            } else {
                let before = &all[(step - 1) * count..];
                let mut sum = before[at];
                if at >= 1 {
                    sum = log_add(sum, before[at - 1]);
                }
                if skips(places, at) {
                    sum = log_add(sum, before[at - 2]);
                }
                sum
            };
            all.push(before + log[*place]);
        }
    }
    all
}

/// The same of all ways on from each place to the end, without the step that they are at.
fn backward<T: Scalar>(log: &[T], classes: usize, places: &[usize]) -> Vec<T> {
    let (count, steps, least) = (places.len(), log.len() / classes, T::neg_infinity());
    let mut all = vec![least; steps * count];
    for at in count.saturating_sub(2)..count {
        all[(steps - 1) * count + at] = T::zero();
    }
    for step in (0..steps.saturating_sub(1)).rev() {
        let (here, next) = all.split_at_mut((step + 1) * count);
        let log = &log[(step + 1) * classes..];
        let on = |at: usize| next[at] + log[places[at]];
        for at in 0..count {
            let mut sum = on(at);
            if at + 1 < count {
                sum = log_add(sum, on(at + 1));
            }
            if at + 2 < count && skips(places, at + 2) {
                sum = log_add(sum, on(at + 2));
            }
            here[step * count + at] = sum;
        }
    }
    all
}

/// The same of all whole ways: those that end at the last label or the blank after it.
fn total<T: Scalar>(forward: &[T], places: usize) -> T {
    let end = &forward[forward.len() - places..];
    end.iter().rev().take(2).fold(T::neg_infinity(), |sum, &way| log_add(sum, way))
}

impl<T: Scalar> Op<T> for Ctc<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let shape = *inputs[0].shape();
        let (samples, classes) = (shape.dim(0), shape.last());
        let logs = inputs[0].data().chunks_exact(shape.dim(1) * classes);
        let pairs = logs.zip(&self.labels);
        self.forward = pairs.map(|(log, l)| forward(log, classes, &places(l))).collect();
        let pairs = self.forward.iter().zip(&self.labels);
        let losses = pairs.map(|(forward, labels)| -total(forward, 2 * labels.len() + 1));
        Tensor::of(Shape::new(&[samples]), losses.collect())
    }

    /// The derivative by the logarithm of a class at a step is less the share of the ways that are
    /// at this class at this step.
    fn backward(&self, step: &mut Step<'_, T>) {
        let shape = *step.shape(0);
        let (steps, classes) = (shape.dim(1), shape.last());
        let (x, dy) = (step.inputs[0].data(), step.gradient);
        let mut shares = vec![T::zero(); x.len()];
        let samples = shares.chunks_exact_mut(steps * classes).zip(x.chunks_exact(steps * classes));
        for (sample, (shares, log)) in samples.enumerate() {
            let places = places(&self.labels[sample]);
            let forward = &self.forward[sample];
            let total = total(forward, places.len());
            if total == T::neg_infinity() {
                continue;
            }
            let on = backward(log, classes, &places);
            for (i, (&come, on)) in forward.iter().zip(on).enumerate() {
                let class = places[i % places.len()];
                shares[i / places.len() * classes + class] += exp::<false, _>(come + on - total);
            }
        }
        step.add(0, |i| -dy[i / (steps * classes)] * shares[i]);
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
            let losses = Ctc::new(labels()).forward(&[&log]);
            let rows = log.data().chunks_exact(steps * 3);
            for ((loss, row), labels) in losses.data().iter().zip(rows).zip(labels()) {
                let expected = by_hand(row, steps, 3, &labels);
                assert!((loss - expected).abs() < 1e-12, "{labels:?}: {loss}, not {expected}");
            }
        }
    }

    #[test]
    fn gradients() {
        check(|| Ctc::new(labels()), &[random(&[5, 5, 3], 2)]);
        check(|| Ctc::new(labels()), &[random(&[5, 3, 4], 3)]);
        check(|| Ctc::new(vec![vec![3]]), &[random(&[1, 1, 4], 4)]);
    }

    #[test]
    fn too_few_steps_cost_infinitely_much_and_a_nan_stays_one() {
        let loss = Ctc::new(vec![vec![1, 1]]).forward(&[&random::<f64>(&[1, 2, 3], 5)]);
        assert_eq!(loss.data(), [f64::INFINITY]);
        let nan = Tensor::full(Shape::new(&[1, 3, 2]), f64::NAN);
        assert!(Ctc::new(vec![vec![1]]).forward(&[&nan]).data()[0].is_nan());
    }

    #[test]
    fn long_sequences_do_not_underflow() {
        let steps = 2000;
        let log = Tensor::full(Shape::new(&[1, steps, 2]), 0.5_f32.ln());
        // Where label 1 begins and ends: steps · (steps + 1) / 2 ways of 2 to the power of -steps.
        let ways = (steps * (steps + 1) / 2) as f64;
        let expected = steps as f64 * core::f64::consts::LN_2 - ways.ln();
        let loss = Ctc::new(vec![vec![1]]).forward(&[&log]).data()[0];
        assert!((f64::from(loss) / expected - 1.0).abs() < 1e-4, "{loss}, not {expected}");
    }
}
