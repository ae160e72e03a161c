//! What names stand for in constant expressions.

use std::collections::HashMap;

use model_spec::Shape;

use super::model::{Binding, Checker};
use crate::ast::ExprKind;
use crate::eval::{Constant, Names};

/// Outside of models: the macro's constants; every other name is a constant of Rust.
pub(super) struct Global<'a>(pub &'a HashMap<String, Constant>);

impl Names for Global<'_> {
    fn constant(&self, name: &str) -> Option<Constant> {
        Some(self.0.get(name).cloned().unwrap_or(Constant::Opaque))
    }

    fn element(&self, _name: &str, _index: i64) -> Option<Result<Constant, String>> {
        None
    }
}

/// Inside of a model: its bindings come first.
impl Names for Checker<'_, '_> {
    fn constant(&self, name: &str) -> Option<Constant> {
        match self.find(name) {
            Some(Binding::Constant(value)) => Some(value.clone()),
            // A parameter that stands for a constant of Rust, or for arithmetic with one.
            Some(Binding::Written(written)) => match written.kind {
                ExprKind::Name(_) | ExprKind::Path(_) | ExprKind::Rust => Some(Constant::Opaque),
                _ => None,
            },
            Some(_) => None,
            None => Some(self.context.constants.get(name).cloned().unwrap_or(Constant::Opaque)),
        }
    }

    fn element(&self, _name: &str, _index: i64) -> Option<Result<Constant, String>> {
        None
    }
}

/// In `|input_shape| (None, input_shape[1] / 2)`: the parameter is the input's shape with the
/// sample axis.
pub(super) struct InputShape<'a> {
    pub parameter: String,
    pub shape: Shape,
    pub outer: &'a HashMap<String, Constant>,
}

impl Names for InputShape<'_> {
    fn constant(&self, name: &str) -> Option<Constant> {
        if name == self.parameter {
            return None;
        }
        Some(self.outer.get(name).cloned().unwrap_or(Constant::Opaque))
    }

    fn element(&self, name: &str, index: i64) -> Option<Result<Constant, String>> {
        if name != self.parameter {
            return None;
        }
        let rank = self.shape.rank() as i64;
        let axis = if index < 0 { index + rank + 1 } else { index };
        if axis == 0 {
            return Some(Err(format!(
                "`{name}[0]` is the number of samples, which is not known\n  help: write None for \
                 it, as the first element: (None, …)"
            )));
        }
        if axis < 0 || axis > rank {
            return Some(Err(format!(
                "`{name}[{index}]` does not exist: the input is {}, so `{name}` has the axes 0 \
                 (the samples) to {rank}\n  help: the last axis is `{name}[{rank}]`",
                self.shape
            )));
        }
        Some(Ok(Constant::Int(self.shape.dim(axis as usize - 1) as i64)))
    }
}
