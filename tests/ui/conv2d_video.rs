//! An axis too many.

use model_runtime::model;

model! {
    pub struct Net {
        video = Input(10, 28, 28, 3);
        x = Conv2D(16, 3)(video);
        Flatten()(x)
    }
}

fn main() {}
