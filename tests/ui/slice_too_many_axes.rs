//! A slice that names the sample axis.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = x[(.., ..5)];
        Dense(3)(y)
    }
}

fn main() {}
