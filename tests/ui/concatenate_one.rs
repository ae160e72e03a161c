//! One input where two are needed.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(28);
        Concatenate()([a])
    }
}

fn main() {}
