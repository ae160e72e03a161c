//! Scaled dot-product attention of several heads, `softmax(scale · Q Kᵀ) V` for each sample and
//! head (Vaswani et al., 2017), in one go.

mod allowed;

use std::ops::Range;

pub(crate) use allowed::Allowed;
use model_spec::Shape;

use super::binary::Binary;
use super::choose::Choose;
use super::concat::Concat;
use super::map::Map;
use super::matmul::Matmul;
use super::softmax::Softmax;
use super::spread::{number, numbers, reshaped};
use crate::Var;
use crate::float::Scalar;
use crate::kernels::gemm::{End, Matrix, Target, at_once, gemm, gemm_end};
use crate::kernels::softmax::{pull_softmax_in_place, softmax};
use crate::kernels::threads::parallel_parts;
use crate::pool::{self, Buffer, Numbers};
use crate::seed::Generator;
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;
use crate::var::permuted;

/// Inputs: queries `(samples, t, heads · k)`, keys `(samples, s, heads · k)`, values `(samples, s,
/// heads · v)`. Output: `(samples, t, heads · v)`.
///
/// A query that attends to nothing gets zeros.
pub(crate) struct AttentionOp<T: Scalar> {
    heads: usize,
    scale: f64,
    allowed: Allowed,
    /// The share of the probabilities that is dropped, and what chooses them.
    dropout: Option<(f64, Generator)>,
    /// Whether the probabilities, `(samples, heads, t, s)`, come out as well: then the output is
    /// one line of numbers, the two one after the other.
    scores: bool,
    /// Whether nobody wants gradients.
    forgets: bool,
    /// For backward: the softmax, before anything is dropped.
    probabilities: Buffer<T>,
    /// What each probability was multiplied by, 0 where it was dropped; empty without dropout.
    factors: Buffer<T>,
}

/// How many there are of what.
#[derive(Clone, Copy)]
struct Sizes {
    samples: usize,
    heads: usize,
    /// Queries and keys of a sample.
    t: usize,
    s: usize,
    /// Features of a head: those of query and key, those of the value.
    k: usize,
    v: usize,
}

impl Sizes {
    fn new<T: Scalar>(inputs: &[&Tensor<T>], heads: usize) -> Sizes {
        let [q, k, v] = [inputs[0].shape(), inputs[1].shape(), inputs[2].shape()];
        assert!(q.dim(2) == k.dim(2) && k.dim(1) == v.dim(1), "the rule has checked the sizes");
        let (samples, t, s) = (q.dim(0), q.dim(1), v.dim(1));
        Sizes { samples, heads, t, s, k: q.dim(2) / heads, v: v.dim(2) / heads }
    }

    /// How many samples are one part of the work.
    fn at_once(self) -> usize {
        at_once(self.samples * self.heads, self.t, self.k + self.v, self.s).div_ceil(self.heads)
    }

    /// The samples of a part, their numbers in the part, and each of the heads.
    fn products(self, part: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        let start = part * self.at_once();
        let end = self.samples.min(start + self.at_once());
        (start..end)
            .flat_map(move |sample| (0..self.heads).map(move |head| (sample, sample - start, head)))
    }

    /// Where the probabilities of a head stand.
    fn head(self, sample: usize, head: usize) -> Range<usize> {
        let (at, len) = (sample * self.heads + head, self.t * self.s);
        at * len..(at + 1) * len
    }

    /// How many numbers the mixed values are.
    fn mixed(self) -> usize {
        self.samples * self.t * self.heads * self.v
    }
}

/// The rows of one head in `(samples, rows, heads · width)`, which stand apart.
#[derive(Clone, Copy)]
struct Part {
    sample: usize,
    head: usize,
    heads: usize,
    rows: usize,
    width: usize,
}

impl Part {
    fn new(sizes: Sizes, at: (usize, usize), rows: usize, width: usize) -> Part {
        Part { sample: at.0, head: at.1, heads: sizes.heads, rows, width }
    }

