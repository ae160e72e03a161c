//! An interpolation that does not exist.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = UpSampling2D(2, bilinaer)(image);
        Flatten()(x)
    }
}

fn main() {}
