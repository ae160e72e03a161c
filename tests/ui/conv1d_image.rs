//! An image where a sequence is meant.

use model_runtime::model;

model! {
    pub struct Net {
        image = Input(28, 28, 3);
        x = Conv1D(16, 3)(image);
        Flatten()(x)
    }
}

fn main() {}
