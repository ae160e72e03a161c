//! A way around a convolution with other filters.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 8);
        x = image + Conv2D(16, 3, padding = same)(image);
        Flatten()(x)
    }
}

fn main() {}
