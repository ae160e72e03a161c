//! A sequence where an image is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 3);
        Dense(3)(SpatialDropout2D(0.5)(x))
    }
}

fn main() {}
