//! Shapes that cannot be stacked.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(10);
        b = Input(9);
        Dense(3)(stack([a, b]))
    }
}

fn main() {}
