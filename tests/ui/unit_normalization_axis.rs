//! The sample axis.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(UnitNormalization(axis = 0)(x))
    }
}

fn main() {}
