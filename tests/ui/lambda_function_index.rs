//! An axis that the input has not.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        half = Lambda(|y| y.slice(s![.., ..5]), output_shape = |shape| (None, shape[2] / 2))(x);
        Dense(3)(half)
    }
}

fn main() {}
