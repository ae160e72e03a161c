//! A transposed convolution that leaves nothing.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(1, 1, 8);
        x = Conv2DTranspose(4, 2, padding = same, output_padding = 0)(image);
        Flatten()(x)
    }
}

fn main() {}
