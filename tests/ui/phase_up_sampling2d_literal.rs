//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(28, 28, 3);
        UpSampling2D((2, 0))(x)
    }
}

fn main() {}
