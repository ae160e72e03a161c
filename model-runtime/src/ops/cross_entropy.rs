//! Cross-entropies, each with its softmax or sigmoid in one go where the prediction is in logits.

use model_spec::Shape;

use super::map::Map;
use super::softmax::Softmax;
use super::spread::{last, numbers, reshaped, sum};
use crate::Var;
use crate::float::Scalar;
use crate::kernels::functions::{exp, ln, ln_1p, sigmoid};
use crate::kernels::kernel;
use crate::kernels::softmax::log_softmax;
use crate::kernels::sums::{add_to, side_by_side};
use crate::pool::{self, Buffer};
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// How far Keras keeps probabilities from 0 and 1, and divisors from 0: its `epsilon()`.
pub(crate) const EPSILON: f64 = 1e-7;

/// `-Σ t · ln p` over the last axis. Inputs: the prediction `(…, classes)`, and the targets in the
/// same shape unless there are labels. Output: `(…)`.
pub(crate) struct CrossEntropy<T: Scalar> {
    /// Whether the prediction is in logits, so that `ln p` is their log-softmax. Else p is divided
    /// by its sum and clipped.
    logits: bool,
    /// How much of each target is spread over all classes.
    smoothing: T,
    /// The true class of each row, where targets are not given.
    labels: Option<Buffer<usize>>,
    /// What `ln p` was.
    log: Buffer<T>,
}

impl<T: Scalar> CrossEntropy<T> {
    pub fn new(logits: bool, smoothing: f64) -> CrossEntropy<T> {
        CrossEntropy { logits, smoothing: T::of(smoothing), labels: None, log: Buffer::default() }
    }

    /// With labels below the number of classes, one for each row.
    pub fn sparse(logits: bool, labels: impl Into<Buffer<usize>>) -> CrossEntropy<T> {
        CrossEntropy { labels: Some(labels.into()), ..CrossEntropy::new(logits, 0.0) }
    }

    /// The target of a class in a row, smoothed.
    fn target(&self, targets: Option<&Tensor<T>>, classes: usize, row: usize, class: usize) -> T {
        let target = match (&self.labels, targets) {
            (Some(labels), _) if labels[row] == class => T::one(),
            (None, Some(targets)) => targets.data()[row * classes + class],
            _ => T::zero(),
        };
        target * (T::one() - self.smoothing) + self.smoothing / T::of(classes as f64)
    }

    /// The gradient of a row by its logits: `p · Σt - t`.
    fn by_logits(&self, log: &[T], targets: &[T]) -> Vec<T> {
        let sum: T = targets.iter().copied().sum();
        log.iter().zip(targets).map(|(&log, &t)| exp::<false, _>(log) * sum - t).collect()
    }

    /// The gradient by logits, `(p - t) · dy`, where t is 1 at the label of a row and 0 elsewhere.
    fn pull_labels(&self, labels: &[usize], dy: &[T], gradient: &mut [T], add: bool) {
        if add {
            let mut more = pool::unset(gradient.len());
            self.pull_labels(labels, dy, &mut more, false);
            return add_to(&more, gradient);
        }
        gradient.copy_from_slice(&self.log);
        Map::Exp.apply(gradient);
        let classes = gradient.len() / labels.len().max(1);
        for (row, &label) in gradient.chunks_exact_mut(classes).zip(labels) {
            row[label] -= T::one();
        }
        scale_rows(dy, gradient);
    }

    /// The gradient of a row by probabilities that are divided by their sum and clipped.
    fn by_probabilities(&self, p: &[T], targets: &[T]) -> Vec<T> {
        let sum: T = p.iter().copied().sum();
        let slope = |(&p, &t): (&T, &T)| if is_clipped(p / sum) { T::zero() } else { -t * sum / p };
        let slopes: Vec<T> = p.iter().zip(targets).map(slope).collect();
        let shared: T = slopes.iter().zip(p).map(|(&slope, &p)| slope * p / sum).sum();
        slopes.iter().map(|&slope| (slope - shared) / sum).collect()
    }
}

