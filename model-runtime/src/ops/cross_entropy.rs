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
use crate::pool::{self, Buffer, Numbers};
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

    /// 1 at the label of each row, and 0 elsewhere.
    fn places_of(labels: &[usize], classes: usize) -> Buffer<T> {
        let mut targets = pool::zeros(labels.len() * classes);
        for (row, &label) in targets.chunks_exact_mut(classes).zip(labels) {
            row[label] = T::one();
        }
        targets
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

    /// The loss of each row, given the logarithms.
    fn loss_of_rows<T: Scalar>(
        log: &[T], targets: &[T], losses: &mut [T], smoothing: T,
    ) in (losses.len()) {
        let classes = log.len() / losses.len().max(1);
        let rows = log.chunks_exact(classes.max(1)).zip(targets.chunks_exact(classes.max(1)));
        for (loss, (log, targets)) in losses.iter_mut().zip(rows) {
            let of_class = |(log, t): (&T, &T)| spread_out(*t, smoothing, classes) * *log;
            *loss = -log.iter().zip(targets).map(of_class).sum::<T>();
        }
    }

    /// The gradient of each row by its logits: `p · Σt - t`, times that of its loss.
    fn pull_by_logits<T: Scalar>(
        log: &[T], targets: &[T], dy: &[T], dx: &mut [T], smoothing: T, add: bool,
    ) in (dy.len()) {
        let classes = log.len() / dy.len().max(1);
        let rows = log.chunks_exact(classes.max(1)).zip(targets.chunks_exact(classes.max(1)));
        for ((dx, dy), (log, targets)) in dx.chunks_exact_mut(classes.max(1)).zip(dy).zip(rows) {
            let sum: T = targets.iter().map(|t| spread_out(*t, smoothing, classes)).sum();
            for ((dx, log), t) in dx.iter_mut().zip(log).zip(targets) {
                let slope = exp::<false, _>(*log) * sum - spread_out(*t, smoothing, classes);
                *dx = if add { *dx } else { T::zero() } + *dy * slope;
            }
        }
    }

    /// The same by probabilities that are divided by their sum and clipped.
    fn pull_by_probabilities<T: Scalar>(
        p: &[T], targets: &[T], dy: &[T], dx: &mut [T], smoothing: T, add: bool,
    ) in (dy.len()) {
        let classes = p.len() / dy.len().max(1);
        let rows = p.chunks_exact(classes.max(1)).zip(targets.chunks_exact(classes.max(1)));
        for ((dx, dy), (p, targets)) in dx.chunks_exact_mut(classes.max(1)).zip(dy).zip(rows) {
            let sum: T = p.iter().copied().sum();
            let slope = |p: T, t: T| {
                let t = spread_out(t, smoothing, classes);
                if is_clipped(p / sum) { T::zero() } else { -t * sum / p }
            };
            let shared: T = p.iter().zip(targets).map(|(p, t)| slope(*p, *t) * *p / sum).sum();
            for ((dx, p), t) in dx.iter_mut().zip(p).zip(targets) {
                let slope = (slope(*p, *t) - shared) / sum;
                *dx = if add { *dx } else { T::zero() } + *dy * slope;
            }
        }
    }

    /// The gradient by targets of which `keep` is not spread.
    fn pull_targets<T: Scalar>(
        log: &[T], dy: &[T], dx: &mut [T], keep: T, add: bool,
    ) in (dy.len()) {
        let classes = (log.len() / dy.len().max(1)).max(1);
        let rows = log.chunks_exact(classes).zip(dx.chunks_exact_mut(classes));
        for ((log, dx), dy) in rows.zip(dy) {
            for (dx, log) in dx.iter_mut().zip(log) {
                let slope = -*dy * keep * *log;
                *dx = if add { *dx + slope } else { slope };
            }
        }
    }

    /// The gradients of [`loss_of_logits`] by its first input or, with `by_target`, its second.
    fn pull_loss_of_logits<T: Scalar>(
        z: &[T], t: &[T], dy: &[T], dx: &mut [T], smoothing: T, by_target: bool, add: bool,
    ) in (dx.len()) {
        for (((dx, dy), z), t) in dx.iter_mut().zip(dy).zip(z).zip(t) {
            let slope = *dy * if by_target {
                -(T::one() - smoothing) * *z
            } else {
                sigmoid::<false, _>(*z) - smooth(*t, smoothing)
            };
            *dx = if add { *dx + slope } else { slope };
        }
    }

    /// The same of [`loss_of_probabilities`].
    fn pull_loss_of_probabilities<T: Scalar>(
        p: &[T], t: &[T], dy: &[T], dx: &mut [T], smoothing: T, by_target: bool, add: bool,
    ) in (dx.len()) {
        let one = T::one();
        for (((dx, dy), p), t) in dx.iter_mut().zip(dy).zip(p).zip(t) {
            let slope = *dy * if by_target {
                let p = clipped(*p);
                -(one - smoothing) * (ln::<false, _>(p) - ln::<false, _>(one - p))
            } else if is_clipped(*p) {
                T::zero()
            } else {
                (*p - smooth(*t, smoothing)) / (*p * (one - *p))
            };
            *dx = if add { *dx + slope } else { slope };
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
        let mut losses = pool::unset(prediction.len() / classes.max(1));
        match (&self.labels, targets) {
            (None, Some(targets)) => {
                loss_of_rows(&self.log, targets.data(), &mut losses, self.smoothing);
            }
            (labels, _) => {
                let labels = labels.as_deref().unwrap_or_default();
                let rows = self.log.chunks_exact(classes).zip(labels);
                for (loss, (log, label)) in losses.iter_mut().zip(rows) {
                    *loss = -log[*label];
                }
            }
        }
        let outer = Shape::new(&shape.dims()[..shape.rank() - 1]);
        Tensor::of(outer, losses)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (prediction, dy) = (step.inputs[0], step.gradient);
        let targets = match (&self.labels, step.inputs.get(1)) {
            (Some(labels), _) if self.logits => {
                return step.write(0, |gradient, add| {
                    self.pull_labels(labels, dy, gradient, add);
                });
            }
            (Some(labels), _) => Numbers::Own(Self::places_of(labels, prediction.shape().last())),
            (None, Some(targets)) => Numbers::Lent(targets.data()),
            (None, None) => return,
        };
        step.write(0, |gradient, add| {
            if self.logits {
                pull_by_logits(&self.log, &targets, dy, gradient, self.smoothing, add);
            } else {
                let p = prediction.data();
                pull_by_probabilities(p, &targets, dy, gradient, self.smoothing, add);
            }
        });
        if self.labels.is_none() {
            let keep = T::one() - self.smoothing;
            step.write(1, |gradient, add| pull_targets(&self.log, dy, gradient, keep, add));
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

/// A target of which a part is spread over all classes.
#[inline(always)]
fn spread_out<T: Scalar>(target: T, smoothing: T, classes: usize) -> T {
    target * (T::one() - smoothing) + smoothing / T::of(classes as f64)
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
        let pull = if self.logits { pull_loss_of_logits } else { pull_loss_of_probabilities };
        for (input, by_target) in [(0, false), (1, true)] {
            step.write(input, |dx, add| pull(p, t, dy, dx, self.smoothing, by_target, add));
        }
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
