//! Groups that do not divide the channels.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv2D(16, 3, groups = 2)(image);
        Flatten()(x)
    }
}

fn main() {}
