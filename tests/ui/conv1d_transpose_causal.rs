//! A causal padding of what goes back.

use model_runtime::model;

model! {
    pub struct Net {
        steps = Input(7, 8);
        x = Conv1DTranspose(4, 3, padding = causal)(steps);
        Flatten()(x)
    }
}

fn main() {}
