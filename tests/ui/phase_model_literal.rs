//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Encoder {
        x = Input(3);
        Dense(1)(x)
    }
    pub struct Net {
        x = Input(3);
        Encoder()([x, x])
    }
}

fn main() {}