    fn row(self, row: usize) -> Range<usize> {
        let start = ((self.sample * self.rows + row) * self.heads + self.head) * self.width;
        start..start + self.width
    }

    fn start(self, len: usize) -> usize {
        self.row(0).start.min(len)
    }

    fn matrix<T>(self, all: &[T]) -> Matrix<'_, T> {
        let all = &all[self.start(all.len())..];
        Matrix::apart(all, self.rows, self.width, self.heads * self.width)
    }

    /// Writes a product there.
    fn put<T: Scalar>(self, a: Matrix<'_, T>, b: Matrix<'_, T>, all: &mut [T]) {
        let start = self.start(all.len());
        let target = Target::apart(&mut all[start..], self.heads * self.width, false);
        gemm_end(a, b, target, &End::default());
    }
}

impl<T: Scalar> AttentionOp<T> {
    pub fn new(heads: usize, scale: f64, allowed: Allowed) -> AttentionOp<T> {
        let (probabilities, factors) = (Buffer::default(), Buffer::default());
        let (dropout, scores, forgets) = (None, false, false);
        AttentionOp { heads, scale, allowed, dropout, scores, forgets, probabilities, factors }
    }

    pub fn dropout(mut self, rate: f64, generator: Generator) -> AttentionOp<T> {
        self.dropout = Some((rate, generator));
        self
    }

    pub fn scores(mut self, scores: bool) -> AttentionOp<T> {
        self.scores = scores;
        self
    }

    /// Products to probabilities, in place.
    fn softmax(&self, sample: usize, sizes: Sizes, products: &mut [T]) {
        if sizes.s == 0 {
            return;
        }
        if self.allowed.is_everything() {
            return softmax(products, sizes.s, T::of(self.scale));
        }
        Map::Times(self.scale).apply(products);
        let allowed = &self.allowed;
        let key = |t: usize, s: usize| {
            let pairs = (sample * sizes.t + t) * sizes.s;
            allowed.key(sample * sizes.s + s) && allowed.pair(pairs + s)
        };
        let all = allowed.keys.is_none() && allowed.pairs.is_none();
        for (t, row) in products.chunks_exact_mut(sizes.s).enumerate() {
            let range = allowed.range(t, sizes.s);
            row[..range.start].fill(T::neg_infinity());
            row[range.end..].fill(T::neg_infinity());
            for s in range.filter(|&s| !all && !key(t, s)) {
                row[s] = T::neg_infinity();
            }
        }
        softmax(products, sizes.s, T::one());
        // Where no key is allowed, there are only zeros.
        for (t, row) in products.chunks_exact_mut(sizes.s).enumerate() {
            let any = allowed.range(t, sizes.s).any(|s| key(t, s));
            if !any || !allowed.query(sample * sizes.t + t) {
                row.fill(T::zero());
            }
        }
    }

    /// The probabilities of a head, as the values are mixed by them.
    fn weights<'a>(&self, probabilities: &'a [T], head: Range<usize>) -> Numbers<'a, T> {
        if self.factors.is_empty() {
            return Numbers::Lent(probabilities);
        }
        let pairs = probabilities.iter().zip(&self.factors[head]);
        Numbers::Own(pairs.map(|(&p, &factor)| p * factor).collect())
    }
}

