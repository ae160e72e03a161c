//! A deviation above 1.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(GaussianNoise(1.5)(x))
    }
}

fn main() {}
