//! Sum, mean, largest and smallest over some of the axes.

use model_spec::{MAX_RANK, Shape};

use super::binary::Binary;
use super::choose::Choose;
use super::map::Map;
use super::spread::{number, numbers, reshaped, stretch, sum};
use super::strided::{Strided, fold, pull, strides, sum_up};
use super::view::View;
use crate::float::Scalar;
use crate::kernels::functions::{exp, ln};
use crate::kernels::kernel;
use crate::kernels::sums::{add_rows_wide, sum_rows};
use crate::pool::{self, Buffer};
use crate::tape::{Op, Recorded, Step};
use crate::tensor::Tensor;
use crate::var::permuted;
use crate::{Var, tape};

/// What is made of the numbers along the axes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Reduction {
    Sum,
    Mean,
    /// Minus infinity of nothing.
    Max,
    /// Infinity of nothing.
    Min,
    Prod,
    /// `ln Σ exp(x)`, without an overflow.
    LogSumExp,
}

/// A reduction over the axes that are `true`, which stay with size 1 where `keepdims` is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reduce {
    pub reduction: Reduction,
    pub axes: [bool; MAX_RANK],
    pub keepdims: bool,
}

impl Reduce {
    /// The shape with size 1 in place of the axes.
    fn kept(&self, shape: &Shape) -> Shape {
        (0..shape.rank()).fold(*shape, |kept, i| if self.axes[i] { kept.with(i, 1) } else { kept })
    }

    fn output(&self, shape: &Shape) -> Shape {
        let stays = |&i: &usize| self.keepdims || !self.axes[i];
        let kept = self.kept(shape);
        Shape::new(&(0..shape.rank()).filter(stays).map(|i| kept.dim(i)).collect::<Vec<_>>())
    }

    /// How far apart the results of neighbours stand.
    fn strides(&self, shape: &Shape) -> Vec<isize> {
        let mut into = strides(&self.kept(shape));
        (0..shape.rank()).filter(|&i| self.axes[i]).for_each(|i| into[i] = 0);
        into
    }

    /// The way back where each number has a factor of its own: the product of the others, or its
    /// part in the sum of exponentials.
    fn backward_by_factor<T: Scalar>(&self, step: &mut Step<'_, T>) {
        let shape = step.shape(0);
        let (dims, from, to) = (shape.dims(), strides(shape), self.strides(shape));
        let x = Strided::new(step.inputs[0].data(), &from);
        let [y, dy] = [step.output.data(), step.gradient].map(|of| Strided::new(of, &to));
        if self.reduction == Reduction::LogSumExp {
            return step.write(0, |dx, add| {
                pull(dims, &from, [x, y, dy], dx, add, &|[x, y, dy], dx| pull_exp(x, y, dy, dx));
            });
        }
        // How many zeros there are, and the product of the rest.
        let mut zeros = pool::zeros(y.numbers.len());
        sum_up(dims, &to, [x], &mut zeros, &|[x], is_zero| {
            is_zero.iter_mut().zip(x).for_each(|(y, x)| *y = T::of(f64::from(x.is_zero())));
        });
        let zeros: Buffer<T> = zeros.iter().map(|&zeros| T::of(zeros)).collect();
        let mut products = pool::full(zeros.len(), T::one());
        let rest = |[x]: [&[T]; 1], rest: &mut [T]| {
            let not_zero = |x: T| if x.is_zero() { T::one() } else { x };
            rest.iter_mut().zip(x).for_each(|(y, x)| *y = not_zero(*x));
        };
        fold(dims, &to, [x], &mut products, &rest, &|x, products| {
            keep(Reduction::Prod, x, products);
        });
        let [zeros, products] = [&zeros, &products].map(|of| Strided::new(&of[..], &to));
        step.write(0, |dx, add| {
            pull(
                dims,
                &from,
                [x, zeros, products, dy],
                dx,
                add,
                &|[x, zeros, products, dy], dx| {
                    for (i, dx) in dx.iter_mut().enumerate() {
                        let others = if zeros[i].is_zero() {
                            products[i] / x[i]
                        } else if zeros[i].is_one() && x[i].is_zero() {
                            products[i]
                        } else {
                            T::zero()
                        };
                        *dx = dy[i] * others;
                    }
                },
            );
        });
    }

    /// How many numbers there are before the axes, along them, and behind; if they are neighbours.
    fn neighbours(&self, shape: &Shape) -> Option<[usize; 3]> {
        let mut counts = [1; 3];
        let mut place = 0;
        for axis in 0..shape.rank() {
            match (self.axes[axis], place) {
                (true, 0) => place = 1,
                (false, 1) => place = 2,
                (true, 2) => return None,
                _ => {}
            }
            counts[place] *= shape.dim(axis);
        }
        Some(counts)
    }

