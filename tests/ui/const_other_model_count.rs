//! A model of another macro call has two outputs.

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
        x = Input(6);
        y = crate::nets::Two()(x);
        Dense(3)(y)
    }
}

fn main() {}
