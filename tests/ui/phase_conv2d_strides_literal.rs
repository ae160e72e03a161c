//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        Conv2D(16, 3, strides = 0)(x)
    }
}

fn main() {}
