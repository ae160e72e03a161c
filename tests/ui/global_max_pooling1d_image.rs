//! An image where a sequence is meant.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, _, 3);
        x = GlobalMaxPooling1D()(image);
        Flatten()(x)
    }
}

fn main() {}
