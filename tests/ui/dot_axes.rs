//! Axes to sum over that differ.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(5, 4);
        Dot(axes = 1)([a, b])
    }
}

fn main() {}
