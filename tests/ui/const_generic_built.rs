//! Other const generics are checked where the model is built.

use model_runtime::model;

model! {
    pub struct Net<const UNITS: usize> {
        x = Input(784);
        Dense(UNITS)(x)
    }
}

fn main() {
    let _ = Net::<0>::new(0);
}
