//! `+ - * /`, powers, maximum and minimum, comparisons of two values, element by element.

use model_spec::Shape;

use super::spread::unstretch;
use super::strided::{Strided, pull, stretched, strides, zip};
use crate::Var;
use crate::float::Scalar;
use crate::kernels::functions::{ln, pow};
use crate::kernels::{kernel, parts};
use crate::pool;
use crate::tape::{self, Op, Recorded, Step};
use crate::tensor::Tensor;

/// A function of two numbers. The shapes are equal, or one value is stretched to the other: where
/// an axis has size 1, or where it has one number, or one for each sample.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    /// The derivative by the exponent is 0 for a base of 0, that by the base for an exponent of 0.
    Power,
    Maximum,
    Minimum,
    /// Comparisons are 1 where they hold and 0 elsewhere; what is not 0 is true.
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    And,
    Or,
}

parts::same! { [] Binary; }

impl Binary {
    #[inline(always)]
    fn f<T: Scalar>(self, a: T, b: T) -> T {
        match self {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            Binary::Power => pow(a, b),
            Binary::Maximum | Binary::Minimum => {
                if self.takes_first(a, b) {
                    a
                } else {
                    b
                }
            }
            _ => {
                let holds = match self {
                    Binary::Equal => a == b,
                    Binary::NotEqual => a != b,
                    Binary::Greater => a > b,
                    Binary::GreaterEqual => a >= b,
                    Binary::Less => a < b,
                    Binary::LessEqual => a <= b,
                    Binary::And => a != T::zero() && b != T::zero(),
                    _ => a != T::zero() || b != T::zero(),
                };
                if holds { T::one() } else { T::zero() }
            }
        }
    }

    /// The derivatives by `a` and by `b`.
    #[inline(always)]
    fn df<T: Scalar>(self, a: T, b: T) -> [T; 2] {
        let (zero, one) = (T::zero(), T::one());
        match self {
            Binary::Add => [one, one],
            Binary::Sub => [one, -one],
            Binary::Mul => [b, a],
            Binary::Div => [b.recip(), -a / (b * b)],
            Binary::Power => [
                if b == zero { zero } else { b * pow(a, b - one) },
                if a == zero { zero } else { pow(a, b) * ln::<false, _>(a) },
            ],
            Binary::Maximum | Binary::Minimum => {
                if self.takes_first(a, b) {
                    [one, zero]
                } else {
                    [zero, one]
                }
            }
            _ => [zero, zero],
        }
    }

    /// Which of the two maximum and minimum take: a NaN, if there is one; of equals the first.
    #[inline(always)]
    fn takes_first<T: Scalar>(self, a: T, b: T) -> bool {
        a.is_nan() || if self == Binary::Maximum { a >= b } else { a <= b }
    }
}

/// Calls `$run` with the operation as a constant, so that its loop has no other one in it.
macro_rules! each_operation {
    ($op:ident, $run:expr, $($name:ident)*) => {
        match $op {
            $(Binary::$name => {
                let $op = Binary::$name;
                $run
            })*
        }
    };
}

kernel! {
    fn pairs<T: Scalar>(op: Binary, a: &[T], b: &[T], y: &mut [T]) in (y.len()) {
        each_operation!(
            op,
            for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
                *y = op.f(*a, *b);
            },
            Add Sub Mul Div Power Maximum Minimum Equal NotEqual Greater GreaterEqual Less LessEqual
                And Or
        );
    }

    /// `dy` times the derivative by one of the inputs, written to `dx` or added to it.
    fn pull_pairs<T: Scalar>(
        op: Binary, input: usize, inputs: [&[T]; 2], dy: &[T], dx: &mut [T], add: bool,
    ) in (dx.len()) {
        each_operation!(
            op,
            for (((dx, dy), a), b) in dx.iter_mut().zip(dy).zip(inputs[0]).zip(inputs[1]) {
                let [first, second] = op.df(*a, *b);
                let slope = *dy * if input == 0 { first } else { second };
                *dx = if add { *dx + slope } else { slope };
            },
            Add Sub Mul Div Power Maximum Minimum Equal NotEqual Greater GreaterEqual Less LessEqual
                And Or
        );
    }
}

/// What two shapes that go together become.
pub(super) fn common(a: &Shape, b: &Shape) -> Shape {
    let (longer, shorter) = if a.rank() >= b.rank() { (a, b) } else { (b, a) };
    let mut shape = *longer;
    for axis in 0..shorter.rank() {
        if longer.dim(axis) == 1 {
            shape = shape.with(axis, shorter.dim(axis));
        }
    }
    shape
}

impl<T: Scalar> Op<T> for Binary {
    fn keeps_mask(&self) -> bool {
        true
    }

    fn forward(&mut self, inputs: &[&Tensor<T>]) -> Tensor<T> {
        let (a, b) = (inputs[0], inputs[1]);
        if a.shape() == b.shape() {
            let mut y = pool::unset(a.len());
            pairs(*self, a.data(), b.data(), &mut y);
            return Tensor::of(*a.shape(), y);
        }
        let shape = common(a.shape(), b.shape());
        let mut y = pool::unset(shape.size().unwrap_or(0));
        let [left, right] = [a, b].map(|input| stretched(input.shape(), &shape));
        let values = [Strided::new(a.data(), &left), Strided::new(b.data(), &right)];
        zip(shape.dims(), values, &mut y, &|[a, b], y| pairs(*self, a, b, y));
        Tensor::of(shape, y)
    }

