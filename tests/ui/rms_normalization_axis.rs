//! An axis that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(RMSNormalization(axis = 2)(x))
    }
}

fn main() {}
