//! Inputs with different numbers of axes.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(28, 28);
        b = Input(28);
        Concatenate()([a, b])
    }
}

fn main() {}
