//! A type as a parameter of a model.

use model_runtime::model;

model! {
    pub struct Net<T> {
        x = Input(5);
        Dense(3)(x)
    }
}

fn main() {}
