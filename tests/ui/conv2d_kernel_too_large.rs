//! A kernel that is larger than the image.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(8, 6, 3);
        x = Conv2D(16, 7)(image);
        Flatten()(x)
    }
}

fn main() {}
