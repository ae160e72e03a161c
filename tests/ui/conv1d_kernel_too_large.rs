//! A kernel that is longer than the sequence.

use model_runtime::model;

model! {
    pub struct Net {
        steps = Input(4, 3);
        x = Conv1D(16, 5)(steps);
        Flatten()(x)
    }
}

fn main() {}
