//! A model of another macro call, on another shape.

use model_runtime::model;

mod nets {
    model_runtime::model! {
        pub struct Encoder {
            x = Input(10);
            Dense(6, tanh)(x)
        }
        pub struct Two {
            x = Input(6);
            (a = Dense(2)(x), b = Dense(2)(x))
        }
    }
}

model! {
    pub struct Net {
        x = Input(9);
        Dense(3)(crate::nets::Encoder()(x))
    }
}

fn main() {}
