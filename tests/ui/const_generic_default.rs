//! A default is checked at once.

use model_runtime::model;

model! {
    pub struct Net<const SIDE: usize = 29> {
        x = Input(784);
        Reshape(SIDE, SIDE)(x)
    }
}

fn main() {}
