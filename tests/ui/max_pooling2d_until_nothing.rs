//! Pooled once too often.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 1);
        x = image;
        for _ in 0..5 {
            x = MaxPooling2D(2)(x);
        }
        Flatten()(x)
    }
}

fn main() {}
