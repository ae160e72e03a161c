//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 0;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        Conv2D(16, 3, strides = N)(x)
    }
}

fn main() {}
