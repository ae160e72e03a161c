//! A kernel that is larger than the image because it is spread.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(8, 8, 3);
        x = Conv2D(16, 3, dilation_rate = 4)(image);
        Flatten()(x)
    }
}

fn main() {}
