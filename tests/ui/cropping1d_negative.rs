//! Cropping that pads.

use model_runtime::model;

model! {
    pub struct Net {
        steps = Input(28, 3);
        x = Cropping1D((-1, 0))(steps);
        Flatten()(x)
    }
}

fn main() {}
