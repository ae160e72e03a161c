//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 3;

model! {
    pub struct Net {
        x = Input(28, 6, 3);
        Cropping2D(((2, 2), (N, 3)))(x)
    }
}

fn main() {}
