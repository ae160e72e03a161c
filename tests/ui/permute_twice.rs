//! An axis that is named twice.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 3);
        Permute(1, 1)(x)
    }
}

fn main() {}
