//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 6, 3);
        Cropping2D(((2, 2), (3, 3)))(x)
    }
}

fn main() {}
