//! A part without pixels.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 8, 3);
        Flatten()(RandomCrop(0, 4)(x))
    }
}

fn main() {}
