//! A constant of Rust in an expression.

use model_runtime::model;

const ZERO: usize = 0;

fn main() {
    let _net = model! {
        x = Input(784);
        Dense(ZERO)(x)
    };
}
