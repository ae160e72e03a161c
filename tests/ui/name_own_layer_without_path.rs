//! A layer of the user, without its path.

use model_runtime::model;

pub struct Halve;

model! {
    pub struct Net {
        inputs = Input(784);
        Halve()(inputs)
    }
}

fn main() {}
