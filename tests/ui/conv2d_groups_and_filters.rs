//! Groups that do not divide the filters.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 8);
        x = Conv2D(12, 3, groups = 8)(image);
        Flatten()(x)
    }
}

fn main() {}
