//! An image where a sequence is meant.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = AveragePooling1D(2)(image);
        Flatten()(x)
    }
}

fn main() {}
