//! A condition of another shape.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(10);
        y = Input(5);
        Dense(3)(where(greater(y, 0), x, -x))
    }
}

fn main() {}
