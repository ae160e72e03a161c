//! The number of samples, which nobody knows.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        half = Lambda(|y| y.slice(s![.., ..5]), output_shape = |shape| (None, shape[0] / 2))(x);
        Dense(3)(half)
    }
}

fn main() {}
