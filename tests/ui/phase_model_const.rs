//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 3;

model! {
    pub struct Encoder {
        x = Input(N);
        Dense(1)(x)
    }
    pub struct Net {
        x = Input(N);
        Encoder()([x, x])
    }
}

fn main() {}
