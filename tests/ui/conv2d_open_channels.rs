//! Channels of any number.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, _);
        x = Conv2D(16, 3)(image);
        Flatten()(x)
    }
}

fn main() {}
