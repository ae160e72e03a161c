//! Indices, which are not computed with.

use model_runtime::model;

model! {
    pub struct Net {
        words = Input(5, dtype = int32);
        Flatten()(Rescaling(0.5)(words))
    }
}

fn main() {}
