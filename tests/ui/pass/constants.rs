//! Constants of Rust and of other macro calls, found by const evaluation.

use model_runtime::prelude::*;

const HIDDEN: usize = 12;

mod nets {
    model_runtime::model! {
        pub struct Encoder {
            x = Input(super::HIDDEN);
            Dense(6, tanh)(x)
        }
        pub struct Two {
            x = Input(6);
            (a = Dense(2)(x), b = Dense(2)(x))
        }
    }
}

model! {
    const CLASSES: usize = 2 * SIDE;
    const SIDE: usize = 5;

    pub struct Net {
        x = Input(10);
        x = Dense(HIDDEN)(x);
        x = crate::nets::Encoder()(x);
        (a, b) = crate::nets::Two()(x);
        Dense(CLASSES)(a - b)
    }
}

fn main() {
    assert_eq!(Net::GRAPH.outputs[0].value, Value::float(&[10]));
    assert_eq!(Net::new(1).count_params(), (11 * 12) + (13 * 6) + 2 * (7 * 2) + (3 * 10));
}
