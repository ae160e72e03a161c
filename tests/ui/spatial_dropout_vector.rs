//! A vector, which has no channels.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(SpatialDropout1D(0.5)(x))
    }
}

fn main() {}
