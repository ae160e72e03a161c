//! More cut off than there is.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 6, 3);
        x = Cropping2D(((2, 2), (3, 3)))(image);
        Flatten()(x)
    }
}

fn main() {}
