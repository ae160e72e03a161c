//! Features where an image is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(64);
        x = GlobalAveragePooling2D()(x);
        Flatten()(x)
    }
}

fn main() {}
