//! A convolution without filters.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv2D(0, 3)(image);
        Flatten()(x)
    }
}

fn main() {}
