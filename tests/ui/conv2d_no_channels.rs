//! An image without its channels.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28);
        x = Conv2D(16, 3)(image);
        Flatten()(x)
    }
}

fn main() {}
