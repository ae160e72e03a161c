//! A name that no field can have.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4);
        Dense(3, name = "my layer")(x)
    }
}

fn main() {}
