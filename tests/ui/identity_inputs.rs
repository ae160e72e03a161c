use model_runtime::prelude::*;

model! {
    pub struct Several {
        a = Input(5);
        b = Input(5);
        x = Identity()([a, b]);
        Dense(2)(x)
    }
}

fn main() {}
