//! A kernel whose positions are the same one.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv2D(16, 3, dilation_rate = 0)(image);
        Flatten()(x)
    }
}

fn main() {}
