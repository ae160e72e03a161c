//! A padding that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv2D(16, 3, padding = sane)(image);
        Flatten()(x)
    }
}

fn main() {}
