//! The derivatives of maps as values on the tape, which have derivatives themselves.

use super::binary::Binary;
use super::choose::Choose;
use super::map::Map;
use super::spread::number;
use crate::pool;
use crate::tensor::Tensor;
use crate::{Var, tape};

impl Map {
    /// The gradient by `x`, where that by the map's value `y` is `dy`. `y` may stand for `x` where
    /// [`Map::needs_input`] says so.
    #[track_caller]
    pub fn pull_recorded(self, x: Var, y: Var, dy: Var) -> Var {
        match self {
            Map::Linear | Map::Plus(_) => dy,
            Map::Neg | Map::From(_) => -dy,
            Map::Times(_) | Map::DividedBy(_) => tape::apply(self, &[dy]),
            _ => dy * self.bent(x, y).unwrap_or_else(|| self.flat(x, y)),
        }
    }

    /// The derivative where it does not change, as a constant.
    #[track_caller]
    fn flat(self, x: Var, y: Var) -> Var {
        let (x, y) = (x.tensor(), y.tensor());
        let mut slope = pool::zeros(x.len());
        self.pull(x.data(), y.data(), &pool::full(x.len(), 1.0), &mut slope, false);
        tape::constant(Tensor::of(*x.shape(), slope))
    }

    /// The derivative where it does change from number to number, if only somewhere.
    #[track_caller]
    fn bent(self, x: Var, y: Var) -> Option<Var> {
        let slope = match self {
            Map::Sigmoid => y * (1 - y),
            Map::Tanh => 1 - y.square(),
            Map::Elu(alpha, scale) => choose(above(x, 0.0), number(scale), plus(y, scale * alpha)),
            Map::Gelu => {
                let cdf = (times(x, std::f64::consts::FRAC_1_SQRT_2).erf() + 1) / 2;
                let root = (2.0 * std::f64::consts::PI).sqrt();
                cdf + x * times(times(x.square(), -0.5).exp(), 1.0 / root)
            }
            Map::GeluTanh(a, b) => {
                let square = times(x.square(), a);
                let part = (x * plus(square, b)).sigmoid();
                part + x * part * (1 - part) * plus(square * 3, b)
            }
            Map::Silu => {
                let part = x.sigmoid();
                part * (x * (1 - part) + 1)
            }
            Map::Softplus => x.sigmoid(),
            Map::Softsign => (x.abs() + 1).square().recip(),
            Map::HardSilu => {
                let inside = tape::apply(Binary::Less, &[x.abs().detach(), number(3.0)]);
                choose(inside, x / 3 + 0.5, above(x, 0.0))
            }
            Map::Mish => {
                let tanh = x.softplus().tanh();
                tanh + x * (1 - tanh.square()) * x.sigmoid()
            }
            Map::LogSigmoid => (-x).sigmoid(),
            Map::Celu(alpha) => choose(above(x, 0.0), number(1.0), times(y, 1.0 / alpha) + 1),
            Map::TanhShrink => x.tanh().square(),
            Map::Squareplus(b) => (x * plus(x.square(), b).rsqrt() + 1) / 2,
            Map::SparsePlus => ((x + 1) / 2).clip(0.0, 1.0),
            Map::Square => x * 2,
            Map::Sqrt => tape::apply(Map::Into(0.5), &[y]),
            Map::Rsqrt => times(y * y.square(), -0.5),
            Map::Exp => y,
            Map::Log => x.recip(),
            Map::Log1p => (x + 1).recip(),
            Map::Expm1 => y + 1,
            Map::Sin => x.cos(),
            Map::Cos => -x.sin(),
            Map::Erf => times((-x.square()).exp(), std::f64::consts::FRAC_2_SQRT_PI),
            Map::Power(p) if p != 0.0 => times(tape::apply(Map::Power(p - 1.0), &[x]), p),
            Map::Into(_) => -y / x,
            // Straight from one kink or jump to the next. No `_`, so that nothing new is taken for
            // straight by mistake.
            Map::Power(_)
            | Map::Linear
            | Map::Relu
            | Map::ReluWith(..)
            | Map::LeakyRelu(_)
            | Map::Relu6
            | Map::HardSigmoid
            | Map::HardShrink(_)
            | Map::SoftShrink(_)
            | Map::Threshold(..)
            | Map::SparseSigmoid
            | Map::Abs
            | Map::Sign
            | Map::Floor
            | Map::Ceil
            | Map::Round
            | Map::Trunc
            | Map::IsNan
            | Map::IsInfinite
            | Map::IsFinite
            | Map::IsZero
            | Map::IsNotZero
            | Map::Neg
            | Map::Clip(..)
            | Map::Plus(_)
            | Map::Times(_)
            | Map::DividedBy(_)
            | Map::From(_) => return None,
        };
        Some(slope)
    }
}

/// 1 where the number is above the bound, 0 elsewhere.
#[track_caller]
fn above(x: Var, bound: f64) -> Var {
    tape::apply(Binary::Greater, &[x.detach(), number(bound)])
}

#[track_caller]
fn choose(condition: Var, yes: Var, no: Var) -> Var {
    tape::apply(Choose, &[condition, yes, no])
}

#[track_caller]
fn plus(x: Var, c: f64) -> Var {
    tape::apply(Map::Plus(c), &[x])
}

#[track_caller]
fn times(x: Var, c: f64) -> Var {
    tape::apply(Map::Times(c), &[x])
}
