//! A kernel that does not move.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv2D(16, 3, strides = 0)(image);
        Flatten()(x)
    }
}

fn main() {}
