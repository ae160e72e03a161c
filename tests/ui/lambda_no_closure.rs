//! A function without its path.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        Lambda(double)(x)
    }
}

fn main() {}
