//! An input with a mistake is an input for the rest of the program.

use model_runtime::model;

model! {
    pub struct Net {
        numbers = Input(3);
        city = Input(dtype = int32);
        x = Embedding(10, 4)(city);
        Dense(1)(concatenate([numbers, x]))
    }
}

fn main() {
    let _ = NetInputs { numbers: 1, city: 2 };
}
