//! Channels whose number is open.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, _);
        Dense(3)(BatchNormalization()(x))
    }
}

fn main() {}
