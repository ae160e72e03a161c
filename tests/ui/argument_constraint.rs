//! Axes of a constraint that are none.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Dense(10, kernel_constraint = unit_norm(axis = 0.5))(x)
    }
}

fn main() {}
