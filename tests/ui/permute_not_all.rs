//! An axis that is not named.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        Permute(2, 1)(x)
    }
}

fn main() {}
