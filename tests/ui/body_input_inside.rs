//! An input without a name.

use model_runtime::model;

model! {
    pub struct Net {
        y = Dense(3)(Input(4));
    }
}

fn main() {}
