//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(7, 7, 8);
        Conv2DTranspose(4, 3, strides = 2, output_padding = 2)(x)
    }
}

fn main() {}
