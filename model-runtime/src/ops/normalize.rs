//! Numbers moved and scaled by what their group has in common: batch, layer, group, RMS and unit
//! normalisation.
//!
//! `y = γ · x̂ + β` with `x̂ = (x - mean) · inv`; see [`Measure`] for `mean` and `inv`.
//!
//! With `d = γ · ∂y` and `n` numbers in the group, the gradients are
//! `∂x = inv · (d - Σd / n - x̂ · Σ(d · x̂) / n)`, `∂γ = Σ ∂y · x̂` and `∂β = Σ ∂y`. Statistics are
//! added up in `f64`, the variance in a second pass around the mean, so that nothing cancels.

mod table;

use std::sync::{Arc, OnceLock};

use model_spec::Shape;

use super::binary::Binary;
use super::map::Map;
use super::spread::{number, numbers, reshaped, unstretch};
use crate::Var;
use crate::float::Scalar;
use crate::pool::{self, Buffer};
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// What is made 1 in each group.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Measure {
    /// The deviation, around the mean: `inv = 1 / √(variance + ε)`.
    Deviation,
    /// The root mean square: `mean = 0` and `inv = 1 / √(Σx² / n + ε)`.
    RootMeanSquare,
    /// The length: `mean = 0` and `inv = 1 / √Σx²`, at most `1 / ε`.
    Length,
}

/// Which numbers go together.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Layout {
    /// The sizes of the axes; neighbours that are treated alike are one.
    dims: Vec<usize>,
    /// How far a step along each axis goes in the numbers, the groups and the weights.
    steps: [Vec<isize>; 3],
    groups: usize,
    weights: usize,
}

/// How an axis is treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Axis {
    pub size: usize,
    /// Whether each position along it belongs to a group of its own.
    pub apart: bool,
    /// Whether each position along it has a γ and β of its own.
    pub weighted: bool,
}

impl Layout {
    /// A layout of these axes, the sample axis first.
    pub fn new(axes: &[Axis]) -> Layout {
        let mut merged: Vec<Axis> = Vec::new();
        for axis in axes {
            match merged.last_mut() {
                Some(last) if (last.apart, last.weighted) == (axis.apart, axis.weighted) => {
                    last.size *= axis.size;
                }
                _ => merged.push(*axis),
            }
        }
        let steps = |counts: fn(&Axis) -> bool| {
            let mut step = 1;
            let mut steps: Vec<isize> = Vec::new();
            for axis in merged.iter().rev() {
                steps.push(if counts(axis) { step as isize } else { 0 });
                step *= if counts(axis) { axis.size } else { 1 };
            }
            steps.reverse();
            (steps, step)
        };
        let ((numbers, _), (apart, groups)) = (steps(|_| true), steps(|axis| axis.apart));
        let (weighted, weights) = steps(|axis| axis.weighted);
        let dims = merged.iter().map(|axis| axis.size).collect();
        Layout { dims, steps: [numbers, apart, weighted], groups, weights }
    }
}

/// What the groups have in common.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Moments {
    pub mean: Buffer<f64>,
    /// Around the mean; of a mean that is 0, the mean or the sum of squares.
    pub variance: Buffer<f64>,
    /// How many numbers the sums are divided by.
    count: Buffer<f64>,
}

impl Moments {
    /// Those that are known before.
    pub fn known(mean: Buffer<f64>, variance: Buffer<f64>) -> Moments {
        let count = pool::full(mean.len(), 1.0);
        Moments { mean, variance, count }
    }
}

/// The op; the inputs are the numbers, γ and β, as far as there are any.
#[derive(Clone, Debug)]
pub(crate) struct Normalize {
    layout: Layout,
    measure: Measure,
    epsilon: f64,
    gamma: bool,
    beta: bool,
    /// Which numbers the moments are of, if not of all.
    counted: Option<Buffer<bool>>,
    /// Whether the moments do not depend on the numbers.
    known: bool,
    moments: Arc<OnceLock<Moments>>,
}

