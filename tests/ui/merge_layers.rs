use model_runtime::prelude::*;

model! {
    pub struct Merged {
        a = Input(5, 3);
        b = Input(5, 4);
        x = Multiply()([a, b]);
        y = Average()([a, b]);
        z = Minimum()([a, b]);
        (x, y, z)
    }
}

fn main() {}
