//! Every pixel not once.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = UpSampling2D((2, 0))(image);
        Flatten()(x)
    }
}

fn main() {}
