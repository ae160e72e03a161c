//! An item that is none of the macro.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        Dense(3)(x)
    }
    impl Net {}
}

fn main() {}
