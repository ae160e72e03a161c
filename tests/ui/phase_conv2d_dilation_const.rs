//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 4;

model! {
    pub struct Net {
        x = Input(8, 8, 3);
        Conv2D(16, 3, dilation_rate = N)(x)
    }
}

fn main() {}