    /// Adds each number to the sum that it belongs to.
    fn add_up<T: Scalar>(&self, shape: &Shape, x: &[T], sums: &mut [f64]) {
        match self.neighbours(shape) {
            Some([_, _, 1]) => sum_rows(x, sums),
            Some([1, _, _]) => add_rows_wide(x, sums),
            Some([outer, count, inner]) if outer * count * inner > 0 => sum_blocks(x, sums, inner),
            _ => {
                let (from, to) = (strides(shape), self.strides(shape));
                let x = Strided::new(x, &from);
                sum_up(shape.dims(), &to, [x], sums, &|[x], y| y.copy_from_slice(x));
            }
        }
    }

    /// The largest, the smallest or the product of the numbers of each result.
    fn kept_of<T: Scalar>(
        &self,
        reduction: Reduction,
        shape: &Shape,
        x: &[T],
        size: usize,
    ) -> Buffer<T> {
        let mut kept = pool::full(size, reduction.start());
        let from = strides(shape);
        let x = Strided::new(x, &from);
        let same = |[x]: [&[T]; 1], y: &mut [T]| y.copy_from_slice(x);
        fold(shape.dims(), &self.strides(shape), [x], &mut kept, &same, &|x, kept| {
            keep(reduction, x, kept);
        });
        kept
    }

    /// For each number the product of the others, on the tape; `y` is that of all of them.
    #[track_caller]
    fn others(&self, x: Var, y: Var) -> Var {
        let shape = x.shape();
        if x.tensor().data().iter().all(|&x| x != 0.0) {
            return y / x;
        }
        // With the reduced axes behind: a row for each number, in which 1 stands in its place.
        let (mut order, inner): (Vec<usize>, Vec<usize>) =
            (0..shape.rank()).partition(|&axis| !self.axes[axis]);
        order.extend(inner);
        let there = permuted(x, &order);
        let (moved, n) = (there.shape(), self.count(&shape));
        let rows = there.shape().size().unwrap_or(0) / n.max(1);
        let square =
            View { shape: Shape::new(&[rows, n, n]), start: 0, strides: vec![n as isize, 0, 1] };
        let places = (0..n * n).map(|i| if i % (n + 1) == 0 { 1.0 } else { 0.0 });
        let own = numbers(Shape::new(&[1, n, n]), places);
        let square = tape::apply(square, &[there]);
        let square = tape::apply(Choose, &[own, number(1.0), square]);
        let axes = std::array::from_fn(|axis| axis == 2);
        let product = Reduction::Prod.call(square, axes, false);
        let mut back = vec![0; order.len()];
        order.iter().enumerate().for_each(|(to, &from)| back[from] = to);
        permuted(reshaped(product, moved), &back)
    }

    /// How many numbers go into one.
    fn count(&self, shape: &Shape) -> usize {
        (0..shape.rank()).filter(|&i| self.axes[i]).map(|i| shape.dim(i)).product()
    }
}

impl Reduction {
    /// What a number and those so far become. A NaN is larger, and smaller, than all.
    #[inline(always)]
    fn join<T: Scalar>(self, x: T, so_far: T) -> T {
        let wins = match self {
            Reduction::Max => x > so_far,
            Reduction::Min => x < so_far,
            _ => return so_far * x,
        };
        if wins | (x.is_nan() & !so_far.is_nan()) { x } else { so_far }
    }

    /// What there is of nothing.
    fn start<T: Scalar>(self) -> T {
        match self {
            Reduction::Max | Reduction::LogSumExp => T::neg_infinity(),
            Reduction::Min => T::infinity(),
            Reduction::Prod => T::one(),
            Reduction::Sum | Reduction::Mean => T::zero(),
        }
    }
}

/// Joins numbers with the result of all of them, or each with its own.
#[inline(always)]
fn keep_as<T: Scalar>(reduction: Reduction, x: &[T], so_far: &mut [T]) {
    const LANES: usize = 32;
    let [so_far] = so_far else {
        for (so_far, x) in so_far.iter_mut().zip(x) {
            *so_far = reduction.join(*x, *so_far);
        }
        return;
    };
    let (chunks, rest) = x.as_chunks::<LANES>();
    if let Some((first, others)) = chunks.split_first() {
        let mut lanes = *first;
        for chunk in others {
            for (lane, x) in lanes.iter_mut().zip(chunk) {
                *lane = reduction.join(*x, *lane);
            }
        }
        for x in lanes {
            *so_far = reduction.join(x, *so_far);
        }
    }
    for x in rest {
        *so_far = reduction.join(*x, *so_far);
    }
}

