//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(784);
        Reshape(29, 29)(x)
    }
}

fn main() {}