kernel! {
    /// The logarithms of the parts that the numbers of a row are of their sum, clipped; in place.
    fn log_of_shares<T: Scalar>(rows: &mut [T], classes: usize) in (rows.len() / classes.max(1)) {
        for row in rows.chunks_exact_mut(classes) {
            let sum = side_by_side(row);
            for p in row {
                *p /= sum;
            }
        }
        for p in rows {
            *p = ln::<FUSED, _>(clipped(*p));
        }
    }

    /// Multiplies each row with its factor.
    fn scale_rows<T: Scalar>(factors: &[T], rows: &mut [T]) in (factors.len()) {
        let width = rows.len() / factors.len().max(1);
        for (row, factor) in rows.chunks_exact_mut(width.max(1)).zip(factors) {
            for number in row {
                *number *= *factor;
            }
        }
    }

    /// The loss of each element, where the prediction is in logits, in the form that neither
    /// overflows nor loses digits.
    fn loss_of_logits<T: Scalar>(z: &[T], t: &[T], loss: &mut [T], smoothing: T) in (t.len()) {
        for ((loss, z), t) in loss.iter_mut().zip(z).zip(t) {
            let t = smooth(*t, smoothing);
            let positive = if *z < T::zero() { T::zero() } else { *z };
            *loss = positive - *z * t + ln_1p::<FUSED, _>(exp::<FUSED, _>(-z.abs()));
        }
    }

    /// The same where it is a probability.
    fn loss_of_probabilities<T: Scalar>(
        p: &[T], t: &[T], loss: &mut [T], smoothing: T,
    ) in (t.len()) {
        for ((loss, p), t) in loss.iter_mut().zip(p).zip(t) {
            let (t, p) = (smooth(*t, smoothing), clipped(*p));
            *loss = -(t * ln::<FUSED, _>(p) + (T::one() - t) * ln::<FUSED, _>(T::one() - p));
        }
    }
}

impl<T: Scalar> Op<T> for CrossEntropy<T> {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (prediction, targets) = (inputs[0], inputs.get(1).copied());
        let shape = *prediction.shape();
        let classes = shape.last();
        self.log = pool::copy(prediction.data());
        if self.logits {
            log_softmax(&mut self.log, classes);
        } else {
            log_of_shares(&mut self.log, classes);
        }
        let mut losses = pool::empty(prediction.len() / classes.max(1));
        for (row, log) in self.log.chunks_exact(classes).enumerate() {
            let of_class = |class| self.target(targets, classes, row, class) * log[class];
            losses.push(match &self.labels {
                Some(labels) => -log[labels[row]],
                None => -(0..classes).map(of_class).sum::<T>(),
            });
        }
        let outer = Shape::new(&shape.dims()[..shape.rank() - 1]);
        Tensor::of(outer, losses)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (prediction, targets) = (step.inputs[0], step.inputs.get(1).copied());
        let classes = prediction.shape().last();
        let dy = step.gradient;
        if let (true, Some(labels)) = (self.logits, &self.labels) {
            return step.write(0, |gradient, add| {
                self.pull_labels(labels, dy, gradient, add);
            });
        }
        step.write(0, |gradient, add| {
            for (row, gradient) in gradient.chunks_exact_mut(classes).enumerate() {
                let at = row * classes..(row + 1) * classes;
                let row_targets: Vec<T> =
                    (0..classes).map(|class| self.target(targets, classes, row, class)).collect();
                let slopes = if self.logits {
                    self.by_logits(&self.log[at], &row_targets)
                } else {
                    self.by_probabilities(&prediction.data()[at], &row_targets)
                };
                for (gradient, slope) in gradient.iter_mut().zip(slopes) {
                    *gradient = if add { *gradient } else { T::zero() } + dy[row] * slope;
                }
            }
        });
        if targets.is_some() {
            let keep = T::one() - self.smoothing;
            step.add(1, |i| -dy[i / classes] * keep * self.log[i]);
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (smoothing, labels) = (self.smoothing.as_f64(), self.labels.as_ref());
        step.expand(|inputs| {
            let shape = inputs[0].shape();
            let (rank, classes) = (shape.rank(), shape.last());
            let log = if self.logits {
                tape::apply(Softmax::new(rank - 1, rank, true), inputs.get(..1).unwrap_or(&[]))
            } else {
                kept(inputs[0] / sum(inputs[0], last(&shape))).ln()
            };
            let targets = match labels {
                Some(labels) => {
                    let of_row = |&label: &usize| (0..classes).map(move |class| class == label);
                    let places = labels.iter().flat_map(of_row);
                    numbers(shape, places.map(|is| if is { 1.0 } else { 0.0 }))
                }
                None => {
                    let rest = tape::apply(Map::Times(1.0 - smoothing), &[inputs[1]]);
                    tape::apply(Map::Plus(smoothing / classes as f64), &[rest])
                }
            };
            reshaped(-sum(targets * log, last(&shape)), Shape::new(&shape.dims()[..rank - 1]))
        });
    }
}

/// [`clipped`], on the tape.
#[track_caller]
fn kept(p: Var) -> Var {
    tape::apply(Map::Clip(EPSILON, 1.0 - EPSILON), &[p])
}

#[inline(always)]
fn is_clipped<T: Scalar>(p: T) -> bool {
    p < T::of(EPSILON) || p > T::of(1.0 - EPSILON)
}

/// Between ε and 1 - ε; a NaN stays one.
#[inline(always)]
fn clipped<T: Scalar>(p: T) -> T {
    let (least, most) = (T::of(EPSILON), T::of(1.0 - EPSILON));
    if p < least {
        least
    } else if p > most {
        most
    } else {
        p
    }
}

/// A target that is moved to ½, as a part of the way.
#[inline(always)]
fn smooth<T: Scalar>(target: T, smoothing: T) -> T {
    target * (T::one() - smoothing) + smoothing / T::of(2.0)
}