kernel! {
    /// [`keep_as`], in a loop for each reduction.
    fn keep<T: Scalar>(reduction: Reduction, x: &[T], so_far: &mut [T]) {
        match reduction {
            Reduction::Max => keep_as(Reduction::Max, x, so_far),
            Reduction::Min => keep_as(Reduction::Min, x, so_far),
            _ => keep_as(Reduction::Prod, x, so_far),
        }
    }

    fn exp_of<T: Scalar>(x: &[T], most: &[T], y: &mut [T]) {
        for ((y, x), most) in y.iter_mut().zip(x).zip(most) {
            *y = exp::<FUSED, _>(*x - *most);
        }
    }

    fn pull_exp<T: Scalar>(x: &[T], y: &[T], dy: &[T], dx: &mut [T]) {
        for (((dx, x), y), dy) in dx.iter_mut().zip(x).zip(y).zip(dy) {
            *dx = *dy * exp::<FUSED, _>(*x - *y);
        }
    }

    /// 1 for a number that is the result, else 0.
    fn equal<T: Scalar>(x: &[T], y: &[T], equal: &mut [T]) {
        for ((equal, x), y) in equal.iter_mut().zip(x).zip(y) {
            *equal = if x == y { T::one() } else { T::zero() };
        }
    }

    /// The share of a number that is the result, else 0.
    fn share_equal<T: Scalar>(x: &[T], y: &[T], share: &[T], dx: &mut [T]) {
        for (((dx, x), y), share) in dx.iter_mut().zip(x).zip(y).zip(share) {
            *dx = if x == y { *share } else { T::zero() };
        }
    }

    /// Adds the sums of the columns of several tables, whose rows have `inner` numbers.
    fn sum_blocks<T: Scalar>(
        x: &[T], sums: &mut [f64], inner: usize,
    ) in (sums.len() / inner) {
        let block = x.len() / (sums.len() / inner);
        for (x, sums) in x.chunks_exact(block).zip(sums.chunks_exact_mut(inner)) {
            for row in x.chunks_exact(inner) {
                for (sum, x) in sums.iter_mut().zip(row) {
                    *sum += x.as_f64();
                }
            }
        }
    }

    /// Writes or adds each number to all that went into its sum, where the axes are neighbours.
    fn spread<T: Scalar>(
        share: &[T], dx: &mut [T], count: usize, inner: usize, add: bool,
    ) in (share.len() / inner.max(1)) {
        if dx.is_empty() {
            return;
        }
        if inner == 1 {
            for (row, share) in dx.chunks_exact_mut(count).zip(share) {
                for dx in row {
                    *dx = if add { *dx + *share } else { *share };
                }
            }
            return;
        }
        let blocks = dx.chunks_exact_mut(count * inner).zip(share.chunks_exact(inner));
        for (block, share) in blocks {
            for row in block.chunks_exact_mut(inner) {
                for (dx, share) in row.iter_mut().zip(share) {
                    *dx = if add { *dx + *share } else { *share };
                }
            }
        }
    }
}

