//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 4;

model! {
    pub struct Net {
        x = Input(3, 8, 3);
        MaxPooling2D(N)(x)
    }
}

fn main() {}
