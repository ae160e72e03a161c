//! Three axes for two inputs.

use model_runtime::model;

model! {
    pub struct Net {
        a = Input(3, 4);
        b = Input(3, 4);
        Dot(axes = (1, 2, 1))([a, b])
    }
}

fn main() {}
