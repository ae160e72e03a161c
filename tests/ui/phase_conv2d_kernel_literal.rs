//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(8, 6, 3);
        Conv2D(16, 7)(x)
    }
}

fn main() {}
