//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(3, 8, 3);
        MaxPooling2D(4)(x)
    }
}

fn main() {}
