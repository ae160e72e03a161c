//! A momentum that is no share.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(BatchNormalization(momentum = 99)(x))
    }
}

fn main() {}
