//! Arguments for a model.

use model_runtime::model;

model! {
    pub struct Encoder {
        x = Input(3);
        Dense(1)(x)
    }
    pub struct Net {
        x = Input(3);
        Encoder(64)(x)
    }
}

fn main() {}
