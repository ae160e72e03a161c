//! A kernel that is larger than the image.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(4, 4, 3);
        x = SeparableConv2D(8, 5)(image);
        Flatten()(x)
    }
}

fn main() {}