impl<T: Scalar> Op<T> for Reduce {
    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (x, shape) = (inputs[0].data(), inputs[0].shape());
        let output = self.output(shape);
        let size = output.size().unwrap_or(0);
        let numbers = match self.reduction {
            Reduction::Sum | Reduction::Mean => {
                // In f64, so that many f32 add up without a loss.
                let mut sums = pool::zeros::<f64>(size);
                self.add_up(shape, x, &mut sums);
                let count =
                    if self.reduction == Reduction::Mean { self.count(shape) as f64 } else { 1.0 };
                sums.iter().map(|sum| T::of(sum / count)).collect()
            }
            Reduction::LogSumExp => {
                // The largest becomes 0, so that no exp overflows; an infinite one stays.
                let mut most = self.kept_of(Reduction::Max, shape, x, size);
                most.iter_mut().filter(|x| x.is_infinite()).for_each(|most| *most = T::zero());
                let mut sums = pool::zeros::<f64>(size);
                let (from, to) = (strides(shape), self.strides(shape));
                let values = [Strided::new(x, &from), Strided::new(&most, &to)];
                sum_up(shape.dims(), &to, values, &mut sums, &|[x, most], y| exp_of(x, most, y));
                let pairs = most.iter().zip(sums.iter());
                pairs.map(|(&most, &sum)| most + T::of(ln::<false, _>(sum))).collect()
            }
            reduction => self.kept_of(reduction, shape, x, size),
        };
        Tensor::of(output, numbers)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (dy, shape) = (step.gradient, step.shape(0));
        if matches!(self.reduction, Reduction::Prod | Reduction::LogSumExp) {
            return self.backward_by_factor(step);
        }
        let (dims, from, to) = (shape.dims(), strides(shape), self.strides(shape));
        if matches!(self.reduction, Reduction::Sum | Reduction::Mean) {
            let count = T::of(self.count(shape) as f64);
            let share: Buffer<T> = match self.reduction {
                Reduction::Mean => dy.iter().map(|&dy| dy / count).collect(),
                _ => pool::copy(dy),
            };
            return step.write(0, |dx, add| match self.neighbours(shape) {
                Some([_, count, inner]) => spread(&share, dx, count, inner, add),
                None => {
                    let share = Strided::new(&share, &to);
                    pull(dims, &from, [share], dx, add, &|[share], dx| dx.copy_from_slice(share));
                }
            });
        }
        // Of several that are the largest, each gets an equal part.
        let x = Strided::new(step.inputs[0].data(), &from);
        let y = Strided::new(step.output.data(), &to);
        let mut ties = pool::zeros(dy.len());
        sum_up(dims, &to, [x, y], &mut ties, &|[x, y], same| equal(x, y, same));
        let share: Buffer<T> =
            dy.iter().zip(ties.iter()).map(|(&dy, &ties)| dy / T::of(ties)).collect();
        let share = Strided::new(&share, &to);
        step.write(0, |dx, add| {
            pull(dims, &from, [x, y, share], dx, add, &|[x, y, share], dx| {
                share_equal(x, y, share, dx);
            });
        });
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (x, y, dy) = (step.inputs[0], step.output, step.gradient);
        let shape = x.shape();
        let kept = self.kept(&shape);
        let spread = |var: Var| stretch(reshaped(var, kept), shape);
        step.add(0, || match self.reduction {
            Reduction::Sum => spread(dy),
            Reduction::Mean => {
                tape::apply(Map::DividedBy(self.count(&shape) as f64), &[spread(dy)])
            }
            Reduction::Max | Reduction::Min => {
                let best = tape::apply(Binary::Equal, &[x.detach(), spread(y.detach())]);
                spread(dy) * best / sum(best, self.axes)
            }
            Reduction::Prod => spread(dy) * self.others(x, spread(y)),
            Reduction::LogSumExp => spread(dy) * (x - spread(y)).exp(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    const ALL: [Reduction; 6] = [
        Reduction::Sum,
        Reduction::Mean,
        Reduction::Max,
        Reduction::Min,
        Reduction::Prod,
        Reduction::LogSumExp,
    ];

    fn axes(chosen: &[usize]) -> [bool; MAX_RANK] {
        std::array::from_fn(|axis| chosen.contains(&axis))
    }

    #[test]
    fn gradients() {
        for reduction in ALL {
            for (chosen, keepdims) in [
                (&[][..], false),
                (&[0], false),
                (&[1], true),
                (&[0, 2], false),
                (&[0, 1, 2], true),
            ] {
                let op = Reduce { reduction, axes: axes(chosen), keepdims };
                check(|| op, &[random(&[3, 1, 4], 1)]);
                check(|| op, &[random(&[2, 3, 5], 2)]);
            }
        }
    }

    #[test]
    fn the_gradient_of_a_product_lives_with_zeros() {
        let op = Reduce { reduction: Reduction::Prod, axes: axes(&[1]), keepdims: false };
        let numbers = vec![2.0, 0.0, 3.0, 0.0, 0.0, 5.0, 1.5, -2.0, 4.0];
        check(|| op, &[Tensor::new(Shape::new(&[3, 3]), numbers)]);
    }

    #[test]
    fn a_sum_of_exponentials_does_not_overflow() {
        let of = |numbers: &[f64]| {
            let x = Tensor::new(Shape::new(&[numbers.len()]), numbers.to_vec());
            let reduction = Reduction::LogSumExp;
            Reduce { reduction, axes: axes(&[0]), keepdims: false }.forward(&[&x]).data()[0]
        };
        assert!((of(&[1000.0, 1000.0]) - 1000.0 - core::f64::consts::LN_2).abs() < 1e-9);
        assert_eq!(of(&[f64::NEG_INFINITY, 3.0]), 3.0);
        assert_eq!(of(&[f64::INFINITY, 3.0]), f64::INFINITY);
        assert_eq!(of(&[]), f64::NEG_INFINITY);
    }

    #[test]
    fn values_are_those_of_the_definitions() {
        let x = Tensor::new(Shape::new(&[2, 3]), vec![1.0, -2.0, 4.0, 0.5, 0.5, f64::NAN]);
        let of = |reduction, chosen: &[usize]| {
            Reduce { reduction, axes: axes(chosen), keepdims: false }.forward(&[&x])
        };
        assert_eq!(of(Reduction::Sum, &[1]).data()[0], 3.0);
        assert_eq!(of(Reduction::Mean, &[0]).data()[..2], [0.75, -0.75]);
        assert_eq!(of(Reduction::Max, &[1]).data()[0], 4.0);
        assert_eq!(of(Reduction::Min, &[1]).data()[0], -2.0);
        assert_eq!(of(Reduction::Prod, &[1]).data()[0], -8.0);
        for reduction in ALL {
            assert!(of(reduction, &[1]).data()[1].is_nan(), "{reduction:?} loses a NaN");
        }
    }
}
