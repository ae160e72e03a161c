//! A pool of nothing.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = AveragePooling2D(0)(image);
        Flatten()(x)
    }
}

fn main() {}
