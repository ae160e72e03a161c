//! Not one channel for each.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = DepthwiseConv2D(3, depth_multiplier = 0)(image);
        Flatten()(x)
    }
}

fn main() {}
