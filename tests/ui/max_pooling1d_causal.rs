//! A pool that does not look ahead.

use model_runtime::model;

model! {
    pub struct Net {
        steps = Input(8, 3);
        x = MaxPooling1D(2, padding = causal)(steps);
        Flatten()(x)
    }
}

fn main() {}
