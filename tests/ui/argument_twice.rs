//! An argument by position and by name.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4);
        Dense(3, units = 4)(x)
    }
}

fn main() {}