impl Normalize {
    pub fn new(layout: Layout, measure: Measure, epsilon: f64) -> Normalize {
        let moments = Arc::default();
        let (gamma, beta, counted, known) = (false, false, None, false);
        Normalize { layout, measure, epsilon, gamma, beta, counted, known, moments }
    }

    /// With inputs for γ and β.
    pub fn weighted(mut self, gamma: bool, beta: bool) -> Normalize {
        (self.gamma, self.beta) = (gamma, beta);
        self
    }

    /// With moments that are known, whatever the numbers are.
    pub fn known(mut self, moments: Moments) -> Normalize {
        self.known = true;
        self.moments = Arc::new(OnceLock::from(moments));
        self
    }

    /// With moments of some of the numbers only.
    pub fn counted(mut self, counted: Option<Buffer<bool>>) -> Normalize {
        self.counted = counted;
        self
    }

    /// Where the moments are once the op has run.
    pub fn moments(&self) -> Arc<OnceLock<Moments>> {
        Arc::clone(&self.moments)
    }

    /// 1 for a number that counts, 0 for another.
    fn weight(&self, i: usize) -> f64 {
        match &self.counted {
            Some(counted) if !counted[i] => 0.0,
            _ => 1.0,
        }
    }

    fn inv(&self, variance: f64) -> f64 {
        match self.measure {
            Measure::Length => variance.sqrt().recip().min(self.most()),
            Measure::Deviation | Measure::RootMeanSquare => {
                (variance + self.epsilon).sqrt().recip()
            }
        }
    }

    /// The largest factor that a group can have, from where on no number changes it.
    fn most(&self) -> f64 {
        match self.measure {
            Measure::Length => self.epsilon.recip(),
            Measure::Deviation | Measure::RootMeanSquare => f64::INFINITY,
        }
    }

    fn invs(&self) -> Buffer<f64> {
        let moments = self.moments.get();
        moments.map_or_else(Buffer::default, |m| m.variance.iter().map(|v| self.inv(*v)).collect())
    }
}

impl Normalize {
    /// The same of other operations on the tape.
    #[track_caller]
    fn primitives(&self, inputs: &[Var]) -> Var {
        let [_, groups, weights] = &self.layout.steps;
        let dims = &self.layout.dims;
        let own = |steps: &[isize]| {
            let size = |(&size, &step): (&usize, &isize)| if step == 0 { 1 } else { size };
            Shape::new(&dims.iter().zip(steps).map(size).collect::<Vec<_>>())
        };
        let (shape, of_groups, of_weights) = (inputs[0].shape(), own(groups), own(weights));
        let x = reshaped(inputs[0], Shape::new(dims));
        let constant = |values: &[f64]| numbers(of_groups, values.iter().copied());
        let (mean, variance) = match self.moments.get() {
            Some(known) if self.known => (constant(&known.mean), constant(&known.variance)),
            measured => {
                let count = measured.map_or(&[][..], |moments| &moments.count);
                let count = constant(&count.iter().map(|n| n.max(1.0)).collect::<Vec<_>>());
                let weight = |i| numbers(x.shape(), (0..i).map(|i| self.weight(i)));
                let weight = self.counted.as_ref().map(|counted| weight(counted.len()));
                let mean = |x: Var| {
                    let x = weight.map_or(x, |weight| x * weight);
                    tape::apply(Binary::Div, &[unstretch(x, of_groups), count])
                };
                let centre = match self.measure {
                    Measure::Deviation => mean(x),
                    Measure::RootMeanSquare | Measure::Length => number(0.0),
                };
                (centre, mean(tape::apply(Binary::Sub, &[x, centre]).square()))
            }
        };
        let inv = match self.measure {
            // At most 1 / ε.
            Measure::Length => variance.maximum(number(self.epsilon * self.epsilon)).rsqrt(),
            _ => tape::apply(Map::Plus(self.epsilon), &[variance]).rsqrt(),
        };
        let centred = tape::apply(Binary::Sub, &[x, mean]);
        let mut y = tape::apply(Binary::Mul, &[centred, inv]);
        if self.gamma {
            y = tape::apply(Binary::Mul, &[y, reshaped(inputs[1], of_weights)]);
        }
        if self.beta {
            let beta = reshaped(inputs[inputs.len() - 1], of_weights);
            y = tape::apply(Binary::Add, &[y, beta]);
        }
        reshaped(y, shape)
    }
}