impl<T: Scalar> Op<T> for AttentionOp<T> {
    fn without_backward(&mut self) {
        self.forgets = true;
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let sizes = Sizes::new(inputs, self.heads);
        let Sizes { samples, heads, t, s, k, v } = sizes;
        let count = samples * heads * t * s;
        if let Some((rate, generator)) = &mut self.dropout {
            self.factors = generator.drops(count, *rate);
        }
        let keeps = self.scores || !self.forgets;
        let (mut y, mut kept) =
            (pool::unset(sizes.mixed()), pool::unset(if keeps { count } else { 0 }));
        let some = sizes.at_once();
        let chunks = [(&mut y[..], some * t * heads * v), (&mut kept[..], some * heads * t * s)];
        parallel_parts(samples.div_ceil(some), chunks, |part, [y, kept]| {
            // What is not kept stays in the fastest cache.
            let mut own = pool::unset(if keeps { 0 } else { t * s });
            for (sample, at, head) in sizes.products(part) {
                let [q, key] = [(0, t), (1, s)].map(|(i, rows)| {
                    Part::new(sizes, (sample, head), rows, k).matrix(inputs[i].data())
                });
                let value = Part::new(sizes, (sample, head), s, v).matrix(inputs[2].data());
                let scores = if keeps { &mut kept[sizes.head(at, head)] } else { &mut own[..] };
                gemm(q, key.t(), scores, false);
                self.softmax(sample, sizes, scores);
                let weights = self.weights(scores, sizes.head(sample, head));
                Part::new(sizes, (at, head), t, v).put(Matrix::new(&weights, t, s), value, y);
            }
        });
        self.probabilities = kept;
        if self.scores {
            y.extend_from_slice(&self.probabilities);
            return Tensor::of(Shape::new(&[y.len()]), y);
        }
        Tensor::of(Shape::new(&[samples, t, heads * v]), y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let sizes = Sizes::new(step.inputs, self.heads);
        let Sizes { samples, heads, t, s, k, v } = sizes;
        let (dy, dscores) = step.gradient.split_at(sizes.mixed());
        let inputs = step.inputs;
        let mut gradients = [0, 1, 2].map(|i| pool::unset(inputs[i].len()));
        let some = sizes.at_once();
        let [dq, dk, dv] = &mut gradients;
        let chunks = [(dq, t * k), (dk, s * k), (dv, s * v)]
            .map(|(gradient, size)| (&mut gradient[..], some * heads * size));
        parallel_parts(samples.div_ceil(some), chunks, |part, [dq, dk, dv]| {
            let mut dp = pool::unset(t * s);
            for (sample, at, head) in sizes.products(part) {
                let [q, key] = [(0, t), (1, s)].map(|(i, rows)| {
                    Part::new(sizes, (sample, head), rows, k).matrix(inputs[i].data())
                });
                let value = Part::new(sizes, (sample, head), s, v).matrix(inputs[2].data());
                let dy = Part::new(sizes, (sample, head), t, v).matrix(dy);
                let place = sizes.head(sample, head);
                let weights = self.weights(&self.probabilities[place.clone()], place.clone());
                let weights = Matrix::new(&weights, t, s);
                Part::new(sizes, (at, head), s, v).put(weights.t(), dy, dv);
                gemm(dy, value.t(), &mut dp, false);
                self.pull(place, dscores, s, &mut dp);
                let dp = Matrix::new(&dp, t, s);
                Part::new(sizes, (at, head), t, k).put(dp, key, dq);
                Part::new(sizes, (at, head), s, k).put(dp.t(), q, dk);
            }
        });
        for (input, gradient) in gradients.into_iter().enumerate() {
            step.give(input, gradient);
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.expand(|inputs| self.primitives(inputs));
    }
}

impl<T: Scalar> AttentionOp<T> {
    /// The gradient by the weights of a head to that by the products of query and key, in place.
    fn pull(&self, head: Range<usize>, dscores: &[T], s: usize, dp: &mut [T]) {
        if !self.factors.is_empty() {
            dp.iter_mut().zip(&self.factors[head.clone()]).for_each(|(dp, &f)| *dp *= f);
        }
        if self.scores {
            dp.iter_mut().zip(&dscores[head.clone()]).for_each(|(dp, &more)| *dp += more);
        }
        pull_softmax_in_place(&self.probabilities[head], dp, s, T::of(self.scale));
    }

    /// The same of other operations on the tape.
    #[track_caller]
    fn primitives(&self, inputs: &[Var]) -> Var {
        let [q, k, v] = [0, 1, 2].map(|i| {
            let shape = inputs[i].shape();
            let (rows, width) = (shape.dim(1), shape.dim(2) / self.heads);
            let apart = Shape::new(&[shape.dim(0), rows, self.heads, width]);
            permuted(reshaped(inputs[i], apart), &[0, 2, 1, 3])
        });
        let (samples, t, s) = (q.shape().dim(0), q.shape().dim(2), k.shape().dim(2));
        let products = tape::apply(Matmul, &[q, permuted(k, &[0, 1, 3, 2])]);
        let products = tape::apply(Map::Times(self.scale), &[products]);
        let attends = |at: usize| {
            let (query, key) = (at / s, at % s);
            let row = query % t;
            let near = self.allowed.range(row, s).contains(&key);
            let mask = &self.allowed;
            near && mask.query(query) && mask.key(query / t * s + key) && mask.pair(at)
        };
        let places = (0..samples * t * s).map(|at| if attends(at) { 1.0 } else { 0.0 });
        let allowed = numbers(Shape::new(&[samples, 1, t, s]), places);
        // Far below every product, so that its probability is 0.
        let products = tape::apply(Choose, &[allowed, products, number(-1e30)]);
        let softmax = tape::apply(Softmax::new(3, 4, false), &[products]);
        let probabilities = tape::apply(Binary::Mul, &[softmax, allowed]);
        let kept = match self.factors.as_slice() {
            [] => probabilities,
            factors => {
                let factors = factors.iter().map(|factor| factor.as_f64());
                probabilities * numbers(probabilities.shape(), factors)
            }
        };
        let mixed = permuted(tape::apply(Matmul, &[kept, v]), &[0, 2, 1, 3]);
        if !self.scores {
            return reshaped(mixed, Shape::new(&[samples, t, self.heads * v.shape().dim(3)]));
        }
        let line = |x: Var| reshaped(x, Shape::new(&[x.tensor().len()]));
        tape::apply(Concat(0), &[line(mixed), line(probabilities)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    /// Two samples, `t` queries, `s` keys, two heads of 3 and 5 features.
    fn inputs(t: usize, s: usize) -> [Tensor<f64>; 3] {
        [random(&[2, t, 6], 1), random(&[2, s, 6], 2), random(&[2, s, 10], 3)]
    }

    fn masks(causal: bool, window: Option<usize>, keys: bool) -> Allowed {
        let mask = |n: usize| (0..2 * n).map(|i| i % 3 != 1).collect();
        let pairs = (keys && causal).then(|| mask(4 * 5));
        Allowed {
            causal,
            window,
            queries: keys.then(|| mask(4)),
            keys: keys.then(|| mask(5)),
            pairs,
        }
    }

    #[test]
    fn gradients() {
        for causal in [false, true] {
            for window in [None, Some(1), Some(2)] {
                for (keys, scores) in [(false, false), (false, true), (true, false), (true, true)] {
                    let make =
                        || AttentionOp::new(2, 0.7, masks(causal, window, keys)).scores(scores);
                    check(make, &inputs(4, 5));
                    check(|| make().dropout(0.3, Generator::new(9)), &inputs(4, 5));
                }
            }
        }
        check(|| AttentionOp::new(1, 1.0, Allowed::default()), &inputs(1, 1));
        check(|| AttentionOp::new(2, 1.0, masks(true, None, false)), &inputs(7, 3));
    }

    /// The definition, one number at a time.
    fn by_hand(
        x: &[Tensor<f64>; 3],
        scale: f64,
        attends: impl Fn(usize, usize, usize) -> bool,
    ) -> Vec<f64> {
        let (t, s) = (x[0].shape().dim(1), x[1].shape().dim(1));
        let at = |i: usize, b: usize, row: usize, column: usize| {
            x[i].data()[(b * x[i].shape().dim(1) + row) * x[i].shape().dim(2) + column]
        };
        let mut y = Vec::new();
        for (b, row, h, c) in (0..2 * t * 10).map(|i| (i / 10 / t, i / 10 % t, i % 10 / 5, i % 5)) {
            let score = |j: usize| -> f64 {
                let dot: f64 =
                    (0..3).map(|d| at(0, b, row, h * 3 + d) * at(1, b, j, h * 3 + d)).sum();
                if attends(b, row, j) { (dot * scale).exp() } else { 0.0 }
            };
            let sum: f64 = (0..s).map(score).sum();
            let mixed: f64 = (0..s).map(|j| score(j) * at(2, b, j, h * 5 + c)).sum();
            y.push(if sum == 0.0 { 0.0 } else { mixed / sum });
        }
        y
    }

    #[test]
    fn outputs_are_those_of_the_definition() {
        for causal in [false, true] {
            for window in [None, Some(2)] {
                for keys in [false, true] {
                    let allowed = masks(causal, window, keys);
                    let x = inputs(4, 5);
                    let expected = by_hand(&x, 0.7, |b, i, j| {
                        let (query, key) = ((b * 4 + i) % 3 != 1, (b * 5 + j) % 3 != 1);
                        (!causal || j <= i)
                            && window.is_none_or(|w| i.abs_diff(j) < w)
                            && (!keys || query && key)
                            && (!(keys && causal) || ((b * 4 + i) * 5 + j) % 3 != 1)
                    });
                    let refs: Vec<&Tensor<f64>> = x.iter().collect();
                    let y = AttentionOp::new(2, 0.7, allowed).forward(&refs);
                    assert_eq!(y.shape(), &Shape::new(&[2, 4, 10]));
                    for (y, expected) in y.data().iter().zip(expected) {
                        assert!((y - expected).abs() < 1e-12, "{y}, not {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn scores_follow_the_values_and_sum_to_one() {
        let x = inputs(4, 5);
        let refs: Vec<&Tensor<f64>> = x.iter().collect();
        let mut op = AttentionOp::new(2, 1.0, masks(true, None, false)).scores(true);
        let all = op.forward(&refs);
        let scores = &all.data()[2 * 4 * 10..];
        assert_eq!(scores.len(), 2 * 2 * 4 * 5);
        assert!(scores.chunks(5).all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12));
        assert_eq!(scores[..5], [1.0, 0.0, 0.0, 0.0, 0.0], "the first attends to itself");
    }

    #[test]
    fn what_nobody_wants_gradients_of_is_the_same() {
        let x = inputs(4, 5);
        let refs: Vec<&Tensor<f64>> = x.iter().collect();
        for allowed in [Allowed::default(), masks(true, Some(2), true)] {
            let mut op = AttentionOp::new(2, 0.7, allowed.clone());
            let y = op.forward(&refs);
            let mut forgetful = AttentionOp::new(2, 0.7, allowed);
            forgetful.without_backward();
            assert_eq!(forgetful.forward(&refs), y);
            assert!(forgetful.probabilities.is_empty() && !op.probabilities.is_empty());
        }
    }

    #[test]
    fn large_products_do_not_overflow_and_a_nan_is_not_lost() {
        let [mut q, k, v] = inputs(4, 5);
        q.data_mut().iter_mut().for_each(|x| *x *= 1e6);
        let y = AttentionOp::new(2, 1.0, Allowed::default()).forward(&[&q, &k, &v]);
        assert!(y.data().iter().all(|y| y.is_finite()));
        q.data_mut()[0] = f64::NAN;
        let y = AttentionOp::new(2, 1.0, Allowed::default()).forward(&[&q, &k, &v]);
        assert!(y.data()[..5].iter().all(|y| y.is_nan()));
        assert!(y.data()[5..].iter().all(|y| y.is_finite()));
    }
}
