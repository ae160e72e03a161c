//! A shape of the noise that is not the input's.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 3);
        Flatten()(Dropout(0.5, noise_shape = (1, 4))(x))
    }
}

fn main() {}
