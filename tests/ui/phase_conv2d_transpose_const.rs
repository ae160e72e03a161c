//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 2;

model! {
    pub struct Net {
        x = Input(7, 7, 8);
        Conv2DTranspose(4, 3, strides = 2, output_padding = N)(x)
    }
}

fn main() {}
