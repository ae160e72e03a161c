//! Features where an image is meant.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        x = Dense(64)(x);
        x = Conv2D(16, 3)(x);
        Flatten()(x)
    }
}

fn main() {}
