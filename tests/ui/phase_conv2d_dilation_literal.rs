//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 8, 3);
        Conv2D(16, 3, dilation_rate = 4)(x)
    }
}

fn main() {}
