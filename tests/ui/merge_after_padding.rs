//! A way around a convolution that makes the image smaller.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 8);
        x = image + Conv2D(8, 3)(image);
        Flatten()(x)
    }
}

fn main() {}
