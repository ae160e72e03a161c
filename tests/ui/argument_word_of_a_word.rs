//! A word that a word does not take.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Dense(3, kernel_initializer = variance_scaling(2.0, fan_on))(x)
    }
}

fn main() {}
