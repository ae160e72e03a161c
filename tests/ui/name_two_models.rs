//! Two models of one name.

use model_runtime::model;

model! {
    pub struct Encoder {
        x = Input(3);
        Dense(1)(x)
    }
    pub struct Encoder {
        y = Input(3);
        Dense(2)(y)
    }
}

fn main() {}
