//! A rate of 1.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(GaussianDropout(1)(x))
    }
}

fn main() {}
