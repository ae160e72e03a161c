//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const SIDE: usize = 29;

model! {
    pub struct Net {
        x = Input(784);
        Reshape(SIDE, SIDE)(x)
    }
}

fn main() {}