    fn backward(&self, step: &mut Step<'_, T>) {
        let (a, b, dy) = (step.inputs[0], step.inputs[1], step.gradient);
        let shape = *step.output.shape();
        for input in 0..2 {
            if a.shape() == b.shape() {
                step.write(input, |dx, add| {
                    pull_pairs(*self, input, [a.data(), b.data()], dy, dx, add);
                });
                continue;
            }
            let (rows, strides) = (strides(&shape), [a, b].map(|x| stretched(x.shape(), &shape)));
            let [left, right] = &strides;
            let values = [
                Strided::new(dy, &rows),
                Strided::new(a.data(), left),
                Strided::new(b.data(), right),
            ];
            step.write(input, |dx, add| {
                pull(shape.dims(), &strides[input], values, dx, add, &|[dy, a, b], dx| {
                    pull_pairs(*self, input, [a, b], dy, dx, false);
                });
            });
        }
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (a, b, y, dy) = (step.inputs[0], step.inputs[1], step.output, step.gradient);
        let [first, second] = [a, b].map(|x| move |dx| unstretch(dx, x.shape()));
        match self {
            Binary::Add | Binary::Sub => {
                step.add(0, || first(dy));
                step.add(1, || second(if *self == Binary::Add { dy } else { -dy }));
            }
            Binary::Mul => {
                step.add(0, || first(tape::apply(Binary::Mul, &[dy, b])));
                step.add(1, || second(tape::apply(Binary::Mul, &[dy, a])));
            }
            Binary::Div => {
                let part = tape::apply(Binary::Div, &[dy, b]);
                step.add(0, || first(part));
                step.add(1, || second(-part * y));
            }
            Binary::Power => {
                // Where a factor is 0 the other must stay a number.
                let zero = |x: Var| tape::apply(Binary::Equal, &[x.detach(), Var::scalar(0.0)]);
                let lower = b - 1 + zero(b);
                step.add(0, || first(dy * (b * tape::apply(Binary::Power, &[a, lower]))));
                step.add(1, || second(dy * (y * (a + zero(a)).ln())));
            }
            Binary::Maximum | Binary::Minimum => {
                let largest = *self == Binary::Maximum;
                let compare = if largest { Binary::GreaterEqual } else { Binary::LessEqual };
                let taken = tape::apply(compare, &[a.detach(), b.detach()]);
                step.add(0, || first(dy * taken));
                step.add(1, || second(dy * (1 - taken)));
            }
            // Flat, but where it jumps.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{check, random};

    const ALL: [Binary; 14] = [
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Maximum,
        Binary::Minimum,
        Binary::Equal,
        Binary::NotEqual,
        Binary::Greater,
        Binary::GreaterEqual,
        Binary::Less,
        Binary::LessEqual,
        Binary::And,
        Binary::Or,
    ];

    #[test]
    fn gradients_sum_over_what_was_stretched() {
        let shapes: [(&[usize], &[usize]); 8] = [
            (&[3, 4], &[3, 4]),
            (&[3, 4], &[]),
            (&[], &[5]),
            (&[3, 1, 2], &[3, 4, 1]),
            (&[1, 4], &[3, 4]),
            (&[3], &[3, 4, 2]),
            (&[3, 4], &[3]),
            (&[1], &[3, 2]),
        ];
        for op in ALL {
            for (a, b) in shapes {
                // A divisor far enough from 0 for the differences.
                let mut divisor = random::<f64>(b, 2);
                divisor.data_mut().iter_mut().for_each(|b| *b += b.signum() * 0.5);
                check(|| op, &[random(a, 1), divisor]);
            }
        }
    }

    #[test]
    fn powers_have_a_gradient_by_the_exponent() {
        for (a, b) in [(&[3, 4][..], &[3, 4][..]), (&[3, 4], &[]), (&[3, 1], &[3, 4])] {
            let mut base = random::<f64>(a, 1);
            base.data_mut().iter_mut().for_each(|a| *a = a.abs() + 0.5);
            check(|| Binary::Power, &[base, random(b, 2)]);
        }
        // As in Keras with JAX.
        assert_eq!(Binary::Power.df(0.0, 0.0), [0.0, 0.0]);
        assert_eq!(Binary::Power.df(0.0, 2.0), [0.0, 0.0]);
        assert_eq!(Binary::Power.df(-2.0, 2.0)[0], -4.0);
    }

    #[test]
    fn comparisons_are_one_where_they_hold() {
        let table = [
            (Binary::Equal, [0.0, 1.0, 0.0]),
            (Binary::NotEqual, [1.0, 0.0, 1.0]),
            (Binary::Greater, [0.0, 0.0, 1.0]),
            (Binary::GreaterEqual, [0.0, 1.0, 1.0]),
            (Binary::Less, [1.0, 0.0, 0.0]),
            (Binary::LessEqual, [1.0, 1.0, 0.0]),
            (Binary::And, [0.0, 1.0, 1.0]),
            (Binary::Or, [1.0, 1.0, 1.0]),
        ];
        for (op, expected) in table {
            assert_eq!([(0.0, 1.0), (1.0, 1.0), (2.0, 1.0)].map(|(a, b)| op.f(a, b)), expected);
        }
        assert_eq!(Binary::Equal.f(f64::NAN, f64::NAN), 0.0);
        assert_eq!(Binary::Or.f(0.0, 0.0), 0.0);
    }

    #[test]
    fn maximum_and_minimum_pass_a_nan_on() {
        for op in [Binary::Maximum, Binary::Minimum] {
            assert!(op.f(f64::NAN, 1.0).is_nan());
            assert!(op.f(1.0, f64::NAN).is_nan());
        }
    }
}
