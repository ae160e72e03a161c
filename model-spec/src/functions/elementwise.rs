//! `add(a, b)`, `maximum(a, b)` and other functions of two values, element by element.
//! <https://keras.io/api/ops/numpy/>

use crate::catalogue::{Entry, Form, Inputs};

/// The shape that `+` gives.
pub use crate::operators::{rule, weights};

const fn entry(name: &'static str) -> Entry {
    Entry {
        name,
        snake: name,
        module: "functions::elementwise",
        form: Form::Function,
        inputs: Inputs::Exactly(2),
        args: &[],
        rule,
        weights,
        ..Entry::LAYER
    }
}

/// `add(a, b)`: `a + b`.
pub const ADD: Entry = entry("add");
/// `subtract(a, b)`: `a - b`.
pub const SUBTRACT: Entry = entry("subtract");
/// `multiply(a, b)`: `a * b`.
pub const MULTIPLY: Entry = entry("multiply");
/// `divide(a, b)`: `a / b`.
pub const DIVIDE: Entry = entry("divide");
/// `power(a, b)`: `a` to the power of `b`.
pub const POWER: Entry = entry("power");
/// `maximum(a, b)`: the larger of the two.
pub const MAXIMUM: Entry = entry("maximum");
/// `minimum(a, b)`: the smaller of the two.
pub const MINIMUM: Entry = entry("minimum");
/// `logical_and(a, b)`: 1 where both are not 0, else 0.
pub const LOGICAL_AND: Entry = entry("logical_and");
/// `logical_or(a, b)`: 1 where one of them is not 0, else 0.
pub const LOGICAL_OR: Entry = entry("logical_or");
