//! A statement that a model has not.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(5);
        match 3 {
            3 => x,
        }
    }
}

fn main() {}
