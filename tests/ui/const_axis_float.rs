//! A constant of Rust that is no whole number, as an axis.

use model_runtime::model;

const AXIS: f64 = 1.0;

model! {
    pub struct Net {
        x = Input(10, 3);
        Dense(3)(mean(x, axis = AXIS))
    }
}

fn main() {}
