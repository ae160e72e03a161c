//! A layer that is called again on the same value: no mistake, but a warning, which is denied here.
#![deny(deprecated)]

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(784);
        tower = Dense(64, relu);
        left = tower(image);
        right = tower(image);
        Dense(10)(left * right)
    }
}

fn main() {
    let _ = model! {
        x = Input(4);
        dense = Dense(4);
        dense(x) + dense(x)
    };
}
