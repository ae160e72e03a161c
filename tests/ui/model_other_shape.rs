//! A model on an input of another shape.

use model_runtime::model;

model! {
    pub struct Encoder {
        image = Input(28, 28, 1);
        Dense(1)(Flatten()(image))
    }
    pub struct Net {
        x = Input(784);
        Encoder()(x)
    }
}

fn main() {}
