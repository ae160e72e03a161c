//! Two sizes to be found.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Reshape(-1, -1, 4)(x)
    }
}

fn main() {}
