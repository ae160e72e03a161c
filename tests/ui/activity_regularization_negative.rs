//! A factor below 0.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8);
        Dense(3)(ActivityRegularization(l1 = -0.1)(x))
    }
}

fn main() {}
