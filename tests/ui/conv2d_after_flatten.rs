//! A convolution of what has been flattened.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(4, 6, 3);
        x = Flatten()(image);
        x = Conv2D(16, 3)(x);
        Flatten()(x)
    }
}

fn main() {}