impl<T: Scalar> Op<T> for Normalize {
    fn keeps_mask(&self) -> bool {
        true
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let x = inputs[0].data();
        let table = self.table();
        let moments = self.moments.get_or_init(|| self.table_moments(&table, x));
        let inv = self.invs();
        let mut y = pool::unset(x.len());
        self.table_forward(&table, inputs, [&moments.mean, &inv], &mut y);
        Tensor::of(*inputs[0].shape(), y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let Some(moments) = self.moments.get() else { return };
        self.table_backward(&self.table(), moments, &self.invs(), step);
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        step.expand(|inputs| self.primitives(inputs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};
    use crate::kernels::unless_miri;
    use crate::ops::strided::walk;

    /// A layout by letters: `g` an axis whose positions are apart, `w` one with weights, `b` both.
    fn layout(dims: &[usize], kinds: &str) -> Layout {
        let axis = |(&size, kind): (&usize, char)| Axis {
            size,
            apart: matches!(kind, 'g' | 'b'),
            weighted: matches!(kind, 'w' | 'b'),
        };
        Layout::new(&dims.iter().zip(kinds.chars()).map(axis).collect::<Vec<_>>())
    }

    const CASES: [(&[usize], &str); 7] = [
        (&[6, 3], "-b"),
        (&[3, 2, 2, 3], "---b"),
        (&[3, 2, 4], "-b-"),
        (&[4, 5], "gw"),
        (&[2, 3, 2, 2], "gwgw"),
        (&[2, 3, 2, 2], "g-bw"),
        (&[2, 3, 4], "gww"),
    ];

    #[test]
    fn neighbours_that_are_alike_are_one_axis() {
        let l = layout(&[3, 2, 2, 5], "---b");
        assert_eq!((l.dims, l.groups, l.weights), (vec![12, 5], 5, 5));
        let l = layout(&[2, 3, 4, 6], "g-bw");
        assert_eq!((l.groups, l.weights), (8, 24));
        assert_eq!(l.steps, [vec![72, 24, 6, 1], vec![4, 0, 1, 0], vec![0, 0, 6, 1]]);
    }

    #[test]
    fn gradients() {
        for (dims, kinds) in CASES {
            let layout = layout(dims, kinds);
            let (x, w) = (random(dims, 1), [layout.weights]);
            for measure in [Measure::Deviation, Measure::RootMeanSquare, Measure::Length] {
                let op = || Normalize::new(layout.clone(), measure, 1e-3);
                check(op, std::slice::from_ref(&x));
                let all = [x.clone(), random(&w, 2), random(&w, 3)];
                check(|| op().weighted(true, true), &all);
                check(|| op().weighted(true, false), &all[..2]);
                check(|| op().weighted(false, true), &all[..2]);
            }
        }
    }

    #[test]
    fn gradients_where_some_do_not_count_and_where_moments_are_known() {
        for (dims, kinds) in CASES {
            let layout = layout(dims, kinds);
            let (x, w) = (random::<f64>(dims, 1), [layout.weights]);
            let all = [x.clone(), random(&w, 2), random(&w, 3)];
            let counted: Buffer<bool> = (0..x.len()).map(|i| i % 5 != 1).collect();
            let op = || Normalize::new(layout.clone(), Measure::Deviation, 1e-3);
            check(|| op().weighted(true, true).counted(Some(counted.clone())), &all);
            let known = |g: usize| 0.5 + g as f64 * 0.1;
            let moments: Buffer<f64> = (0..layout.groups).map(known).collect();
            let moments = Moments::known(moments.clone(), moments);
            check(|| op().weighted(true, true).known(moments.clone()), &all);
        }
    }

    /// The formula, number by number.
    fn by_definition(op: &Normalize, x: &[f64]) -> Vec<f64> {
        let layout = &op.layout;
        let [numbers, of_groups, _] = &layout.steps;
        let mut groups = vec![Vec::new(); layout.groups];
        walk(&layout.dims, [0, 0], [numbers, of_groups], |[i, group]| {
            if op.counted.as_ref().is_none_or(|counted| counted[i]) {
                groups[group].push(x[i]);
            }
        });
        let mut y = Vec::new();
        walk(&layout.dims, [0, 0], [numbers, of_groups], |[i, group]| {
            let (all, n) = (&groups[group], groups[group].len().max(1) as f64);
            let square = |mean: f64| all.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
            let mean = all.iter().sum::<f64>() / n;
            y.push(match op.measure {
                Measure::Deviation => (x[i] - mean) / (square(mean) / n + op.epsilon).sqrt(),
                Measure::RootMeanSquare => x[i] / (square(0.0) / n + op.epsilon).sqrt(),
                Measure::Length => x[i] / square(0.0).sqrt().max(op.epsilon),
            });
        });
        y
    }

    #[test]
    fn numbers_are_those_of_the_formula() {
        // The last has rows enough for several parts.
        let large = unless_miri(700, 40);
        let more: [(&[usize], &str); 3] =
            [(&[3, 2, 5], "g-g"), (&[4, 5], "g-"), (&[large, 80], "-g")];
        for (dims, kinds) in CASES.into_iter().chain(more) {
            let x = random::<f64>(dims, 1);
            let some: Buffer<bool> = (0..x.len()).map(|i| i % 5 != 1 && i % 3 != 0).collect();
            for measure in [Measure::Deviation, Measure::RootMeanSquare, Measure::Length] {
                for counted in [None, Some(some.clone())] {
                    if measure == Measure::Length && counted.is_some() {
                        continue;
                    }
                    let mut op =
                        Normalize::new(layout(dims, kinds), measure, 1e-3).counted(counted);
                    let expected = by_definition(&op, x.data());
                    let y = Op::<f64>::forward(&mut op, &[&x]);
                    for (y, expected) in y.data().iter().zip(expected) {
                        assert!((y - expected).abs() < 1e-12, "{measure:?} of {dims:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_large_mean_does_not_cancel_the_variance() {
        // In f32, the mean of the squares minus the square of the mean would be 0 or worse.
        let x = [10_000.0_f32, 10_001.0, 10_002.0, 10_003.0];
        let x = Tensor::new(Shape::new(&[4, 1]), x.to_vec());
        let mut op = Normalize::new(layout(&[4, 1], "-b"), Measure::Deviation, 0.0);
        let moments = op.moments();
        let y = op.forward(&[&x]);
        let moments = moments.get().unwrap();
        assert_eq!((moments.mean[0], moments.variance[0]), (10_001.5, 1.25));
        let expected = [-1.5, -0.5, 0.5, 1.5].map(|moved: f64| (moved / 1.25_f64.sqrt()) as f32);
        assert_eq!(y.data(), expected);
    }

    #[test]
    fn what_does_not_count_leaves_the_moments_alone() {
        let x = Tensor::new(Shape::new(&[3, 1]), vec![1.0, 3.0, 1e6]);
        let op = Normalize::new(layout(&[3, 1], "-b"), Measure::Deviation, 0.0);
        let moments = op.moments();
        Op::<f64>::forward(&mut op.counted(Some([true, true, false].into_iter().collect())), &[&x]);
        assert_eq!(moments.get().map(|m| (m.mean[0], m.variance[0])), Some((2.0, 1.0)));
        let mut none = Normalize::new(layout(&[3, 1], "-b"), Measure::Deviation, 1.0)
            .counted(Some(pool::zeros(3)));
        assert_eq!(Op::<f64>::forward(&mut none, &[&x]).data(), [1.0, 3.0, 1e6]);
    }

    #[test]
    fn nothing_has_no_direction() {
        let zero = Tensor::new(Shape::new(&[1, 2]), vec![0.0_f64; 2]);
        let mut op = Normalize::new(layout(&[1, 2], "g-"), Measure::Length, 1e-12);
        assert_eq!(op.forward(&[&zero]).data(), [0.0, 0.0]);
    }
}
