//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Conv2D(16, 3)(x)
    }
}

fn main() {}
