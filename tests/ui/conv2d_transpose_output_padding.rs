//! More at the end than a stride.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(7, 7, 8);
        x = Conv2DTranspose(4, 3, strides = 2, output_padding = 2)(image);
        Flatten()(x)
    }
}

fn main() {}
