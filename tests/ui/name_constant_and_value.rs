//! A value with the name of a constant.

use model_runtime::model;

model! {
    const UNITS: usize = 3;
    pub struct Net {
        x = Input(3);
        UNITS = Dense(3)(x);
        Dense(1)(UNITS)
    }
}

fn main() {}
