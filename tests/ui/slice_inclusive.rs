//! A range that includes its end.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10, 3);
        y = x[0..=4];
        Dense(3)(y)
    }
}

fn main() {}
