//! Sequential without its list.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Sequential(Dense(3), Dense(4))(x)
    }
}

fn main() {}
