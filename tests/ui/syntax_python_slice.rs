//! A slice as Python writes it.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        y = x[:3];
        Dense(5)(y)
    }
    pub struct Samples {
        x = Input(5, 4, 3);
        last = x[:, -1, :];
        part = x[:, :, 1:3, 0];
        (last, part)
    }
}

fn main() {}