/// `-t · ln p - (1 - t) · ln(1 - p)` of each element. Inputs: prediction and target in one shape.
pub(crate) struct BinaryCrossEntropy<T> {
    /// Whether the prediction is in logits, so that p is their sigmoid. Else p is clipped.
    logits: bool,
    /// How far each target is moved to ½, as a part of the way.
    smoothing: T,
}

impl<T: Scalar> BinaryCrossEntropy<T> {
    pub fn new(logits: bool, smoothing: f64) -> BinaryCrossEntropy<T> {
        BinaryCrossEntropy { logits, smoothing: T::of(smoothing) }
    }

    fn by_prediction(&self, prediction: T, target: T) -> T {
        let (t, one) = (smooth(target, self.smoothing), T::one());
        if self.logits {
            sigmoid::<false, _>(prediction) - t
        } else if is_clipped(prediction) {
            T::zero()
        } else {
            (prediction - t) / (prediction * (one - prediction))
        }
    }

    fn by_target(&self, prediction: T) -> T {
        let p = clipped(prediction);
        let odds =
            if self.logits { prediction } else { ln::<false, _>(p) - ln::<false, _>(T::one() - p) };
        -(T::one() - self.smoothing) * odds
    }
}

impl<T: Scalar> Op<T> for BinaryCrossEntropy<T> {
    fn keeps_mask(&self) -> bool {
        true
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (p, t) = (inputs[0].data(), inputs[1].data());
        let mut losses = pool::unset(p.len());
        let make = if self.logits { loss_of_logits } else { loss_of_probabilities };
        make(p, t, &mut losses, self.smoothing);
        Tensor::of(*inputs[0].shape(), losses)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (p, t, dy) = (step.inputs[0].data(), step.inputs[1].data(), step.gradient);
        step.add(0, |i| dy[i] * self.by_prediction(p[i], t[i]));
        step.add(1, |i| dy[i] * self.by_target(p[i]));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let smoothing = self.smoothing.as_f64();
        step.expand(|inputs| {
            let rest = tape::apply(Map::Times(1.0 - smoothing), &[inputs[1]]);
            let t = tape::apply(Map::Plus(smoothing / 2.0), &[rest]);
            if self.logits {
                return inputs[0].softplus() - inputs[0] * t;
            }
            let p = kept(inputs[0]);
            -(t * p.ln() + (1 - t) * (1 - p).ln())
        });
    }
}

#[cfg(test)]
mod tests {
    use model_spec::Shape;

    use super::*;
    use crate::gradcheck::{check, random};

    /// Numbers in (0.1, 0.6), which need not sum to 1.
    fn positive(dims: &[usize], seed: u64) -> Tensor<f64> {
        let mut tensor = random::<f64>(dims, seed);
        tensor.data_mut().iter_mut().for_each(|x| *x = x.abs() / 2.0 + 0.1);
        tensor
    }

    #[test]
    fn gradients() {
        for smoothing in [0.0, 0.1] {
            let logits = [random(&[4, 2, 3], 1), positive(&[4, 2, 3], 2)];
            check(|| CrossEntropy::new(true, smoothing), &logits);
            check(|| BinaryCrossEntropy::new(true, smoothing), &logits);
            let probabilities = [positive(&[4, 2, 3], 3), positive(&[4, 2, 3], 4)];
            check(|| CrossEntropy::new(false, smoothing), &probabilities);
            check(|| BinaryCrossEntropy::new(false, smoothing), &probabilities);
        }
        let labels = || vec![0, 2, 1, 1];
        check(|| CrossEntropy::sparse(true, labels()), &[random(&[2, 2, 3], 5)]);
        check(|| CrossEntropy::sparse(false, labels()), &[positive(&[4, 3], 6)]);
    }

    #[test]
    fn large_logits_neither_overflow_nor_lose_the_loss() {
        let z = Tensor::new(Shape::new(&[1, 2]), vec![1000.0_f32, -1000.0]);
        let t = Tensor::new(Shape::new(&[1, 2]), vec![0.0_f32, 1.0]);
        assert_eq!(CrossEntropy::new(true, 0.0).forward(&[&z, &t]).data(), [2000.0]);
        assert_eq!(CrossEntropy::sparse(true, vec![0]).forward(&[&z]).data(), [0.0]);
        assert_eq!(BinaryCrossEntropy::new(true, 0.0).forward(&[&z, &t]).data(), [1000.0, 1000.0]);
    }

    #[test]
    fn a_nan_is_not_lost() {
        for logits in [true, false] {
            let p = Tensor::new(Shape::new(&[1, 2]), vec![f64::NAN, 0.5]);
            let t = Tensor::new(Shape::new(&[1, 2]), vec![0.0, 1.0]);
            assert!(CrossEntropy::new(logits, 0.0).forward(&[&p, &t]).data()[0].is_nan());
            assert!(BinaryCrossEntropy::new(logits, 0.0).forward(&[&p, &t]).data()[0].is_nan());
        }
    }
}
