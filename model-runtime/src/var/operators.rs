//! `+ - * /` of values and numbers.

use std::ops::{Add, Div, Mul, Neg, Sub};

use model_spec::operators::broadcast;
use model_spec::{Shape, ShapeError};

use super::axes::{checked, same_samples};
use crate::float::Scalar;
use crate::ops::binary::Binary;
use crate::ops::choose::Choose;
use crate::ops::map::Map;
use crate::{Float, Var, tape};

impl Binary {
    /// The result for two values, if their shapes go together.
    #[track_caller]
    pub(crate) fn call(self, a: Var, b: Var) -> Var {
        checked(&[a, b], |shapes| {
            go_together(&shapes[0], &shapes[1])?;
            Ok(tape::apply(self, &[a, b]))
        })
    }
}

/// `yes` where the condition is not 0, `no` elsewhere, if their shapes go together.
#[track_caller]
pub(super) fn choose(condition: Var, yes: Var, no: Var) -> Var {
    checked(&[condition, yes, no], |shapes| {
        go_together(&shapes[1], &shapes[2])?;
        go_together(&shapes[0], &shapes[1])?;
        go_together(&shapes[0], &shapes[2])?;
        Ok(tape::apply(Choose, &[condition, yes, no]))
    })
}

/// Whether two values can be combined element by element; in a loss, only equal shapes can.
fn go_together(a: &Shape, b: &Shape) -> Result<(), ShapeError> {
    if a == b || a.rank() == 0 || b.rank() == 0 {
        return Ok(());
    }
    same_samples([a.dim(0), b.dim(0)])?;
    let (left, right) = (a.without_first(), b.without_first());
    broadcast(&left, &right)?;
    if !tape::is_strict() {
        return Ok(());
    }
    let (sentence, help) = if left == right {
        (
            "in a loss, one sample is never stretched to others",
            "give both as many samples, or take a mean",
        )
    } else {
        (
            "in a loss, values are never stretched to each other",
            "give both the same shape, for example with reshape or flatten",
        )
    };
    Err(ShapeError::new(sentence).help(help))
}

macro_rules! operators {
    ($($trait:ident::$method:ident: $binary:expr, |$c:ident| $right:expr, $left:expr;)*) => {$(
        impl $trait<Var> for Var {
            type Output = Var;

            #[track_caller]
            fn $method(self, other: Var) -> Var {
                $binary.call(self, other)
            }
        }

        operators!(@number $trait::$method Float, |$c| $right, $left, |n: Float| n.as_f64());
        operators!(@number $trait::$method i32, |$c| $right, $left, f64::from);
    )*};
    (@number $trait:ident::$method:ident $number:ty, |$c:ident| $right:expr, $left:expr,
        $convert:expr) => {
        impl $trait<$number> for Var {
            type Output = Var;

            #[track_caller]
            fn $method(self, number: $number) -> Var {
                let $c = $convert(number);
                tape::apply($right, &[self])
            }
        }

        impl $trait<Var> for $number {
            type Output = Var;

            #[track_caller]
            fn $method(self, var: Var) -> Var {
                let $c = $convert(self);
                tape::apply($left, &[var])
            }
        }
    };
}

operators! {
    Add::add: Binary::Add, |c| Map::Plus(c), Map::Plus(c);
    Sub::sub: Binary::Sub, |c| Map::Plus(-c), Map::From(c);
    Mul::mul: Binary::Mul, |c| Map::Times(c), Map::Times(c);
    Div::div: Binary::Div, |c| Map::DividedBy(c), Map::Into(c);
}

impl Neg for Var {
    type Output = Var;

    #[track_caller]
    fn neg(self) -> Var {
        tape::apply(Map::Neg, &[self])
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::Mode;

    #[test]
    fn operators_take_values_and_numbers() {
        let result = tape::run(Mode::Inference, || {
            let x = Var::from_array(&array![[1.0, 2.0], [4.0, 8.0]]);
            let parts = [
                x + x,
                x - Var::scalar(1.0),
                x * 2,
                2 * x,
                1 - x,
                x - 1,
                x / 2.0,
                8.0 / x,
                -x,
                x + 0.5,
                x / Var::from_array(&array![[1.0, 2.0]]),
                Var::from_array(&array![1.0, 10.0]) + x,
            ];
            parts.map(|y| y.to_array().into_raw_vec_and_offset().0)
        });
        assert_eq!(
            result.unwrap(),
            [
                [2.0, 4.0, 8.0, 16.0],
                [0.0, 1.0, 3.0, 7.0],
                [2.0, 4.0, 8.0, 16.0],
                [2.0, 4.0, 8.0, 16.0],
                [0.0, -1.0, -3.0, -7.0],
                [0.0, 1.0, 3.0, 7.0],
                [0.5, 1.0, 2.0, 4.0],
                [8.0, 4.0, 2.0, 1.0],
                [-1.0, -2.0, -4.0, -8.0],
                [1.5, 2.5, 4.5, 8.5],
                [1.0, 1.0, 4.0, 4.0],
                [2.0, 3.0, 14.0, 18.0],
            ]
        );
    }

    fn error(a: &[usize], b: &[usize], strict: bool) -> String {
        let [a, b] = [a, b].map(ndarray::ArrayD::<Float>::zeros);
        let step = || Var::from_array(&a) + Var::from_array(&b);
        let result =
            tape::run(Mode::Inference, || if strict { tape::strict(step) } else { step() });
        result.map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn errors_never_show_the_sample_axis() {
        let text = error(&[32, 10], &[32, 12], false);
        assert!(text.contains("axis 1 is 10 in (10) and 12 in (12)"), "{text}");
        let text = error(&[32, 10], &[16, 10], false);
        assert!(text.starts_with("the numbers of samples differ: 32 and 16\n"), "{text}");
        let text = error(&[32], &[32, 1], true);
        assert!(text.starts_with("in a loss, values are never stretched"), "{text}");
        assert!(text.contains("operators.rs"), "the caller's line is missing: {text}");
    }
}
