//! More values than can be counted.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(4294967296, 4294967296);
        Flatten()(x)
    }
}

fn main() {}
