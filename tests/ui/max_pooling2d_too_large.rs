//! A pool that is larger than the image.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(3, 8, 3);
        x = MaxPooling2D(4)(image);
        Flatten()(x)
    }
}

fn main() {}
